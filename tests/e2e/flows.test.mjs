// Flows of many shapes at five sizes: complete rows whatever is selected or open, no text over another, no label cut without a tooltip, no
// control too small or out of reach.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { completeRows, faults } from "./faults.mjs";
import { byId, open, until } from "./harness.mjs";

const FOLDER = new URL("./fixtures/flows/", import.meta.url);
const FLOWS = readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]);
const SIZES = [[1440, 900, 12], [1280, 720, 8], [1024, 768, 8], [700, 900, 8], [360, 740, 6]];

/** What a person may have done to the page; `looked` states are searched for faults as well. All but the last are undone by `plain`. */
const STATES = [
  { name: "at rest", looked: true, go: [] },
  { name: "a row selected", looked: true, go: ["close-panel", 2] },
  { name: "a group selected", looked: true, go: ["close-panel", "group"] },
  { name: "the log", go: ["panel-log"] },
  { name: "the curve", looked: true, go: ["panel-curve"] },
  { name: "the table", go: ["panel-table"] },
  { name: "the times", looked: true, go: ["panel-times"] },
  { name: "the critical path", go: ["panel-details", "critical-switch"] },
  { name: "a slot less", go: ["critical-switch", ".pg-slots button"] },
  { name: "at the first event", looked: true, go: ["close-panel", "to-start", "step-next"] },
  { name: "slots", looked: true, go: ["view-slots"] },
  { name: "slots with a selection", go: ["panel-details", "[data-testid^=sat-]"] },
  { name: "a refused text", looked: true, go: ["view-gantt", "break"] },
];

/** Presses what is there of these: test ids, selectors, the place of a row. */
const press = (page, steps) => page.evaluate((steps) => {
  const rows = [...document.querySelectorAll(".pg-timeline__row")];
  for (const step of steps) {
    if (step === "break") window.__playground.load(window.__playground.text().replace("type:", "typ:"));
    else if (typeof step === "number") rows[step]?.click();
    else if (step === "group") rows.findLast((row) => row.ariaExpanded)?.click();
    else if (/^[.[]/u.test(step)) document.querySelector(step)?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    else document.querySelector(`[data-testid=${step}]`)?.click();
  }
}, steps);

for (const [width, height, least] of SIZES) {
  test(`${FLOWS.length} flows have room at ${width} × ${height}`, async (t) => {
    const page = await open(t, { width, height, editor: false, hasTouch: width < 700, isMobile: width < 700 });
    const found = [];
    const look = async (name, place) => found.push(...(await faults(page)).map((fault) => `${name}, ${place}: ${fault}`));
    for (const [name, yaml] of FLOWS) {
      await press(page, ["view-gantt", "close-panel"]);
      await page.evaluate((text) => window.__playground.load(text), yaml);
      for (const state of STATES) {
        await press(page, state.go);
        await page.clock.runFor(20);
        const { whole, all } = await completeRows(page);
        if (whole < Math.min(least, all)) found.push(`${name}, ${state.name}: ${whole} of ${all} rows are complete`);
        if (state.looked) await look(name, state.name);
      }
      await page.evaluate((text) => window.__playground.load(text), yaml);
      for (const tab of width < 700 ? ["why", "flow", "log", "time"] : []) {
        await byId(page, `tab-${tab}`).click();
        await page.clock.runFor(20);
        await look(name, tab);
      }
    }
    assert.deepEqual(found, []);
  });
}

const parallel = (n) => `id: f\nnamespace: n\ntasks:\n  - id: group\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: ${Math.ceil(n / 2)}\n    tasks:\n${
  Array.from({ length: n }, (_, at) => `      - {id: t${at}, type: io.kestra.plugin.core.flow.Sleep, duration: PT${1 + (at * 7) % 90}S}\n`).join("")}`;

for (const [width, height] of SIZES) {
  test(`numbers of slider, curve, strip and axis stay apart at ${width} × ${height}, and the axis has a unit`, async (t) => {
    const page = await open(t, { width, height, editor: false });
    const found = [];
    for (const n of [6, 14, 64, 1000]) {
      await page.evaluate((text) => window.__playground.load(text), parallel(n));
      await press(page, ["tab-why", "panel-curve", "tab-time"]);
      await page.clock.runFor(20);
      const look = async (places) => found.push(...await page.evaluate(([places, n]) => places.flatMap((place) => {
        const labels = [...document.querySelectorAll(`.${place}`)].map((label) => [label.textContent, window.boxOfText(label)]).filter(([, box]) => box.width > 0);
        if (labels.length === 0) return [`${n}: no ${place}`];
        const touch = ([, one], [, other]) => one.left < other.right + 2 && other.left < one.right + 2 && one.top < other.bottom && other.top < one.bottom;
        const out = labels.filter(([, box]) => box.left < 0 || box.right > innerWidth).map(([text]) => `${n}: ${place} “${text}” leaves the window`);
        return [...out, ...labels.flatMap((one, at) => labels.slice(at + 1).filter((other) => touch(one, other)).map(([text]) => `${n}: ${place} “${one[0]}” and “${text}” touch`))];
      }), [places, n]));
      await look(["pg-slider__number", "pg-timeline__tick-label", ...(width < 700 ? [] : ["pg-timeline__busy-number"])]);
      const axis = page.locator(".pg-timeline__heads .pg-timeline__label--axis").first();
      assert.match(await axis.innerText(), /since (the )?start/u);
      assert.ok(await axis.isVisible());
      if (width < 700) await byId(page, "tab-why").click();
      await until(async () => assert.ok(await page.locator(".pg-curve__label").count()));
      await look(["pg-curve__label"]);
    }
    assert.deepEqual(found, []);
  });
}

for (const [width, height] of [[1024, 768], [700, 900], [360, 740]]) {
  test(`fingers have 32 px at ${width} × ${height}`, async (t) => {
    const page = await open(t, { width, height, editor: false, hasTouch: true, isMobile: true });
    const found = [];
    for (const [name, yaml] of FLOWS.filter(([name]) => /^(nightly|fails|cjkxl|conc)\./u.test(name))) {
      await page.evaluate((text) => window.__playground.load(text), yaml);
      for (const state of STATES.filter(({ looked }) => looked)) {
        await press(page, state.go);
        await page.clock.runFor(20);
        found.push(...(await faults(page, { least: 32 })).filter((fault) => fault.endsWith("px")).map((fault) => `${name}, ${state.name}: ${fault}`));
      }
    }
    assert.deepEqual([...new Set(found)], []);
  });
}
