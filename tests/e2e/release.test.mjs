// XL Release: links by hand S60 to S62, folding S63, gates and preconditions S64, converting S65.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, choose, open, result, text, until } from "./harness.mjs";

const task = (name, minutes) => `      - name: ${name}\n        type: xlrelease.ScriptTask\n        plannedDuration: ${minutes * 60}\n`;
const FLAT = "apiVersion: xl-release/v1\nkind: Templates\nspec:\n- template: Servers\n  phases:\n  - phase: Deploy\n    tasks:\n    - name: All\n      type: xlrelease.ParallelGroup\n      tasks:\n" +
  task("Stop 1", 1) + task("Start 1", 1) + task("Stop 2", 1) + task("Start 2", 1);

/** Drags from the right edge of one bar to the left edge of another. */
async function drag(page, from, to) {
  const one = await byId(page, `grip-${from}`).boundingBox();
  const other = await page.getByTestId(`row-${to}`).locator("[data-kind]").last().boundingBox();
  await page.mouse.move(one.x + 4, one.y + 14);
  await page.mouse.down();
  await page.mouse.move(other.x + 30, other.y + 10);
  await page.mouse.move(other.x + 4, other.y + 14);
  await page.mouse.up();
}

test("S60 two drags link four tasks of a template: two entries, nothing else; undo takes them back", async (t) => {
  const page = await open(t, { yaml: FLAT });
  const alone = await result(page);
  await drag(page, "stop-1", "start-1");
  await until(async () => assert.equal(await result(page), 2 * alone));
  await drag(page, "stop-2", "start-2");
  await until(async () => assert.match(await text(page), /Stop 2\n +target: Start 2/u));
  assert.equal(await text(page), `${FLAT}      links:\n      - source: Stop 1\n        target: Start 1\n      - source: Stop 2\n        target: Start 2\n`);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await until(async () => assert.equal(await text(page), FLAT));
});

test("S61, S62 the same from the menu; a cycle is refused and named", async (t) => {
  const page = await open(t, { yaml: FLAT });
  const after = async (to, from) => {
    await byId(page, `row-${to}`).click();
    await byId(page, "why").getByTestId("do-after").click();
    return byId(page, "why").getByTestId(`after-${from}`);
  };
  const stop = await after("start-1", "stop-1");
  await stop.focus();
  assert.deepEqual((await byId(page, "preview").innerText()).split("\n"), ["+ links:", "+ - source: Stop 1", "+   target: Start 1"]);
  await stop.click();
  await until(async () => assert.match(await text(page), /source: Stop 1\n +target: Start 1/u));
  assert.equal(await byId(page, "link-stop-1-start-1").count(), 1);
  const linked = await text(page);
  const start = await after("stop-1", "start-1");
  assert.ok(await start.isDisabled());
  assert.match(await start.innerText(), /cycle: Stop 1 → Start 1 → Stop 1/u);
  await drag(page, "start-1", "stop-1");
  await until(async () => assert.match(await byId(page, "notices").innerText(), /cycle: Stop 1 → Start 1 → Stop 1/u));
  assert.equal(await text(page), linked);
  await byId(page, "row-start-1").click();
  await byId(page, "why").getByTestId("unlink-stop-1").click();
  await until(async () => assert.equal(await text(page), FLAT));
});

