// The chart first: complete rows at five sizes, Run in reach, limits in the rows, the panel, the editor and presenting, names and the version.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, choose, needs, open, result, segment, slide, text, until } from "./harness.mjs";

const GROUPS = Array.from({ length: 20 }, (_, n) => `  - id: group_with_a_longer_name_${n}
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - {id: first_task_of_${n}, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: second_task_of_${n}, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
`).join("");
const MANY = `id: many\nnamespace: company.team\ntasks:\n${GROUPS}`;
const VALUES = (n) => `id: each\nnamespace: company.team\ntasks:
  - id: all
    type: io.kestra.plugin.core.flow.ForEach
    values: ${JSON.stringify(Array.from({ length: n }, (_, at) => `value-${at}`))}
    tasks:
      - {id: load, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: check, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
`;

for (const [width, height, least] of [[1440, 900, 12], [1280, 720, 8], [1024, 768, 8], [700, 900, 8], [360, 740, 6]]) {
  test(`${least} rows are complete at ${width} x ${height}, and Run is in reach`, async (t) => {
    const page = await open(t, { width, height, editor: false, yaml: MANY });
    const seen = await page.evaluate(() => {
      if (innerWidth < 1100) document.querySelector("[data-testid=timeline]").scrollIntoView({ block: "start" });
      const chart = document.querySelector(".pg-timeline__chart").getBoundingClientRect();
      const isWhole = (row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return top >= Math.max(0, chart.top) - 1 && bottom <= Math.min(innerHeight, chart.bottom) + 1;
      };
      const run = document.querySelector("[data-testid=run]").getBoundingClientRect();
      return {
        whole: [...document.querySelectorAll("[data-testid^=row-]")].filter(isWhole).length,
        run: run.top >= 0 && run.bottom <= innerHeight && run.right <= innerWidth,
        sideways: document.documentElement.scrollWidth - innerWidth,
      };
    });
    assert.ok(seen.whole >= least, `${seen.whole} rows`);
    assert.deepEqual([seen.run, seen.sideways], [true, 0]);
  });
}

test("a limit is set in the row of its group: buttons, arrow keys, the menu at the pointer", async (t) => {
  const page = await open(t);
  const row = byId(page, "row-parent");
  await row.getByRole("button", { name: "One slot more for parent" }).click();
  await until(async () => assert.match(await text(page), /concurrent: 4/u));
  assert.equal(await byId(page, "announcement").innerText(), "concurrent 4: 2.0 s, no change");
  await byId(page, "slots-parent").focus();
  await page.keyboard.press("ArrowUp");
  await until(async () => assert.match(await text(page), /concurrent: 5/u));
  await byId(page, "slots-parent").click();
  const menu = byId(page, "task-menu");
  assert.ok(await menu.evaluate((menu) => menu.matches(":popover-open")), "the menu is in the top layer");
  await menu.getByTestId("do-no-limit").click();
  await until(async () => assert.match(await text(page), /concurrent: 0/u));
  assert.equal(await result(page), 1000);
});

test("the panel is a bar until a row is selected, and closes again", async (t) => {
  const page = await open(t);
  const height = () => page.locator(".pg-panel").evaluate((panel) => panel.getBoundingClientRect().height);
  assert.ok((await height()) <= 41);
  await byId(page, "row-t4").click();
  await until(async () => assert.ok((await height()) > 90));
  await byId(page, "close-panel").click();
  await until(async () => assert.ok((await height()) <= 41));
  assert.equal(await byId(page, "row-t4").getAttribute("aria-selected"), "false");
});

test("a bar opens the details whatever the panel showed, rows do not move, and the editor opens nothing", async (t) => {
  const page = await open(t, { yaml: MANY });
  const panel = page.locator(".pg-panel");
  await byId(page, "panel-compare").click();
  await byId(page, "close-panel").click();
  await byId(page, "editor").getByText("first_task_of_1,").first().click();
  await until(async () => assert.equal(await byId(page, "row-first_task_of_1").getAttribute("aria-selected"), "true"));
  assert.match(await panel.getAttribute("class"), /pg-panel--closed/u);
  const row = byId(page, "row-second_task_of_1");
  const before = await row.boundingBox();
  await row.locator(".pg-timeline__name").click();
  await byId(page, "why").waitFor();
  assert.equal(await byId(page, "panel-details").getAttribute("aria-selected"), "true");
  assert.equal((await row.boundingBox()).y, before.y);
  await byId(page, "panel-curve").click();
  await byId(page, "row-first_task_of_0").click();
  assert.equal(await byId(page, "panel-curve").getAttribute("aria-selected"), "true", "an open panel stays");
});

