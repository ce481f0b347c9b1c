// Accessibility: keys only S41, the audit in every view S44, names and the table S45, reduced motion S46, forced colors and zoom S47, right to left S51.
import assert from "node:assert/strict";
import { test } from "node:test";
import { audit } from "./audit.mjs";
import { byId, ghost, open, result, segment, state, until } from "./harness.mjs";

/** Presses Tab, or Shift and Tab, until the focus is on an element with this test id. */
async function tabTo(page, id, keys = "Tab") {
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press(keys);
    if ((await page.evaluate(() => document.activeElement?.dataset.testid)) === id) return;
  }
  assert.fail(`Tab never came to ${id}`);
}

test("S41 the first minute and the slider with the keyboard alone", async (t) => {
  const page = await open(t);
  await tabTo(page, "slider-parent");
  for (const [key, ms] of [["ArrowRight", 2000], ["ArrowRight", 2000], ["ArrowRight", 1000]]) {
    await page.keyboard.press(key);
    await until(async () => assert.equal(await result(page), ms));
  }
  assert.equal(await ghost(page), 2000);
  await tabTo(page, "run", "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.clock.runFor(1500);
  assert.equal(await state(page), "ended");
  await tabTo(page, "playhead");
  await page.keyboard.press("Home");
  await until(async () => assert.match(await byId(page, "story").innerText(), /parent opens/u));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.match(await byId(page, "why").innerText(), /nothing held it up/u);
});

/** What the audit finds in the page as it stands, whatever its impact: a line for each element. */
async function audited(page, name) {
  // A color on its way to another one has the contrast of neither.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)));
  return (await audit(page)).flatMap(({ id, impact, targets }) => targets.map((target) => `${name}: ${impact} ${id}: ${target}`));
}

const BROKEN = "id: a\nnamespace: n\ntasks:\n  - {id: t, typ: x}\n";
const MARKDOWN = "# Docs\n\n```yaml\nid: a\nnamespace: n\ntasks:\n  - {id: t, type: io.kestra.plugin.core.debug.Return}\n```\n";
const UNKNOWN = "id: a\nnamespace: n\ntasks:\n  - {id: t, type: io.kestra.plugin.airbyte.connections.Sync}\n  - {id: u, type: io.kestra.plugin.airbyte.connections.Sync}\n";

const OLD = `id: a
namespace: n
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.EachParallel
    value: [1, 2]
    tasks:
      - {id: bad, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S} # sim: 1s fail
      - {id: kept, type: io.kestra.plugin.core.state.Get}
  - {id: note, type: io.kestra.plugin.core.log.Log, message: "{{ 1 | json }}"}
`;

const click = (id) => (page) => byId(page, id).click();
/** Opens the view of what changes in 2.0. */
const changes = async (page) => {
  await byId(page, "version").selectOption({ index: 4 });
  await byId(page, "upgrade-story").waitFor();
};
const load = (text) => (page) => page.evaluate((text) => window.__playground.load(text), text);
const row = (n, options) => (page) => page.locator(".pg-timeline__row").nth(n).locator(".pg-timeline__name").click(options);
const key = (name) => (page) => page.keyboard.press(name);
const example = (id) => async (page) => {
  await click("examples")(page);
  await click(`example-${id}`)(page);
};

/** What a person does on a wide page, in order; after each step the page is audited. */
const WIDE = {
  "at rest": () => {},
  "a row": row(4), "the log": click("panel-log"), "the curve": click("panel-curve"), "the table": click("panel-table"),
  "details": click("panel-details"), "links to add": (page) => byId(page, "why").getByTestId("do-after").click(), "a link": (page) => byId(page, "after-t1").focus(),
  "slots with a selection": click("view-slots"), "slots": click("close-panel"), "bars": click("view-gantt"),
  "the critical path": click("critical-switch"), "its end": click("critical-switch"),
  "the menu of a row": row(2, { button: "right" }), "no menu": key("Escape"),
  "the menu of a limit": click("slots-parent"), "no menu again": key("Escape"),
  "the examples": click("examples"), "no examples": key("Escape"),
  "the settings": click("open-settings"), "no settings": click("open-settings"),
  "the share dialog": click("share"), "no share dialog": key("Escape"),
  "the embed dialog": click("embed"), "no embed dialog": key("Escape"),
  "the keys": click("keys"), "no keys": key("Escape"), "the versions": click("versions"), "no versions": key("Escape"),
  "what is left out": (page) => page.getByRole("button", { name: "What this leaves out" }).click(), "nothing over the page": key("Escape"),
  "an earlier moment": click("step-prev"), "a search": (page) => byId(page, "find").fill("t4"), "no search": (page) => byId(page, "find").fill(""),
  "a closer view": click("zoom-in"), "the whole": click("zoom-fit"),
  "no editor": click("fold-editor"), "the editor": click("fold-editor"),
  "presented": click("present"), "presented with a selection": row(1), "no longer presented": click("leave"),
  "unknown times": load(UNKNOWN), "the times": click("give-times"),
  "attempts": example("retry-slot"), "an attempt": row(1), "executions": example("flow-concurrency"),
  "limits of two groups": example("nested-limits"), "the curve of one": click("panel-curve"), "all of both": async (page) => {
    await click("show-heat")(page);
    await page.getByRole("gridcell").first().waitFor();
  },
  "plans": click("panel-compare"), "a pinned plan": async (page) => {
    await click("pin")(page);
    await byId(page, "slider-outer").fill("4");
    await byId(page, "comparison").waitFor();
  },
  "a Parallel of which one fails": load(OLD.replaceAll(/ {4}value.*\n|.*state.*\n/gu, "").replace("EachParallel", "Parallel").replace("# sim: 1s fail\n", "# sim: 1s fail\n      - {id: long, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}\n")),
  "what changes in 2.0": changes, "no changes": key("Escape"),
  "an old text": load(OLD), "what is left in it": changes, "no more changes": key("Escape"),
  "a template": example("release-flat"), "its links": click("all-links"), "an item": row(2), "its settings": click("open-settings"), "none": click("open-settings"),
  "slots of a template": click("view-slots"), "its bars": click("view-gantt"), "converted": click("convert"),
  "a refused text": load(BROKEN), "Markdown": load(MARKDOWN), "no text": load(""),
};
const PHONE = {
  "at rest": () => {}, "a row": row(4), "why": click("tab-why"), "the log": click("tab-log"), "the flow": click("tab-flow"), "the time": click("tab-time"),
  "slots": click("view-slots"), "bars": click("view-gantt"), "the settings": click("open-settings"), "no settings": click("open-settings"),
  "a template": load("apiVersion: xl-release/v1\nkind: Templates\nspec:\n- template: A\n  phases:\n  - phase: P\n    tasks:\n    - {name: T, type: xlrelease.GateTask}\n"),
  "an old text": load(OLD), "the old text": click("tab-flow"), "what changes in 2.0": changes, "no changes": key("Escape"),
  "a refused text": load(BROKEN), "why it is refused": click("tab-why"), "its log": click("tab-log"), "its flow": click("tab-flow"),
  "no text": load(""), "no time": click("tab-time"), "no why": click("tab-why"), "no log": click("tab-log"),
};

for (const colorScheme of ["light", "dark"]) {
  for (const [width, height, steps] of [[1440, 900, WIDE], [360, 740, PHONE]]) {
    test(`S44 the audit finds nothing in any state, ${colorScheme}, ${width} px`, async (t) => {
      const page = await open(t, { colorScheme, width, height, editor: width > 700 });
      await page.clock.resume(); // The audit uses timers of its own.
      const found = [];
      for (const [name, go] of Object.entries(steps)) {
        await go(page);
        found.push(...await audited(page, name));
      }
      assert.deepEqual(found, []);
    });
  }
}

test("S44 the audit finds nothing in an embed, in both themes", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(t, { path: "embed.html#code=open&sel=t4&t=0.5s", colorScheme, width: 700, height: 620 });
    await page.clock.resume();
    assert.deepEqual(await audited(page, colorScheme), []);
  }
});

