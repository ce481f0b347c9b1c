// Accessibility: keys only S41, the audit in every view S44, names and the table S45, reduced motion S46, forced colors and zoom S47, right to left S51.
import assert from "node:assert/strict";
import { test } from "node:test";
import AxeBuilder from "@axe-core/playwright";
import { byId, ghost, open, result, segment, state, until } from "./harness.mjs";

/** Presses Tab until the focus is on an element with this test id. */
async function tabTo(page, id) {
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press("Tab");
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
  await tabTo(page, "run");
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

for (const colorScheme of ["light", "dark"]) {
  test(`S44 no serious finding in any view, ${colorScheme}`, async (t) => {
    const page = await open(t, { colorScheme });
    await page.clock.resume(); // The audit uses timers of its own.
    const scenes = {
      slots: () => byId(page, "view-slots").click(),
      log: () => byId(page, "panel-log").click(),
      curve: () => byId(page, "panel-curve").click(),
      table: () => byId(page, "panel-table").click(),
      details: async () => {
        await byId(page, "view-gantt").click();
        await byId(page, "panel-details").click();
        await byId(page, "row-t4").click();
      },
      after: async () => {
        await byId(page, "why").getByTestId("do-after").click();
        await byId(page, "after-t1").focus();
      },
      menu: () => byId(page, "row-t1").click({ button: "right" }),
      settings: async () => {
        await page.keyboard.press("Escape");
        await byId(page, "open-settings").click();
      },
      share: async () => {
        await byId(page, "open-settings").click();
        await byId(page, "share").click();
      },
      keys: async () => {
        await page.keyboard.press("Escape");
        await byId(page, "keys").click();
      },
      versions: async () => {
        await page.keyboard.press("Escape");
        await byId(page, "versions").click();
      },
      broken: async () => {
        await page.keyboard.press("Escape");
        await page.evaluate(() => window.__playground.load("# Docs\n\n```yaml\nid: a\nnamespace: n\ntasks:\n  - {id: t, type: io.kestra.plugin.core.debug.Return}\n```\n"));
      },
      heat: async () => {
        await byId(page, "examples").click();
        await byId(page, "example-nested-limits").click();
        await byId(page, "panel-curve").click();
        await byId(page, "show-heat").click();
        await page.getByRole("gridcell").first().waitFor();
      },
      plans: async () => {
        await byId(page, "panel-compare").click();
        await byId(page, "pin").click();
        await byId(page, "slider-outer").fill("4");
        await byId(page, "comparison").waitFor();
      },
      release: async () => {
        await byId(page, "examples").click();
        await byId(page, "example-release-flat").click();
        await byId(page, "all-links").click();
      },
    };
    for (const [name, show] of Object.entries(scenes)) {
      await show();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(serious.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ target }) => target)}`), []);
    }
  });
}

test("S44 no serious finding in an embed, in both themes", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(t, { path: "embed.html#code=open&sel=t4&t=0.5s", colorScheme, width: 700, height: 620 });
    await page.clock.resume();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`), []);
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