test("the selected row stays in view in the other view", async (t) => {
  const page = await open(t, { yaml: MANY });
  await page.getByRole("treegrid").focus();
  await page.keyboard.press("ArrowUp");
  await until(async () => assert.equal(await byId(page, "row-second_task_of_19").getAttribute("aria-selected"), "true"));
  await page.keyboard.press("2");
  const isInView = (id) => byId(page, id).evaluate((one) => {
    const chart = one.closest(".pg-timeline__chart").getBoundingClientRect(), { top, bottom } = one.getBoundingClientRect();
    return top >= chart.top && bottom <= chart.bottom + 1;
  });
  await until(async () => assert.ok(await isInView("sat-second_task_of_19")));
  await page.keyboard.press("1");
  await until(async () => assert.ok(await isInView("row-second_task_of_19")));
});

test("the settings cover nothing of the chart", async (t) => {
  const page = await open(t);
  await byId(page, "open-settings").click();
  await byId(page, "settings").waitFor();
  await byId(page, "view-slots").click();
  assert.equal(await byId(page, "view-slots").getAttribute("aria-checked"), "true");
});

test("the editor folds away, and the chart is presented alone", async (t) => {
  const page = await open(t);
  await byId(page, "fold-editor").click();
  await byId(page, "editor").waitFor({ state: "hidden" });
  await byId(page, "fold-editor").click();
  await byId(page, "editor").waitFor();
  await byId(page, "present").click();
  await byId(page, "share").waitFor({ state: "hidden" });
  await byId(page, "leave").click();
  await byId(page, "share").waitFor();
});

test("names that begin alike show their ends", async (t) => {
  const tasks = [1, 2, 3].map((n) => `      - {id: extract_customer_orders_from_the_legacy_warehouse_partition_${n}, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}`);
  const page = await open(t, { yaml: `id: long\nnamespace: n\ntasks:\n  - id: all\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n${tasks.join("\n")}\n` });
  const ends = () => page.locator(".pg-cut > :last-child").evaluateAll((ends) => ends.map((end) => [end.textContent, end.scrollWidth > end.clientWidth]));
  await until(async () => assert.deepEqual(await ends(), [1, 2, 3].map((n) => [`_partition_${n}`, false])));
});

test("names are whole or have a tooltip, and rows for values are named by them", async (t) => {
  const long = "an_identifier_that_is_far_too_long_for_the_column_of_names_on_any_page_whatever_its_size";
  const page = await open(t, { yaml: `id: f\nnamespace: n\ntasks:\n  - {id: ${long}, type: io.kestra.plugin.core.debug.Return}\n` });
  await page.locator(".pg-timeline__name").hover();
  assert.equal(await page.locator(".pg-tip").innerText(), long);
  await page.evaluate((yaml) => window.__playground.load(yaml), VALUES(3));
  assert.deepEqual(await page.locator(".pg-timeline__name").allInnerTexts(), ["all", ...[0, 1, 2].flatMap((n) => [`load [value-${n}]`, `check [value-${n}]`])]);
  await page.evaluate((yaml) => window.__playground.load(yaml), VALUES(30));
  assert.deepEqual(await page.locator(".pg-timeline__name").allInnerTexts(), ["all"]);
});

test("the version of Kestra is chosen in the head of the editor, and stands in the link", async (t) => {
  const page = await open(t);
  const head = page.locator(".pg-version");
  const before = await head.innerText();
  await byId(page, "version").selectOption("Kestra 1.3");
  await until(async () => assert.match(await head.innerText(), /Kestra 1\.3/u));
  await byId(page, "version").selectOption("as the text says");
  await until(async () => assert.equal(await head.innerText(), before));
  const linked = await open(t, { path: "index.html#kestra=0.21" });
  assert.match(await linked.locator(".pg-version").innerText(), /Kestra 0\.21/u);
});

test("search counts the rows, and Enter goes to the next", async (t) => {
  const page = await open(t);
  await byId(page, "find").fill("Commands");
  await until(async () => assert.equal(await byId(page, "found").innerText(), "6 rows"));
  await byId(page, "find").press("Enter");
  await until(async () => assert.equal(await byId(page, "row-t1").getAttribute("aria-selected"), "true"));
  await byId(page, "find").press("Enter");
  await until(async () => assert.equal(await byId(page, "row-t2").getAttribute("aria-selected"), "true"));
  const names = () => byId(page, "names-edge").getAttribute("aria-valuenow");
  const before = await names();
  for (const [word, n] of [["shell", "6 rows"], ["wait", "4 rows"], ["success", "8 rows"], ["failed", "no row"]]) {
    await byId(page, "find").fill(word);
    await until(async () => assert.equal(await byId(page, "found").innerText(), n, word));
  }
  assert.equal(await names(), before, "the names keep their room");
});

