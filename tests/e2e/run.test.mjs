// Run and read: scenarios S01 to S09.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, choose, open, result, said, segment, state, text, until } from "./harness.mjs";

const TASKS = ["t1", "t2", "t3", "t4", "t5", "t6"];
const all = (page, ids, n) => Promise.all(ids.map((id) => said(page, id, n)));

test("S01 opens on flow A, at rest, and nothing moves by itself", async (t) => {
  const page = await open(t);
  assert.match(await text(page), /^id: parallel /u);
  assert.equal(await state(page), "idle");
  assert.equal(await result(page), 2000);
  const before = await byId(page, "app").innerHTML();
  await page.clock.runFor(5000);
  assert.equal(await byId(page, "app").innerHTML(), before);
  assert.equal(await state(page), "idle");
  assert.equal(await byId(page, "playhead").getAttribute("data-ms"), "2000");
});

test("S02 Run plays to the end", async (t) => {
  const page = await open(t);
  await byId(page, "run").click();
  assert.equal(await state(page), "running");
  await page.clock.runFor(500);
  const half = Number(await byId(page, "playhead").getAttribute("data-ms"));
  assert.ok(half > 300 && half < 700, `after half a second the playhead stands at ${half} ms`);
  await byId(page, "pause").click();
  assert.equal(await state(page), "paused");
  await page.clock.runFor(1000);
  assert.equal(Number(await byId(page, "playhead").getAttribute("data-ms")), half);
  await byId(page, "to-start").click();
  await byId(page, "run").click();
  await page.clock.runFor(2016); // two seconds and a frame
  assert.equal(await state(page), "ended");
  assert.equal(await result(page), 2000);
});

test("S03 three run, three wait for a slot, then they run; last takes no time", async (t) => {
  const page = await open(t);
  assert.deepEqual(await all(page, ["t1", "t2", "t3"], 0), Array(3).fill("RUNNING 0-1000"));
  assert.deepEqual(await all(page, ["t4", "t5", "t6"], 0), Array(3).fill("wait-slot 0-1000"));
  assert.deepEqual(await all(page, ["t4", "t5", "t6"], 1), Array(3).fill("RUNNING 1000-2000"));
  assert.equal(await said(page, "last", 1), "RUNNING 2000-2000");
  assert.equal((await segment(page, "last", 1)).outcome, "SUCCESS");
  const last = byId(page, "seg-last-1");
  assert.equal(await last.evaluate((element) => element.tagName), "path", "a diamond, not a bar");
  const { width } = await last.boundingBox();
  assert.ok(width >= 12 && width <= 17, `12 px and its outline, not ${width}`);
});

test("S04 flow B: two groups, each in sequence", async (t) => {
  const page = await open(t);
  await choose(page, "sequential");
  for (const [first, ids] of [["t1", ["t1", "t2", "t3"]], ["t4", ["t4", "t5", "t6"]]]) {
    assert.equal(await said(page, first, 0), "RUNNING 0-1000");
    assert.deepEqual(await all(page, ids.slice(1), 1), ["RUNNING 1000-2000", "RUNNING 2000-3000"]);
  }
  assert.deepEqual(await all(page, ["seq1", "seq2"], 0), Array(2).fill("RUNNING 0-3000"));
  assert.equal(await result(page), 3000);
});

test("S06 bars are true to scale at three zooms", async (t) => {
  const page = await open(t);
  for (const zoom of [0, 1, 2]) {
    if (zoom > 0) await byId(page, "zoom-in").click();
    // Two ticks of the axis give the scale.
    const ticks = await page.locator(".pg-timeline__tick-label").evaluateAll((labels) =>
      labels.map((label) => {
        const { x, width } = label.getBoundingClientRect();
        return { ms: parseFloat(label.textContent) * 1000, x: x + width / 2 };
      }),
    );
    const [a, b] = [ticks[0], ticks.at(-1)];
    const perMs = (b.x - a.x) / (b.ms - a.ms);
    for (const [id, n] of [["parent", 0], ["t1", 0], ["t4", 0], ["t4", 1], ["last", 0]]) {
      const { from, to, x, width } = await segment(page, id, n);
      const at = a.x + (from - a.ms) * perMs;
      assert.ok(Math.abs(x - at) <= 1, `zoom ${zoom}: ${id}-${n} stands at ${x}, its time at ${at}`);
      assert.ok(Math.abs(width - (to - from) * perMs) <= 1, `zoom ${zoom}: ${id}-${n} is ${width} wide`);
    }
    const exact = await segment(page, "t4", 1);
    const parent = await segment(page, "parent", 0);
    assert.ok(Math.abs(exact.width * 2 - parent.width) <= 0.5 && Math.abs(exact.x - parent.x - exact.width) <= 0.5);
  }
});

