//! What the Rust side needs from the browser beyond the DOM's own interfaces.

/** @typedef {ReturnType<typeof import("./editor.js").mount>} Editor */

import { keptText } from "./keep.js";
import { fetchLater } from "./later.js";

/** @type {Editor | undefined} */
let editor;
/** @type {Promise<unknown>} resolved once the editor's script is there, or at once where there is no editor */
let fetching = Promise.resolve();

const isEmbed = "embed" in document.documentElement.dataset;

/** The text in the editor, or that with which a page would have begun: for the card that is shown when the simulator has stopped. */
globalThis.parallelogramText = () => {
  /** @type {HTMLTextAreaElement | null} */
  const plain = document.querySelector(".pg-editor textarea");
  return editor?.text() ?? plain?.value ?? (isEmbed ? undefined : keptText()) ?? "";
};

/**
 * Loads the editor and mounts it in `host`.
 *
 * @param {HTMLElement} host
 * @param {import("./editor.js").Options} options
 * @returns {Promise<Editor | undefined>} the editor; `undefined` when it cannot be loaded, and the text area stays
 */
export async function mountEditor(host, options) {
  try {
    const script = import(new URL("editor.js", document.baseURI).href);
    fetching = script;
    const { mount } = await script;
    editor = mount(host, options);
    return editor;
  } catch (error) {
    console.warn("the editor could not be loaded, a plain text area is used:", error);
    return undefined;
  }
}

/**
 * Hands the diagnostics to the editor.
 *
 * @param {Editor} editor
 * @param {string} problems JSON: a list of `{from, to, severity, message, help, fix}`, offsets in UTF-16 code units
 */
export function setProblems(editor, problems) {
  editor.setDiagnostics(JSON.parse(problems));
}

/**
 * Hands over the hints of the run, one per line of the text.
 *
 * @param {Editor} editor
 * @param {string} hints JSON: a list of `[line, text]`
 */
export function setHints(editor, hints) {
  editor.setHints(JSON.parse(hints));
}

/** How long the bars move, in ms. */
const ANIMATION_MS = 400;

/** The shapes of each segment that is not a wait, by the test id of the segment, with its left edge. */
function barsOnView() {
  const bars = new Map();
  let shapes = [];
  /** @type {NodeListOf<SVGElement>} */
  const all = document.querySelectorAll(".pg-timeline__track > *");
  for (const shape of all) {
    shapes.push(shape);
    const { testid = "", kind } = shape.dataset;
    if (kind === undefined) continue;
    if (!kind.startsWith("wait")) bars.set(testid.replace(/-\d+$/, ""), { shapes, x: shape.getBoundingClientRect().x });
    shapes = [];
  }
  return bars;
}

/** How much larger a presented chart is drawn: places in the window are so many times those in its own pixels. */
const zoomOf = (element) => Number(getComputedStyle(element).getPropertyValue("--zoom")) || 1;

/** Animates the bars from their current places to those in the next picture, unless the reader prefers reduced motion. */
export function animateBars() {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const before = barsOnView();
  requestAnimationFrame(() => {
    for (const [id, { shapes, x }] of barsOnView()) {
      const by = (before.get(id)?.x ?? x) - x;
      if (by === 0) continue;
      for (const shape of shapes) shape.animate([{ transform: `translate(${by / zoomOf(shape)}px)` }, { transform: "none" }], { duration: ANIMATION_MS, easing: "ease-out" });
    }
  });
}

/** Where the last press was; for a key, below the element that has the focus. */
let pressed = { x: 0, y: 0 };
for (const type of /** @type {const} */ (["click", "contextmenu"])) {
  addEventListener(type, (event) => {
    const { left, bottom } = /** @type {Element} */ (event.target).getBoundingClientRect();
    pressed = event.detail === 0 && type === "click" ? { x: left, y: bottom } : { x: event.clientX, y: event.clientY };
  }, true);
}

/** Shows an element in the top layer, where the last press was, inside the window. */
export function float(element) {
  element.showPopover?.();
  const { width, height } = element.getBoundingClientRect();
  const zoom = zoomOf(element);
  element.style.left = `${Math.max(4, Math.min(pressed.x, innerWidth - width - 4)) / zoom}px`;
  element.style.top = `${Math.max(4, Math.min(pressed.y, innerHeight - height - 4)) / zoom}px`;
}

const tip = document.createElement("div");
tip.className = "pg-tip";
tip.popover = "manual";
tip.ariaHidden = "true";

/** The element whose `title` is shown as our tip, and that title: meanwhile it has none, or the browser would show it as well. */
let titled, title = "";
/** What explains itself when it is pressed: a term, a dot of the curve. */
const EXPLAINS = ".pg-term, .pg-curve__point";
/** The one of these whose tip is shown. */
let explained;

/**
 * Shows the whole text of what carries `data-tip`, of a bar always, of a name when it is cut; or the `title` of a control. Anything else
 * hides it.
 */
