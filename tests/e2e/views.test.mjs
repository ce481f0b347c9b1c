// The views and what can be done in them: slots S05, curve S14, edges S15, switches S16, reasons S19 to S22, story, search, breakpoints.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, choose, ghost, open, result, said, segment, slide, state, switchMode, text, until } from "./harness.mjs";

const SLEEP = "io.kestra.plugin.core.flow.Sleep";
const group = (id, concurrent, tasks) => `  - id: ${id}\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: ${concurrent}\n    tasks:\n${tasks
  .map(([name, seconds]) => `      - {id: ${name}, type: ${SLEEP}, duration: PT${seconds}S}\n`).join("")}`;
/** Four groups, one after another, with long names: the critical path goes through 20 tasks. */
const NIGHTLY = `id: nightly\nnamespace: n\ntasks:\n${["extract", "load", "transform", "publish"].map((of) =>
  group(`${of}_everything`, 2, Array.from({ length: 10 }, (_, n) => [`${of}_of_the_warehouse_${n}`, 1]))).join("")}`;
/** Three tasks for a second between long times with one: four times. */
const PEAKS = `id: peaks\nnamespace: n\ntasks:\n${[1, 2, 3, 4].map((n) =>
  group(`g${n}`, 3, [[`a${n}`, 1], [`b${n}`, 1], [`c${n}`, 1]]) + `  - {id: alone${n}, type: ${SLEEP}, duration: PT20S}\n`).join("")}`;

const names = async (page, lane) => (await byId(page, lane).getAttribute("aria-label")).split(": ")[1].replaceAll(/ [\d.]+ s to [\d.]+ s/gu, "");

test("S05 the slots of the first example hold two tasks each, with a hand-over between them", async (t) => {
  const page = await open(t);
  await byId(page, "view-slots").click();
  assert.equal(await names(page, "lane-parent-1"), "t1, t4");
  assert.equal(await names(page, "lane-parent-2"), "t2, t5");
  assert.equal(await names(page, "lane-parent-3"), "t3, t6");
  assert.equal(await byId(page, "lane-parent-4").count(), 0);
  assert.equal(await page.locator(".pg-timeline__handover-tick").count(), 3);
  await byId(page, "sat-t4").click();
  await byId(page, "view-gantt").click();
  assert.equal(await byId(page, "row-t4").getAttribute("aria-selected"), "true");
});

test("S14 the curve has a dot for each number of slots, and a dot sets the slider", async (t) => {
  const page = await open(t);
  await byId(page, "panel-curve").click();
  const dots = [];
  for (const n of [1, 2, 3, 4, 5, 6]) dots.push(Number(await byId(page, `curve-dot-${n}`).getAttribute("data-ms")));
  assert.deepEqual(dots, [6000, 3000, 2000, 2000, 2000, 1000]);
  await byId(page, "curve-dot-2").click();
  await until(async () => assert.equal(await result(page), 3000));
  assert.equal(await byId(page, "slider-parent").inputValue(), "2");
  assert.match(await text(page), /^ {4}concurrent: 2$/mu);
});

test("S15 a bar's edge is dragged, and only its own sleep changes; the keys do the same", async (t) => {
  const page = await open(t);
  const before = await text(page);
  const bar = await byId(page, "seg-t2-0").boundingBox();
  await page.mouse.move(bar.x + bar.width - 1, bar.y + 14);
  await page.mouse.down();
  await page.mouse.move(bar.x + bar.width + 40, bar.y + 14);
  await page.mouse.move(bar.x + 2 * bar.width - 1, bar.y + 14);
  await page.mouse.up();
  await until(async () => assert.equal(await result(page), 3000));
  const lines = (await text(page)).split("\n");
  const changed = before.split("\n").flatMap((line, n) => (line === lines[n] ? [] : [[n + 1, lines[n].trim()]]));
  assert.deepEqual(changed, [[22, "- 'sleep 2'"]]);
  await page.keyboard.press("Control+z");
  await until(async () => assert.equal(await text(page), before));
  await byId(page, "row-t2").click();
  await page.getByRole("treegrid").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await until(async () => assert.equal(await result(page), 3000));
  await page.keyboard.press("Shift+ArrowLeft");
  await until(async () => assert.equal(await text(page), before));
});

test("S16 a group is switched to parallel: the other one still takes 3 s, both take 1 s", async (t) => {
  const page = await open(t);
  await choose(page, "sequential");
  await switchMode(page, "seq1");
  await until(async () => assert.match(await text(page), /id: seq1\n +type: io.kestra.plugin.core.flow.Parallel/u));
  assert.equal(await result(page), 3000);
  await switchMode(page, "seq2");
  await until(async () => assert.equal(await result(page), 1000));
  assert.equal(await ghost(page), 3000);
  await byId(page, "row-seq2").click();
  await byId(page, "mode-seq2").getByRole("radio", { name: "Sequential" }).click();
  await until(async () => assert.equal(await result(page), 3000));
});

