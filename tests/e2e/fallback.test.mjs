// What is there without a connection, without scripts and without the simulator: S54, and the fallbacks of the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, result, until } from "./harness.mjs";

for (const path of ["", "embed.html#example=parallel"]) {
  test(`S54 without a connection ${path || "the page"} opens again`, async (t) => {
    // With its own clock: of a frozen one a page doesn't hear what it has loaded.
    const page = await open(t, { path, mounted: false, serviceWorkers: "allow" });
    const isKept = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active && (await caches.match("web_later.wasm")) !== undefined);
    await until(async () => assert.ok(await isKept()));
    await page.context().setOffline(true);
    await page.reload();
    await until(async () => assert.equal(await result(page), 2000));
  });
}

/** The picture and the table of the first example, as a reader without the simulator sees them. */
async function assertFallback(page) {
  await page.getByRole("img", { name: "t1 to t3 run at once" }).waitFor();
  assert.ok(await page.locator("main img").evaluate((img) => img.complete && img.naturalWidth > 0));
  assert.equal(await page.getByRole("row").count(), 4);
}

test("without scripts there are a picture and a table", async (t) => {
  const page = await open(t, { mounted: false, javaScriptEnabled: false });
  await assertFallback(page);
});

test("without the simulator there are a message, a picture and a table", async (t) => {
  const page = await open(t, { mounted: false, expectErrors: true, routes: (page) => page.route("**/web_bg.wasm", (route) => route.abort()) });
  await page.getByText("The simulator could not be loaded").waitFor();
  await assertFallback(page);
});
