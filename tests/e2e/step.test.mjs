// Chart, text, log and times in step: what follows what, and how the chart is moved.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { byId, fill, needs, open, paste, result, state, text, until } from "./harness.mjs";

const NIGHTLY = readFileSync(new URL("./fixtures/flows/nightly.yaml", import.meta.url), "utf8");
const scrolled = (page) => page.locator(".pg-timeline__chart").evaluate((chart) => chart.scrollTop);
/** The first and the last time on the axis, as it is labelled. */
const ticks = (page) => page.locator(".pg-timeline__tick-label").allTextContents();

test("times are given to all tasks of a type, or to one, and undone in one step", async (t) => {
  const page = await open(t, { yaml: NIGHTLY });
  assert.equal(await result(page), 42_000);
  await byId(page, "give-times").click();
  const all = byId(page, "time-airbyte.connections.Sync × 14");
  await fill(all, "5m");
  await all.press("Enter");
  await until(async () => assert.equal((await text(page)).match(/# sim: 5m/gu)?.length, 14));
  assert.ok((await result(page)) > 1_000_000);
  const type = page.locator(".pg-times__type", { has: all });
  await type.locator("summary").click();
  const one = type.getByTestId("time-extract_stripe_charges");
  await fill(one, "1m..2m..9m");
  await one.press("Enter");
  await until(async () => assert.match(await text(page), /id: extract_stripe_charges # sim: 1m\.\.2m\.\.9m/u));
  assert.equal(await all.getAttribute("placeholder"), "different");
  await byId(page, "undo").click();
  await byId(page, "undo").click();
  await until(async () => assert.equal(await text(page), NIGHTLY));
  assert.match(await byId(page, "times").innerText(), /^28 tasks have no known time: 14 airbyte\.connections\.Sync, .*\. Until you give one, each takes 1\.0 s\./u);
  // Whatever the page prints as a length is read.
  for (const [written, note] of [["6 m 40 s", "6m40s"], ["6m40s–9m", "6m40s..9m"], ["1 h 20 m", "1h20m"], ["PT2.5S", "2.5s"]]) {
    await fill(all, written);
    await all.press("Enter");
    await until(async () => assert.equal((await text(page)).match(/# sim: (.*)/u)?.[1], note));
  }
  await fill(all, "soon");
  await all.press("Enter");
  await until(async () => assert.match(await byId(page, "notices").innerText(), /“soon” is no length/u));
});

test("notes are one for each type with a count, and lead to the times", async (t) => {
  const page = await open(t, { yaml: NIGHTLY });
  const status = page.locator("button.pg-editor__status");
  const n = Number((await status.innerText()).split(" ")[0]);
  await status.click();
  await until(async () => assert.match(await byId(page, "diag").innerText(), /airbyte\.connections\.Sync` is not simulated \(14 times\)/u));
  assert.equal(await page.locator(".pg-diagnostic").count(), n);
  await page.getByRole("button", { name: "Give them times" }).click();
  await byId(page, "times").waitFor();
});

test("details have fields for length, end and limit", async (t) => {
  const page = await open(t);
  await byId(page, "row-t2").click();
  await fill(byId(page, "takes"), "3s");
  await byId(page, "takes").press("Enter");
  await until(async () => assert.match(await text(page), /sleep 3/u));
  await byId(page, "ends").selectOption("100");
  await until(async () => assert.match(await text(page), /# sim: fail/u));
  await byId(page, "row-parent").click();
  await fill(byId(page, "limit"), "6");
  await byId(page, "limit").press("Enter");
  await until(async () => assert.match(await text(page), /concurrent: 6/u));
  await fill(byId(page, "limit"), "");
  await byId(page, "limit").press("Enter");
  await until(async () => assert.match(await text(page), /concurrent: 0/u));
});

test("the rows and the part in view follow the playhead while it moves", async (t) => {
  const page = await open(t, { yaml: NIGHTLY, width: 1280, height: 720 });
  await byId(page, "run").click();
  await page.clock.runFor(19_000);
  await until(async () => assert.ok((await scrolled(page)) > 400, "the chart has scrolled"));
  await byId(page, "zoom-in").click();
  await byId(page, "zoom-in").click();
  await page.clock.runFor(2000);
  await until(async () => assert.equal(await state(page), "ended"));
});

test("the arrow keys move the playhead by a hundredth of the run, and a paused run is continued", async (t) => {
  const page = await open(t, { yaml: NIGHTLY.replaceAll(/(type: io\.kestra\.plugin\.airbyte.*)/gu, "$1 # sim: 5m") });
  const now = () => byId(page, "playhead").getAttribute("data-ms").then(Number);
  assert.equal(await byId(page, "run").innerText(), "Run");
  await byId(page, "playhead").focus();
  await page.keyboard.press("Home");
  assert.equal(await byId(page, "run").innerText(), "Run");
  await page.keyboard.press("ArrowRight");
  await until(async () => assert.equal(await now(), 10_000));
  await page.keyboard.press("Shift+ArrowRight");
  await until(async () => assert.equal(await now(), 110_000));
  assert.equal(await byId(page, "run").innerText(), "Continue");
  await byId(page, "run").click();
  await page.clock.runFor(500);
  await until(async () => assert.ok((await now()) > 110_000));
});

test("on a phone the window follows the playhead", async (t) => {
  const page = await open(t, { yaml: NIGHTLY, width: 360, height: 740, editor: false, hasTouch: true, isMobile: true });
  await byId(page, "run").click();
  await page.clock.runFor(15_000);
  await until(async () => assert.ok((await page.evaluate(() => scrollY)) > 600));
});

test("a selected bar shows its text, and a line of the log seeks and selects", async (t) => {
  const page = await open(t, { yaml: NIGHTLY });
  await byId(page, "row-notify_done").click();
  await until(async () => {
    const line = await byId(page, "editor").locator(".cm-line", { hasText: "id: notify_done" }).boundingBox({ timeout: 1000 });
    assert.ok(line.y > 80 && line.y < 860, `its task is at ${line.y}`);
  });
  const tutorial = await open(t);
  await byId(tutorial, "panel-log").click();
  const line = tutorial.locator(".pg-log__line", { hasText: "running t5" }).first();
  await line.locator("span").last().click();
  await until(async () => assert.equal(await byId(tutorial, "row-t5").getAttribute("aria-selected"), "true"));
  assert.equal(await byId(tutorial, "playhead").getAttribute("data-ms"), await line.getAttribute("data-at-ms"));
});

test("wheel, drag and fingers move the chart, and a hint says so once", async (t) => {
  const page = await open(t);
  const place = async () => {
    const track = await byId(page, "row-t4").locator(".pg-timeline__track").boundingBox();
    return [track.x + track.width / 2, track.y + 14];
  };
  await page.mouse.move(...(await place()));
  await page.mouse.wheel(0, 40);
  await byId(page, "wheel-hint").waitFor();
  await page.clock.runFor(7000);
  await byId(page, "wheel-hint").waitFor({ state: "detached" });
  await page.mouse.wheel(0, 40);
  await page.clock.runFor(100);
  assert.equal(await byId(page, "wheel-hint").count(), 0);
  const whole = await ticks(page);
  await byId(page, "zoom-in").click();
  await until(async () => assert.notDeepEqual(await ticks(page), whole));
  const closer = await ticks(page);
  const [x, y] = await place();
  await page.mouse.move(x, y);
  await page.mouse.wheel(200, 0);
  await until(async () => assert.notDeepEqual(await ticks(page), closer));
  const later = await ticks(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 4 });
  await page.mouse.move(x + 150, y, { steps: 4 });
  await page.mouse.up();
  await until(async () => assert.notDeepEqual(await ticks(page), later));
  assert.equal(await byId(page, "row-t4").getAttribute("aria-selected"), "false", "a drag is no click");
  await page.mouse.click(x, y);
  await until(async () => assert.equal(await byId(page, "row-t4").getAttribute("aria-selected"), "true"));
});

test("two fingers zoom", async (t) => {
  const page = await open(t, { width: 700, height: 900, hasTouch: true, isMobile: true });
  const whole = await ticks(page);
  const touch = (apart, type) => page.locator(".pg-timeline__chart").evaluate((chart, [apart, type]) => {
    const { left, top } = chart.getBoundingClientRect();
    const at = (id, x) => new Touch({ identifier: id, target: chart, clientX: left + 400 + x, clientY: top + 100 });
    chart.dispatchEvent(new TouchEvent(type, { touches: [at(1, -apart), at(2, apart)], cancelable: true, bubbles: true }));
  }, [apart, type]);
  await touch(40, "touchstart");
  await touch(120, "touchmove");
  await until(async () => assert.notDeepEqual(await ticks(page), whole));
});

test("from forty rows on a map shows all of them, and leads there", async (t) => {
  const page = await open(t, { yaml: NIGHTLY, width: 1280, height: 720 });
  const map = await byId(page, "minimap").boundingBox();
  await page.mouse.click(map.x + map.width / 2, map.y + map.height - 3);
  await until(async () => assert.ok((await scrolled(page)) > 600));
  const few = await open(t);
  assert.equal(await byId(few, "minimap").count(), 0);
});

test("the map and the end of the run before fit the axis, zoomed as well", async (t) => {
  const page = await open(t, { yaml: NIGHTLY.replaceAll(/(type: io\.kestra\.plugin\.airbyte.*)/gu, "$1 # sim: 5m") });
  await byId(page, "row-extract_sources").getByRole("button", { name: "One slot more for extract_sources" }).click();
  await byId(page, "ghost-result").waitFor();
  const map = byId(page, "minimap");
  const [frame, all] = await map.evaluate((map) => [map.querySelector("rect"), map].map((one) => one.getBoundingClientRect().toJSON()));
  assert.ok(frame.left >= all.left && frame.right <= all.right, `${frame.left} to ${frame.right} of ${all.left} to ${all.right}`);
  const was = page.locator(".pg-timeline__note--end");
  assert.match(await was.textContent(), /^was /u);
  await byId(page, "zoom-in").click();
  await until(async () => assert.equal(await was.count(), 0));
});

test("another flow is shown from its start", async (t) => {
  const page = await open(t, { yaml: NIGHTLY });
  await page.locator(".pg-timeline__chart").evaluate((chart) => chart.scrollTo(0, 300));
  await byId(page, "zoom-in").click();
  await until(async () => assert.notEqual((await ticks(page))[0], "0"));
  await paste(page, NIGHTLY.replace("id: nightly_warehouse_refresh", "id: other"));
  await until(async () => assert.equal((await ticks(page))[0], "0"));
  assert.equal(await scrolled(page), 0);
});

test("a half-typed key grays nothing until typing has rested", async (t) => {
  const page = await open(t);
  const content = byId(page, "editor").locator(".cm-content");
  await content.click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type("x");
  const look = () => page.evaluate(() => {
    const opacity = (selector) => getComputedStyle(document.querySelector(selector)).opacity;
    return [opacity(".pg-result__value"), opacity(".pg-transport .pg-button"), getComputedStyle(document.querySelector(".pg-banner")).visibility];
  });
  await until(async () => assert.equal(await state(page), "error"));
  // The animations that wait stand at their beginning, then at their end.
  const at = (ms) => page.evaluate((ms) => document.getAnimations().forEach((animation) => {
    animation.pause();
    animation.currentTime = ms;
  }), ms);
  await at(500);
  assert.deepEqual(await look(), ["1", "1", "hidden"]);
  await at(700);
  const [value, button, banner] = await look();
  assert.ok(Number(value) < 1 && Number(button) < 1 && banner === "visible", `${value} ${button} ${banner}`);
});

test("without motion Run shows the end at once", async (t) => {
  const page = await open(t, { reducedMotion: "reduce" });
  await byId(page, "run").click();
  assert.equal(await state(page), "ended");
});

test("the menu of the last row opens at the pointer, whole", async (t) => {
  const page = await open(t, { width: 1280, height: 720, yaml: NIGHTLY });
  const rows = page.locator(".pg-timeline__row");
  await rows.nth(7).click({ button: "right", position: { x: 700, y: 20 } });
  const box = await byId(page, "task-menu").boundingBox();
  assert.ok(box.y >= 0 && box.y + box.height <= 720 && box.x + box.width <= 1280, JSON.stringify(box));
});

test("on a phone speed, zoom, undo, share and embed are there, for fingers", { skip: needs("taps") }, async (t) => {
  const page = await open(t, { width: 360, height: 740, editor: false, hasTouch: true, isMobile: true });
  await byId(page, "more").tap();
  for (const id of ["speed", "zoom-in", "zoom-out", "undo", "redo", "share", "more"]) {
    const box = await byId(page, id).boundingBox();
    assert.ok(box.width >= 44 && box.height >= 44 && box.x >= 0 && box.x + box.width <= 360, `${id} ${JSON.stringify(box)}`);
  }
  await byId(page, "speed").selectOption({ index: 4 });
  await byId(page, "zoom-in").tap();
  await byId(page, "share").tap();
  await byId(page, "share-embed").tap();
  await byId(page, "embed-code").waitFor();
});

test("the header names the example that the text is, and a letter finds one", async (t) => {
  const page = await open(t);
  await byId(page, "row-parent").getByRole("button", { name: "One slot more for parent" }).click();
  await until(async () => assert.equal(await page.locator(".pg-header__title").innerText(), "Parallel, 3 slots (changed)"));
  await byId(page, "undo").click();
  await until(async () => assert.equal(await page.locator(".pg-header__title").innerText(), "Parallel, 3 slots"));
  await byId(page, "examples").click();
  assert.equal(await byId(page, "example-parallel").getAttribute("aria-current"), "true");
  await page.keyboard.press("g");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), "example-graham");
});

test("the settings refuse what they can't read, and say so at the field until it can be read", async (t) => {
  const page = await open(t);
  await byId(page, "open-settings").click();
  const alerts = byId(page, "settings").getByRole("alert");
  for (const [id, wrong, right, why] of [["set-start", "yesterday", "2024-02-01T00:00:00Z", /^A date such as/u], ["set-workers", "-3", "3", /: 1 or more/u]]) {
    await fill(byId(page, id), wrong);
    await byId(page, id).press("Enter");
    await until(async () => assert.match(await alerts.innerText(), why));
    assert.equal(await byId(page, id).getAttribute("aria-invalid"), "true");
    const [field, alert] = [await byId(page, id).boundingBox(), await alerts.boundingBox()];
    assert.ok(alert.y >= field.y + field.height && alert.y < field.y + field.height + 12 && alert.width > 100, "below the field");
    await fill(byId(page, id), right);
    await byId(page, id).press("Enter");
    await until(async () => assert.equal(await alerts.count(), 0));
  }
});
