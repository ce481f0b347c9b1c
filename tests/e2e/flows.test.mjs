// Flows of many shapes at five sizes: complete rows, no text over another, no label cut without a tooltip, no control too small or out of reach.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { completeRows, faults } from "./faults.mjs";
import { byId, open } from "./harness.mjs";

const FOLDER = new URL("./fixtures/flows/", import.meta.url);
const FLOWS = readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]);

for (const [width, height, least] of [[1440, 900, 12], [1280, 720, 8], [1024, 768, 8], [700, 900, 8], [360, 740, 6]]) {
  test(`${FLOWS.length} flows have room at ${width} × ${height}`, async (t) => {
    const page = await open(t, { width, height, editor: false, hasTouch: width < 700, isMobile: width < 700 });
    const found = [];
    const look = async (name, place) => found.push(...(await faults(page)).map((fault) => `${name}, ${place}: ${fault}`));
    for (const [name, yaml] of FLOWS) {
      await page.evaluate((text) => window.__playground.load(text), yaml);
      await page.clock.runFor(20);
      await page.evaluate(() => innerWidth < 1100 && document.querySelector("[data-testid=timeline]").scrollIntoView({ block: "start" }));
      const { whole, all } = await completeRows(page);
      if (whole < Math.min(least, all)) found.push(`${name}: ${whole} of ${all} rows are complete`);
      await look(name, "at rest");
      await page.evaluate(() => document.querySelectorAll(".pg-timeline__row")[2]?.click());
      await look(name, "with a row selected");
      await page.evaluate(() => document.querySelector("[data-testid=view-slots]").click());
      await page.clock.runFor(20);
      await look(name, "slots");
      await page.evaluate(() => document.querySelector("[data-testid=view-gantt]").click());
      for (const tab of width < 700 ? ["why", "flow", "log", "time"] : []) {
        await byId(page, `tab-${tab}`).click();
        await page.clock.runFor(20);
        await look(name, tab);
      }
      await page.evaluate(() => document.querySelector("[data-testid=close-panel]")?.click());
    }
    assert.deepEqual(found, []);
  });
}
