// What is wrong with a page as it stands: texts over each other, cut labels without a tooltip, controls that are too small or out of reach.

/**
 * Runs in the page.
 *
 * @param {{ least?: number }} options `least` is the smallest side of a control in px
 * @returns {string[]} a sentence for each fault
 */
function find({ least = 24 }) {
  const clips = (style) => /(auto|scroll|hidden|clip)/u.test(style);
  /** What of a box can be seen: cut by the elements that clip it, and by the sides of the window. */
  const seen = (element, { left, top, right, bottom }) => {
    const box = { left, top, right, bottom };
    for (let around = element; around && around !== document.documentElement; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (around === element && !(around instanceof SVGSVGElement) && around.namespaceURI.endsWith("svg")) continue;
      const frame = around.getBoundingClientRect();
      if (clips(style.overflowX)) [box.left, box.right] = [Math.max(box.left, frame.left), Math.min(box.right, frame.right)];
      if (clips(style.overflowY)) [box.top, box.bottom] = [Math.max(box.top, frame.top), Math.min(box.bottom, frame.bottom)];
      if (style.position === "fixed") break;
    }
    return box;
  };
  // What stands above the veil is the same text once more, in another color.
  const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest(".pg-unseen, .pg-defs, .pg-timeline__ahead, [aria-hidden=true] .pg-unseen");
  const name = (element) => {
    const id = element.closest("[data-testid]")?.dataset.testid ?? "";
    return `${element.tagName.toLowerCase()}.${String(element.className?.baseVal ?? element.className).split(" ")[0]} in ${id}`;
  };
  const faults = [];

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element || /^(option|script|style|noscript)$/iu.test(element.tagName) || !isSeen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    // Text lines have a leading that holds no ink.
    const boxes = element.namespaceURI.endsWith("svg") ? [window.boxOfText(element)] : [...range.getClientRects()];
    for (const whole of boxes) {
      const box = seen(element, whole);
      if (box.right - box.left < 2 || box.bottom - box.top < 4) continue;
      texts.push({ element, text: node.data.trim(), box, whole });
    }
  }
  const leading = 3;
  for (let a = 0; a < texts.length; a++) {
    for (let b = a + 1; b < texts.length; b++) {
      const [one, other] = [texts[a], texts[b]];
      if (one.element === other.element) continue;
      const x = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const y = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (x <= 1 || y <= leading) continue;
      // What lies below something opaque is not seen: a bar that sticks, the transport of a phone.
      const at = { x: (Math.max(one.box.left, other.box.left) + Math.min(one.box.right, other.box.right)) / 2, y: (Math.max(one.box.top, other.box.top) + Math.min(one.box.bottom, other.box.bottom)) / 2 };
      const fixed = (element) => { for (let e = element; e; e = e.parentElement) { const { position } = getComputedStyle(e); if (position === "sticky" || position === "fixed") return e; } return null; };
      if (at.y < 0 || at.y > innerHeight || fixed(one.element) !== fixed(other.element)) continue;
      faults.push(`“${one.text.slice(0, 40)}” lies on “${other.text.slice(0, 40)}” (${name(one.element)}, ${Math.round(at.x)},${Math.round(at.y)})`);
    }
  }
  for (const { element, text, box, whole } of texts) {
    const cut = whole.right - box.right > 1.5 || box.left - whole.left > 1.5;
    let scrolls = false;
    for (let around = element; around; around = around.parentElement) if (/(auto|scroll)/u.test(getComputedStyle(around).overflowX) && around.scrollWidth > around.clientWidth) scrolls = true;
    if (cut && !scrolls && !element.closest("[data-tip], [title], .pg-story, .pg-timeline__over")) faults.push(`“${text.slice(0, 60)}” is cut without a tooltip (${name(element)})`);
    if (whole.right > innerWidth + 1 && !scrolls && !cut) faults.push(`“${text.slice(0, 60)}” leaves the window (${name(element)})`);
  }
  const controls = document.querySelectorAll("button, a[href], input, select, textarea, [role=button], [role=slider], [role=separator], [role=switch], [role=tab], [role=radio]");
  for (const control of controls) {
    if (!isSeen(control) || control.closest(".pg-editor__host")) continue;
    const whole = control.getBoundingClientRect();
    // A link in a sentence has the size of its words, a box that of its label, and the bars between parts of the page have keys as well.
    if (control.matches("p .pg-link, .pg-sentence .pg-link, [role=separator], label input[type=checkbox]")) continue;
    // The playhead is moved anywhere on the axis; the points of a curve share its width, and the slider and arrow keys set the same.
    if (least > 24 && control.matches(".pg-timeline__handle") || control.matches(".pg-curve__point")) continue;
    const width = Math.min(whole.width, 1e4);
    if (width < least - 0.5 || whole.height < least - 0.5) faults.push(`${name(control)} “${(control.ariaLabel ?? control.innerText ?? "").slice(0, 30)}” is ${Math.round(whole.width)} × ${Math.round(whole.height)} px`);
    // The facts of the result scroll sideways.
    const isInScroller = control.closest(".pg-result__facts") !== null;
    if (!isInScroller && (whole.left < -1 || whole.right > innerWidth + 1)) faults.push(`${name(control)} leaves the window: ${Math.round(whole.left)} to ${Math.round(whole.right)}`);
    const box = seen(control, whole);
    let scrolls = document.scrollingElement.scrollHeight > innerHeight;
    for (let around = control.parentElement; around; around = around.parentElement) if (/(auto|scroll)/u.test(getComputedStyle(around).overflowY)) scrolls = true;
    if (!scrolls && (box.bottom - box.top < 8 || box.top > innerHeight - 4)) faults.push(`${name(control)} can't be reached`);
    if (!isInScroller && box.right - box.left < Math.min(12, whole.width - 2)) faults.push(`${name(control)} is cut away at its side`);
  }
  // The window of a phone grows with what leaves it.
  const wide = Math.min(innerWidth, screen.width);
  if (document.documentElement.scrollWidth > wide + 1) faults.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} of ${wide}`);
  const run = document.querySelector("[data-testid=run], [data-testid=pause]")?.getBoundingClientRect();
  if (run && (run.top < 0 || run.bottom > innerHeight || run.right > innerWidth)) faults.push("Run is out of the window");
  return [...new Set(faults)];
}

/** The faults of a page as it stands. */
export const faults = (page, options = {}) => page.evaluate(find, options);

/** How many rows of the timeline are complete below an axis that is in view, and how many there are. */
export const completeRows = (page) => page.evaluate(() => {
  if (innerWidth < 1100) document.querySelector("[data-testid=timeline]").scrollIntoView({ block: "start" });
  const chart = document.querySelector(".pg-timeline__chart");
  const axis = document.querySelector(".pg-timeline__axis").getBoundingClientRect();
  const head = document.querySelector(".pg-timeline__heads").getBoundingClientRect();
  const fixed = [...document.querySelectorAll(".pg-transport")].filter((bar) => getComputedStyle(bar).position === "fixed");
  let bottom = Math.min(innerHeight, ...fixed.map((bar) => bar.getBoundingClientRect().top));
  for (let around = chart; around; around = around.parentElement) {
    if (getComputedStyle(around).overflowY !== "visible") bottom = Math.min(bottom, around.getBoundingClientRect().bottom);
  }
  const rows = [...document.querySelectorAll(".pg-timeline__row")];
  const isWhole = (row) => {
    const box = row.getBoundingClientRect();
    return box.top >= Math.max(0, head.bottom) - 1 && box.bottom <= bottom + 1;
  };
  const isAxisInView = axis.height > 0 && axis.top >= 0 && axis.bottom <= bottom;
  return { whole: isAxisInView ? rows.filter(isWhole).length : 0, all: rows.length };
});
