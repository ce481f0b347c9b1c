// How fast the page is: first picture, edit and slider to new result, frames while scrolling and zooming, nodes, memory.
// Medians of seven, with the shortest and the longest; one block a size. The page's own clock is the real one here. Then the chart
// libraries in the same run.
//
//   node scripts/bench-page.mjs [FOLDER]   FOLDER holds the peers' `run.sh`
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { DIST, launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const SIZES = (process.env.SIZES ?? "50 500 1000 5000 10000 100000").split(" ").filter(Boolean).map(Number);
const flow = (n, length = 1) =>
  "id: bench\nnamespace: company.team\ntasks:\n  - id: parent\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 100\n    tasks:\n" +
  Array.from({ length: n }, (_, at) => `      - {id: t${at}, type: io.kestra.plugin.core.flow.Sleep, duration: PT${length + ((at * 7) % 9)}S}`).join("\n") + "\n";
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const TIMES = [1, 2, 3, 4, 5, 6, 7];
/** The pause between two keys of someone who types, in which the page does what can wait. */
const PAUSE_MS = 250;
/** The median of measurements, and the shortest and the longest. */
const spread = (values) => `${median(values).toFixed(1)} ms (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;

/**
 * Runs in the page: does something, or waits for a key, until the result line shows another value and the page is laid out for it. A key
 * counts from when the browser got it.
 */
const change = (act) => new Promise((resolve) => {
  let started = performance.now();
  addEventListener("keydown", ({ timeStamp }) => (started = timeStamp), { capture: true, once: true });
  const seen = new MutationObserver(() => {
    seen.disconnect();
    document.body.offsetHeight;
    resolve(performance.now() - started);
  });
  seen.observe(document.querySelector("[data-testid=result]"), { attributes: true, attributeFilter: ["data-ms"] });
  new Function(act)();
});

/** Runs in the page: a second of small steps, one a frame; the times between frames, the longest, and the work of a step. */
const frames = (step) => new Promise((resolve) => {
  const act = new Function("n", step), times = [], work = [];
  let last = performance.now();
  const next = () => {
    const now = performance.now();
    times.push(now - last);
    last = now;
    if (times.length === 60) {
      const sorted = times.slice(1).sort((a, b) => a - b);
      return resolve({ p95: sorted[Math.floor(sorted.length * 0.95)], worst: sorted.at(-1), work: work.sort((a, b) => a - b)[work.length >> 1] });
    }
    act(times.length);
    document.body.offsetHeight;
    work.push(performance.now() - now);
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
});

const server = await serve(DIST);
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const url = `http://127.0.0.1:${server.address().port}/`;
const ready = [];
for (let n = 0; n < 5; n++) {
  const started = performance.now();
  await page.goto(url);
  await page.waitForFunction(() => window.__playground !== undefined);
  await page.evaluate(() => window.__playground.ready);
  ready.push(performance.now() - started);
}
await page.locator(".cm-content").waitFor();
console.log(`page: first picture ${median(ready).toFixed(0)} ms`);
/** What a key of a text of 50, 500 and 5,000 tasks may take, and a slider of 1,000 and 10,000, in ms. */
const GOALS = { edit: { 50: 8, 500: 16, 5000: 60 }, slide: { 1000: 8, 10000: 30 } };
const goal = (ms) => (ms === undefined ? "" : `, goal ${ms}`);
for (const n of SIZES) {
  const loads = [], edits = [], slides = [];
  for (const length of TIMES) loads.push(await page.evaluate((yaml) => window.__playground.load(yaml), flow(n, length)));
  const slide = `const s = document.querySelector("[data-testid=slider-parent]"); s.value = s.value > 40 ? 20 : 45; s.dispatchEvent(new Event("input", { bubbles: true }));`;
  while (slides.length < TIMES.length) {
    slides.push(await page.evaluate(`(${change})(${JSON.stringify(slide)})`));
    await page.waitForTimeout(PAUSE_MS);
  }
  // The last task gets a digit more: it then ends long after all others.
  await page.locator(".cm-content").click();
  for (const key of ["Control+End", "ArrowUp", "End", "ArrowLeft", "ArrowLeft"]) await page.keyboard.press(key);
  while (edits.length < TIMES.length) {
    const changed = page.evaluate(`(${change})("")`);
    await page.evaluate(() => 0); // By now it looks.
    await page.keyboard.press("9");
    edits.push(await changed);
    await page.waitForTimeout(PAUSE_MS);
  }
  const scroll = await page.evaluate(`(${frames})("document.querySelector('.pg-timeline__chart').scrollTop = n * 90")`);
  const zoom = await page.evaluate(`(${frames})("document.querySelector('.pg-timeline__chart').dispatchEvent(new WheelEvent('wheel', { ctrlKey: true, deltaY: n % 2 ? -60 : 50, clientX: 1000, clientY: 400, bubbles: true, cancelable: true }))")`);
  const nodes = await page.evaluate(() => document.querySelectorAll("[data-testid=timeline] *").length);
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize / 1e6);
  console.log(`\n${n.toLocaleString("en")} tasks`);
  const say = (name, text) => console.log(`  ${name.padEnd(22)}${text}`);
  for (const [name, key] of [["parse", "parseMs"], ["simulate", "simulateMs"], ["draw", "drawMs"]]) say(name, spread(loads.map((load) => load[key])));
  say("key to new result", spread(edits) + goal(GOALS.edit[n]));
  say("slider to new result", spread(slides) + goal(GOALS.slide[n]));
  for (const [name, { p95, worst, work }] of [["scroll", scroll], ["zoom", zoom]]) say(name, `p95 frame ${p95.toFixed(1)} ms, worst ${worst.toFixed(0)}, work ${work.toFixed(1)}`);
  say("nodes, heap", `${nodes}, ${heap.toFixed(0)} MB`);
}

