// The run as a file: saved from the page, and read by the programs it is for.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { byId, needs, open, until } from "./harness.mjs";

const HOSTILE = ["section: a; b", "<script>alert(1)</script>", "t1 :done, 0, 9", "%%{init}%%", "עברית", "#35; \\\"quoted\\\"", "click me", "a".repeat(300)];

/** A flow in which each value of a loop is one of these names. */
const flow = (names) => `id: hostile
namespace: n
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    concurrencyLimit: 2
    values: [${names.map((name) => `"${name}"`).join(", ")}]
    tasks:
      - {id: nap, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
  - {id: broken, type: io.kestra.plugin.core.execution.Fail}
`;

/** Saves a file of each kind from a page with this flow. */
async function files(t, yaml) {
  const page = await open(t);
  if (yaml) await page.evaluate((yaml) => window.__playground.load(yaml), yaml);
  await byId(page, "share").click();
  const saved = {};
  for (const kind of ["json", "events", "csv", "trace", "mermaid", "markdown", "play", "text"]) {
    const [download] = await Promise.all([page.waitForEvent("download"), byId(page, `share-${kind}`).click()]);
    await until(async () => assert.equal(await byId(page, "saved").textContent(), `Saved ${download.suggestedFilename()}`));
    saved[kind] = { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
  }
  return saved;
}

test("each kind of file is saved under the name of the flow", async (t) => {
  const { json, events, csv, trace, mermaid, markdown, play, text } = await files(t);
  assert.deepEqual([json, events, csv, trace, mermaid, markdown, play, text].map(({ name }) => name),
    ["parallel.json", "parallel.tsv", "parallel.csv", "parallel.trace.json", "parallel.mmd", "parallel.md", "parallel.play.svg", "parallel.txt"]);
  assert.equal(JSON.parse(json.text).simulation.makespanMs, 2000);
  assert.match(events.text, /^0\t-\texecution\tCREATED\n/u);
  assert.match(csv.text, /^execution,task,run,kind,from_ms,to_ms,outcome,by\n/u);
  assert.match(text.text, /total 2\.0 s/u);
  const printed = (...format) => execFileSync("target/debug/parallelogram", ["simulate", "examples/parallel.yaml", "--format", ...format], { encoding: "utf8" });
  assert.deepEqual([markdown.text, play.text], [printed("markdown"), printed("svg", "--play")]);
});

test("on paper stand the picture of the whole run, its legend and its text, light in any theme", { skip: needs("print media") }, async (t) => {
  const page = await open(t, { colorScheme: "dark", width: 1280, height: 720 });
  const shown = () => page.evaluate(() => [...document.body.children].filter((one) => one.checkVisibility()).map(({ className }) => className));
  const before = await shown();
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.deepEqual(await shown(), ["pg-paper"]);
  const paper = page.locator(".pg-paper");
  assert.equal(await paper.locator("h1").innerText(), "parallel: 2.0 s");
  const { right } = await paper.locator("svg").first().evaluate((picture) => picture.getBoundingClientRect());
  assert.ok(right <= 1280, `the picture ends at ${right}`);
  assert.match(await paper.locator(".pg-legend").innerText(), /success/u);
  assert.equal(await paper.locator("pre").innerText(), await page.evaluate(() => window.__playground.text()));
  const ink = await paper.locator("svg text").first().evaluate((name) => getComputedStyle(name).fill);
  assert.match(ink, /^rgb\((\d|[1-5]\d), /u, "it is dark on white");
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.deepEqual(await shown(), before);
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
});

test("a picture that plays moves, unless the reader prefers reduced motion", async (t) => {
  const { play } = await files(t);
  assert.doesNotMatch(play.text, /<script|href|url\((?!#)/u);
  for (const [reducedMotion, n] of [["no-preference", 1], ["reduce", 0]]) {
    const page = await open(t, { path: "missing", mounted: false, reducedMotion, expectErrors: true });
    await page.setContent(play.text);
    assert.equal(await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === "running").length), n);
    assert.equal(await page.locator(".pg-play__rest").isVisible(), n === 1);
    const { documentElement } = await page.evaluate((text) => {
      const read = new DOMParser().parseFromString(text, "image/svg+xml");
      return { documentElement: read.documentElement.nodeName };
    }, play.text);
    assert.equal(documentElement, "svg", "it is XML");
  }
});

test("S29 a trace follows the format of Chrome's trace events, with a slice for each segment in a slot", async (t) => {
  const { trace, json } = await files(t, flow(HOSTILE));
  const { traceEvents } = JSON.parse(trace.text);
  const of = (phase) => traceEvents.filter(({ ph }) => ph === phase);
  const named = of("M").filter(({ name }) => name === "thread_name").map(({ args, pid, tid }) => [`${pid} ${tid}`, args.name]);
  const tracks = Object.fromEntries(named);
  assert.ok(Object.values(tracks).includes("each, slot 2"), JSON.stringify(tracks));
  for (const event of traceEvents) {
    assert.ok(["M", "X", "s", "f", "C"].includes(event.ph) && Number.isInteger(event.pid) && typeof event.name === "string");
    if (event.ph !== "M") assert.ok(Number.isInteger(event.ts) && event.ts >= 0);
  }
  // On one track a slice is within another, or beside it.
  for (const track of Object.keys(tracks)) {
    const open = [];
    for (const { ts, dur } of of("X").filter(({ pid, tid }) => `${pid} ${tid}` === track)) {
      while (open.length > 0 && open.at(-1) <= ts) open.pop();
      assert.ok(open.length === 0 || ts + dur <= open.at(-1), `${track} at ${ts}`);
      if (dur > 0) open.push(ts + dur);
    }
  }
  // Waits come before a run has its slot; all that follows is there to the microsecond.
  const slices = new Set(of("X").map(({ ts, dur }) => `${ts} ${dur}`));
  const segments = JSON.parse(json.text).taskRunList.flatMap(({ segments }) => segments).filter(({ kind }) => !kind.startsWith("wait"));
  assert.ok(segments.length > HOSTILE.length);
  for (const { kind, fromMs, toMs } of segments) assert.ok(slices.has(`${fromMs * 1000} ${(toMs - fromMs) * 1000}`), `${kind} ${fromMs} to ${toMs}`);
  const [begins, ends] = [of("s"), of("f")];
  assert.ok(begins.length >= 6);
  assert.deepEqual(begins.map(({ id }) => id), ends.map(({ id }) => id));
  for (const { pid, tid, ts } of begins) assert.ok(of("X").some((slice) => slice.pid === pid && slice.tid === tid && slice.ts <= ts && ts < slice.ts + slice.dur));
  assert.equal(Math.max(...of("C").map(({ args }) => args.running)), 2);
});

test("S30 Mermaid draws the chart, with every name as it is, and nothing in it runs", async (t) => {
  const { mermaid } = await files(t, flow(HOSTILE));
  const page = await open(t, { path: "embed.html", mounted: false });
  const blank = await page.context().newPage();
  await blank.setContent("<!doctype html><title>Mermaid</title><div id=chart></div>");
  await blank.addScriptTag({ path: "node_modules/mermaid/dist/mermaid.min.js" });
  const { svg, alerts } = await blank.evaluate(async (text) => {
    let alerts = 0;
    window.alert = () => alerts++;
    window.mermaid.initialize({ startOnLoad: false });
    const { svg } = await window.mermaid.render("picture", text);
    document.getElementById("chart").innerHTML = svg;
    return { svg, alerts };
  }, mermaid.text);
  assert.equal(alerts, 0);
  assert.match(svg, /^<svg/u);
  const shown = await blank.locator("#chart").innerText();
  const texts = await blank.locator("#chart text").allTextContents();
  await until(() => assert.ok(texts.length > 0, shown));
  for (const name of HOSTILE.map((name) => JSON.parse(`"${name}"`)).filter((name) => name.length < 40)) {
    assert.ok(texts.some((text) => text.includes(name)), `${name} is not in ${JSON.stringify(texts)}`);
  }
  assert.equal(texts.filter((text) => text.startsWith("nap [")).length, HOSTILE.length);
});