test("S61 with the keyboard alone", async (t) => {
  const page = await open(t, { yaml: FLAT });
  await byId(page, "timeline").getByRole("treegrid").focus();
  for (let n = 0; n < 4; n++) await page.keyboard.press("ArrowDown");
  assert.equal(await byId(page, "row-start-1").getAttribute("aria-selected"), "true");
  const press = async (id) => {
    for (let n = 0; n < 200; n++) {
      if ((await page.evaluate(() => document.activeElement?.dataset.testid)) === id) return page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab never came to ${id}`);
  };
  await press("do-after");
  await byId(page, "after-stop-1").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "after-stop-1");
  await press("after-stop-1");
  await until(async () => assert.match(await text(page), /source: Stop 1\n +target: Start 1/u));
  await press("unlink-stop-1");
  await until(async () => assert.equal(await text(page), FLAT));
});

test("in a Kestra Parallel a chain becomes a Sequential, anything else a Dag; a drag shows what it will change", async (t) => {
  const page = await open(t);
  const before = await text(page);
  const grip = await byId(page, "grip-t1").boundingBox();
  const target = await byId(page, "row-t2").boundingBox();
  await page.mouse.move(grip.x + 4, grip.y + 14);
  await page.mouse.down();
  await page.mouse.move(target.x + 400, target.y + 14);
  await page.mouse.move(target.x + 390, target.y + 14);
  await until(async () => assert.match(await byId(page, "preview").innerText(), /\+ +- id: t1-then-t2\n\+ +type: io\.kestra\.plugin\.core\.flow\.Sequential/u));
  await page.mouse.up();
  assert.equal(await byId(page, "preview").count(), 0);
  await until(async () => assert.match(await text(page), /id: t1-then-t2\n +type: io\.kestra\.plugin\.core\.flow\.Sequential/u));
  assert.equal(await byId(page, "link-t1-t2").count(), 0, "nothing is selected");
  await byId(page, "all-links").click();
  assert.equal(await byId(page, "link-t1-t2").count(), 1);
  await drag(page, "t1", "t3");
  await until(async () => assert.match(await text(page), /flow\.Dag\n/u));
  assert.equal((await text(page)).match(/dependsOn: \[t1\]/gu).length, 2);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await until(async () => assert.equal(await text(page), before));
});

test("S63 the nested story folds a server", async (t) => {
  const page = await open(t);
  await choose(page, "release-nested");
  const group = page.locator("[data-testid^=fold-server-1]").first();
  const rows = await page.getByRole("row").count();
  await group.click();
  await until(async () => assert.ok((await page.getByRole("row").count()) < rows));
});

test("S64 a gate is approved early, and a precondition skips a task", async (t) => {
  const page = await open(t, { yaml: "apiVersion: xl-release/v1\nkind: Templates\nspec:\n- template: T\n  phases:\n  - phase: P\n    tasks:\n    - name: Ask\n      type: xlrelease.GateTask\n      plannedDuration: 600\n    - name: Work\n      type: xlrelease.ScriptTask\n      plannedDuration: 60\n      precondition: releaseVariables['x'] == 1\n" });
  assert.equal(await result(page), 660_000);
  await byId(page, "row-ask").click();
  await byId(page, "approve-ask").click();
  await until(async () => assert.equal(await result(page), 60_000));
  await byId(page, "row-work").click();
  await byId(page, "precondition-work").click();
  await until(async () => assert.equal(await result(page), 0));
});

test("S65 a template as a Kestra flow, undoable, with what was lost", async (t) => {
  const page = await open(t);
  await choose(page, "release-nested");
  const [before, took] = [await text(page), await result(page)];
  await byId(page, "convert").click();
  await until(async () => assert.match(await text(page), /^id: /mu));
  assert.equal(await result(page), took);
  await page.keyboard.press("Control+z");
  await until(async () => assert.equal(await text(page), before));
});

test("a template is shown in its own words: titles and states, in rows, table, legend and details", async (t) => {
  const page = await open(t, { yaml: FLAT });
  assert.equal(await byId(page, "row-stop-1").getAttribute("aria-label"), "Stop 1, in progress 0 to 1 minute, completed, row 3 of 6");
  assert.equal(await byId(page, "seg-stop-1-0").getAttribute("data-kind"), "IN_PROGRESS");
  await byId(page, "panel-table").click();
  assert.match(await byId(page, "table").innerText(), /Stop 1\s+0\s+0\s+1 m\s+1 m\s+completed/u);
  assert.match(await page.locator(".pg-legend").innerText(), /completed/u);
  assert.match(await byId(page, "story").innerText(), /Start 1/u);
});

test("set, calculated and actual dates look different", async (t) => {
  const page = await open(t, { yaml: FLAT.replace("        plannedDuration: 60\n", "") });
  const facts = byId(page, "row-stop-1");
  await facts.click();
  assert.match(await page.locator(".pg-date--calculated").allInnerTexts().then((texts) => texts.join("; ")), /1 m, calculated/u);
  assert.equal(await facts.locator(".pg-timeline__track--calculated").count(), 1);
  await byId(page, "row-start-1").click();
  assert.deepEqual(await page.locator(".pg-date--set").allInnerTexts(), ["1 m, set"]);
  assert.equal(await byId(page, "row-start-1").locator(".pg-timeline__track--calculated").count(), 0);
});