/**
 * Runs in the page: acts, waits until an element is there or says something else, and measures that and the longest time in which
 * the page could not have handled a key.
 */
const answered = (act, selector) => new Promise((resolve) => {
  const said = () => document.querySelector(selector)?.textContent;
  const before = said(), { port1, port2 } = new MessageChannel(), started = performance.now();
  let last = started, longest = 0;
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (said() === before) return port2.postMessage(0);
    document.body.offsetHeight;
    resolve({ took: performance.now() - started, longest });
  };
  new Function(act)();
  last = performance.now();
  port2.postMessage(0);
});
const measured_by = (act, selector) => page.evaluate(`(${answered})(${JSON.stringify(act)}, ${JSON.stringify(selector)})`);
const click = (selector) => `document.querySelector('${selector}').dispatchEvent(new MouseEvent("click", { bubbles: true }))`;
const load = (yaml) => page.evaluate((yaml) => window.__playground.load(yaml), yaml);
await load(flow(1000));
await page.evaluate(() => (document.querySelector(".pg-timeline__chart").scrollTop = 0));
await page.waitForTimeout(1000);
const whys = [];
for (const n of TIMES) whys.push((await measured_by(click(`[data-testid=row-t${n + 3}]`), "[data-testid=why]")).took);
console.log(`page: why of a row of 1,000 tasks ${spread(whys)}, budget 8`);

/** A flow of two groups side by side, with so many tasks each. */
const two = (first, second, note = "") => {
  const group = (id, n) => `  - id: ${id}\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 1\n    tasks:\n` +
    Array.from({ length: n }, (_, at) => `      - {id: ${id}${at}, type: io.kestra.plugin.core.flow.Sleep, duration: PT${1 + ((at * 7) % 9)}S}${note}\n`).join("");
  return `id: bench\nnamespace: company.team\ntasks:\n${group("p", first)}${second ? group("q", second) : ""}`;
};

