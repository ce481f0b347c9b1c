// Lessons on the page: each played to its end, with right answers and with wrong ones; their list, links, and what is remembered.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { byId, fill, needs, open, paste, state, text, until } from "./harness.mjs";

const PHONE = { width: 360, height: 740, hasTouch: true, isMobile: true, editor: false };
const FOLDER = new URL("../../lessons/", import.meta.url);
const PROGRESS = "parallelogram.lessons";

/** The steps of a lesson as its file has them: `done`, or `answer` with `wrong` guesses and whys. */
function lesson(file) {
  const source = readFileSync(new URL(file, FOLDER), "utf8");
  const value = (text, key) => new RegExp(`^ *(?:- )?${key}: (.*)$`, "mu").exec(text)?.[1];
  const steps = source.slice(source.indexOf("\nsteps:")).split(/^ {2}- say:/mu).slice(1).map((step) => {
    const guesses = step.split(/^ {6}- guess: /mu).slice(1).map((wrong) => ({ guess: wrong.split("\n", 1)[0], why: value(wrong.slice(wrong.indexOf("why:")), "en") }));
    return { done: value(step, "done"), answer: value(step, "answer"), wrong: guesses };
  });
  return { id: value(source, "lesson"), title: value(source, "en"), steps };
}
const LESSONS = readdirSync(FOLDER).sort().map(lesson);

/** Whether a claim is about a time, and that in seconds. */
const seconds = (claim) => /(?:^makespan=|:)([\d.]+)s$/u.exec(claim)?.[1];
const plain = (words) => words.replaceAll("`", "");
const place = (page) => byId(page, "course-place").textContent();
const verdict = (page) => byId(page, "verdict").innerText();

/** Does on the page what a step asks for, as in a link. */
async function perform(page, done, isNarrow) {
  const [name, value] = done.split("=");
  const [group, n] = value.split(":");
  const inSettings = async (fields) => {
    await byId(page, "open-settings").click();
    for (const [id, text] of fields) {
      await fill(byId(page, id), text);
      await byId(page, id).press("Enter");
    }
    await byId(page, "open-settings").click();
  };
  const acts = {
    c: async () => {
      // By its slider, or by the keys of the number at its row.
      const slider = byId(page, `slider-${group}`);
      if (await slider.count()) return slider.fill(n);
      const slots = byId(page, `slots-${group}`);
      for (let tries = 0; tries < 10 && await slots.textContent() !== n; tries++) await slots.press("ArrowDown");
    },
    view: () => byId(page, `view-${value}`).click(),
    panel: async () => {
      if (isNarrow) await byId(page, "tab-why").click();
      await byId(page, `panel-${value}`).click();
      if (isNarrow) await byId(page, "tab-time").click();
    },
    critical: () => byId(page, "critical-switch").click(),
    sel: () => byId(page, `row-${value}`).click(),
    kestra: async () => {
      if (isNarrow) await byId(page, "tab-flow").click();
      await byId(page, "version").selectOption({ label: `Kestra ${value}` });
      if (isNarrow) await byId(page, "tab-time").click();
    },
    executions: () => inSettings([["set-executions", value.split("@")[0]], ["set-every", value.split("@")[1].replace("s", "")]]),
  };
  await acts[name]();
}

/** Answers the question on show. */
async function answer(page, claim) {
  const time = seconds(claim);
  if (time === undefined) return page.locator(`[data-claim="${claim}"]`).click();
  await byId(page, "course-time").fill(time);
  await byId(page, "course-commit").click();
}

/** All of an element is in the window, or can be scrolled to, and nothing of it is cut off. */
const isUncut = (locator) => locator.evaluate((card) => {
  const parts = [card, ...card.querySelectorAll("p, b, button, input, span")];
  const { left, right } = card.getBoundingClientRect();
  return left >= 0 && right <= innerWidth && document.documentElement.scrollWidth <= innerWidth &&
    parts.every((part) => part.scrollWidth <= part.clientWidth + 1 || getComputedStyle(part).display.startsWith("inline"));
});