test("S19 S20 S21 S22 S66 the reasons name what a task waited for and what would have helped, and lead there", async (t) => {
  const page = await open(t);
  await byId(page, "row-t4").click();
  const reasons = byId(page, "why").locator(".pg-details__why");
  const why = reasons.first();
  await until(async () => assert.ok((await reasons.count()) > 1));
  assert.equal((await reasons.nth(1).innerText()).replace(/ Do it$/u, ""), "With concurrent: 4 it would start at 0 s, but the flow would still take 2.0 s.");
  assert.equal(await why.innerText(), "t4 waited 1.0 s because all 3 slots of parent were taken by t1, t2 and t3. It started when they ended at 1.0 s.");
  await why.getByRole("button", { name: "t1" }).click();
  await until(async () => assert.equal(await byId(page, "row-t1").getAttribute("aria-selected"), "true"));
  await byId(page, "row-last").click();
  assert.match(await why.innerText(), /parent .* at 2\.0 s/u);
  await choose(page, "sequential");
  await byId(page, "row-t2").click();
  assert.match(await why.innerText(), /comes after t1 in seq1.*It started when t1 ended at 1\.0 s/u);
  await until(async () => assert.match(await reasons.nth(1).innerText(), /^More slots would not help: with concurrent: 2 it would still start at 1\.0 s/u));
});

test("S23 the last slot that brings nothing is asked about, and the question answered", async (t) => {
  const page = await open(t);
  const question = byId(page, "no-gain");
  for (const slots of [4, 5]) {
    await slide(page, "parent", slots);
    await until(async () => assert.equal(await question.getByRole("button").first().innerText(), `Why no gain at ${slots}?`));
  }
  await slide(page, "parent", 4);
  await until(async () => assert.equal(await question.getByRole("button").first().innerText(), "Why no gain at 4?"));
  await question.getByRole("button").first().click();
  assert.equal(await question.locator("p").innerText(), "With 3 slots the flow takes 2.0 s as well: six 1 s tasks on 4 slots still need two rounds.");
  await slide(page, "parent", 6);
  await until(async () => assert.equal(await result(page), 1000));
  await until(async () => assert.equal(await question.count(), 0));
});

test("S24 the critical path is drawn, named, and said not to be the only one, beside the times that no schedule can beat", async (t) => {
  const page = await open(t);
  await page.getByRole("treegrid").focus();
  await page.keyboard.press("c");
  const critical = byId(page, "critical");
  await critical.waitFor();
  assert.equal(
    (await critical.innerText()).replace(/\s+/gu, " "),
    "The critical path is t1, t4 and last, each from the end of the one before. Also on paths just as long: t2, t3, t5 and t6. " +
      "No schedule takes less than 2.0 s with these limits: 6.0 s of work share 3 slots. With any limits the flow takes at least 1.0 s: so long is the longest chain of tasks that run one after another. The longest first",
  );
  assert.equal(await byId(page, "critical-path").count(), 1);
  assert.deepEqual(await byId(page, "bound").evaluateAll((marks) => marks.map((mark) => mark.dataset.ms)), ["2000"]);
  await choose(page, "sequential");
  await until(async () =>
    assert.match(await critical.innerText(), /^The critical path is t1, t2, t3 and last, .* just as long: t4, t5 and t6\./u));
  await byId(page, "critical-switch").click();
  assert.equal(await critical.count(), 0);
});

/** What of an element is cut off, by itself or by what it is in. */
const cutOff = (locator) => locator.evaluate((element) => {
  const box = element.getBoundingClientRect();
  const main = element.closest(".pg-app__main").getBoundingClientRect();
  return [element.scrollHeight - element.clientHeight > 1, box.bottom > Math.min(main.bottom, innerHeight) + 1];
});

test("the sentence about a long critical path is whole beside eight rows, presented as well, and the path is marked in Slots", async (t) => {
  const page = await open(t, { width: 1280, height: 720, yaml: NIGHTLY });
  await byId(page, "critical-switch").click();
  const sentence = byId(page, "critical").locator("p");
  assert.deepEqual(await cutOff(sentence), [false, false]);
  const whole = await page.locator(".pg-timeline__chart").evaluate((chart) => {
    const { bottom } = chart.getBoundingClientRect();
    return [...document.querySelectorAll("[data-testid^=row-]")].filter((row) => row.getBoundingClientRect().bottom <= bottom).length;
  });
  assert.ok(whole >= 8, `${whole} rows`);
  await byId(page, "view-slots").click();
  const frames = (await byId(page, "critical-path").getAttribute("d")).match(/z/gu).length;
  assert.ok(frames > 5, `${frames} frames`);
  await byId(page, "present").click();
  await until(async () => assert.deepEqual(await cutOff(sentence), [false, false]));
});

