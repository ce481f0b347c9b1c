// A real run over the simulated one: dropped or chosen, its gaps, its times, and files that are none.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { byId, needs, open, text, until } from "./harness.mjs";

const read = (name) => readFileSync(new URL(`../actual/${name}`, import.meta.url), "utf8");
const FLOW = read("nightly.yaml");
const REAL = read("nightly.json");
const LEAVES = ["extract", "orders", "customers", "prices", "stock", "publish"];
const SMALL = { width: 700, height: 900 };

/** Drops a file where the text editor stands, else on the chart. */
const drop = (page, name, content) =>
  page.evaluate(
    ({ name, content }) => {
      const data = new DataTransfer();
      data.items.add(new File([content], name));
      const target = document.querySelector(".cm-content, [data-testid=timeline]");
      for (const type of ["dragover", "drop"]) target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    { name, content },
  );

const realBars = (page, task) => byId(page, `row-${task}`).locator(".pg-real__bar").count();

for (const colorScheme of ["light", "dark"]) {
  test(`a dropped execution lies over the chart, in the ${colorScheme} theme`, async (t) => {
    const page = await open(t, { yaml: FLOW, colorScheme });
    const before = await byId(page, "result").getAttribute("data-ms");
    await drop(page, "run.json", REAL);
    await byId(page, "gaps").waitFor();
    for (const task of LEAVES) assert.ok((await realBars(page, task)) > 0, task);
    assert.equal(await text(page), FLOW, "the text is as it was");
    assert.equal(await byId(page, "result").getAttribute("data-ms"), before, "the result is the simulated one");
    assert.match(await byId(page, "real-summary").innerText(), /^run\.json: 7 of \d+ real task runs found in the simulation; the real run took [\d.]+ s/u);
    assert.match(await page.locator(".pg-legend").innerText(), /real run\s+added by the server/u);
    const colors = await byId(page, "row-orders").locator(".pg-real__bar").first().evaluate((bar) => [getComputedStyle(bar).fill, getComputedStyle(bar).stroke]);
    assert.equal(new Set(colors).size, 2);
    await byId(page, "gaps").getByText("orders").click();
    await until(async () => assert.equal(await byId(page, "row-orders").getAttribute("aria-selected"), "true"));
    await byId(page, "remove-real").click();
    await until(async () => assert.equal(await realBars(page, "orders"), 0));
  });
}

test("the iterations of a Loop lie over theirs, and its row", async (t) => {
  const states = (text) => text.match(/\S+ \S+/gu).map((one) => one.split(" ")).map(([state, ms]) => [state, Number(ms)]);
  const record = (line) => JSON.parse(line, (key, value) => (key === "histories" ? states(value) : value));
  const loops = readFileSync(new URL("../kestra/real/2.0/loops.jsonl", import.meta.url), "utf8").trim().split("\n").map(record);
  const { flow, real } = loops.find(({ name }) => name === "05d-loop-in-parallel-slot");
  const page = await open(t, { yaml: flow });
  await drop(page, "run.json", JSON.stringify(real));
  await byId(page, "gaps").waitFor();
  assert.match(await byId(page, "real-summary").innerText(), /^run\.json: 5 of 5 real task runs/u);
  const rows = page.locator("[data-testid^=row-]").filter({ has: page.locator(".pg-real__bar") });
  const names = await rows.evaluateAll((rows) => rows.map((row) => row.querySelector(".pg-row__name")?.textContent.trim() ?? row.dataset.testid));
  assert.equal(names.length, 5, names.join(", "));
});

for (const options of [SMALL, { width: 1280, height: 720 }]) {
  test(`an execution is chosen and its times are taken over, at ${options.width} px`, async (t) => {
    const page = await open(t, { ...options, yaml: FLOW });
    await byId(page, "panel-compare").click();
    await byId(page, "open-real").setInputFiles({ name: "run.json", mimeType: "application/json", buffer: Buffer.from(REAL) });
    await byId(page, "gaps").waitFor();
    const isUncut = await byId(page, "real").evaluate((part) => part.getBoundingClientRect().right <= innerWidth && document.documentElement.scrollWidth <= innerWidth);
    assert.ok(isUncut);
    await byId(page, "learn-real").click();
    await until(async () => assert.match(await text(page), /# sim: /u));
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("Control+z");
    await until(async () => assert.equal(await text(page), FLOW));
  });
}

test("on a phone the gaps of an execution are read behind the reasons", { skip: needs("taps") }, async (t) => {
  const page = await open(t, { yaml: FLOW, width: 360, height: 740, editor: false, hasTouch: true, isMobile: true });
  await byId(page, "tab-why").tap();
  await byId(page, "panel-compare").tap();
  await byId(page, "open-real").setInputFiles({ name: "run.json", mimeType: "application/json", buffer: Buffer.from(REAL) });
  // The bars are on show first.
  await until(async () => assert.ok(await byId(page, "row-orders").locator(".pg-real__bar").first().isVisible()));
  await byId(page, "tab-why").tap();
  await byId(page, "gaps").waitFor();
  const table = await byId(page, "gaps").evaluate((gaps) => ({ page: document.documentElement.scrollWidth, shown: gaps.parentElement.getBoundingClientRect().right }));
  assert.ok(table.page <= 360 && table.shown <= 360, JSON.stringify(table));
});

test("a file that is no execution gets a sentence, and changes nothing", async (t) => {
  const page = await open(t, { yaml: FLOW });
  for (const [content, said] of [["{", /run\.json: /u], ['{"a": 1}', /run\.json: .*execution/u], [REAL.slice(0, 2000), /run\.json: /u]]) {
    await drop(page, "run.json", content);
    await until(async () => assert.match(await byId(page, "notices").innerText(), said));
    assert.equal(await text(page), FLOW);
    assert.equal(await page.locator(".pg-real__bar").count(), 0);
  }
});

test("a flow that is dropped is the text, and undo brings the one before back", async (t) => {
  const page = await open(t, {});
  const before = await text(page);
  await drop(page, "nightly.yaml", FLOW);
  await until(async () => assert.equal(await text(page), FLOW));
  await byId(page, "undo").click();
  await until(async () => assert.equal(await text(page), before));
});