test("S07 axis labels all differ, from a millisecond to three days", async (t) => {
  const page = await open(t);
  for (const duration of ["PT0.001S", "PT2S", "PT90S", "P3D"]) {
    const yaml = `id: f\nnamespace: n\ntasks:\n  - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: ${duration}}\n`;
    await page.evaluate((text) => window.__playground.load(text), yaml);
    await byId(page, "playhead").focus();
    const labels = async () => page.locator(".pg-timeline__tick-label").allTextContents();
    const seen = new Set();
    // The flag hides the label under it, so look with the playhead at both ends.
    for (const key of ["Home", "End"]) {
      await page.keyboard.press(key);
      const found = await labels();
      assert.equal(new Set(found).size, found.length, `${duration}: ${found}`);
      found.forEach((label) => seen.add(label));
    }
    assert.ok(seen.size >= 3 && seen.size <= 10, `${duration}: ${[...seen]}`);
  }
});

test("S08 rows are in source order", async (t) => {
  const page = await open(t);
  const order = () => page.locator("[data-testid^=row-]").evaluateAll((rows) => rows.map((row) => row.dataset.testid.slice(4)));
  assert.deepEqual(await order(), ["parent", ...TASKS, "last"]);
  await choose(page, "sequential");
  assert.deepEqual(await order(), ["parent", "seq1", "t1", "t2", "t3", "seq2", "t4", "t5", "t6", "last"]);
});

test("S09 three steps on and three back lead to the same picture", async (t) => {
  const page = await open(t);
  const picture = () => byId(page, "app").innerHTML();
  const there_and_back = async () => {
    for (const step of ["step-next", "step-prev"]) {
      for (let n = 0; n < 3; n++) await byId(page, step).click();
    }
  };
  const atRest = await picture();
  await there_and_back();
  await until(async () => assert.equal(await picture(), atRest));
  await byId(page, "to-start").click();
  const atStart = await picture();
  await byId(page, "step-next").click();
  assert.notEqual(await picture(), atStart);
  assert.equal(await byId(page, "playhead").getAttribute("data-ms"), "1000");
  assert.equal((await segment(page, "t1", 0)).outcome, "SUCCESS");
  assert.equal((await segment(page, "t4", 1)).outcome, undefined);
  await byId(page, "step-prev").click();
  await there_and_back();
  await until(async () => assert.equal(await picture(), atStart));
});

test("the state at a time is the same however it was reached", async (t) => {
  const page = await open(t);
  const timeline = () => byId(page, "timeline").innerHTML();
  await byId(page, "playhead").focus();
  await page.keyboard.press("Home");
  for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowRight");
  const byKeys = await timeline();
  assert.equal(await byId(page, "playhead").getAttribute("data-ms"), "500");
  await page.keyboard.press("End");
  for (let n = 0; n < 15; n++) await page.keyboard.press("ArrowLeft");
  assert.equal(await timeline(), byKeys);
});

test("the log follows the playhead, and the table has the numbers of the chart", async (t) => {
  const page = await open(t);
  await byId(page, "to-start").click();
  await byId(page, "panel-log").click();
  assert.equal(await byId(page, "log").locator("li").count(), 3);
  await byId(page, "step-next").click();
  assert.equal(await byId(page, "log").locator("li").count(), 6);
  await byId(page, "panel-table").click();
  const row = byId(page, "table").locator("tr", { hasText: "t4" });
  assert.deepEqual(await row.locator("th, td").allTextContents(), ["t4", "1.0 s", "1.0 s", "2.0 s", "1.0 s", "running"]);
});

test("dragging along the axis scrubs, and pauses", async (t) => {
  const page = await open(t);
  const at = async () => Number(await byId(page, "playhead").getAttribute("data-ms"));
  const { x, width, y } = await byId(page, "seg-parent-0").evaluate((element) => element.getBoundingClientRect().toJSON());
  await page.mouse.move(x + width * 0.25, y - 40);
  await page.mouse.down();
  await until(async () => assert.ok(Math.abs((await at()) - 500) < 20, `${await at()} ms`));
  await page.mouse.move(x + width * 0.75, y + 100, { steps: 4 });
  await page.mouse.up();
  await until(async () => assert.ok(Math.abs((await at()) - 1500) < 20, `${await at()} ms`));
  await page.mouse.move(x, y - 40);
  assert.ok(Math.abs((await at()) - 1500) < 20, "after the button is up nothing moves");
  assert.equal(await state(page), "paused");
});

test("speed makes the playhead faster or slower", async (t) => {
  const page = await open(t);
  for (const [speed, least, most] of [["0.25×", 150, 350], ["2×", 1500, 2000]]) {
    await byId(page, "speed").selectOption(speed);
    await byId(page, "to-end").click();
    await byId(page, "run").click();
    await page.clock.runFor(1000);
    const at = Number(await byId(page, "playhead").getAttribute("data-ms"));
    assert.ok(at >= least && at <= most, `${speed}: ${at} ms after a second`);
    if ((await state(page)) === "running") await byId(page, "pause").click();
  }
});
