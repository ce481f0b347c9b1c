// "What changes in 2.0": opened from the menu of versions or by a link, its rewrites, both timelines, and the differences.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, open, text, until } from "./harness.mjs";

const FLOW = `id: f
namespace: n
tasks:
  - id: regions # all of them
    type: io.kestra.plugin.core.flow.ForEach
    values: [eu, us]
    concurrencyLimit: 0
    tasks:
      - {id: load, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ taskrun.value | json }}"}
  - id: both
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - {id: bad, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S} # sim: 1s fail
      - {id: long, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}
`;
const LEFT = `${FLOW}  - {id: note, type: io.kestra.plugin.core.state.Get}\n`;
const KEPT = "2.0 runs it as 1.3 does: each task begins and ends at the same moment and in the same state.";

/** Forty tasks and more: a loop, many branches of which one fails, and names that are long. */
const FORTY = `${FLOW.replace("values: [eu, us]", "values: [eu, us, asia, africa]")}${[...Array(34).keys()]
  .map((n) => `      - {id: extract_from_a_source_with_a_long_name_${n}, type: io.kestra.plugin.core.flow.Sleep, duration: PT${1 + (n % 5)}S}\n`)
  .join("")}`;

/** Opens the view as the menu does. */
async function openView(page) {
  await byId(page, "version").selectOption("What changes in 2.0…");
  await byId(page, "upgrade-story").waitFor();
}

const story = (page) => byId(page, "upgrade-story").innerText();
const focused = (page) => page.evaluate(() => document.activeElement?.dataset.testid);

test("the menu opens it by keyboard, Esc closes it, and the focus is where it was", async (t) => {
  const page = await open(t, { yaml: FLOW });
  await byId(page, "version").focus();
  const chosen = await byId(page, "version").inputValue();
  await page.keyboard.press("End");
  await until(async () => assert.ok(await byId(page, "upgrade").isVisible()));
  await byId(page, "upgrade-story").waitFor();
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("[data-testid=upgrade]") !== null), "the focus stays in it");
  await page.keyboard.press("Escape");
  await until(async () => assert.equal(await byId(page, "upgrade").count(), 0));
  assert.equal(await focused(page), "version");
  assert.equal(await byId(page, "version").inputValue(), chosen, "no version was chosen");
  assert.equal(await text(page), FLOW);
});

for (const colorScheme of ["light", "dark"]) {
  test(`what differs is marked by a shape and a color, in the ${colorScheme} theme`, async (t) => {
    const page = await open(t, { yaml: FLOW, colorScheme });
    await openView(page);
    assert.match(await story(page), /in 1\.3 long ends at 4\.0 s as success, in 2\.0 at 2\.0 s as failed\. The rule: a failed child of both interrupts its other children\./u);
    assert.match(await byId(page, "upgrade-summary").innerText(), /^2\.0 s, failed in both versions\.$/u);
    const rows = byId(page, "upgrade-chart").locator(".pg-upgrade__row");
    const marked = rows.filter({ has: page.locator(".pg-upgrade__sign") });
    assert.deepEqual(await marked.locator(".pg-timeline__name").allInnerTexts(), ["long"]);
    const background = (row) => row.evaluate((element) => getComputedStyle(element).backgroundColor);
    assert.notEqual(await background(marked), await background(rows.first()));
    const lanes = await marked.locator(".pg-upgrade__lane svg").evaluateAll((all) => all.map((lane) => lane.getBoundingClientRect().left));
    assert.equal(lanes.length, 2);
    assert.equal(lanes[0], lanes[1], "both are on one axis");
    const ends = await marked.locator(".pg-upgrade__lane svg").evaluateAll((all) => all.map((lane) => Math.max(...[...lane.querySelectorAll(".pg-bar")].map((bar) => bar.getBoundingClientRect().right))));
    assert.ok(ends[0] > ends[1] + 50, `1.3 ends later: ${ends}`);
    assert.match(await byId(page, "upgrade-differences").innerText(), /a failed child of both interrupts its other children \(onChildFailure\)\s+long\s+1\.0 s to 4\.0 s, success\s+1\.0 s to 2\.0 s, failed/u);
    await byId(page, "upgrade-only").check();
    await until(async () => assert.equal(await rows.count(), 1));
  });
}