/** Loads a text, prepares the page and rests, then acts until an element is there. */
async function study(yaml, before, act, selector) {
  const all = [];
  while (all.length < TIMES.length) {
    await load("id: none\nnamespace: n\ntasks:\n  - {id: t, type: io.kestra.plugin.core.log.Log, message: m}\n");
    await page.getByTestId("panel-details").click();
    await load(yaml);
    await page.evaluate(`new Function(${JSON.stringify(before)})()`);
    await page.waitForTimeout(1000);
    all.push(await measured_by(act, selector));
  }
  return `${spread(all.map(({ took }) => took))}, no key waits longer than ${median(all.map(({ longest }) => longest)).toFixed(0)} ms`;
}
const toCurve = click("[data-testid=panel-curve]"), heat = "[data-testid=heat] td[role=gridcell]", most = "[data-testid=nine-of-ten]";
console.log(`page: curve of 64 numbers, 200 tasks: ${await study(two(64, 136), "", toCurve, "[data-testid=curve-said]")}, budget 100`);
console.log(`page: heat map of 16 x 16, 200 tasks: ${await study(two(100, 100), `${toCurve}; setTimeout(() => document.querySelector("[data-testid=show-curve]")?.click(), 300)`, click("[data-testid=show-heat]"), heat)}, budget 500`);
const slide = `const s = document.querySelector("[data-testid=slider-p]"); s.value = 2; s.dispatchEvent(new Event("input", { bubbles: true }));`;
const uncertain = two(200, 0, " # sim: 1s..9s");
console.log(`page: 1,000 runs of 200 uncertain tasks: ${await study(uncertain, "", slide, most)} after a slider moves, budget 300`);
console.log(`page: the same with reading the text: ${await study("id: none", "", `window.__playground.load(${JSON.stringify(uncertain)})`, most)}`);
await browser.close();
server.closeAllConnections();
server.close();

/** The measurements of the chart libraries and of this page by the peers' own driver, and of a cold start. */
function peers(folder) {
  if (!folder || !existsSync(`${folder}/run.sh`)) return [];
  const WORK = resolve("target/peers"), copy = resolve("target/peers-page");
  mkdirSync(WORK, { recursive: true });
  rmSync(copy, { recursive: true, force: true });
  cpSync(DIST, copy, { recursive: true });
  // That driver hands the page strings to evaluate, which the page's policy forbids.
  const index = `${copy}/index.html`;
  writeFileSync(index, readFileSync(index, "utf8").replace(/.*Content-Security-Policy.*\n/u, ""));
  // For that driver PEERS is a list of names; for make it is the folder.
  const env = { ...process.env, WORK, PRODUCT_DIST: copy };
  delete env.PEERS;
  const { stdout } = spawnSync("bash", [resolve(folder, "run.sh"), "timeline", "cold"], { env, encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "inherit"] });
  return stdout.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

const number = (value) => (value === undefined ? "–" : value < 100 ? value.toFixed(1) : value.toFixed(0));
const measured = peers(process.argv[2]);
const charts = measured.filter(({ bench }) => bench === "timeline");
for (const n of new Set(charts.map((line) => line.n))) {
  console.log(`\n${n.toLocaleString("en")} bars, ms`.padEnd(22) + "    draw  update   frame p95/worst/work  nodes  heap MB");
  for (const { peer, failed, draw_ms, first_frame_ms, update_ms, frame_p95_ms, frame_worst_ms, main_thread_ms_per_frame, dom_nodes, heap_mb } of charts.filter((line) => line.n === n)) {
    const cells = [number(draw_ms ?? first_frame_ms).padStart(8), number(update_ms).padStart(8), [frame_p95_ms, frame_worst_ms, main_thread_ms_per_frame].map(number).join("/").padStart(23), String(dom_nodes).padStart(7), number(heap_mb).padStart(9)];
    console.log((peer === "product" ? "Parallelogram" : peer).padEnd(20) + (failed ? failed.slice(0, 60) : cells.join("")));
  }
}
const cold = measured.filter(({ bench }) => bench === "cold");
if (cold.length > 0) console.log("\ncold start".padEnd(21) + "   ready ms   KB brotli");
for (const { peer, ready_ms, download } of cold) {
  console.log((peer === "product" ? "Parallelogram" : peer).padEnd(20) + number(ready_ms).padStart(11) + number((download?.brotli ?? 0) / 1000).padStart(12));
}
