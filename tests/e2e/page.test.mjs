// The page as a whole: its policy, what it loads when, themes, sizes, keys, and what happens when things go wrong.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { audit } from "./audit.mjs";
import { byId, choose, open, result, state, text, until } from "./harness.mjs";

test("the picture comes before the editor, and a text area works until then", async (t) => {
  let letEditorGo;
  const held = new Promise((resolve) => (letEditorGo = resolve));
  const page = await open(t, {
    editor: false,
    routes: (page) => page.route("**/editor.js", async (route) => (await held, route.continue())),
  });
  assert.equal(await result(page), 2000);
  const area = byId(page, "editor").locator("textarea");
  await area.fill((await area.inputValue()).replace("concurrent: 3", "concurrent: 6"));
  await until(async () => assert.equal(await result(page), 1000));
  letEditorGo();
  const content = byId(page, "editor").locator(".cm-content");
  await content.waitFor();
  await until(async () => assert.match(await content.innerText(), /concurrent: 6/u));
  assert.equal(await area.count(), 0);
});

test("the text area stays when the editor can't be loaded", async (t) => {
  const page = await open(t, { editor: false, expectErrors: true, routes: (page) => page.route("**/editor.js", (route) => route.abort()) });
  const area = byId(page, "editor").locator("textarea");
  await area.fill("");
  await until(async () => assert.equal(await state(page), "error"));
  assert.match(await byId(page, "diag").innerText(), /there is no flow in this text/u);
});

test("all requests go to the page's own folder, and none carries the text", async (t) => {
  const requests = [];
  const page = await open(t, { routes: async (page) => page.on("request", (request) => requests.push(request)) });
  await byId(page, "slider-parent").fill("6");
  assert.ok(requests.length >= 5);
  for (const request of requests) {
    assert.match(request.url(), /^http:\/\/127\.0\.0\.1:\d+\/a\/b\//u);
    assert.equal(request.method(), "GET");
  }
});

test("the theme follows the system, and the choice is kept", async (t) => {
  const page = await open(t, { colorScheme: "dark" });
  const theme = () => page.locator("html").getAttribute("data-theme");
  assert.equal(await theme(), "dark");
  await byId(page, "theme").click();
  assert.equal(await theme(), "light");
  assert.equal(await page.evaluate(() => localStorage.getItem("parallelogram.theme")), "light");
});

test("nothing overflows at 1440, 700, 360 and 320 px", async (t) => {
  for (const width of [1440, 700, 360, 320]) {
    const page = await open(t, { width, height: 800, editor: false });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `at ${width} px the page is ${wide} px wide`);
    await byId(page, "run").click();
    await page.clock.runFor(3000);
    assert.equal(await state(page), "ended");
  }
});

test("keys work while the timeline has the focus", async (t) => {
  const page = await open(t);
  await page.getByRole("treegrid").focus();
  for (const key of ["ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
  assert.equal(await byId(page, "row-t1").getAttribute("aria-selected"), "true");
  assert.match(await byId(page, "row-t4").getAttribute("aria-label"), /^t4, waiting for a slot 0 to 1 second, running 1 to 2 seconds, success, row 5 of 8$/u);
  await page.keyboard.press("]");
  await until(async () => assert.match(await text(page), /concurrent: 4/u));
  await page.keyboard.press("[");
  await until(async () => assert.match(await text(page), /concurrent: 3/u));
  await page.keyboard.press("l");
  await byId(page, "log").waitFor();
  await page.keyboard.press(" ");
  await until(async () => assert.equal(await state(page), "running"));
  await page.keyboard.press("r");
  await until(async () => assert.equal(await state(page), "idle"));
  await page.keyboard.press("?");
  await byId(page, "dialog").getByText("run, from anywhere").waitFor();
  await page.keyboard.press("Escape");
  await until(async () => assert.equal(await byId(page, "dialog").isVisible(), false));
});

test("arrow keys move along the segments of a row; Esc clears, then leaves; single keys can be turned off", async (t) => {
  const page = await open(t);
  const now = () => byId(page, "playhead").getAttribute("data-ms");
  await byId(page, "row-t4").click();
  await page.getByRole("treegrid").focus();
  for (const [key, ms] of [["ArrowLeft", "1000"], ["ArrowLeft", "0"], ["ArrowRight", "1000"], ["ArrowRight", "2000"]]) {
    await page.keyboard.press(key);
    await until(async () => assert.equal(await now(), ms));
  }
  await page.keyboard.press("Escape");
  await until(async () => assert.equal(await byId(page, "row-t4").getAttribute("aria-selected"), "false"));
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), "run");

  await byId(page, "keys").click();
  await byId(page, "single-keys").uncheck();
  await page.keyboard.press("Escape");
  await page.getByRole("treegrid").focus();
  await page.keyboard.press("2");
  await page.keyboard.press("Home");
  await until(async () => assert.equal(await now(), "0"));
  assert.equal(await byId(page, "view-gantt").getAttribute("aria-checked"), "true", "a single key does nothing");
  await page.reload();
  assert.equal(await page.locator("html").getAttribute("data-keys"), "off");
});