/** Plays a lesson to its end. `guess` chooses the answer to a step. */
async function play(page, { title, steps }, guess, isNarrow = false) {
  for (const [n, step] of steps.entries()) {
    await until(async () => assert.equal(await place(page), `Step ${n + 1} of ${steps.length}`));
    if (step.done !== undefined) {
      assert.ok(!/^Done/u.test(await byId(page, "course-do").innerText()), `${title}, step ${n + 1}`);
      await perform(page, step.done, isNarrow);
      await until(async () => assert.match(await byId(page, "course-do").innerText(), /^Done/u, `${title}, step ${n + 1}: ${step.done}`));
    }
    if (step.answer !== undefined) {
      const { claim, why } = guess(step);
      assert.equal(await byId(page, "result").innerText(), "?");
      await answer(page, claim);
      await until(async () => assert.equal(await byId(page, "course-commit").or(page.locator("[data-claim]")).count(), 0));
      const said = await verdict(page);
      assert.match(said, why === undefined ? /^Right\. / : /^Not quite\. /u, `${title}, step ${n + 1}`);
      if (why) assert.ok(said.includes(plain(why)), said);
      assert.equal(await state(page), "running");
      await page.clock.runFor(30_000);
      assert.equal(await state(page), "ended");
      assert.equal(await byId(page, "guess-strip").count(), seconds(claim) === undefined ? 0 : 1);
    }
    if (step.answer) {
      // Playing scrolls it out of view on no page.
      const { top, bottom } = await byId(page, "verdict").evaluate((said) => ({ top: said.getBoundingClientRect().top, bottom: innerHeight - said.getBoundingClientRect().bottom }));
      assert.ok(top >= 0 && bottom >= 0, `${title}, step ${n + 1}: ${top} ${bottom}`);
    }
    if (isNarrow) assert.ok(await isUncut(byId(page, "course")), `${title}, step ${n + 1}`);
    if (n + 1 < steps.length) await byId(page, "course-next").click();
  }
  assert.match(await page.evaluate((key) => localStorage[key], PROGRESS), /:done$/u);
}

const right = ({ answer }) => ({ claim: answer });
const wrong = (nth) => ({ wrong }) => ({ claim: wrong[nth % wrong.length].guess, why: wrong[nth % wrong.length].why });

for (const one of LESSONS) {
  test(`the lesson "${one.title}" is played to its end with right answers, and with wrong ones`, async (t) => {
    const page = await open(t, { path: `#lesson=${one.id}` });
    await byId(page, "course").waitFor();
    await play(page, one, right);
    const most = Math.max(...one.steps.map(({ wrong }) => wrong.length));
    for (let nth = 0; nth < most; nth++) {
      const other = await open(t, { path: `#lesson=${one.id}` });
      await byId(other, "course").waitFor();
      await play(other, one, wrong(nth));
    }
  });

  test(`the lesson "${one.title}" is played on a phone`, async (t) => {
    const page = await open(t, { ...PHONE, path: `#lesson=${one.id}` });
    await byId(page, "course").waitFor();
    await play(page, one, wrong(0), true);
  });
}

const [FIRST] = LESSONS;
const focused = (page) => page.evaluate(() => document.activeElement.dataset.testid ?? document.activeElement.id);

