// The editor: fixes S17, completion, explanations, hints at line ends, folding, breaks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, open, result, state, text, until } from "./harness.mjs";

const content = (page) => byId(page, "editor").locator(".cm-content");

test("S17 a misspelt property is mended with a click", async (t) => {
  const page = await open(t);
  const right = await text(page);
  await page.evaluate((yaml) => window.__playground.load(yaml), right.replace("concurrent:", "concurent:"));
  await until(async () => assert.equal(await state(page), "error"));
  await byId(page, "fix").click();
  await until(async () => assert.equal(await text(page), right));
  assert.equal(await result(page), 2000);
});

test("what may be written is offered, and taken with Enter", async (t) => {
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
  await page.clock.runFor(200); // An offer can be taken once it was to be seen for a moment.
  await page.keyboard.press("Enter");
  await until(async () => assert.match(await text(page), /concurrent: 3\n {4}timeout: ?/u));
});

test("each task says at its line how long it takes, and a line number stops the run there", async (t) => {
  const page = await open(t);
  const hint = (line) => byId(page, "editor").locator(".cm-line").nth(line - 1).getAttribute("data-hint");
  await until(async () => assert.equal(await hint(9), "→ 1.0 s, starts 0 s"));
  await byId(page, "editor").locator(".cm-lineNumbers .cm-gutterElement", { hasText: /^30$/u }).click();
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
