// Edit and compare: scenarios S11 to S13, S17, S18; the editor: S42, S43.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, choose, ghost, open, result, slide, state, text, until } from "./harness.mjs";

test("S11 the slider changes the number in the text and nothing else", async (t) => {
  const page = await open(t);
  const commented = (await text(page)).replace("    concurrent: 3", "    concurrent:   3   # slots");
  await page.evaluate((yaml) => window.__playground.load(yaml), commented);
  await slide(page, "parent", 6);
  await until(async () => assert.equal(await result(page), 1000));
  assert.equal(await ghost(page), 2000);
  assert.equal(await text(page), commented.replace("concurrent:   3", "concurrent:   6"));
  assert.match(await byId(page, "editor").locator(".cm-content").innerText(), /concurrent: {3}6 {3}# slots/u);
});

test("S12 undo takes the slider back: text, slider and result", async (t) => {
  const page = await open(t);
  const before = await text(page);
  await slide(page, "parent", 6);
  await page.keyboard.press("Control+z");
  await until(async () => assert.equal(await result(page), 2000));
  assert.equal(await text(page), before);
  assert.equal(await byId(page, "slider-parent").inputValue(), "3");
  await page.keyboard.press("Control+Shift+z");
  await until(async () => assert.equal(await result(page), 1000));
});

test("typing and sliding share one history, in the editor too", async (t) => {
  const page = await open(t);
  const before = await text(page);
  const content = byId(page, "editor").locator(".cm-content");
  await content.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("# note");
  assert.equal(await text(page), `${before}# note`);
  await slide(page, "parent", 2);
  assert.equal(await result(page), 3000);
  await content.click();
  await page.keyboard.press("Control+z");
  assert.equal(await text(page), `${before}# note`);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  assert.equal(await text(page), before);
});

test("S13 slots 4 and 5 gain nothing; no limit does", async (t) => {
  const page = await open(t);
  for (const slots of [4, 5]) {
    await slide(page, "parent", slots);
    await until(async () => assert.equal(await byId(page, "slider-parent").inputValue(), String(slots)));
    assert.equal(await result(page), 2000);
  }
  await byId(page, "no-limit-parent").click();
  await until(async () => assert.equal(await result(page), 1000));
  assert.match(await text(page), /^ {4}concurrent: 0$/mu);
  assert.equal(await byId(page, "no-limit-parent").getAttribute("aria-checked"), "true");
});

test("a group without the key gets it below its type", async (t) => {
  const page = await open(t);
  await choose(page, "sequential");
  const before = await text(page);
  await slide(page, "parent", 1);
  await until(async () => assert.equal(await result(page), 6000));
  const type = "    type: io.kestra.plugin.core.flow.Parallel\n";
  assert.equal(await text(page), before.replace(type, `${type}    concurrent: 1\n`));
});

test("S17 a misspelt property is reported on its line, with the right name", async (t) => {
  const page = await open(t);
  const broken = (await text(page)).replace("concurrent: 3", "concurent: 3");
  await page.evaluate((yaml) => window.__playground.load(yaml), broken);
  const line = broken.split("\n").findIndex((one) => one.includes("concurent")) + 1;
  const reported = await byId(page, "diag").innerText();
  assert.match(reported, new RegExp(`flow\\.yaml:${line}:5`, "u"));
  assert.match(reported, /did you mean `concurrent`\?/u);
  await until(async () => assert.match(await byId(page, "banner").innerText(), new RegExp(`Line ${line}`, "u")));
});

test("S18 a broken text keeps the last chart, dimmed; fixing it restores the chart", async (t) => {
  const page = await open(t);
  const good = await text(page);
  const rows = await page.locator("[data-testid^=row-]").count();
  const content = byId(page, "editor").locator(".cm-content");
  await content.click();
  await page.keyboard.press("Control+Home");
  for (let n = 0; n < 6; n++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Home");
  await page.keyboard.press("Home"); // past the indent
  await page.keyboard.press("Delete");
  await until(async () => assert.equal(await state(page), "error"));
  assert.equal(await page.locator("[data-testid^=row-]").count(), rows);
  assert.equal(await byId(page, "banner").evaluate((banner) => getComputedStyle(banner, "::before").opacity), "0.55");
  assert.match(await byId(page, "diag").innerText(), /add one space before `concurrent`/u);
  await byId(page, "banner").getByRole("button", { name: "Undo" }).click();
  await until(async () => assert.equal(await state(page), "idle"));
  assert.equal(await text(page), good);
  assert.equal(await byId(page, "banner").count(), 0);
});

test("the banner leads to the line", async (t) => {
  const page = await open(t);
  await page.evaluate((yaml) => window.__playground.load(yaml), (await text(page)).replace("concurrent: 3", "concurent: 3"));
  await byId(page, "banner").getByRole("button", { name: /Go to line/u }).click();
  await page.keyboard.type("X");
  await until(async () => assert.match(await text(page), /Xconcurent/u));
});

test("S42 Tab leaves the editor, and so do Esc and Tab", async (t) => {
  const page = await open(t);
  const content = byId(page, "editor").locator(".cm-content");
  const inEditor = () => page.evaluate(() => document.activeElement.matches(".pg-editor__host"));
  await content.click();
  assert.ok(await inEditor());
  await page.keyboard.press("Tab");
  assert.ok(!(await inEditor()));
  await content.click();
  await page.keyboard.press("Control+m");
  await page.keyboard.press("Tab");
  assert.ok(await inEditor(), "Ctrl+M makes Tab indent");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.ok(!(await inEditor()));
});

test("S43 keys typed into the editor trigger nothing else", async (t) => {
  const page = await open(t);
  await byId(page, "to-start").click();
  const before = await text(page);
  await byId(page, "editor").locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await until(async () => assert.equal(await page.locator("[aria-selected=true][role=row]").count(), 1));
  const timeline = await byId(page, "timeline").innerHTML();
  await page.keyboard.type("# w s a d l r c b 1 /");
  assert.equal(await text(page), `${before}# w s a d l r c b 1 /`);
  assert.ok((await byId(page, "timeline").innerHTML()) === timeline, "the timeline is another one");
  // Neither the cursor nor a key opens the panel.
  assert.match(await page.locator(".pg-panel").getAttribute("class"), /pg-panel--closed/u);
});

test("Ctrl+Enter runs from the editor", async (t) => {
  const page = await open(t);
  await byId(page, "editor").locator(".cm-content").click();
  await page.keyboard.press("Control+Enter");
  await until(async () => assert.equal(await state(page), "running"));
});