/** Presses Tab until the element with this test id or id has the focus. */
async function tabTo(page, id) {
  for (let n = 0; n < 60; n++) {
    if (await focused(page) === id) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not reach ${id}`);
}

test("a lesson is found, taken and left by the keyboard alone, and the focus follows", async (t) => {
  const page = await open(t);
  await tabTo(page, "examples");
  await page.keyboard.press("Enter");
  await until(async () => assert.equal(await focused(page), "open-lessons"));
  await page.keyboard.press("Enter");
  await byId(page, `lesson-${FIRST.id}`).waitFor();
  await tabTo(page, `lesson-${FIRST.id}`);
  await page.keyboard.press("Enter");
  await until(async () => assert.equal(await focused(page), "pg-course-title"));
  await tabTo(page, "course-next");
  await page.keyboard.press("Enter");
  await until(async () => assert.equal(await place(page), `Step 2 of ${FIRST.steps.length}`));
  assert.equal(await focused(page), "pg-course-title");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "course-time");
  await page.keyboard.type("soon");
  await page.keyboard.press("Enter");
  await until(async () => assert.match(await byId(page, "course-ask").innerText(), /Write seconds/u));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("3,0 s");
  await page.keyboard.press("Enter");
  await page.clock.runFor(5000);
  assert.match(await verdict(page), /^Right\. The flow takes 3\.0 s\./u);
  assert.equal(await focused(page), "course-next");
  await page.keyboard.press("Enter");
  await until(async () => assert.equal(await place(page), `Step 3 of ${FIRST.steps.length}`));
  await tabTo(page, "course-leave");
  await page.keyboard.press("Enter");
  await until(async () => assert.equal(await byId(page, "course").count(), 0));
});

test("while a question is open nothing on the page answers it", async (t) => {
  const page = await open(t, { path: `#lesson=${FIRST.id}&step=2` });
  await byId(page, "course").waitFor();
  assert.equal(await byId(page, "result").innerText(), "?");
  for (const id of ["run", "to-end", "step-next"]) assert.ok(await byId(page, id).isDisabled());
  await page.getByRole("treegrid").focus();
  for (const key of ["End", ".", "ArrowDown", "Enter", "ControlOrMeta+Enter", "c"]) await page.keyboard.press(key);
  assert.equal(await byId(page, "playhead").getAttribute("data-ms"), "0");
  await byId(page, "panel-table").click();
  await page.clock.runFor(1000);
  const shown = await page.evaluate(() => document.querySelector(".pg-app__main").innerText);
  assert.doesNotMatch(shown, /3\.0 s/u);
  assert.doesNotMatch(await byId(page, "editor").innerText(), /→/u);
});

test("a guess and the answer are marked below the axis, each with words, also where the guess is far off", async (t) => {
  for (const [guess, place] of [["6", /^guess 6\.0 s/u], ["900", /^guess 15 m/u]]) {
    const page = await open(t, { path: `#lesson=${FIRST.id}&step=2` });
    await byId(page, "course").waitFor();
    await byId(page, "course-time").fill(guess);
    await byId(page, "course-commit").click();
    await page.clock.runFor(5000);
    const [strip, one, other] = await Promise.all(["guess-strip", "mark-guess", "mark-answer"].map((id) => byId(page, id).evaluate((element) => window.boxOfText(element).toJSON())));
    for (const mark of [one, other]) assert.ok(mark.left >= strip.left && mark.right <= strip.right && mark.bottom <= strip.bottom + 1);
    assert.ok(one.bottom <= other.top + 4 || one.right < other.left || other.right < one.left);
    assert.match(await byId(page, "mark-guess").textContent(), place);
    assert.equal(await byId(page, "mark-answer").textContent(), "answer 3.0 s");
  }
});

test("presented, a guess is not judged until the answer is asked for", async (t) => {
  const page = await open(t, { width: 1280, height: 720, path: `#lesson=${FIRST.id}&step=2` });
  await byId(page, "course").waitFor();
  await byId(page, "present").click();
  await byId(page, "course-time").fill("6");
  await byId(page, "course-commit").click();
  await until(async () => assert.match(await byId(page, "course-guess").innerText(), /6\.0 s/u));
  await page.clock.runFor(5000);
  assert.equal(await verdict(page), "");
  assert.equal(await byId(page, "result").innerText(), "?");
  assert.equal(await byId(page, "guess-strip").count(), 0);
  await byId(page, "course-answer").click();
  await page.clock.runFor(5000);
  assert.match(await verdict(page), /^Not quite\. .*The flow takes 3\.0 s\. Your guess: 6\.0 s\./u);
  assert.equal(await state(page), "ended");
  // The card is above the chart, not over it, and its buttons are not below those of the page.
  const [card, chart] = await Promise.all(["course", "timeline"].map((id) => byId(page, id).evaluate((element) => element.getBoundingClientRect().toJSON())));
  assert.ok(card.bottom <= chart.top + 1);
  await byId(page, "course-next").click({ timeout: 2000 });
});

test("the answer is shown to many people without a guess as well", async (t) => {
  const page = await open(t, { width: 1280, height: 720, path: `#lesson=${FIRST.id}&step=2` });
  await byId(page, "present").click();
  await byId(page, "course-answer").click();
  await page.clock.runFor(5000);
  assert.equal(await verdict(page), "The flow takes 3.0 s.");
});