test("Enter in the search goes to the row that is named so, then to tasks whose names begin so, before their group", async (t) => {
  const page = await open(t);
  const selected = () => page.locator("[role=row][aria-selected=true]").getAttribute("data-testid");
  await byId(page, "find").fill("t");
  await page.keyboard.press("Enter");
  await until(async () => assert.equal(await selected(), "row-t1"));
  await byId(page, "find").fill("t5");
  await page.keyboard.press("Enter");
  await until(async () => assert.equal(await selected(), "row-t5"));
});

test("the flag of the playhead covers no label of the axis, and the strip names the peaks", async (t) => {
  const page = await open(t, { yaml: PEAKS });
  const covered = () => page.evaluate(() => {
    const flag = window.boxOfText(document.querySelector(".pg-timeline__playhead-flag"));
    return [...document.querySelectorAll(".pg-timeline__tick-label")].map(window.boxOfText)
      .filter((box) => box.left < flag.right && flag.left < box.right && box.top + 2 < flag.bottom && flag.top < box.bottom).length;
  });
  const labels = () => page.locator(".pg-timeline__tick-label").count();
  const all = await labels();
  for (const key of ["Home", "ArrowRight", "ArrowRight", "End"]) {
    await byId(page, "playhead").press(key);
    assert.deepEqual([await covered(), await labels()], [0, all]);
  }
  assert.deepEqual((await page.locator(".pg-timeline__busy-number").allTextContents()).filter((n) => n === "3").length, 4);
});

test("the story describes each moment in a sentence", async (t) => {
  const page = await open(t);
  const story = byId(page, "story");
  assert.match(await story.innerText(), /^2\.0 s\s+t4, t5 and t6 end together; parent closes; last runs\.$/u);
  await byId(page, "to-start").click();
  assert.match(await story.innerText(), /^0 s\s+parent opens; t1, t2 and t3 start; t4, t5 and t6 wait for a slot\.$/u);
  await byId(page, "step-next").click();
  assert.match(await story.innerText(), /^1\.0 s\s+t1, t2 and t3 end together; t4, t5 and t6 take their slots\.$/u);
});

test("rows are found by name, and the groups around them stay", async (t) => {
  const page = await open(t);
  await choose(page, "sequential");
  await page.getByRole("treegrid").focus();
  await page.keyboard.press("/");
  await page.keyboard.type("t5");
  await until(async () => assert.deepEqual(await page.getByRole("row").evaluateAll((rows) => rows.map((row) => row.dataset.testid)), ["row-parent", "row-seq2", "row-t5"]));
  await byId(page, "find").fill("");
  await until(async () => assert.equal(await page.getByRole("row").count(), 10));
});

