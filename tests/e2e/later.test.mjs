// The later part of the simulator: the first timeline does without it, and what comes before it has arrived waits for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, open, paste, result, state, text, until } from "./harness.mjs";

const LATER = "**/web_later.wasm";

/** The kinds of requests for the later part so far: `fetch` ahead of time, `xhr` when it was needed at once. */
function requests(page) {
  const kinds = [];
  page.on("request", (request) => request.url().endsWith("web_later.wasm") && kinds.push(request.resourceType()));
  return kinds;
}

/** Lets no fetch of the later part through, only requests that something waits for. */
const notAhead = (page) => page.route(LATER, (route) => (route.request().resourceType() === "fetch" ? route.abort() : route.continue()));
const never = (page) => page.route(LATER, (route) => route.abort());

for (const [path, width] of [["", 1440], ["", 390], ["#example=sequential", 1440], ["#example=nested-limits", 1440], ["embed.html#example=parallel", 800]]) {
  test(`the first timeline of ${path || "the page"} at ${width} px does without the later part`, async (t) => {
    let kinds = [];
    const page = await open(t, { path, width, editor: false, expectErrors: true, routes: async (page) => {
      kinds = requests(page);
      await never(page);
    } });
    assert.equal(await state(page), "idle");
    assert.ok((await result(page)) > 0);
    assert.ok(!kinds.includes("xhr"), `requests: ${kinds}; if the simulator has changed, scripts/profile.mjs updates the list of what comes later`);
  });
}

test("what the reader does before the later part has arrived waits for it", async (t) => {
  let kinds = [];
  const page = await open(t, { expectErrors: true, routes: async (page) => {
    kinds = requests(page);
    await notAhead(page);
  } });
  await paste(page, (await text(page)).replace("concurrent: 3", "concurrent: 2"));
  await until(async () => assert.equal(await result(page), 3000));
  await until(() => assert.ok(kinds.includes("xhr"), `requests: ${kinds}`));
});

test("a link with a text waits for the later part before its first timeline", async (t) => {
  let kinds = [];
  const flow = "id: f\nnamespace: n\ntasks:\n  - {id: a, type: io.kestra.plugin.core.log.Log, message: '{{ [3, 1] | sort | jq(\".[0]\") | first }}'}\n";
  const page = await open(t, { path: `#yaml=${encodeURIComponent(flow)}`, routes: async (page) => void (kinds = requests(page)) });
  assert.equal(await text(page), flow);
  assert.deepEqual(kinds, ["fetch"]);
});

test("a link with an example that needs more waits for the later part before its first timeline", async (t) => {
  let kinds = [];
  const page = await open(t, { path: "#example=retry", routes: async (page) => void (kinds = requests(page)) });
  assert.match(await text(page), /^id: retry/u);
  assert.deepEqual(kinds, ["fetch"]);
});

test("without the later part, the card offers the text", async (t) => {
  const page = await open(t, { expectErrors: true, routes: never });
  const mine = await page.evaluate(() => globalThis.parallelogramText());
  for (const id of ["open-settings", "run"]) await byId(page, id).dispatchEvent("click");
  await byId(page, "crash").waitFor();
  assert.equal(await byId(page, "crash").locator("textarea").inputValue(), mine);
});