test("a link leads to a step, the address goes along, and what is no lesson is said", async (t) => {
  const page = await open(t, { path: `#lesson=${FIRST.id}&step=3` });
  await until(async () => assert.equal(await place(page), `Step 3 of ${FIRST.steps.length}`));
  const hash = () => page.evaluate(() => location.hash);
  await byId(page, "course-next").click();
  await until(async () => assert.equal(await hash(), `#lesson=${FIRST.id}&step=4`));
  await byId(page, "share").click();
  await until(async () => assert.match(await byId(page, "share-link").inputValue(), new RegExp(`#lesson=${FIRST.id}&step=4$`, "u")));
  await page.keyboard.press("Escape");
  await page.evaluate(() => (location.hash = "lesson=none&step=2"));
  await until(async () => assert.match(await byId(page, "link-notice").innerText(), /There is no lesson `none`\./u));
  assert.equal(await place(page), `Step 4 of ${FIRST.steps.length}`);
  await page.evaluate((id) => (location.hash = `lesson=${id}&step=99`), LESSONS[1].id);
  await until(async () => assert.match(await byId(page, "course").innerText(), new RegExp(`^${LESSONS[1].title}\\s+Step ${LESSONS[1].steps.length} of `, "u")));
  await until(async () => assert.deepEqual(await byId(page, "link-notice").allInnerTexts(), []));
  await page.evaluate(() => (location.hash = "example=sequential"));
  await until(async () => assert.equal(await byId(page, "course").count(), 0));
  const fresh = await open(t, { path: "#lesson=%00%3Cb%3E&step=-1" });
  await byId(fresh, "link-notice").waitFor();
  assert.equal(await byId(fresh, "result").getAttribute("data-ms"), "2000");
});

test("without a connection to the lessons the page says so", async (t) => {
  const page = await open(t, { path: `#lesson=${FIRST.id}`, expectErrors: true, routes: (page) => page.route("**/lessons/*", (route) => route.abort()) });
  await until(async () => assert.match(await byId(page, "link-notice").innerText(), /could not be loaded/u));
  await page.evaluate(() => (location.hash = "lessons"));
  await until(async () => assert.match(await byId(page, "lessons").innerText(), /could not be loaded/u));
});

test("the list has an address, and remembers on this device how far someone has come", async (t) => {
  const page = await open(t, { path: "#lessons" });
  const items = byId(page, "lessons").getByRole("listitem");
  await until(async () => assert.equal(await items.count(), LESSONS.length));
  for (const [n, { title }] of LESSONS.entries()) assert.ok((await items.nth(n).innerText()).includes(title));
  await byId(page, `lesson-${FIRST.id}`).click();
  await byId(page, "course-next").click();
  await until(async () => assert.equal(await place(page), `Step 2 of ${FIRST.steps.length}`));
  await page.reload();
  await until(async () => assert.equal(await place(page), `Step 2 of ${FIRST.steps.length}`));
  await byId(page, "course-leave").click();
  assert.equal(await page.evaluate(() => location.hash), "");
  await byId(page, "examples").click();
  await byId(page, "open-lessons").click();
  await until(async () => assert.match(await items.first().innerText(), /at step 2/u));
  assert.equal(await page.evaluate(() => location.hash), "#lessons");
  await page.keyboard.press("Escape");
  await until(async () => assert.equal(await byId(page, "lessons").count(), 0));
  assert.equal(await page.evaluate(() => location.hash), "");
  await page.evaluate(([key, id]) => (localStorage[key] = `${id}:done,<b>:2,${"x".repeat(9999)}`), [PROGRESS, FIRST.id]);
  await page.evaluate(() => (location.hash = "lessons"));
  await until(async () => assert.match(await items.first().innerText(), /done/u));
  await byId(page, `lesson-${FIRST.id}`).click();
  await until(async () => assert.equal(await place(page), `Step 1 of ${FIRST.steps.length}`));
});