test("a task is made to fail, retried and run up to, from its menu", async (t) => {
  const page = await open(t);
  await byId(page, "row-t3").click({ button: "right" });
  await byId(page, "task-menu").getByTestId("do-fail").click();
  await until(async () => assert.match(await text(page), /- id: t3 # sim: fail\n/u));
  assert.equal(await byId(page, "row-t4").getAttribute("aria-label").then((label) => /never/u.test(label)), true);
  await byId(page, "row-t3").click();
  await byId(page, "why").getByTestId("do-retry").click();
  await until(async () => assert.match(await text(page), /retry: \{type: constant, interval: PT1S, maxAttempts: 3\}/u));
  assert.equal(await byId(page, "why").getByTestId("do-retry").isDisabled(), true);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await until(async () => assert.doesNotMatch(await text(page), /sim: fail|retry/u));
  await byId(page, "row-t5").click();
  await byId(page, "why").getByTestId("do-run-here").click();
  assert.equal(await byId(page, "playhead").getAttribute("data-ms"), "1000");
});

test("a run stops at a breakpoint, and goes on", async (t) => {
  const page = await open(t);
  await byId(page, "row-t4").click();
  await byId(page, "why").getByTestId("do-break").click();
  await byId(page, "run").click();
  await page.clock.runFor(1700);
  assert.equal(await state(page), "paused");
  assert.equal(await byId(page, "playhead").getAttribute("data-ms"), "1000");
  await byId(page, "run").click();
  await page.clock.runFor(1700);
  assert.equal(await state(page), "ended");
});

test("the cursor in the text selects the task at that place", async (t) => {
  const page = await open(t);
  await byId(page, "editor").getByText("- id: t2").click();
  await until(async () => assert.equal(await byId(page, "row-t2").getAttribute("aria-selected"), "true"));
  assert.equal(await said(page, "t2", 0), "RUNNING 0-1000");
  await slide(page, "parent", 2);
});

test("a group that is switched moves into its new order, but not with reduced motion", async (t) => {
  for (const [reducedMotion, glides] of [["no-preference", true], ["reduce", false]]) {
    const page = await open(t, { reducedMotion });
    await choose(page, "sequential");
    await switchMode(page, "seq1");
    await page.clock.runFor(50);
    const longest = await page.evaluate(() => Math.max(0, ...document.getAnimations().map(({ effect }) => effect.getTiming().duration)));
    assert.equal(longest, glides ? 400 : 0);
    assert.equal(await said(page, "t2", 0), "RUNNING 0-1000");
  }
});

test("the hand-over to the selected task is drawn from the tasks that freed its slot", async (t) => {
  const page = await open(t);
  await byId(page, "row-t4").click();
  assert.equal(await byId(page, "hand-over").locator("circle").count(), 3);
  const at = await byId(page, "hand-over").locator("circle").first().evaluate((dot) => dot.getBoundingClientRect().x + 2.5);
  const { x } = await segment(page, "t4", 1);
  assert.ok(Math.abs(at - x) <= 1, `${at} and ${x}`);
  await byId(page, "row-t1").click();
  assert.equal(await byId(page, "hand-over").count(), 0);
});

test("what bars say after the playhead stands above the veil, in both views", async (t) => {
  const page = await open(t);
  await byId(page, "to-start").click();
  const ahead = () => page.locator(".pg-timeline__ahead text").allTextContents();
  const bars = () => page.locator(".pg-timeline__row svg text").allTextContents();
  await until(async () => assert.deepEqual(await ahead(), await bars()));
  await byId(page, "view-slots").click();
  await until(async () => assert.deepEqual(await ahead(), await bars()));
  assert.ok((await ahead()).length > 8);
  await byId(page, "to-end").click();
  await until(async () => assert.deepEqual(await ahead(), []));
});

test("an iteration of a Loop that waits for a slot says so", async (t) => {
  const page = await open(t);
  await choose(page, "loop");
  const row = page.locator("[role=row]", { hasText: "south" });
  const wait = row.locator("[data-kind]").first();
  await until(async () => assert.deepEqual(await wait.evaluate(({ dataset: { kind, fromMs, toMs } }) => [kind, fromMs, toMs]), ["wait-slot", "0", "1500"]));
  await row.click();
  assert.match(await byId(page, "why").locator("..").innerText(), /waiting for a slot\s+0 to 1\.5 s/u);
});

test("a task that was tried again shows its attempts in its slot", async (t) => {
  const page = await open(t);
  await choose(page, "retry-slot");
  await byId(page, "view-slots").click();
  const bars = byId(page, "lane-parent-1").locator(".pg-bar");
  await until(async () => assert.deepEqual(
    await bars.evaluateAll((bars) => bars.map((bar) => bar.className.baseVal.replace("pg-bar pg-bar--", ""))),
    ["failed", "retrying", "failed", "retrying", "success"],
  ));
  assert.match(await byId(page, "lane-parent-1").innerText(), /1 task/u);
});

test("the tip of the flag is at the playhead, also at the edges", async (t) => {
  for (const width of [1280, 360]) {
    const page = await open(t, { width, editor: width > 700 });
    for (const button of width > 700 ? ["to-start", "step-next", "to-end"] : ["to-start", "step-next"]) {
      await byId(page, button).click();
      const [by, tip] = await page.locator(".pg-timeline__playhead-flag").evaluate((flag) => [/translate\((\S+)/u.exec(flag.getAttribute("transform"))[1], /L(\S+) 25/u.exec(flag.getAttribute("d"))[1]].map(Number));
      assert.ok(Math.abs(by + tip) < 0.1, `${width}, ${button}: ${by} ${tip}`);
    }
  }
});

test("the marks of the lower bounds are in the legend, and states with their letters", async (t) => {
  const page = await open(t);
  const legend = page.locator(".pg-legend");
  assert.match(await legend.innerText(), /S\s*success/u);
  await byId(page, "critical-switch").click();
  await until(async () => assert.match(await legend.innerText(), /no schedule takes less/u));
});

test("a queued execution says how many may run at once", async (t) => {
  const page = await open(t);
  await choose(page, "flow-concurrency");
  await byId(page, "row-x2").click();
  assert.match(await page.locator(".pg-details__facts").innerText(), /limit\s+1 execution at once/u);
});
