// What browser tests share: the built page below /a/b/ of a static host, Chromium or Firefox, a frozen clock.
//
// A test fails when the page reports an error, or anything that its policy forbids, unless the test expects that.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { BROWSER, DIST, PATIENCE, launch, load, preferences } from "../../scripts/browser.mjs";
import { serve } from "../../scripts/serve.mjs";

export { until } from "../../scripts/browser.mjs";

const PREFIX = "/a/b/";

/** What a browser under test cannot be asked for, and why. */
const LACKS = {
  chromium: {},
  firefox: {
    "print media": "WebDriver BiDi has no command that shows a page as it is printed",
    "double clicks": "Playwright clicks once and once more with WebDriver BiDi",
    "frozen tabs": "only Chromium's own protocol freezes a tab",
    "taps": "Playwright's fingers do nothing with WebDriver BiDi",
    "suspended work": "it can't suspend WebAssembly in its midst",
  },
};
const CAPABILITIES = Object.values(LACKS).flatMap(Object.keys);

/** For the option `skip` of a test that needs this of its browser: why it cannot run there, or false. */
export function needs(capability) {
  assert.ok(CAPABILITIES.includes(capability), capability);
  const why = LACKS[BROWSER][capability];
  return why ? `${capability}: ${why}` : false;
}

let server;
/** A browser for each set of preferences, by that as JSON: one Chromium serves all. */
const browsers = new Map();

function browserFor(options) {
  const firefoxUserPrefs = BROWSER === "firefox" ? preferences(options) : {};
  const key = JSON.stringify(firefoxUserPrefs);
  if (!browsers.has(key)) browsers.set(key, launch({ firefoxUserPrefs }));
  return browsers.get(key);
}

before(async () => {
  server = await serve(DIST, 0, PREFIX);
});

after(async () => {
  for (const browser of browsers.values()) await (await browser).close();
  server?.closeAllConnections();
  server?.close();
});

/** The address of the page with this path; a full address is returned unchanged. */
export const address = (path = "") => path.startsWith("http:") ? path : `http://127.0.0.1:${server.address().port}${PREFIX}${path}`;

/**
 * Opens the page in a context of its own with a frozen clock, and waits for the first picture.
 *
 * @param {import("node:test").TestContext} t
 * @param {{ path?: string, yaml?: string, width?: number, height?: number, mounted?: boolean, editor?: boolean, routes?: (page) => Promise<void>, expectErrors?: boolean } & object} options
 *   `yaml` is loaded as the text; `editor: false` does not wait for the editor, `mounted: false` for nothing; other options are those of a browser context
 */
export async function open(t, { path = "", yaml, width = 1440, height = 900, mounted = true, editor = mounted, routes, expectErrors = false, ...options } = {}) {
  const browser = await browserFor(options);
  const context = await browser.newContext({ viewport: { width, height }, serviceWorkers: "block", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const errors = [];
  page.on("pageerror", (error) => errors.push(`exception: ${error}`));
  page.on("console", (message) => message.type() === "error" && errors.push(`console: ${message.text()}`));
  await page.exposeFunction("tellViolation", (text) => errors.push(`policy: ${text}`));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => window.tellViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
    // The box of a text: in a picture without its halo, which Firefox counts, and 1 px above and below, which hold no ink.
    window.boxOfText = (element) => {
      if (!(element instanceof SVGGraphicsElement)) return element.getBoundingClientRect();
      const { x, y, width, height } = element.getBBox();
      const { a, d, e, f } = element.getScreenCTM();
      return new DOMRect(x * a + e, y * d + f + 1, width * a, height * d - 2);
    };
  });
  await routes?.(page);
  await (mounted ? load(page, address(path)) : page.goto(address(path)));
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

/** Replaces the whole text of the editor, from the clipboard. */
export async function paste(page, text) {
  await page.evaluate((text) => {
    document.querySelector(".pg-editor__host").shadowRoot.querySelector(".cm-content").focus();
    return navigator.clipboard.writeText(text);
  }, text);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+v");
}

/** Replaces the text of a field by its keys, as a person does. */
export async function fill(field, value) {
  await field.press("ControlOrMeta+a");
  await (value ? field.pressSequentially(value) : field.press("Delete"));
}

/** The data and the place of a segment. */
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

/** Moves a slider to this number. */
export const slide = (page, group, value) => byId(page, `slider-${group}`).fill(String(value));

/** Switches a group between Parallel and Sequential, in the menu of its row. */
export async function switchMode(page, group) {
  await byId(page, `mode-menu-${group}`).or(byId(page, `slots-${group}`)).click();
  await byId(page, "task-menu").getByTestId("do-switch").click();
}

/** Chooses an example from the menu. */
export async function choose(page, example) {
  await byId(page, "examples").click();
  await byId(page, `example-${example}`).click();
}