test("a template has no limits and no modes, and the queue shows what waits", async (t) => {
  const page = await open(t);
  await choose(page, "release-nested");
  await until(async () => assert.equal(await page.locator(".pg-slots, .pg-slider").count(), 0));
  await choose(page, "flow-concurrency");
  await until(async () => assert.match(await byId(page, "row-x2").innerText(), /Execution 2/u));
  assert.equal(await byId(page, "row-x2").locator(".pg-bar--queued").count(), 1);
});

test("an empty text shows the empty page with three examples", async (t) => {
  const page = await open(t);
  await page.evaluate(() => window.__playground.load(""));
  assert.equal(await page.locator(".pg-empty__examples button").count(), 3);
});

test("a whole lesson goes on while the chart is presented: examples, undo, theme, panels", async (t) => {
  for (const [width, height] of [[1280, 720], [1440, 900], [1024, 768]]) {
    const page = await open(t, { width, height });
    await byId(page, "present").click();
    await choose(page, "graham");
    await until(async () => assert.equal(await result(page), 12_000));
    await slide(page, "dag", 4).catch(() => page.getByRole("button", { name: /^One slot more for/u }).first().click());
    await until(async () => assert.equal(await result(page), 15_000));
    await byId(page, "undo").click();
    await until(async () => assert.equal(await result(page), 12_000));
    await byId(page, "theme").click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    await byId(page, "panel-curve").click();
    await byId(page, "curve-dot-3").waitFor();
    await byId(page, "close-panel").click();
    assert.equal(await byId(page, "leave").isVisible(), true);
    assert.ok((await page.locator(".pg-transport").boundingBox()).height < 60, "the chart comes right below");
    // Nothing of the header lies over the line of the result.
    const [header, facts] = await page.evaluate(() => [".pg-header .pg-menu-anchor", ".pg-result__facts"].map((one) => document.querySelector(one).getBoundingClientRect().toJSON()));
    assert.ok(facts.right <= header.x || facts.y >= header.y + header.height, `${width}: ${facts.right} ${header.x}`);
  }
});

test("six rows are complete on a phone at rest, and what a run says is there with its unit", { skip: needs("taps") }, async (t) => {
  const page = await open(t, { width: 360, height: 740, editor: false, yaml: MANY, hasTouch: true, isMobile: true });
  const whole = () => page.evaluate(() => {
    const bottom = document.querySelector(".pg-transport").getBoundingClientRect().top;
    return [...document.querySelectorAll("[data-testid^=row-]")].filter((row) => row.getBoundingClientRect().top >= 0 && row.getBoundingClientRect().bottom <= bottom).length;
  });
  assert.ok((await whole()) >= 6, `${await whole()} rows`);
  assert.match(await page.locator(".pg-transport__end").innerText(), /^ ?\/ \d+\.\d+ s$/u);
  await page.evaluate(() => window.__playground.load(window.__playground.text().split("  - id: group_with_a_longer_name_1\n")[0]));
  await page.locator(".pg-result__more button").tap();
  await until(async () => assert.match(await page.locator(".pg-tip").innerText(), /efficiency \d+ %/u));
  await byId(page, "tab-why").tap();
  assert.equal(await byId(page, "close-panel").isVisible(), false);
  await page.getByText("What this leaves out").first().tap();
  await page.getByRole("heading", { name: "What this leaves out" }).waitFor();
});

for (const [width, height] of [[1024, 768], [700, 900], [360, 740]]) {
  test(`neither a click nor what comes after a change moves what is below the pointer, ${width} px`, async (t) => {
    const page = await open(t, { width, height, editor: width >= 700 });
    const place = (id) => byId(page, id).evaluate((row) => row.getBoundingClientRect().top);
    const before = await place("row-t1");
    await byId(page, "row-parent").getByRole("button", { name: "One slot more for parent" }).click();
    await byId(page, "no-gain").waitFor();
    assert.equal(await place("row-t1"), before);
    await page.evaluate((yaml) => window.__playground.load(yaml), MANY);
    await page.evaluate(() => scrollTo(0, 1e5));
    const { y, height: high } = await page.locator(".pg-timeline__chart").boundingBox();
    const [x, low] = [width / 2, Math.min(y + high, height - 60) - 40];
    const below = () => page.evaluate(([x, y]) => document.elementFromPoint(x, y).closest("[data-testid^=row-]")?.dataset.testid, [x, low]);
    const row = await below();
    assert.ok(row);
    await page.mouse.click(x, low);
    await until(async () => assert.equal(await page.locator("[aria-selected=true][data-testid^=row-]").count(), 1));
    assert.equal(await below(), row);
  });
}

