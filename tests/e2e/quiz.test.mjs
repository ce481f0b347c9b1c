// A quiz about the flow on the page: answered rightly and wrongly, by the keyboard, on a phone, presented, and about a longer flow.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { byId, open, paste, state, text, until } from "./harness.mjs";

const PHONE = { width: 360, height: 740, hasTouch: true, isMobile: true, editor: false };
const NIGHTLY = readFileSync(new URL("./fixtures/flows/nightly.yaml", import.meta.url), "utf8");
const FLOW = `id: mine
namespace: n
tasks:
  - id: parent
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}
      - {id: c, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
      - {id: d, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
`;

const place = (page) => byId(page, "course-place").textContent();
const verdict = (page) => byId(page, "verdict").innerText();
const numbers = async (page) => (await place(page)).match(/Question (\d+) of (\d+)/u).slice(1).map(Number);
const focused = (page) => page.evaluate(() => document.activeElement.dataset.testid ?? document.activeElement.id);

/** Chooses the quiz in the menu of examples. */
async function begin(page) {
  await byId(page, "examples").click();
  await byId(page, "open-quiz").click();
  await byId(page, "course").waitFor();
}

/** Answers the question on show by the nth choice, or by a time in seconds. */
async function answer(page, nth, seconds) {
  if (await byId(page, "course-time").count()) {
    await byId(page, "course-time").fill(seconds);
    await byId(page, "course-commit").click();
  } else {
    const choices = page.locator("[data-claim]");
    await choices.nth(nth % await choices.count()).click();
  }
  await until(async () => assert.equal(await byId(page, "course-commit").or(page.locator("[data-claim]")).count(), 0));
  await page.clock.runFor(60_000);
  await until(async () => assert.equal(await state(page), "ended"));
}

/** What the page shows of the run, in words and shapes that can be seen. */
const shown = (page) => page.evaluate(() => ({
  words: document.querySelector(".pg-timeline__foot").innerText,
  shapes: [...document.querySelectorAll(".pg-timeline svg *, .pg-timeline__head--busy *")].filter((shape) => shape.checkVisibility({ checkVisibilityCSS: true }) && shape.closest(".pg-timeline__window, .pg-timeline__head--busy")).length,
}));

/** Whether the row of a task can be seen where it is scrolled to. */
const isInView = (page, task) => byId(page, `row-${task}`).evaluate((row) => {
  const { left, top, height } = row.getBoundingClientRect();
  return row.contains(document.elementFromPoint(Math.max(left, 0) + 5, top + height / 2));
});

test("a quiz asks about the flow on the page, counts what is right, and leaves the page as it was", async (t) => {
  const page = await open(t, { yaml: FLOW });
  await byId(page, "row-c").click();
  const before = { text: await text(page), hash: await page.evaluate(() => location.hash) };
  await begin(page);
  assert.notEqual(await byId(page, "course").evaluate((card) => getComputedStyle(card).paddingLeft), "0px", "the card has its style");
  const [, n] = await numbers(page);
  assert.ok(n >= 4);
  const right = { start: "1", asks: /When does c start\?/u };
  assert.match(await byId(page, "course-ask").innerText(), right.asks);
  let nRight = 0;
  const texts = new Set();
  for (let nth = 1; nth <= n; nth++) {
    assert.deepEqual(await numbers(page), [nth, n]);
    assert.equal(await byId(page, "result").innerText(), "?");
    assert.equal(await byId(page, "playhead").getAttribute("aria-valuemax"), "0");
    const { words, shapes } = await shown(page);
    assert.doesNotMatch(words, /start|end|take|run/u);
    assert.equal(shapes, 0);
    texts.add(await text(page));
    // The first answer is right, the second is not.
    await answer(page, nth, nth === 1 ? right.start : "77");
    const said = await verdict(page);
    assert.match(said, nth === 1 ? /^Right\. c starts at 1\.0 s\./u : /^(?:Right|Not quite)\. /u);
    if (/^Right/u.test(said)) nRight++;
    assert.ok((await shown(page)).shapes > 0);
    if (nth < n) {
      assert.equal(await byId(page, "score").count(), 0);
      await byId(page, "course-next").click();
    }
  }
  assert.ok(texts.size > 1 && texts.has(before.text));
  assert.equal(await byId(page, "score").innerText(), `${nRight} of ${n} right.`);
  await byId(page, "course-leave").click();
  await until(async () => assert.equal(await byId(page, "course").count(), 0));
  assert.deepEqual({ text: await text(page), hash: await page.evaluate(() => location.hash) }, before);
  assert.equal(await byId(page, "row-c").getAttribute("aria-selected"), "true");
});

