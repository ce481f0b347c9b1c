// What browser tests share: the built page below /a/b/ of a static host, Chromium, a frozen clock.
//
// A test fails when the page reports an error, or anything that its policy forbids, unless it expected that.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "../../scripts/serve.mjs";

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const PREFIX = "/a/b/";
/** How long a real thing may take before a test gives up, in ms: these machines are slow at times. */
const PATIENCE = 30_000;

let server, browser;

before(async () => {
  server = await serve("dist", 0, PREFIX);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS });
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

/** The address of the page. */
export const address = (path = "") => `http://127.0.0.1:${server.address().port}${PREFIX}${path}`;

/**
 * Opens the page in a context of its own, its clock standing still, and waits for the first picture.
 *
 * @param {import("node:test").TestContext} t
 * @param {{ path?: string, yaml?: string, width?: number, height?: number, editor?: boolean, routes?: (page) => Promise<void>, expectErrors?: boolean } & object} options
 *   `yaml` is loaded as the text; `editor: false` does not wait for the editor; other options are those of a browser context
 */
export async function open(t, { path = "", yaml, width = 1440, height = 900, editor = true, routes, expectErrors = false, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const errors = [];
  page.on("pageerror", (error) => errors.push(`exception: ${error}`));
  page.on("console", (message) => message.type() === "error" && errors.push(`console: ${message.text()}`));
  await page.exposeFunction("tellViolation", (text) => errors.push(`policy: ${text}`));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => window.tellViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  await page.clock.install({ time: new Date("2026-01-01T00:00:00Z") });
  await routes?.(page);
  await page.goto(address(path));
  await page.waitForFunction(() => window.__playground !== undefined);
  await page.evaluate(() => window.__playground.ready);
  await page.clock.pauseAt(new Date("2026-01-01T01:00:00Z"));
  if (editor) await page.locator(".cm-content").waitFor();
  if (yaml !== undefined) await page.evaluate((text) => window.__playground.load(text), yaml);
  t.after(async () => {
    await context.close();
    if (!expectErrors) assert.deepEqual(errors, []);
  });
  return Object.assign(page, { errors });
}

/** The element with a test id. */
export const byId = (page, id) => page.getByTestId(id);

/** Waits in real time until `check` no longer throws; its last error is the test's. */
export async function until(check) {
  for (const end = Date.now() + PATIENCE; ; ) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** What a segment says of itself, and where it stands. */
export async function segment(page, id, n) {
  const found = byId(page, `seg-${id}-${n}`);
  const { kind, fromMs, toMs, outcome } = await found.evaluate((element) => ({ ...element.dataset }));
  const { x, width } = await found.evaluate((element) => element.getBoundingClientRect().toJSON());
  return { kind, from: Number(fromMs), to: Number(toMs), outcome, x, width };
}

/** A segment as `KIND from-to`. */
export async function said(page, id, n) {
  const { kind, from, to } = await segment(page, id, n);
  return `${kind} ${from}-${to}`;
}

/** The result in ms, the one before in ms or null, the state of the page, the text. */
export const result = async (page) => Number(await byId(page, "result").getAttribute("data-ms"));
export const ghost = async (page) => {
  const shown = byId(page, "ghost-result");
  return (await shown.count()) ? Number(await shown.getAttribute("data-ms")) : null;
};
export const state = (page) => byId(page, "app").getAttribute("data-state");
export const text = (page) => page.evaluate(() => window.__playground.text());

/** Sets a slider as a hand would: to this number. */
export const slide = (page, group, value) => byId(page, `slider-${group}`).fill(String(value));

/** Chooses an example from the menu. */
export async function choose(page, example) {
  await byId(page, "examples").click();
  await byId(page, `example-${example}`).click();
}
