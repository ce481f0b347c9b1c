// Looking for the best limits of a real flow: nothing is cut, nothing moves under the pointer, and what differs is named.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, fill, open, text, until } from "./harness.mjs";

const SYNC = "io.kestra.plugin.airbyte.connections.Sync";
const group = (id, limit, n) => `  - id: ${id}
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: ${limit}
    tasks:
` + Array.from({ length: n }, (_, at) => `      - {id: ${id}_${at}, type: ${SYNC}} # sim: ${3 + at}m..${8 + at}m50s\n`).join("");
const NIGHTLY = `id: nightly\nnamespace: company.team\ntasks:\n${group("extract_sources", 4, 14)}${group("load_to_warehouse", 3, 12)}
  - {id: freshness, type: io.kestra.plugin.jdbc.snowflake.Query}
  - {id: looker_cache, type: io.kestra.plugin.core.http.Request, uri: "https://example.org"}
errors:
  - {id: page_oncall, type: io.kestra.plugin.notifications.pagerduty.PagerDutyAlert}
`;

/** The facts in the line of the result: those that are whole, and those that are cut in it. */
const facts = (page) => page.locator(".pg-result__facts").evaluate((list) => {
  const line = list.getBoundingClientRect();
  const found = { whole: [], cut: [] };
  for (const fact of list.children) {
    const { left, right, top, bottom } = fact.getBoundingClientRect();
    if (top >= line.bottom - 1) continue;
    const isWhole = left >= line.left - 1 && right <= line.right + 1 && bottom <= line.bottom + 1 && right <= innerWidth;
    found[isWhole ? "whole" : "cut"].push(fact.textContent);
  }
  return found;
});

for (const [width, height] of [[1440, 900], [1280, 720], [1024, 768], [700, 900], [360, 740]]) {
  test(`no fact about a run is cut at ${width} px, the time of 9 of 10 runs is there, and the others can be read`, async (t) => {
    const page = await open(t, { width, height, editor: width >= 700, yaml: NIGHTLY });
    await byId(page, "nine-of-ten").waitFor();
    for (const step of ["at first", "after a change"]) {
      if (step !== "at first") {
        await byId(page, "row-extract_sources").getByRole("button", { name: "One slot more for extract_sources" }).click();
        await byId(page, "ghost-result").waitFor();
      }
      await until(async () => {
        const { whole, cut } = await facts(page);
        assert.deepEqual(cut, [], step);
        assert.match(whole[0], /^9 of 10 runs(under|at most) \d/u, step);
      });
      const n = await page.locator(".pg-result__fact").count();
      const more = page.getByRole("button", { name: "more", exact: true });
      if ((await facts(page)).whole.length === n) continue;
      await more.click();
      await until(async () => assert.match(await page.locator(".pg-tip").innerText(), /9 of 10 runs .*, work .*, speed-up .*, median /u));
    }
  });
}

for (const [width, height] of [[1440, 900], [1280, 720], [1024, 768]]) {
  test(`the tabs of the panel stay where they are at ${width} × ${height}, and its splitter sets one height for all`, async (t) => {
    const page = await open(t, { width, height, yaml: NIGHTLY });
    const top = () => page.locator(".pg-panel > .pg-tabs").evaluate((tabs) => tabs.getBoundingClientRect().top);
    const tops = async () => {
      const found = new Set();
      for (const tab of ["details", "log", "curve", "table", "compare", "times"]) {
        await byId(page, `panel-${tab}`).click();
        found.add(await top());
      }
      return [...found];
    };
    assert.equal((await tops()).length, 1);
    if (width >= 1100) {
      const before = await top();
      await page.locator(".pg-panel__splitter").focus();
      for (let n = 0; n < 4; n++) await page.keyboard.press("ArrowUp");
      await until(async () => assert.ok((await top()) < before - 40));
      assert.equal((await tops()).length, 1, "after the splitter was moved");
      await byId(page, "panel-curve").click();
      await byId(page, "show-heat").click();
      await byId(page, "heat").waitFor();
      assert.equal((await tops()).length, 1, "with a heat map");
    }
  });
}

test("beside the critical path and an open panel six rows are complete at 1280 × 720, and the panel is in view", async (t) => {
  const page = await open(t, { width: 1280, height: 720, yaml: NIGHTLY });
  await byId(page, "critical-switch").click();
  await byId(page, "panel-table").click();
  const seen = await page.evaluate(() => {
    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
    const [chart, heads, panel] = [".pg-timeline__chart", ".pg-timeline__heads", ".pg-panel__body"].map(box);
    const isWhole = (row) => row.top >= heads.bottom - 1 && row.bottom <= Math.min(chart.bottom, innerHeight) + 1;
    return { rows: [...document.querySelectorAll(".pg-timeline__row")].map((row) => row.getBoundingClientRect()).filter(isWhole).length, panel: Math.min(innerHeight, panel.bottom) - panel.top };
  });
  assert.ok(seen.rows >= 6, `${seen.rows} rows`);
  assert.ok(seen.panel >= 80, `${seen.panel} px of the panel`);
});