for (const [width, height] of [[1280, 720], [1100, 720], [1440, 900]]) {
  test(`the line of the result stays one line at ${width} × ${height}, and what is left out can be read`, async (t) => {
    const page = await open(t, { width, height });
    const place = (id) => byId(page, id).evaluate((element) => element.getBoundingClientRect().top);
    const before = [await place("row-t1"), await place("slider-parent")];
    await byId(page, "row-parent").getByRole("button", { name: "One slot less for parent" }).click();
    await until(async () => assert.equal(await result(page), 3000));
    assert.deepEqual([await place("row-t1"), await place("slider-parent")], before);
    assert.equal(await page.getByText("What this leaves out").first().isVisible(), true);
    await slide(page, "parent", 4);
    await byId(page, "no-gain").getByRole("button").first().click();
    assert.deepEqual([await place("row-t1"), await place("slider-parent")], before);
    const [answer, more] = await Promise.all([byId(page, "no-gain").locator("p"), page.locator(".pg-groups").getByRole("button").last()].map((one) => one.boundingBox()));
    assert.ok(answer.y >= more.y + more.height, "the answer covers no control of the slots");
  });
}

test("a double click on Present presents, and changes nothing", { skip: needs("double clicks") }, async (t) => {
  const page = await open(t, { width: 1280, height: 720 });
  await slide(page, "parent", 4);
  await until(async () => assert.match(await text(page), /concurrent: 4/u));
  const at = await byId(page, "present").boundingBox();
  await byId(page, "present").dblclick();
  const leave = await byId(page, "leave").boundingBox();
  assert.ok(leave.x === at.x && Math.abs(leave.y - at.y) <= 1, "the way back is at the same place");
  assert.match(await text(page), /concurrent: 4/u);
});

test("presented rows grow where there is room, with their type, and the pointer still hits what it points at", async (t) => {
  const page = await open(t, { width: 1280, height: 720 });
  await byId(page, "present").click();
  const height = (id) => byId(page, id).evaluate((row) => row.getBoundingClientRect().height);
  await until(async () => assert.ok((await height("row-t1")) >= 40));
  const name = await byId(page, "row-t1").locator(".pg-timeline__name").evaluate((name) => name.getBoundingClientRect().height);
  assert.ok(name >= 28, `a name is ${name} px high`);
  const { x, width } = await segment(page, "t4", 1);
  await page.mouse.click(x + width / 2, (await page.locator(".pg-timeline__axis").boundingBox()).y + 20);
  await until(async () => assert.ok(Math.abs(Number(await byId(page, "playhead").getAttribute("data-ms")) - 1500) <= 5));
  const bar = await byId(page, "seg-t2-0").boundingBox();
  await page.mouse.move(bar.x + bar.width - 2, bar.y + bar.height / 2);
  await page.mouse.down();
  await page.mouse.move(bar.x + 2 * bar.width - 2, bar.y + bar.height / 2, { steps: 3 });
  await page.mouse.up();
  await until(async () => assert.equal(await result(page), 3000));
  await page.evaluate((yaml) => window.__playground.load(yaml), MANY);
  await until(async () => assert.ok((await height("row-group_with_a_longer_name_0")) < 35));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 1280);
});

test("presented keys work wherever the focus is, and Esc closes what is open before it leaves", async (t) => {
  const page = await open(t, { width: 1280, height: 720 });
  await byId(page, "present").click();
  await byId(page, "theme").click();
  await page.keyboard.press("c");
  await byId(page, "critical").waitFor();
  await page.keyboard.press("c");
  await until(async () => assert.equal(await byId(page, "critical").count(), 0));
  await byId(page, "find").fill("c");
  await until(async () => assert.equal(await byId(page, "critical").count(), 0), "a field keeps its characters");
  await page.keyboard.press("Escape");
  await until(async () => assert.equal(await byId(page, "find").inputValue(), ""), "a filled field is cleared first");
  await byId(page, "keys").click();
  await byId(page, "dialog").getByText("run, from anywhere").waitFor();
  await page.keyboard.press("Escape");
  await until(async () => assert.equal(await byId(page, "dialog").isVisible(), false));
  await byId(page, "row-t4").click();
  await byId(page, "examples").click();
  const selected = () => byId(page, "row-t4").getAttribute("aria-selected");
  await page.keyboard.press("Escape");
  await until(async () => assert.equal(await page.getByRole("menu").count(), 0));
  assert.equal(await selected(), "true");
  await page.keyboard.press("Escape");
  await until(async () => assert.equal(await selected(), "false"));
  assert.equal(await byId(page, "leave").count(), 1);
  for (const field of ["find", "speed"]) {
    await byId(page, field).focus();
    await page.keyboard.press("Escape");
    await byId(page, "present").click();
  }
  await page.keyboard.press("Escape");
  await byId(page, "present").waitFor();
});