test("a rewrite is made alone, and all in one step that undo takes back to the byte", async (t) => {
  const page = await open(t, { yaml: LEFT });
  await openView(page);
  assert.match(await byId(page, "upgrade-count").innerText(), /^\d+ to rewrite, 1 left for you$/u);
  assert.match(await byId(page, "upgrade").innerText(), /keep the value in the key-value store/u);
  const n = await page.locator("[data-testid^=upgrade-item-][data-testid$=-write]").count();
  assert.ok(n > 1);
  await byId(page, "upgrade-item-0-write").click();
  await until(async () => assert.equal(await page.locator("[data-testid^=upgrade-item-][data-testid$=-write]").count(), n - 1));
  assert.equal(await page.evaluate(() => document.activeElement.id), "pg-upgrade-items", "the focus is not lost");
  const one = await text(page);
  assert.notEqual(one, LEFT);
  await byId(page, "upgrade-all").click();
  await until(async () => assert.equal(await byId(page, "upgrade-count").innerText(), "1 left for you"));
  assert.match(await text(page), /type: io\.kestra\.plugin\.core\.flow\.Loop/u);
  await byId(page, "upgrade-undo").click();
  await until(async () => assert.equal(await text(page), one));
  await byId(page, "upgrade-undo").click();
  await until(async () => assert.equal(await text(page), LEFT));
  assert.ok(await byId(page, "upgrade-undo").isDisabled(), "what was done before it was opened stays");
});

test("what keeps the old behavior makes both runs alike", async (t) => {
  const page = await open(t, { yaml: FLOW });
  await openView(page);
  await byId(page, "upgrade-all-kept").click();
  await until(async () => assert.equal(await story(page), KEPT));
  assert.match(await text(page), /onChildFailure: CONTINUE/u);
  assert.equal(await byId(page, "upgrade-chart").locator(".pg-upgrade__sign").count(), 1, "only that of the legend");
  await byId(page, "upgrade-undo").click();
  await until(async () => assert.equal(await text(page), FLOW));
  await until(async () => assert.match(await story(page), /^The first difference/u));
});

test("a place leads to its line, and closes the view", async (t) => {
  const page = await open(t, { yaml: LEFT });
  await openView(page);
  const last = page.locator("[data-testid^=upgrade-item-][data-testid$=-line]").last();
  const [, line] = /(\d+)/u.exec(await last.innerText());
  await last.click();
  await until(async () => assert.equal(await byId(page, "upgrade").count(), 0));
  await until(async () => assert.match(await page.locator(".pg-editor__foot").innerText(), new RegExp(`Ln ${line},`, "u")));
});

test("its link opens it, and is checked", async (t) => {
  const page = await open(t, { path: "#example=for-each&upgrade=2.0" });
  await byId(page, "upgrade-story").waitFor();
  await byId(page, "upgrade-share").click();
  const link = byId(page, "dialog").locator("input").first();
  await until(async () => assert.match(await link.inputValue(), /[#&]upgrade=2\.0/u));
  await byId(page, "share-close").click();
  await page.keyboard.press("Escape");
  await until(async () => assert.equal(await byId(page, "upgrade").count(), 0));
  const other = await open(t, { path: "#upgrade=9" });
  assert.equal(await byId(other, "upgrade").count(), 0);
});

test("what one version refuses is said in place of the timelines", async (t) => {
  const page = await open(t, { yaml: FLOW.replace("flow.ForEach", "flow.Loop").replace("taskrun.value | json", "item.value") });
  await openView(page);
  assert.match(await story(page), /^Kestra 1\.3 can't run it, so there is nothing to compare: .*flow\.Loop/u);
  assert.equal(await byId(page, "upgrade-count").innerText(), "Kestra 2.0 takes this text as it is.");
});

for (const width of [1440, 1280, 1024, 700, 360]) {
  test(`forty tasks fit at ${width} px`, async (t) => {
    const page = await open(t, { width, height: 900, yaml: FORTY, ...(width < 700 && { editor: false }) });
    if (width <= 700) await page.getByRole("tab", { name: "Flow" }).click().catch(() => {});
    await openView(page);
    await byId(page, "upgrade-chart").waitFor();
    const found = await page.evaluate(() => {
      const view = document.querySelector("[data-testid=upgrade]");
      const parts = [...view.querySelectorAll("header, header *, .pg-upgrade__body > section, .pg-upgrade__row, .pg-upgrade__axis, .pg-upgrade__item, .pg-upgrade__item button")];
      const cut = parts.filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5 || part.getBoundingClientRect().left < -0.5);
      return { cut: cut.map((part) => part.className || part.tagName), wide: view.scrollWidth - view.clientWidth, rows: view.querySelectorAll(".pg-upgrade__row").length };
    });
    assert.deepEqual({ ...found, rows: found.rows >= 40 }, { cut: [], wide: 0, rows: true });
  });
}

test("a German page speaks German in it", async (t) => {
  const page = await open(t, { yaml: FLOW, locale: "de-DE" });
  await byId(page, "version").selectOption({ index: 4 });
  await byId(page, "upgrade-story").waitFor();
  assert.match(await story(page), /^Der erste Unterschied: /u);
});