test("a length keeps its writing when another field changes it, and nothing in the list of times moves", async (t) => {
  const page = await open(t, { width: 1280, height: 720, yaml: NIGHTLY.replaceAll(/ # sim: .*/gu, "") });
  await byId(page, "panel-times").click();
  const place = () => page.locator(".pg-times__line").evaluateAll((lines) => lines.map((line) => line.getBoundingClientRect().top + document.querySelector(".pg-panel__body").scrollTop - document.querySelector(".pg-panel").getBoundingClientRect().top));
  const before = await place();
  const head = page.locator(".pg-times__head");
  // The alert never ran; the request has a time that nothing says.
  assert.match(await head.innerText(), /^28 tasks have no known time: 26 airbyte\.connections\.Sync, 1 jdbc\.snowflake\.Query, 1 core\.http\.Request\./u);
  for (const [name, length] of [[`airbyte.connections.Sync × 26`, "8m50s"], ["jdbc.snowflake.Query", "1h20m..2h"], ["core.http.Request", "90s"]]) {
    await fill(byId(page, `time-${name}`), length);
    await byId(page, `time-${name}`).press("Enter");
    await until(async () => assert.ok(!(await head.innerText()).includes(name.split(" ")[0])));
    assert.deepEqual(await place(), before, name);
  }
  await byId(page, "row-extract_sources_3").click();
  await byId(page, "panel-details").click();
  assert.equal(await byId(page, "takes").inputValue(), "8m50s");
  await byId(page, "ends").selectOption("20");
  await until(async () => assert.match(await text(page), /id: extract_sources_3, .* # sim: 8m50s fail=20%/u));
  await byId(page, "row-freshness").click();
  await byId(page, "why").getByTestId("do-slower").click();
  await until(async () => assert.match(await text(page), /id: freshness, .* # sim: 2h40m\.\.4h/u));
});

test("plans name the limits that differ, and nothing covers a value of the table", async (t) => {
  for (const [width, height] of [[1280, 720], [700, 900], [1600, 900]]) {
    const page = await open(t, { width, height, yaml: NIGHTLY });
    await byId(page, "panel-compare").click();
    await byId(page, "pin").click();
    for (const id of ["extract_sources", "load_to_warehouse"]) {
      await byId(page, `row-${id}`).getByRole("button", { name: `One slot more for ${id}` }).click();
    }
    await until(async () => assert.match(await byId(page, "trial-now").innerText(), /extract_sources 4 → 5, load_to_warehouse 3 → 4/u));
    assert.match(await byId(page, "comparison").innerText(), /Limits: extract_sources 4 → 5, load_to_warehouse 3 → 4\./u);
    await byId(page, "panel-table").click();
    await byId(page, "table").waitFor();
    await page.locator(".pg-panel__body").evaluate((body) => body.scrollTo(0, 120));
    const covered = await page.evaluate(() => {
      const copies = [...document.querySelectorAll(".pg-table__copy button")].map((one) => one.getBoundingClientRect());
      const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      return [...document.querySelectorAll(".pg-table :is(td, th)")].filter((cell) => copies.some((copy) => meets(copy, cell.getBoundingClientRect()))).length;
    });
    assert.equal(covered, 0, `${width} px`);
  }
});

test("the line of a curve crosses none of its labels", async (t) => {
  const page = await open(t, { width: 1440, height: 900, yaml: NIGHTLY });
  await byId(page, "panel-curve").click();
  await byId(page, "curve-said").waitFor();
  for (const limit of ["1", "2", "4", "14"]) {
    await byId(page, `curve-dot-${limit}`).focus();
    await page.keyboard.press("Enter");
    await until(async () => assert.equal(await byId(page, `curve-dot-${limit}`).getAttribute("aria-checked"), "true"));
    const crossed = await byId(page, "curve").evaluate((curve) => {
      const line = curve.querySelector(".pg-curve__line");
      const { left, top } = line.ownerSVGElement.getBoundingClientRect();
      const points = Array.from({ length: 2000 }, (_, n) => line.getPointAtLength((line.getTotalLength() * n) / 1999));
      const labels = [...curve.querySelectorAll(".pg-curve__label")].filter((label) => label.textContent.includes(" "));
      return labels.filter((label) => {
        const box = label.getBoundingClientRect();
        return points.some(({ x, y }) => x + left > box.left && x + left < box.right && y + top > box.top + 2 && y + top < box.bottom - 3);
      }).map((label) => label.textContent);
    });
    assert.deepEqual(crossed, [], `at ${limit}`);
  }
});

test("the tip about the wheel covers nothing", async (t) => {
  for (const [width, height] of [[1440, 900], [1280, 720]]) {
    const page = await open(t, { width, height, yaml: NIGHTLY });
    const { x, y } = await byId(page, "row-extract_sources").boundingBox();
    await page.mouse.move(x + 200, y + 8);
    await page.mouse.wheel(0, 20);
    const hint = byId(page, "wheel-hint");
    await hint.waitFor();
    const covered = await hint.evaluate((hint) => {
      const box = hint.getBoundingClientRect();
      const meets = (other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
      return [...document.querySelectorAll("button, a, select, input, .pg-timeline__name, text, .pg-legend__item, .pg-result > *")]
        .filter((one) => one.checkVisibility() && meets(one.getBoundingClientRect())).map((one) => one.className.baseVal ?? one.className);
    });
    assert.deepEqual(covered, [], `${width} px`);
  }
});