test("the text from before a lesson is kept, and comes back by undo", async (t) => {
  const page = await open(t);
  const mine = "id: mine\nnamespace: n\ntasks:\n  - {id: t, type: io.kestra.plugin.core.flow.Sleep, duration: PT4S}\n";
  await paste(page, mine);
  await until(async () => assert.equal(await text(page), mine));
  await page.clock.runFor(1000);
  await page.evaluate((id) => (location.hash = `lesson=${id}`), FIRST.id);
  await byId(page, "course").waitFor();
  await page.clock.runFor(1000);
  const kept = () => page.evaluate(() => JSON.parse(localStorage["parallelogram-versions"]).map(({ text }) => text));
  assert.deepEqual(await kept(), [mine]);
  await byId(page, "course-leave").click();
  await byId(page, "undo").click();
  await until(async () => assert.equal(await text(page), mine));
});

test("an empty page offers a lesson", async (t) => {
  const page = await open(t, { yaml: "" });
  await byId(page, "take-lesson").click();
  await byId(page, "lessons").waitFor();
});

for (const options of [{ width: 360, height: 600 }, { width: 480 }]) {
  test(`an embed of ${options.width} px shows the lesson that its address names`, async (t) => {
    const page = await open(t, { ...options, path: `embed.html#lesson=${FIRST.id}&step=2`, editor: false });
    await byId(page, "course").waitFor();
    assert.equal(await byId(page, "result").innerText(), "?");
    assert.ok(await isUncut(byId(page, "course")));
    await answer(page, FIRST.steps[1].answer);
    await page.clock.runFor(5000);
    assert.match(await verdict(page), /^Right\./u);
    assert.ok(await isUncut(byId(page, "course")));
  });
}

for (const options of [PHONE, { width: 1280, height: 720 }, { width: 800, height: 700 }]) {
  test(`the card covers no part of the chart at ${options.width} px`, async (t) => {
    const page = await open(t, { ...options, path: `#lesson=${LESSONS[7].id}` });
    await byId(page, "course").waitFor();
    const [card, chart, rows] = await Promise.all([byId(page, "course"), byId(page, "timeline"), page.getByRole("treegrid")].map((found) => found.evaluate((element) => element.getBoundingClientRect().toJSON())));
    assert.ok(card.bottom <= chart.top + 1 && rows.height >= 100, JSON.stringify({ card, chart, rows }));
    assert.ok(await isUncut(byId(page, "course")));
  });
}

test("a word for times is explained where a card says it first", async (t) => {
  const page = await open(t, { path: `#lesson=${LESSONS[1].id}` });
  await byId(page, "course").waitFor();
  const words = page.locator(".pg-course__say .pg-term");
  assert.deepEqual(await words.allInnerTexts(), ["slots"]);
  await words.focus();
  await until(async () => assert.match(await page.locator(".pg-tip").innerText(), /^Slot: a place for one running task/u));
});

test("printed, a lesson is its flow and empty charts to draw into, and the answers are on a page of their own", { skip: needs("print media") }, async (t) => {
  const page = await open(t, { path: `#lesson=${LESSONS[1].id}`, colorScheme: "dark" });
  await byId(page, "course").waitFor();
  await page.evaluate(() => (window.print = () => (window.isPrinted = true)));
  await byId(page, "course-print").click();
  assert.ok(await page.evaluate(() => window.isPrinted));
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const paper = page.locator(".pg-paper");
  assert.equal(await paper.locator("> h1").innerText(), LESSONS[1].title);
  assert.equal(await paper.locator("> pre").first().innerText(), await text(page));
  const asked = LESSONS[1].steps.filter(({ answer }) => answer !== undefined).length;
  const bars = (locator) => locator.locator("rect.pg-bar").count();
  assert.equal(await paper.locator("> div").count(), asked);
  for (const chart of await paper.locator("> div").all()) {
    assert.equal(await bars(chart), 0);
    assert.equal(await chart.locator("text.name").count(), 7);
  }
  const answers = paper.locator("> section");
  assert.equal(await answers.evaluate((section) => getComputedStyle(section).breakBefore), "page");
  assert.equal(await answers.locator("> div:not(.pg-legend)").count(), asked);
  assert.ok(await bars(answers.locator("> div").first()) > 6);
  assert.match(await answers.innerText(), /t4 starts at 1\.0 s\./u);
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 10_000);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await paper.count(), 0);
});
