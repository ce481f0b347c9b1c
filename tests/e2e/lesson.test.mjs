// A lesson: a teacher with a projector of 1280 × 720, and those who follow on a phone of 360 × 740.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, choose, needs, open, result, slide, text, until } from "./harness.mjs";

const PROJECTOR = { width: 1280, height: 720 };
const PHONE = { width: 360, height: 740, hasTouch: true, isMobile: true, editor: false };
const TIP = ".pg-tip";

const box = (locator) => locator.evaluate((element) => element.getBoundingClientRect().toJSON());
/** Whether two boxes lie over each other, but for the edges of their lines. */
const touch = (a, b) => a.left + 4 < b.right && b.left + 4 < a.right && a.top + 4 < b.bottom && b.top + 4 < a.bottom;

/** Whether all of an element is inside the window, on top, and not cut. */
const isWhole = (locator) => locator.evaluate((element) => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const isSeen = (x, y) => element.contains(document.elementFromPoint(x, y));
  return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight && element.scrollHeight <= element.clientHeight + 1 &&
    [[left + 4, top + 4], [right - 4, bottom - 4], [left + 4, bottom - 4]].every(([x, y]) => isSeen(x, y));
});

for (const [name, options, isPresented] of [
  ["presented", PROJECTOR, true], ["presented at 1100 px", { width: 1100, height: 720 }, true], ["presented at 1920 px", { width: 1920, height: 1080 }, true],
  ["at 1280 px", PROJECTOR, false], ["at 1440 px", { width: 1440, height: 900 }, false], ["at 1024 px", { width: 1024, height: 768 }, false], ["on a phone", PHONE, false],
]) {
  test(`the answer to the question about the last slot is read whole and covers no control of the slots, ${name}`, async (t) => {
    const page = await open(t, options);
    if (isPresented) await byId(page, "present").click();
    await slide(page, "parent", 4);
    const question = byId(page, "no-gain");
    await question.getByRole("button").first().click();
    const answer = question.locator("p");
    await answer.scrollIntoViewIfNeeded();
    await until(async () => assert.ok(await isWhole(answer)));
    const at = await box(answer);
    for (const control of await page.locator(".pg-groups :is(button, input)").all()) assert.ok(!touch(at, await box(control)));
    const summary = await box(question.getByRole("button").first());
    for (const other of await page.locator(".pg-transport > *, .pg-result > *:not(.pg-unseen)").all()) {
      const { width } = await box(other);
      if (width > 0 && await other.isVisible() && !(await other.evaluate((one) => one.matches(".pg-spacer, .pg-transport__gap, .pg-result__facts")))) {
        assert.ok(!touch(summary, await box(other)), await other.evaluate((one) => one.className));
      }
    }
  });
}

for (const options of [PROJECTOR, { width: 1440, height: 900 }, { width: 1024, height: 768 }, PHONE]) {
  test(`all that a conversion lost is read at once at ${options.width} × ${options.height}`, async (t) => {
    const page = await open(t, { ...options, path: "#example=release-nested" });
    const top = () => byId(page, "timeline").evaluate((chart) => chart.getBoundingClientRect().top);
    if (options.hasTouch) await byId(page, "tab-flow").click();
    await byId(page, "convert").click();
    const lost = byId(page, "notices");
    await until(async () => assert.equal(await lost.locator("li").count(), 5));
    assert.ok(await isWhole(lost));
    if (options.hasTouch) {
      await byId(page, "tab-time").click();
      assert.ok(await isWhole(lost));
    }
    const before = await top();
    await byId(page, "close-notices").click();
    await until(async () => assert.equal(await lost.count(), 0));
    assert.equal(await top(), before);
  });
}

const BREAKS = `id: breaks
namespace: company.team
tasks:
  - id: par
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - id: bad
        type: io.kestra.plugin.scripts.shell.Commands
        taskRunner: {type: io.kestra.plugin.core.runner.Process}
        commands: ["sleep 2", "exit 1"]
      - id: long
        type: io.kestra.plugin.scripts.shell.Commands
        taskRunner: {type: io.kestra.plugin.core.runner.Process}
        commands: ["sleep 4"]
      - {id: fine, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
`;

