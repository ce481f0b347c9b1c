// A browser with the built page, its clock standing still: for the browser tests and the pictures. It is Chromium, or Firefox with
// BROWSER=firefox.
import { fileURLToPath } from "node:url";
import { chromium, firefox } from "playwright-core";
import { ws } from "playwright-core/lib/utilsBundle";

export const DIST = process.env.DIST ?? fileURLToPath(new URL("../dist/", import.meta.url));
/**
 * What is off in Chromium. It profiles memory in a few of its starts, and then crashes when suspended work allocates, as it looks for
 * callers beyond the end of that stack. The others are those of Playwright, whose own list does not count beside this one.
 */
const OFF = [
  "HeapProfilerReporting", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
  "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
];
const ARGS = [`--disable-features=${OFF}`, "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** How long something may take in real time before a test gives up, in ms: machines are slow at times. */
export const PATIENCE = 30_000;

/** Waits in real time until `check` no longer throws; fails with its last error. */
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

/** The browser under test, by name. */
export const BROWSER = process.env.BROWSER ?? "chromium";

/** Firefox does not know this command of WebDriver BiDi yet, which Playwright sends for each context; `PREFERENCES` stand in for it. */
const UNKNOWN_TO_FIREFOX = "emulation.setMediaFeaturesOverride";

/** What Chromium is told for each context, and Firefox reads from its preferences as it starts. */
const PREFERENCES = {
  colorScheme: { dark: { "layout.css.prefers-color-scheme.content-override": 0 } },
  forcedColors: { active: { "browser.display.document_color_use": 2 } },
  hasTouch: { true: { "dom.w3c_touch_events.enabled": 1, "ui.allPointerCapabilities": 1, "ui.primaryPointerCapabilities": 1 } },
  javaScriptEnabled: { false: { "javascript.enabled": false } },
  reducedMotion: { reduce: { "ui.prefersReducedMotion": 1 } },
};

/** The preferences of a Firefox in which a context has these options. */
export const preferences = (options) => Object.assign({}, ...Object.entries(PREFERENCES).map(([name, values]) => values[options[name]]));

/** Playwright's own scrolling to what it presses, in JSON: with WebDriver BiDi it brings also to the center what is in view. */
const SCROLLS_TO_CENTER = /(?<=node\.scrollIntoView\(\{.{0,99})center(.{0,40})center/u;

/**
 * Fixes what Playwright and Firefox say to each other: answers the unknown command, scrolls no more than it has to, and gives each download the
 * name that Playwright follows it by.
 */
function speakForFirefox() {
  const { emit, send } = ws.prototype;
  ws.prototype.send = function (data, ...rest) {
    const { id, method } = JSON.parse(data);
    if (method !== UNKNOWN_TO_FIREFOX) return send.call(this, data.replace(SCROLLS_TO_CENTER, "nearest$1nearest"), ...rest);
    queueMicrotask(() => this.emit("message", Buffer.from(JSON.stringify({ type: "success", id, result: {} })), false));
  };
  ws.prototype.emit = function (event, data, ...rest) {
    if (event !== "message" || !data.includes('"browsingContext.download')) return emit.call(this, event, data, ...rest);
    const { params, ...message } = JSON.parse(data);
    return emit.call(this, event, Buffer.from(JSON.stringify({ ...message, params: { download: params.url, ...params } })), ...rest);
  };
}

let isFirefoxSpokenFor = false;

/**
 * What differs in a Firefox that is driven without a screen: its scroll bars lie beside the page, a page on the whole screen gets another size
 * than that of its context, and a page with something to lose is left without a question.
 */
const AS_WITH_SCREEN = { "dom.disable_beforeunload": false, "full-screen-api.enabled": false, "ui.useOverlayScrollbars": 1 };

/** Starts a browser; `firefoxUserPrefs` are for Firefox alone. */
export function launch({ browser = BROWSER, firefoxUserPrefs, ...options } = {}) {
  const { CHROMIUM = "/usr/bin/chromium", FIREFOX = "/usr/bin/firefox-esr" } = process.env;
  if (browser === "chromium") return chromium.launch({ executablePath: CHROMIUM, args: ARGS, ...options });
  if (!isFirefoxSpokenFor) speakForFirefox();
  isFirefoxSpokenFor = true;
  const prefs = { ...AS_WITH_SCREEN, ...firefoxUserPrefs };
  return firefox.launch({ channel: "moz-firefox", executablePath: FIREFOX, firefoxUserPrefs: prefs, ...options });
}

/** Loads the page and waits for its first picture; from then on its time passes only by `page.clock.runFor(ms)`. */
export async function load(page, address) {
  await page.clock.install({ time: new Date("2026-01-01T00:00:00Z") });
  await page.goto(address);
  await page.waitForFunction(() => window.__playground !== undefined);
  await page.evaluate(() => window.__playground.ready);
  await page.clock.pauseAt(new Date("2026-01-01T01:00:00Z"));
}
