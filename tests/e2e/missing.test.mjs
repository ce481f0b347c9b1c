// What a browser may lack or refuse: the page says so and goes on, and shows the text that was left here when it can't start.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DIST } from "../../scripts/browser.mjs";
import { byId, open, paste, result, slide, state, text, until } from "./harness.mjs";

/** The options of a page in whose browser these names lead to nothing: `Worker`, `navigator.clipboard`, … */
const without = (...names) => ({
  routes: (page) => page.addInitScript((names) => {
    for (const name of names) {
      const [owner, key] = name.startsWith("navigator.") ? [Navigator.prototype, name.slice(10)] : [window, name];
      Object.defineProperty(owner, key, { value: undefined, configurable: true });
    }
  }, names),
});

const sleeps = (id, seconds) => `id: ${id}\nnamespace: docs\ntasks:\n  - {id: t, type: io.kestra.plugin.core.flow.Sleep, duration: PT${seconds}S}\n`;

/** Leaves a text on the device of a page, as an earlier visit does. */
const leave = (page, text) => page.addInitScript((text) => {
  localStorage["parallelogram-versions"] ??= JSON.stringify([{ text, fragment: "", at: Date.now() }]);
}, text);

test("without workers, locks and caches the page does all but open without a connection", async (t) => {
  const page = await open(t, without("Worker", "SharedWorker", "navigator.serviceWorker", "navigator.locks", "caches"));
  await slide(page, "parent", 6);
  await until(async () => assert.equal(await result(page), 1000));
});

test("a storage that is not there is like one that is blocked", async (t) => {
  const page = await open(t, without("localStorage", "sessionStorage"));
  await byId(page, "not-kept").waitFor();
  await paste(page, sleeps("mine", 4));
  await until(async () => assert.equal(await result(page), 4000));
});

test("without a clipboard a table says so, and the link is selected", async (t) => {
  const page = await open(t, without("navigator.clipboard"));
  await byId(page, "panel-table").click();
  const copy = page.locator("[data-testid^=copy-]").first();
  await copy.click();
  await until(async () => assert.match(await copy.locator("..").innerText(), /Not allowed/u));
  await byId(page, "share").click();
  await byId(page, "copy").click();
  await byId(page, "dialog").getByText("Copying is not allowed here").waitFor();
  const isSelected = ([field]) => field.selectionEnd - field.selectionStart === field.value.length && field.value.length > 0;
  assert.ok(await byId(page, "share-link").evaluateAll(isSelected));
});

test("a browser that can't pack makes links with the plain text, and says that it can't open others", async (t) => {
  const packed = await open(t);
  await byId(packed, "share").click();
  const [, flow] = /#.*(flow=.*)$/u.exec(await byId(packed, "share-link").inputValue());

  const old = without("CompressionStream", "DecompressionStream");
  const page = await open(t, old);
  await slide(page, "parent", 6);
  await byId(page, "share").click();
  const link = await byId(page, "share-link").inputValue();
  assert.match(link, /#(.*&)?yaml=id%3A/u);
  const other = await open(t, { ...old, path: link.slice(link.indexOf("#")) });
  assert.equal(await text(other), await text(page));
  const refused = await open(t, { ...old, path: `#${flow}` });
  assert.match(await byId(refused, "link-notice").innerText(), /^This browser can't unpack links\./u);
  assert.equal(await result(refused), 2000);
});

const noPolicy = (page) => page.route(/\/a\/b\/(#.*)?$/u, async (route) => {
  const response = await route.fetch();
  await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": "script-src 'self'" } });
});
const half = (file) => (page) => page.route(`**/${file}`, (route) => {
  const whole = readFileSync(`${DIST}${file}`);
  return route.fulfill({ contentType: "application/wasm", body: whole.subarray(0, whole.length / 2) });
});

for (const [what, routes] of [
  ["is missing", without("WebAssembly").routes],
  ["is refused", noPolicy],
  ["comes only half", half("web_bg.wasm")],
]) {
  test(`where WebAssembly ${what} the page says so, with the text that was left here`, async (t) => {
    const page = await open(t, { mounted: false, expectErrors: true, routes: async (page) => {
      await leave(page, sleeps("mine", 4));
      await routes(page);
    } });
    await page.getByText("The simulator could not be loaded").waitFor();
    assert.equal(await page.getByLabel("Your text").inputValue(), sleeps("mine", 4));
    assert.equal(await page.getByRole("row").count(), 4, "and the picture and the table of the first example");
  });
}

test("a later part that comes only half is asked for again", async (t) => {
  let warned;
  const page = await open(t, { expectErrors: true, routes: async (page) => {
    warned = page.waitForEvent("console", (message) => message.text().includes("the later part of the simulator could not be loaded"));
    await half("web_later.wasm")(page);
  } });
  await warned;
  await page.unroute("**/web_later.wasm");
  await byId(page, "open-settings").click();
  await byId(page, "set-delay").waitFor();
  assert.equal(await state(page), "idle");
});