test("S45 a row reads as a sentence, and the table has the same numbers", async (t) => {
  const page = await open(t);
  assert.equal(await byId(page, "row-t4").getAttribute("aria-label"), "t4, waiting for a slot 0 to 1 second, running 1 to 2 seconds, success, row 5 of 8");
  await byId(page, "panel-table").click();
  const rows = await byId(page, "table").locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.innerText.trim())));
  const t4 = rows.find(([id]) => id === "t4");
  assert.ok(t4.includes("1.0 s"), t4.join(" | "));
});

test("S46 with reduced motion Run shows the end at once, and nothing moves", async (t) => {
  const page = await open(t, { reducedMotion: "reduce" });
  await byId(page, "run").click();
  assert.equal(await state(page), "ended");
  const picture = await byId(page, "timeline").innerHTML();
  await page.clock.runFor(3000);
  assert.ok((await byId(page, "timeline").innerHTML()) === picture, "the picture moved");
});

test("S47 forced colors keep patterns and letters; at 400 % the first minute works without scrolling sideways", async (t) => {
  const forced = await open(t, { forcedColors: "active" });
  assert.ok((await forced.locator(".pg-bar__letter").count()) > 0);
  const page = await open(t, { width: 360, height: 225, editor: false });
  await byId(page, "run").click();
  await page.clock.runFor(3000);
  assert.equal(await state(page), "ended");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});

test("S51 on a page from right to left time still runs from left to right", async (t) => {
  for (const [width, height] of [[1440, 900], [360, 740]]) {
    const page = await open(t, { width, height, editor: width > 700 });
    await page.evaluate(() => { document.documentElement.dir = "rtl"; });
    await until(async () => {
      const [first, second] = [await segment(page, "t4", 0), await segment(page, "t4", 1)];
      assert.ok(first.x < second.x && Math.abs(first.x + first.width - second.x) < 1);
    });
    const labels = await page.locator(".pg-timeline__tick-label").evaluateAll((ticks) => ticks.map((tick) => [Number.parseFloat(tick.textContent), tick.getBoundingClientRect().x]));
    assert.ok(labels.length > 1 && labels.every(([n, x], at) => at === 0 || (n > labels[at - 1][0] && x > labels[at - 1][1])), JSON.stringify(labels));
    const { x, width: wide } = await segment(page, "t1", 0);
    const said = await byId(page, "row-t1").locator("svg text").first().evaluate((text) => text.getBoundingClientRect().toJSON());
    assert.ok(said.left >= x && said.right <= x + wide, "what a bar says stands in it");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing scrolls sideways");
  }
});