function showTip(target, x) {
  explained = target?.matches(EXPLAINS) ? target : undefined;
  if (titled === target && target) return;
  if (titled && !titled.title) titled.title = title;
  titled = target?.title ? target : undefined;
  const isCut = titled || target instanceof SVGElement ||
    target && [target, ...target.querySelectorAll(".pg-cut > span")].some((part) => part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight + 8) ||
    target && target.textContent !== target.dataset.tip;
  if (!isCut) return tip.isConnected && tip.remove();
  if (titled) {
    title = titled.title;
    titled.title = "";
  }
  tip.textContent = titled ? title : target.dataset.tip;
  document.body.append(tip);
  // As wide as its text wants: where it stood before, there may be less room.
  tip.style.left = "0";
  tip.showPopover?.();
  const { left, top, bottom } = target.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const menu = target.closest(".pg-menu")?.getBoundingClientRect();
  if (menu) {
    // Beside the menu, not over its other items; nowhere where there is no room.
    const beside = [menu.right + 4, menu.left - width - 4].find((left) => left > 8 && left + width + 8 < innerWidth);
    if (beside === undefined) return tip.remove();
    tip.style.left = `${beside}px`;
    tip.style.top = `${Math.min(top, innerHeight - height - 4)}px`;
    return;
  }
  tip.style.left = `${Math.max(8, Math.min(x ?? left, innerWidth - width - 8))}px`;
  tip.style.top = `${bottom + height + 4 > innerHeight ? top - height - 2 : bottom + 2}px`;
}
const withTip = (element) => element?.closest?.("[data-tip], [title]");
// What a menu uncovers under a pointer that rests since the press has no tip until the pointer moves.
let resting = { x: NaN, y: NaN };
const rests = ({ clientX, clientY }) => clientX === resting.x && clientY === resting.y;
addEventListener("click", ({ clientX, clientY }) => (resting = { x: clientX, y: clientY }), true);
addEventListener("pointerover", (event) => rests(event) || showTip(withTip(event.target), event.clientX));
addEventListener("pointermove", (event) => rests(event) || (resting = { x: NaN, y: NaN }));
addEventListener("focusin", (event) => showTip(withTip(event.target)));
// A term that is pressed may be scrolled into view first: its tip goes along.
addEventListener("scroll", () => showTip(explained?.matches(":hover, :focus") ? explained : undefined), true);
// What was pressed is known: its tip goes, and its title is back. On what explains itself a press shows the tip.
addEventListener("click", (event) => showTip(/** @type {Element} */ (event.target).closest(EXPLAINS), event.clientX || undefined), true);
addEventListener("keydown", (event) => event.key === "Escape" && showTip(), true);
addEventListener("keyup", () => {
  const row = document.activeElement?.getAttribute("aria-activedescendant");
  if (row) showTip(document.getElementById(row)?.querySelector(".pg-timeline__name"));
});

/** Shows the whole screen, or no longer; `onLeave` is called when the reader leaves it. The keys of the timeline work at once. */
export function fillScreen(fill, onLeave) {
  if (!fill) {
    if (document.fullscreenElement) document.exitFullscreen();
    return;
  }
  /** @type {HTMLElement | null} */ (document.querySelector(".pg-timeline__rows"))?.focus({ preventScroll: true });
  document.documentElement.requestFullscreen?.().then(() => {
    // Where the browser lets the page have Esc, it closes what is open before it leaves.
    navigator.keyboard?.lock?.(["Escape"]).catch(() => {});
    document.addEventListener("fullscreenchange", () => document.fullscreenElement || onLeave(), { once: true });
  }, () => {});
}

/** Copies a text. The words beside the button, or its label where there are none, say whether that worked: so nothing moves. */
export async function copy(button, text) {
  const status = button.parentElement.querySelector("[role=status]") ?? button;
  try {
    await navigator.clipboard.writeText(text);
    status.firstChild.data = tr("Copied");
  } catch {
    status.firstChild.data = tr("Not allowed");
  }
}

/** Saves a text as a file. */
export function download(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // The browser reads the file after the click.
}

/** The views whose styles were asked for. @type {Record<string, Promise<unknown>>} */
const styled = {};

/** The style of a view that comes with the first of its kind: `course` of lessons, `upgrade`. */
export function style(view) {
  return styled[view] ??= new Promise((resolve) => {
    const link = document.createElement("link");
    document.head.append(Object.assign(link, { rel: "stylesheet", href: `${view}.css`, onload: resolve, onerror: resolve }));
  });
}

/** The text of a file of the lessons, which then opens without a connection as well; `undefined` when it can't be had. */
export async function fetchLesson(file) {
  try {
    const address = new URL(`lessons/${file}`, document.baseURI).href;
    // A request that is under way while the page is made ready for use without a connection can fail: it is made again.
    const [response] = await Promise.all([fetch(address).catch(() => fetch(address)), style("course")]);
    if (!response.ok) return undefined;
    // There is no such place in a sandbox.
    if (!isEmbed) globalThis.caches?.open("parallelogram").then((cache) => cache.addAll([address, new URL("course.css", document.baseURI).href])).catch(() => {});
    return await response.text();
  } catch {
    return undefined;
  }
}

/** Shows another fragment in the address, if the one there begins with `from`. Returns the one before. */
export function setAddress(fragment, from) {
  const before = location.hash.slice(1);
  if (before.startsWith(from)) history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
  return before;
}

/** @type {() => void} */
let drawn;
/** @type {Promise<void>} */
const ready = new Promise((resolve) => (drawn = resolve));

/** Signals to code that drives the page from outside that the first timeline was drawn. Then comes what it did not need. */
export function reportReady() {
  drawn();
  fetching.catch(() => {}).then(fetchLater);
}

/**
 * The hook for measuring and tests: `window.__playground`.
 *
 * @param {(yaml: string) => Promise<{parseMs: number, simulateMs: number, drawMs: number}>} load
 * @param {() => string} text
 * @param {() => string} svg the picture as a file, the same bytes as the command line tool's
 */
export function expose(load, text, svg) {
  const loadWhole = async (yaml) => {
    await fetchLater();
    return load(yaml);
  };
  window.__playground = { ready, load: loadWhole, text, svg };
}