test("what comes is hidden for a guess, until the run gets there; the next change is hidden again", async (t) => {
  const page = await open(t, { width: 1280, height: 720 });
  await byId(page, "present").click();
  await byId(page, "hide").click();
  const total = byId(page, "result");
  await until(async () => assert.equal(await total.innerText(), "?"));
  assert.match(await page.locator(".pg-transport__end").innerText(), /\?$/u);
  assert.equal(await page.locator(".pg-timeline__tick-label").count(), 1, "only 0 is on the axis");
  assert.equal(await byId(page, "row-parent").getAttribute("aria-label"), "parent, row 1 of 8");
  assert.equal(await byId(page, "no-gain").count(), 0);
  for (const panel of ["details", "curve", "table", "compare"]) {
    await byId(page, `panel-${panel}`).click();
    await until(async () => assert.equal(await byId(page, "hidden").count(), 1), panel);
  }
  await byId(page, "close-panel").click();
  await page.keyboard.press("c");
  assert.equal(await byId(page, "critical").count(), 0);
  await page.keyboard.press("c");
  await byId(page, "examples").click();
  await byId(page, "example-loop").waitFor();
  assert.equal(await page.locator(".pg-menu__meta").count(), 0);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".pg-timeline__over .pg-timeline__veil").evaluate((veil) => getComputedStyle(veil).opacity), "1");
  await byId(page, "run").click();
  await page.clock.runFor(2500);
  await until(async () => assert.equal(await total.innerText(), "2.0 s"));
  await page.keyboard.press("]");
  await until(async () => assert.equal(await total.innerText(), "?"));
  assert.equal(await byId(page, "announcement").count(), 0, "and not read out");
  await page.keyboard.press("h");
  await until(async () => assert.equal(await total.innerText(), "2.0 s"));
  await byId(page, "leave").click();
  assert.equal(await byId(page, "hide").count(), 0);
});

test("the lists of keys and the dialog to embed fit into 1280 × 720, and Run is as wide as Pause", async (t) => {
  const page = await open(t, { width: 1280, height: 720 });
  for (const [button, dialog] of [["keys", "dialog"], ["embed", "embed-dialog"]]) {
    await byId(page, button).click();
    const open = page.locator("dialog[open]");
    await open.waitFor();
    await until(async () => assert.deepEqual(await open.evaluate((dialog) => [dialog.scrollHeight - dialog.clientHeight <= 1, dialog.getBoundingClientRect().bottom <= innerHeight]), [true, true], dialog));
    await page.keyboard.press("Escape");
  }
  const width = async (id) => (await byId(page, id).boundingBox()).width;
  const run = await width("run");
  await byId(page, "run").click();
  assert.equal(await width("pause"), run);
});

test("the tip of an example stands beside the menu, presented as well", async (t) => {
  const page = await open(t, { width: 1280, height: 720 });
  for (const where of ["", "present"]) {
    if (where) await byId(page, where).click();
    await byId(page, "examples").click();
    await byId(page, "example-loop").hover();
    const [tip, menu] = await Promise.all([page.locator(".pg-tip"), page.getByRole("menu")].map((one) => one.boundingBox()));
    assert.ok(tip.x >= menu.x + menu.width || tip.x + tip.width <= menu.x, `${where}: ${tip.x} ${menu.x}`);
    await page.keyboard.press("Escape");
  }
});

test("a changed example keeps its name, and another text does not", async (t) => {
  const page = await open(t);
  const title = () => page.locator(".pg-header__title").innerText();
  await slide(page, "parent", 4);
  await until(async () => assert.equal(await title(), "Parallel, 3 slots (changed)"));
  await byId(page, "undo").click();
  await until(async () => assert.equal(await title(), "Parallel, 3 slots"));
  await page.evaluate((yaml) => window.__playground.load(yaml), MANY);
  await until(async () => assert.equal(await title(), "Your flow"));
});

test("a window that becomes narrow has undo and redo once", async (t) => {
  const page = await open(t);
  await page.setViewportSize({ width: 360, height: 740 });
  await until(async () => assert.equal(await byId(page, "undo").count(), 1));
  assert.ok((await page.locator(".pg-header__title").boundingBox()).width >= 80);
});