test("a wrong guess is given the mistake behind it, and both times stand on one axis", async (t) => {
  const page = await open(t, { yaml: FLOW });
  await byId(page, "quiz").click();
  await byId(page, "course").waitFor();
  for (const [guess, why] of [["3", /batch/u], ["0", /slot of its own/u]]) {
    await answer(page, 0, guess);
    assert.match(await verdict(page), /^Not quite\. .*c starts at 1\.0 s\. Your guess: /u);
    assert.match(await verdict(page), why);
    assert.match(await byId(page, "mark-answer").textContent(), /answer 1\.0 s/u);
    await byId(page, "course-leave").click();
    await begin(page);
  }
});

for (const options of [PHONE, { width: 1280, height: 720 }]) {
  test(`a guess is dragged to where the task is expected, at ${options.width} px`, async (t) => {
    const page = await open(t, { ...options, yaml: FLOW });
    await begin(page);
    assert.match(await byId(page, "course-ask").innerText(), /When does c start\?/u);
    const slider = byId(page, "draft");
    const box = await slider.boundingBox();
    const least = Number(await slider.getAttribute("max"));
    assert.ok(least > 7_000, "the axis gives neither the end nor the work away");
    const at = (seconds) => [box.x + 8 + ((seconds * 1000) / least) * (box.width - 16), box.y + box.height / 2];
    await page.mouse.move(...at(0));
    await page.mouse.down();
    await page.mouse.move(...at(0.5), { steps: 3 });
    await page.mouse.move(...at(1), { steps: 3 });
    await page.mouse.up();
    await until(async () => assert.equal(await byId(page, "course-time").inputValue(), "1"));
    // The task stands there in its row, and the playhead did not move.
    const ghost = page.locator("[data-testid=row-c] .pg-timeline__ghost");
    assert.ok(await ghost.isVisible());
    assert.match(await byId(page, "playhead").getAttribute("aria-valuetext"), /^0\.00/u);
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await until(async () => assert.notEqual(await byId(page, "course-time").inputValue(), "1"));
    await page.keyboard.press("ArrowLeft");
    await byId(page, "course-commit").click();
    assert.match(await verdict(page), /^Right\. c starts at 1\.0 s\. c waited 1\.0 s/u);
    assert.equal(await slider.count(), 0);
  });
}

test("a quiz is begun, answered and left by the keyboard alone", async (t) => {
  const page = await open(t, { yaml: FLOW });
  await byId(page, "examples").focus();
  await page.keyboard.press("Enter");
  await until(async () => assert.equal(await focused(page), "open-lessons"));
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "open-quiz");
  await page.keyboard.press("Enter");
  await until(async () => assert.equal(await focused(page), "pg-course-title"));
  const [, n] = await numbers(page);
  for (let nth = 1; nth <= n; nth++) {
    await until(async () => assert.deepEqual(await numbers(page), [nth, n]));
    assert.equal(await focused(page), "pg-course-title");
    // Words that are explained come first.
    do await page.keyboard.press("Tab"); while (await page.evaluate(() => document.activeElement.matches(".pg-term")));
    if (await focused(page) === "course-time") await page.keyboard.type("2");
    await page.keyboard.press("Enter");
    await page.clock.runFor(60_000);
    await until(async () => assert.equal(await focused(page), nth < n ? "course-next" : "course-leave"));
    await page.keyboard.press("Enter");
  }
  await until(async () => assert.equal(await byId(page, "course").count(), 0));
  assert.equal(await text(page), FLOW);
});

test("what is typed during a quiz is kept, and the text from before comes back by undo", async (t) => {
  const page = await open(t);
  await paste(page, FLOW);
  await until(async () => assert.equal(await text(page), FLOW));
  await begin(page);
  await byId(page, "course-next").click();
  await byId(page, "course-next").click();
  await until(async () => assert.notEqual(await text(page), FLOW));
  const mine = `${FLOW}# more\n`;
  await paste(page, mine);
  await until(async () => assert.equal(await byId(page, "course").count(), 0));
  assert.equal(await text(page), mine);
  await byId(page, "undo").click();
  await until(async () => assert.equal(await text(page), FLOW));
});

