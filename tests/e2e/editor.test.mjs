// The editor: fixes S17, completion, explanations, hints at line ends, folding, breakpoints, pasted Markdown S67, kept texts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, choose, open, paste, result, state, text, until } from "./harness.mjs";

const content = (page) => byId(page, "editor").locator(".cm-content");

test("S17 a misspelt property is fixed with a click", async (t) => {
  const page = await open(t);
  const right = await text(page);
  await page.evaluate((yaml) => window.__playground.load(yaml), right.replace("concurrent:", "concurent:"));
  await until(async () => assert.equal(await state(page), "error"));
  await byId(page, "fix").click();
  await until(async () => assert.equal(await text(page), right));
  assert.equal(await result(page), 2000);
});

test("completions are offered, and accepted with Enter", async (t) => {
  const page = await open(t);
  await byId(page, "editor").getByText("concurrent: 3").click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("timeo");
  const offers = byId(page, "editor").locator(".pg-completions li");
  await until(async () => {
    await page.clock.runFor(100);
    assert.match((await offers.allInnerTexts()).join("\n"), /timeout/u);
  });
  await page.clock.runFor(200); // A completion can be accepted once it has been visible for a moment.
  await page.keyboard.press("Enter");
  await until(async () => assert.match(await text(page), /concurrent: 3\n {4}timeout: ?/u));
});

test("the page has the text of the editor after each kind of edit", async (t) => {
  const page = await open(t);
  const right = `${sleeps("f", 1)}# \u{1F600} a \rb\n`.replaceAll("\n", "\r\n");
  await page.evaluate((yaml) => window.__playground.load(yaml), right);
  await content(page).click();
  const texts = [right];
  /** Does something in the editor, after which both have the same text and another one than before. */
  const edit = async (...keys) => {
    for (const key of keys) await (key.length > 1 && /^\w/u.test(key) ? page.keyboard.press(key) : page.keyboard.insertText(key));
    await until(async () => {
      const [now, written] = [await text(page), await page.evaluate(() => globalThis.parallelogramText())];
      assert.equal(now, written);
      assert.notEqual(now, texts.at(-1));
      texts.push(now);
    });
  };
  await edit("Control+End", "ArrowUp", "End", "Backspace");
  await edit("Home", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "\u{1F601}");
  assert.match(texts.at(-1), /\r\n# \u{1F601} a \r\r\n$/u);
  await edit("Enter");
  await edit("Backspace");
  await edit("Control+a", "Control+]");
  assert.match(texts.at(-1), /^ {2}id: f\r\n {2}namespace: docs\r\n/u);
  await edit("Control+[");
  await edit("Control+Home", "Alt+ArrowDown");
  await edit("ArrowDown", "Delete", "Control+Delete");
  await edit("Control+z");
  await edit("Control+a", "Delete");
  await edit("Control+z");
});

test("each line shows how long its task takes, and a click on its number sets a breakpoint", async (t) => {
  const page = await open(t);
  const hint = (line) => byId(page, "editor").locator(".cm-line").nth(line - 1).getAttribute("data-hint");
  await until(async () => assert.equal(await hint(9), "→ 1.0 s, starts at 0 s"));
  await page.clock.runFor(100); // The editor measures its lines.
  const number = byId(page, "editor").locator(".cm-lineNumbers .cm-gutterElement", { hasText: /^30$/u });
  await number.click();
  await until(async () => assert.match(await number.getAttribute("class"), /pg-stop/u));
  await byId(page, "run").click();
  await page.clock.runFor(1700);
  assert.equal(await byId(page, "playhead").getAttribute("data-ms"), "1000");
  assert.equal(await state(page), "paused");
});

test("a group is folded by the arrow beside its line", async (t) => {
  const page = await open(t);
  const before = await byId(page, "editor").locator(".cm-line").count();
  await content(page).click();
  await byId(page, "editor").locator(".pg-fold").nth(1).click({ force: true });
  await until(async () => assert.ok((await byId(page, "editor").locator(".cm-line").count()) < before));
  assert.equal(await result(page), 2000);
});

const sleeps = (id, seconds) => `id: ${id}\nnamespace: docs\ntasks:\n  - id: t\n    type: io.kestra.plugin.core.flow.Sleep\n    duration: PT${seconds}S\n`;

test("S67 the flows in pasted Markdown are offered by name, and opening one can be undone", async (t) => {
  const page = await open(t);
  const docs = `# Two flows\n\nThe first:\n\n\`\`\`yaml\n${sleeps("short", 1)}\`\`\`\n\n1. The second:\n\n   \`\`\`yaml\n${sleeps("long", 7).replaceAll(/^/gm, "   ")}\`\`\`\n\n\`\`\`sh\nls\n\`\`\`\n`;
  await paste(page, docs);
  await byId(page, "offer").waitFor();
  assert.deepEqual(await byId(page, "offer").getByRole("button").allInnerTexts(), ["short, line 6", "long, line 17"]);
  await byId(page, "offer-long").click();
  assert.equal(await result(page), 7000);
  assert.equal((await text(page)).trimEnd(), sleeps("long", 7).trimEnd());
  assert.equal(await byId(page, "offer").count(), 0);
  await byId(page, "timeline").focus();
  await page.keyboard.press("ControlOrMeta+z");
  await until(async () => assert.equal(await text(page), docs));
});

test("text and settings are restored after a reload, and older texts can be opened", async (t) => {
  const page = await open(t, { path: "#example=sequential&view=slots" });
  await paste(page, sleeps("mine", 5));
  await until(async () => assert.equal(await result(page), 5000));
  await byId(page, "view-gantt").click();
  await page.clock.runFor(1000);
  assert.ok(!page.url().includes("#"), "the address no longer says what the page shows");
  await page.clock.runFor(120_000);
  await choose(page, "retry");
  await page.clock.runFor(1000);
  const latest = await text(page);

  await page.reload();
  await until(async () => assert.equal(await text(page), latest));
  await byId(page, "versions").click();
  await byId(page, "dialog").getByRole("button", { name: /^mine/u }).click();
  await until(async () => assert.equal(await text(page), sleeps("mine", 5)));
  await byId(page, "timeline").focus();
  await page.keyboard.press("ControlOrMeta+z");
  await until(async () => assert.equal(await text(page), latest));
});

test("the last edit is kept although the page is left at once", async (t) => {
  const page = await open(t);
  await paste(page, sleeps("hasty", 3));
  await until(async () => assert.equal(await result(page), 3000));
  await page.reload();
  await until(async () => assert.equal(await text(page), sleeps("hasty", 3)));
});

test("where storage is blocked the page says so, and works", async (t) => {
  const page = await open(t, {
    routes: (page) => page.addInitScript(() => {
      for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get: () => { throw new DOMException("blocked", "SecurityError"); } });
    }),
  });
  assert.ok(await byId(page, "not-kept").isVisible());
  await paste(page, sleeps("a", 4));
  await until(async () => assert.equal(await result(page), 4000));
  await page.clock.runFor(1000);
  await byId(page, "versions").click();
  assert.match(await page.getByRole("dialog").innerText(), /no other version yet/u);
});