test("reduced motion: Run shows the end at once", async (t) => {
  const page = await open(t, { reducedMotion: "reduce" });
  await byId(page, "run").click();
  await until(async () => assert.equal(await state(page), "ended"));
});

test("when the simulator panics, a card offers the text", async (t) => {
  const page = await open(t, { expectErrors: true });
  const mine = await text(page);
  // Foreign code removes rows from the page: the next picture cannot replace them, and the module traps.
  await page.evaluate(() => document.querySelectorAll(".pg-timeline__row").forEach((row) => row.remove()));
  await choose(page, "sequential");
  const card = byId(page, "crash");
  await card.waitFor();
  assert.ok(page.errors.some((error) => error.includes("unreachable")), `a trap, not ${page.errors}`);
  assert.match(await card.innerText(), /The simulator stopped\. Your text is safe\./u);
  assert.equal(await card.locator("textarea").inputValue(), mine);
});

test("hostile texts are reported, and never lost", async (t) => {
  const page = await open(t, { editor: false });
  const bomb = ["a0: &a0 [x]", ...Array.from({ length: 11 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`)}]`)].join("\n");
  for (const yaml of ["", "# only a comment\n", "- a\n- b\n", "id: a\n\ttasks: b\n", "[".repeat(10_000), bomb]) {
    await page.evaluate((text) => window.__playground.load(text), yaml);
    assert.equal(await state(page), "error");
    assert.match(await byId(page, "diag").innerText(), /^error\[/u);
    assert.equal(await text(page), yaml);
  }
});

test("the saved picture is the command line tool's, byte for byte", async (t) => {
  const page = await open(t);
  for (const example of ["parallel", "sequential"]) {
    await choose(page, example);
    const download = page.waitForEvent("download");
    await byId(page, "share").click();
    await byId(page, "share-svg").click();
    const saved = readFileSync(await (await download).path(), "utf8");
    await byId(page, "share-close").click();
    const flow = join(mkdtempSync(join(tmpdir(), "parallelogram-")), "flow.yaml");
    writeFileSync(flow, await text(page));
    const printed = execFileSync("target/debug/parallelogram", ["simulate", flow, "--format", "svg"], { encoding: "utf8" });
    assert.equal(saved, printed);
    assert.match(saved, /<title[^>]*>/u);
    assert.doesNotMatch(saved, /<script|href|url\((?!#)/u);
  }
});

test("a flow of 10,000 tasks draws only the rows in view", async (t) => {
  const tasks = Array.from({ length: 10_000 }, (_, n) => `      - {id: t${n}, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}`);
  const yaml = ["id: big", "namespace: n", "tasks:", "  - id: p", "    type: io.kestra.plugin.core.flow.Parallel", "    concurrent: 100", "    tasks:", ...tasks, ""].join("\n");
  const page = await open(t, { yaml });
  assert.equal(await result(page), 100_000);
  const nodes = () => byId(page, "timeline").locator("*").count();
  assert.ok((await nodes()) <= 900, `${await nodes()} nodes`);
  await page.locator(".pg-timeline__chart").evaluate((chart) => (chart.scrollTop = chart.scrollHeight));
  await byId(page, "row-t9999").waitFor();
  assert.ok((await nodes()) <= 900, `${await nodes()} nodes`);
});

test("an audit finds nothing serious, in both themes, wide and narrow", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1440, 360]) {
      const page = await open(t, { colorScheme, width, editor: width > 700 });
      await page.clock.resume(); // the audit uses timers of its own
      const serious = (await audit(page)).filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(serious.map(({ id, targets }) => `${id}: ${targets}`), []);
    }
  }
});