test("a reload during a quiz brings the text of the reader back", async (t) => {
  const page = await open(t);
  await paste(page, FLOW);
  await page.clock.runFor(1000);
  await begin(page);
  await byId(page, "course-next").click();
  await byId(page, "course-next").click();
  await until(async () => assert.notEqual(await text(page), FLOW));
  await page.clock.runFor(1000);
  await page.reload();
  await until(async () => assert.equal(await text(page), FLOW));
});

test("the link that is shared during a quiz has the text of the reader", async (t) => {
  const page = await open(t, { yaml: FLOW });
  await byId(page, "share").click();
  const link = await byId(page, "share-link").inputValue();
  await page.keyboard.press("Escape");
  await begin(page);
  await byId(page, "course-next").click();
  await byId(page, "course-next").click();
  await byId(page, "share").click();
  await until(async () => assert.equal(await byId(page, "share-link").inputValue(), link));
});

for (const options of [PHONE, { width: 1280, height: 720 }]) {
  test(`a quiz about forty tasks is played at ${options.width} px`, async (t) => {
    const page = await open(t, { ...options, yaml: NIGHTLY });
    await begin(page);
    const [, n] = await numbers(page);
    assert.ok(n >= 3);
    const asked = [];
    for (let nth = 1; nth <= n; nth++) {
      await until(async () => assert.deepEqual(await numbers(page), [nth, n]));
      const [, task] = /When does (\S+) start\?/u.exec(await byId(page, "course-ask").innerText()) ?? [];
      if (task) {
        asked.push(task);
        assert.equal(await byId(page, `row-${task}`).getAttribute("aria-selected"), "true");
        // On a phone the rows scroll with the card, which stays in view.
        if (!options.isMobile) await until(async () => assert.ok(await isInView(page, task), `the row of ${task} is in view`));
      }
      await answer(page, nth, "12");
      assert.match(await verdict(page), /^(?:Right|Not quite)\. /u);
      const isUncut = await byId(page, "course").evaluate((card) => {
        const { left, right } = card.getBoundingClientRect();
        return left >= 0 && right <= innerWidth && document.documentElement.scrollWidth <= innerWidth;
      });
      assert.ok(isUncut, `question ${nth}`);
      if (nth < n) await byId(page, "course-next").click();
    }
    assert.notEqual(asked.length, 0);
    assert.match(await byId(page, "score").innerText(), /^\d of \d right\.$/u);
    await byId(page, "course-leave").click();
  });
}

test("presented, a quiz shows an answer when it is asked for", async (t) => {
  const page = await open(t, { yaml: FLOW, width: 1280, height: 720 });
  await byId(page, "present").click();
  await begin(page);
  await byId(page, "course-time").fill("1");
  await byId(page, "course-commit").click();
  assert.equal(await verdict(page), "");
  await byId(page, "course-answer").click();
  await page.clock.runFor(60_000);
  assert.match(await verdict(page), /^Right\./u);
  await byId(page, "course-leave").click();
  await until(async () => assert.equal(await byId(page, "course").count(), 0));
  assert.ok(await byId(page, "leave").isVisible());
});

test("where there is nothing to ask no quiz is offered", async (t) => {
  const page = await open(t, { yaml: "id: f\nnamespace: n\ntasks:\n  - {id: t, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n" });
  assert.equal(await byId(page, "quiz").count(), 0);
  await byId(page, "examples").click();
  assert.equal(await byId(page, "open-quiz").getAttribute("aria-disabled"), "true");
  await byId(page, "open-quiz").click({ force: true });
  assert.equal(await byId(page, "course").count(), 0);
});

test("a lesson that asks what starts first does not show it at the start", async (t) => {
  const page = await open(t, { path: "#lesson=two-servers" });
  await byId(page, "course").waitFor();
  assert.match(await byId(page, "course-ask").innerText(), /When does check-1 start\?/u);
  assert.deepEqual(await shown(page), { words: (await shown(page)).words, shapes: 0 });
  assert.doesNotMatch((await shown(page)).words, /check-1|start/u);
});
