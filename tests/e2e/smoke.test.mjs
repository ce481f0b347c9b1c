// The page as a static site: it mounts in any folder under its policy, and says so when it can't.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { test } from "node:test";
import { DIST } from "../../scripts/browser.mjs";
import { address, byId, open, result, state, until } from "./harness.mjs";

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
  "connect-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'";

test("S39 the page mounts below a folder, under its strict policy", async (t) => {
  const page = await open(t);
  assert.equal(await state(page), "idle");
  assert.equal(await result(page), 2000);
  const html = readFileSync(`${DIST}index.html`, "utf8");
  assert.ok(html.includes(`content="${POLICY}"`));
  assert.doesNotMatch(html, /<style| style=|<script(?![^>]* src=)/u, "nothing inline");
  assert.doesNotMatch(html, /(src|href)="(\/|[a-z]+:)/u, "addresses are relative");
});

test("the tests notice what the policy forbids", async (t) => {
  const page = await open(t, { expectErrors: true });
  await page.evaluate(() => document.body.setAttribute("style", "color: red"));
  await until(() => assert.ok(page.errors.some((error) => error.startsWith("policy: style-src"))));
});

test("a page without its simulator says so", async (t) => {
  const page = await open(t, { mounted: false, expectErrors: true, routes: (page) => page.route("**/*.wasm", (route) => route.abort()) });
  await page.getByText("The simulator could not be loaded").waitFor();
});

test("a dark page is dark from its first picture on, before the simulator starts", async (t) => {
  const page = await open(t, { mounted: false, colorScheme: "dark", expectErrors: true, routes: (page) => page.route("**/start.js", (route) => route.abort()) });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(await background(), "rgb(20, 23, 28)");
});

test("a page without scripts says so", async (t) => {
  const page = await open(t, { mounted: false, javaScriptEnabled: false });
  await page.locator("noscript p").waitFor();
});

test("the page works where storage is blocked, and then follows the system's theme", async (t) => {
  const forbid = () => Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("forbidden", "SecurityError"); } });
  const page = await open(t, { colorScheme: "dark", routes: (page) => page.addInitScript(forbid) });
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await byId(page, "theme").click();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "light");
});

test("the server serves the site with the right types, and nothing else", async () => {
  const { hostname, port } = new URL(address());
  const fetched = (path) =>
    new Promise((resolve, reject) => {
      get({ hostname, port, path }, (response) => resolve({ status: response.statusCode, ...response.headers }, response.resume())).on("error", reject);
    });
  const wasm = await fetched("/a/b/web_bg.wasm");
  assert.equal(wasm["content-type"], "application/wasm");
  assert.equal(wasm["access-control-allow-origin"], "*");
  assert.equal((await fetched("/a/b/?x#y")).status, 200);
  for (const path of ["/", "/a/b/none", "/a/b/../../Cargo.toml", "/a/b/%2e%2e/Cargo.toml", "/a/b/..%2fCargo.toml", "/a/b/%", "/a/b/%00", "//"]) {
    assert.equal((await fetched(path)).status, 404, path);
  }
});
