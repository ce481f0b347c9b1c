// Big and endless flows: S52, S53.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, needs, open, result, slide, state, text, until } from "./harness.mjs";

const many = (n) =>
  "id: many\nnamespace: company.team\ntasks:\n  - id: parent\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 20\n    tasks:\n" +
  Array.from({ length: n }, (_, at) => `      - {id: t${at}, type: io.kestra.plugin.core.flow.Sleep, duration: PT${1 + ((at * 7) % 5)}S}`).join("\n") + "\n";

test("S52 of ten thousand tasks only those in view are in the document, and typing loses nothing", async (t) => {
  const page = await open(t, { yaml: many(10_000) });
  const nodes = () => byId(page, "timeline").evaluate((timeline) => timeline.querySelectorAll("*").length);
  assert.ok((await nodes()) <= 900, `${await nodes()} nodes`);
  const work = 30_000_000 / 20;
  const with20 = await result(page);
  assert.ok(with20 >= work && with20 < work + 5000, `${with20} ms`);
  await slide(page, "parent", 21);
  await until(async () => assert.ok((await result(page)) < with20));
  await page.locator(".pg-timeline__chart").evaluate((chart) => { chart.scrollTop = 140_000; });
  await until(async () => assert.equal(await byId(page, "row-t5000").count(), 1));
  assert.ok((await nodes()) <= 900, `${await nodes()} nodes`);
  await byId(page, "view-slots").click();
  await byId(page, "lane-parent-21").waitFor();
  await byId(page, "view-gantt").click();
  await byId(page, "lane-parent-21").waitFor({ state: "detached" });
  const before = await text(page);
  await byId(page, "run").click();
  await byId(page, "editor").locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("# every letter is kept");
  await page.clock.runFor(1000);
  await until(async () => assert.equal(await text(page), `${before}# every letter is kept`));
});

test("a row that stays in view while the chart scrolls is not drawn again", async (t) => {
  const page = await open(t, { yaml: many(1000) });
  const rows = page.locator(".pg-timeline__row");
  const before = await rows.evaluateAll((rows) => rows.map((row) => {
    row.isOld = true;
    return row.dataset.testid;
  }));
  await page.locator(".pg-timeline__chart").evaluate((chart) => { chart.scrollTop = 560; });
  await byId(page, before[0]).waitFor({ state: "detached" });
  const after = await rows.evaluateAll((rows) => rows.map((row) => ({ id: row.dataset.testid, isOld: row.isOld === true })));
  assert.deepEqual(after.filter(({ isOld }) => isOld).map(({ id }) => id), before.filter((id) => after.some((row) => row.id === id)));
  assert.ok(after.filter(({ isOld }) => isOld).length >= 10, JSON.stringify(after));
});

/** A page whose clock is the real one: without it no work is long. */
async function openTimed(t) {
  const page = await open(t, { mounted: false });
  await page.waitForFunction(() => window.__playground !== undefined);
  await page.evaluate(() => window.__playground.ready);
  await page.locator(".cm-content").waitFor();
  return page;
}

/** How many events a page handles until `act` is done, when there is always one to handle. */
const handled = (page, act, argument) => page.evaluate(`(${async (act, argument) => {
  const { port1, port2 } = new MessageChannel();
  let n = 0, isOver = false;
  port1.onmessage = () => {
    n += 1;
    if (!isOver) port2.postMessage(0);
  };
  port2.postMessage(0);
  await act(argument);
  isOver = true;
  return n;
}})(${act}, ${JSON.stringify(argument)})`);

test("while a long text is read and run, and while its settings change, the page handles what happens", { skip: needs("suspended work") }, async (t) => {
  const page = await openTimed(t);
  const whileLoading = await handled(page, (yaml) => window.__playground.load(yaml), many(20_000));
  assert.ok(whileLoading >= 10, `${whileLoading} events`);
  const with20 = await result(page);
  const whileSliding = await handled(page, () => new Promise((resolve) => {
    const result = document.querySelector("[data-testid=result]");
    new MutationObserver(resolve).observe(result, { attributes: true, attributeFilter: ["data-ms"] });
    const slider = document.querySelector("[data-testid=slider-parent]");
    slider.value = 40;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }));
  assert.ok(whileSliding >= 10, `${whileSliding} events`);
  assert.ok((await result(page)) < with20);
  assert.match(await text(page), /^ {4}concurrent: \d+$/mu);
});

test("what is done while a long text is read comes after it, in order, and nothing typed is lost", { skip: needs("suspended work") }, async (t) => {
  const page = await openTimed(t);
  await page.evaluate((yaml) => window.__playground.load(yaml), many(20_000));
  const before = await text(page);
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.evaluate(() => {
    const slider = document.querySelector("[data-testid=slider-parent]");
    for (const value of [30, 25, 40]) {
      slider.value = value;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  await page.keyboard.type("# kept");
  await until(async () => assert.match(await text(page), /# kept$/u));
  const now = await text(page);
  assert.equal(now.split("\n").length, before.split("\n").length);
  const afresh = await open(t, { yaml: now });
  const expected = await result(afresh);
  await until(async () => assert.equal(await result(page), expected));
});

test("S53 an endless loop and an alias bomb are reported, and the page stays alive", async (t) => {
  const page = await open(t, { yaml: "id: endless\nnamespace: n\ntasks:\n  - id: loop\n    type: io.kestra.plugin.scripts.shell.Commands\n    commands: ['while true; do echo again; done']\n" });
  assert.match(await page.locator(".pg-result").innerText(), /never ends\s+stopped in\s+loop/u);
  const bomb = "id: bomb\nnamespace: n\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\ntasks: []\n";
  await page.evaluate((yaml) => window.__playground.load(yaml), bomb);
  await until(async () => assert.equal(await state(page), "error"));
  assert.equal(await text(page), bomb);
  await byId(page, "examples").click();
  await byId(page, "example-parallel").click();
  await until(async () => assert.equal(await result(page), 2000));
});