test("a task that was stopped by the failure of another one looks different from it, and names it", async (t) => {
  const page = await open(t, { ...PROJECTOR, yaml: BREAKS });
  const row = (id) => byId(page, `row-${id}`);
  const torn = (id) => row(id).locator("path.pg-bar__plate").count();
  assert.deepEqual([await torn("bad"), await torn("long"), await torn("fine")], [0, 1, 0]);
  assert.deepEqual([await row("bad").locator(".pg-bar__letter").innerHTML(), await row("long").locator(".pg-bar__letter").innerHTML()], ["F", "F"]);
  assert.equal(await row("long").locator(".pg-bar__text").textContent(), "2.0 s, stopped by bad");
  assert.equal(await row("bad").locator(".pg-bar__text").textContent(), "2.0 s");
  assert.match(await row("long").getAttribute("aria-label"), /failed, stopped by bad, row 3 of 4$/u);
  assert.match(await page.locator(".pg-legend").innerText(), /stopped by a failure/u);
  await byId(page, "view-slots").click();
  assert.equal(await byId(page, "sat-long").locator("path.pg-bar__plate").count(), 1);
  assert.match(await page.evaluate(() => window.__playground.svg()), /2\.0 s, stopped by bad/u);
});

test("Tab first offers to skip to the timeline, whichever tab a narrow page shows", async (t) => {
  for (const options of [PROJECTOR, PHONE]) {
    const page = await open(t, options);
    if (options.hasTouch) await byId(page, "tab-log").click();
    await page.evaluate(() => document.activeElement.blur());
    if (!options.hasTouch) {
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the timeline");
      assert.ok(await isWhole(byId(page, "skip")));
    }
    await byId(page, "skip").focus();
    await page.keyboard.press("Enter");
    await page.clock.runFor(50);
    await until(async () => assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "treegrid"));
  }
});

test("examples, theme, share and no limit have keys, which the list of keys names", async (t) => {
  const page = await open(t, PROJECTOR);
  const rows = page.getByRole("treegrid");
  await rows.focus();
  const before = await text(page);
  await page.keyboard.press("n");
  await until(async () => assert.equal(await result(page), 1000));
  await page.keyboard.press("n");
  await until(async () => assert.match(await text(page), /concurrent: 3/u));
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await until(async () => assert.equal(await text(page), before));
  await page.keyboard.press("t");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await page.keyboard.press("u");
  await byId(page, "share-link").waitFor();
  await page.keyboard.press("Escape");
  await rows.focus();
  await page.keyboard.press("x");
  await byId(page, "example-sequential").waitFor();
  // The keys of the timeline work again, and after a search too.
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("t4");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  const list = await byId(page, "dialog").innerText();
  for (const words of ["no limit", "the examples", "share", "theme"]) assert.ok(list.includes(words), words);
});

test("each dot of the curve shows its value under the pointer, with the focus and under a finger", { skip: needs("taps") }, async (t) => {
  const page = await open(t, { ...PROJECTOR, hasTouch: true });
  await byId(page, "panel-curve").click();
  const tip = page.locator(TIP);
  for (const [dot, words] of [["4", "4: 2.0 s"], ["5", "5: 2.0 s"], ["no limit", "no limit: 1.0 s"]]) {
    await byId(page, `curve-dot-${dot}`).hover();
    assert.equal(await tip.innerText(), words);
  }
  await page.mouse.move(5, 5);
  await until(async () => assert.equal(await tip.count(), 0));
  await byId(page, "curve-dot-3").focus();
  assert.equal(await tip.innerText(), "3: 2.0 s");
  await byId(page, "curve-dot-5").tap();
  await until(async () => assert.match(await text(page), /concurrent: 5/u));
  assert.equal(await tip.innerText(), "5: 2.0 s");
});

