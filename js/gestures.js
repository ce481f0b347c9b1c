//! What wheel, mouse and fingers do on the chart. Ctrl or Cmd and the wheel zoom, sideways the wheel pans, a drag pans, two fingers
//! zoom; alone the wheel scrolls.

/** How far a press moves before it is a drag, in px. */
const DRAG_PX = 4;
const HINT_MS = 6000;
/** Set once the hint was shown, here and on this device. */
const HINTED = "parallelogram.wheel-hint";
let hinted = document.documentElement.hasAttribute("data-embed");

/** The middle of a place where so wide a note covers nothing: the widest gap of the header, else the legend, for a moment. */
function freePlace(width, chart) {
  const boxes = [...document.querySelectorAll(".pg-header > :not(.pg-spacer)")].map((one) => one.getBoundingClientRect()).filter((box) => box.width > 1 && box.bottom > 0);
  boxes.sort((a, b) => a.left - b.left);
  const gaps = boxes.slice(1).map((box, n) => ({ from: boxes[n].right, to: box.left, y: (box.top + box.bottom) / 2 }));
  const [widest] = gaps.sort((a, b) => b.to - b.from - (a.to - a.from));
  if (widest && widest.to - widest.from > width + 8) return { x: (widest.from + widest.to) / 2, y: widest.y };
  const below = (chart.parentElement.querySelector(".pg-legend") ?? chart).getBoundingClientRect();
  return { x: below.left + below.width / 2, y: Math.min(below.top + 12, innerHeight - 24) };
}

/** Says once, to someone who turns the wheel over the chart, how it zooms. */
function hint(chart) {
  try {
    hinted ||= localStorage.getItem(HINTED) !== null;
    localStorage.setItem(HINTED, "");
  } catch { /* Without storage it is said once for each visit. */ }
  if (hinted) return;
  hinted = true;
  const note = document.createElement("p");
  note.className = "pg-hint";
  note.role = "status";
  note.dataset.testid = "wheel-hint";
  note.textContent = tr("{key} + wheel zooms the chart; sideways it pans.", { key: /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : tr("Ctrl") });
  document.body.append(note);
  const place = freePlace(note.offsetWidth, chart);
  note.style.left = `${place.x}px`;
  note.style.top = `${place.y - note.offsetHeight / 2}px`;
  setTimeout(() => note.remove(), HINT_MS);
}

/**
 * Watches a chart.
 *
 * @param {HTMLElement} chart
 * @param {number} labelPx where its track begins
 * @param {number} trackPx how wide that is
 * @param {(factor: number, share: number) => void} move a factor of 0 pans by this share of the track; any other zooms so many
 *   times closer around this share of it
 * @returns {() => void} ends it
 */
export function watchGestures(chart, labelPx, trackPx, move) {
  const ended = new AbortController();
  const { signal } = ended;
  const shareAt = (x) => Math.min(1, Math.max(0, (x - chart.getBoundingClientRect().left - labelPx) / trackPx));

  // The first turn acts at once; those that follow within a frame act together in the next one.
  let doublings = 0;
  let share = 0;
  let isDue = false;
  const zoom = () => {
    if (doublings === 0) return void (isDue = false);
    isDue = true;
    move(2 ** doublings, share);
    doublings = 0;
    requestAnimationFrame(zoom);
  };
  chart.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      doublings += Math.min(2, Math.max(-2, -event.deltaY / 240));
      share = shareAt(event.clientX);
      if (!isDue) zoom();
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      move(0, event.deltaX / trackPx);
    } else {
      hint(chart);
    }
  }, { passive: false, signal });

  /** Where a drag stands; `undefined` without one. */
  let dragged;
  chart.addEventListener("pointerdown", (event) => {
    const at = event.target instanceof Element ? event.target : chart;
    const isRow = at.closest(".pg-timeline__row, .pg-timeline__rows") && !at.closest("button, .pg-bar__grip, .pg-timeline__label");
    const isFree = event.button === 0 && "zoomed" in chart.dataset && isRow;
    dragged = isFree ? { x: event.clientX, moves: false } : undefined;
  }, { signal });
  chart.addEventListener("pointermove", (event) => {
    if (!dragged || !(event.buttons & 1)) return void (dragged = undefined);
    const by = event.clientX - dragged.x;
    if (!dragged.moves && Math.abs(by) < DRAG_PX) return;
    dragged.moves = true;
    dragged.x = event.clientX;
    chart.setPointerCapture(event.pointerId);
    move(0, -by / trackPx);
  }, { signal });
  // A drag is no click on a row.
  chart.addEventListener("click", (event) => {
    if (dragged?.moves) event.stopPropagation();
    dragged = undefined;
  }, { capture: true, signal });

  /** How far two fingers are from each other; 0 without two. */
  let apart = 0;
  /** @param {TouchEvent} event */
  const spread = ({ touches: [a, b] }) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  chart.addEventListener("touchstart", (event) => void (apart = event.touches.length === 2 ? spread(event) : 0), { passive: true, signal });
  chart.addEventListener("touchmove", (event) => {
    if (!apart || event.touches.length !== 2) return;
    event.preventDefault();
    dragged = undefined;
    const now = spread(event);
    move(now / apart, shareAt((event.touches[0].clientX + event.touches[1].clientX) / 2));
    apart = now;
  }, { passive: false, signal });
  return () => ended.abort();
}
