// A visit in Firefox, besides the tests of `tests/e2e/`, which `scripts/test.sh` runs there too: a link, why a task waited, presenting, an embed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, open, result, slide, state, text, until } from "../e2e/harness.mjs";
import { hosts } from "../e2e/hosts.mjs";

test("a link opens the same page in another tab", async (t) => {
  const page = await open(t);
  await slide(page, "parent", 4);
  await byId(page, "row-t4").click();
  await byId(page, "share").click();
  const link = await byId(page, "share-link").inputValue();
  assert.match(link, /#.*flow=1/u);
  const other = await open(t, { path: link });
  assert.equal(await text(other), await text(page));
  assert.equal(await byId(other, "slider-parent").inputValue(), "4");
  assert.equal(await byId(other, "row-t4").getAttribute("aria-selected"), "true");
});

test("a row says why it waited, and the chart is presented", async (t) => {
  const page = await open(t);
  await byId(page, "row-t4").click();
  const why = /t4 waited 1\.0 s because all 3 slots of parent were taken by t1, t2 and t3\./u;
  await until(async () => assert.match(await byId(page, "why").innerText(), why));
  await byId(page, "present").click();
  await byId(page, "leave").waitFor();
  await byId(page, "run").click();
  await page.clock.runFor(3000);
  assert.equal(await state(page), "ended");
});

test("what was typed is there again after a reload", async (t) => {
  const page = await open(t);
  await byId(page, "editor").getByText("concurrent: 3").click();
  await page.keyboard.press("End");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("6");
  await until(async () => assert.equal(await result(page), 1000));
  await page.clock.runFor(1000);
  await page.reload();
  await until(async () => assert.match(await text(page), /concurrent: 6/u));
});

test("a sandboxed frame in another page runs", async (t) => {
  const page = await open(t, { path: `${await hosts(t)}frame.html`, mounted: false });
  await page.locator("iframe").scrollIntoViewIfNeeded();
  const frame = page.frameLocator("iframe");
  await frame.getByTestId("run").click();
  await until(async () => assert.equal(await state(frame), "ended"));
  assert.equal(await result(frame), 2000);
});