test("a group that has not begun has no letter yet", async (t) => {
  const page = await open(t, { ...PROJECTOR, yaml: BREAKS.replace("tasks:\n", "tasks:\n  - {id: first, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n") });
  const shown = () => byId(page, "row-par").locator(".pg-bar__letter").evaluateAll((all) => all.map((one) => one.textContent));
  await byId(page, "to-start").click();
  await until(async () => assert.deepEqual(await shown(), []));
  await byId(page, "step-next").click();
  await until(async () => assert.deepEqual(await shown(), ["r"]));
  await byId(page, "to-end").click();
  await until(async () => assert.deepEqual(await shown(), ["F"]));
});

test("a speed-up below 1 is explained where the word is", async (t) => {
  const page = await open(t, { ...PROJECTOR, path: "#example=pause" });
  await page.getByRole("button", { name: "speed-up" }).hover();
  assert.match(await page.locator(TIP).innerText(), /A pause adds to that time, not to work: it may be below 1×\.$/u);
});

test("a link keeps the name of the example that was changed", async (t) => {
  const page = await open(t, PROJECTOR);
  await slide(page, "parent", 4);
  await byId(page, "share").click();
  const link = await byId(page, "share-link").inputValue();
  const other = await open(t, { ...PROJECTOR, path: link.slice(link.indexOf("#")) });
  assert.equal(await byId(other, "examples").innerText(), "Parallel, 3 slots (changed)");
  await choose(other, "sequential");
  assert.equal(await byId(other, "examples").innerText(), "Sequential groups");
});

test("the limit of the executions has a stepper beside the sliders, one step in the history", async (t) => {
  const page = await open(t, PROJECTOR);
  assert.equal(await byId(page, "queue-more").count(), 0);
  await choose(page, "flow-concurrency");
  await byId(page, "queue-more").click();
  await until(async () => assert.equal(await result(page), 4000));
  assert.match(await text(page), /^ {2}limit: 2$/mu);
  assert.equal(await byId(page, "queue-limit").innerText(), "2");
  await byId(page, "undo").click();
  await until(async () => assert.equal(await result(page), 6000));
  assert.equal(await byId(page, "queue-less").isDisabled(), true);
  assert.equal(await byId(page, "queue-less").getAttribute("title"), "1 execution is the least");
});

test("a sentence names as many tasks as fit, and counts the others", async (t) => {
  const tasks = Array.from({ length: 30 }, (_, n) => `      - {id: t${n + 1}, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}`).join("\n");
  const page = await open(t, { ...PROJECTOR, yaml: `id: many\nnamespace: company.team\ntasks:\n  - id: group\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n${tasks}\n` });
  assert.match(await byId(page, "story").innerText(), /^1\.0 s\s+t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11 and 19 others/u);
  await page.getByTestId("others").click();
  assert.match(await byId(page, "story").innerText(), /t29, t30/u);
});

test("on a phone the playhead is one line, the time is one, and a tap beside the end of a bar selects its row", { skip: needs("taps") }, async (t) => {
  const page = await open(t, PHONE);
  await byId(page, "step-next").click();
  await byId(page, "step-next").click();
  await byId(page, "step-prev").click();
  await byId(page, "to-start").click();
  await until(async () => assert.equal(await byId(page, "playhead").getAttribute("data-ms"), "0"));
  assert.match(await page.locator(".pg-timeline__over .pg-timeline__playhead").getAttribute("d"), /^M\.5 0V\d+$/u);
  assert.ok((await box(page.locator(".pg-transport__time"))).height <= 24);
  await byId(page, "to-start").click();
  for (const by of [-11, -4, 2, 11]) {
    for (const id of ["t1", "t2"]) {
      const bar = await box(byId(page, `seg-${id}-0`));
      await page.touchscreen.tap(bar.right + by, bar.top + bar.height / 2);
      await until(async () => assert.equal(await byId(page, `row-${id}`).getAttribute("aria-selected"), "true"));
    }
  }
});
