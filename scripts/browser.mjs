// A browser with the built page, its clock standing still: for the browser tests and the pictures. It is Chromium, or Firefox with
// BROWSER=firefox.
import { fileURLToPath } from "node:url";
import { chromium, firefox } from "playwright-core";
import { ws } from "playwright-core/lib/utilsBundle";

export const DIST = process.env.DIST ?? fileURLToPath(new URL("../dist/", import.meta.url));
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

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

/**
 * What Playwright asks of each context, and Firefox does not know yet of WebDriver BiDi. Answered here, it leaves `colorScheme` and
 * `reducedMotion` as the system has them.
 */
const UNKNOWN_TO_FIREFOX = "emulation.setMediaFeaturesOverride";

function answerForFirefox() {
  const { send } = ws.prototype;
  ws.prototype.send = function (data, ...rest) {
    const { id, method } = JSON.parse(data);
    if (method !== UNKNOWN_TO_FIREFOX) return send.call(this, data, ...rest);
    queueMicrotask(() => this.emit("message", Buffer.from(JSON.stringify({ type: "success", id, result: {} })), false));
  };
}

export function launch({ browser = process.env.BROWSER ?? "chromium", ...options } = {}) {
  const { CHROMIUM = "/usr/bin/chromium", FIREFOX = "/usr/bin/firefox-esr" } = process.env;
  if (browser === "chromium") return chromium.launch({ executablePath: CHROMIUM, args: ARGS, ...options });
  answerForFirefox();
  return firefox.launch({ channel: "moz-firefox", executablePath: FIREFOX, ...options });
}

/** Loads the page and waits for its first picture; from then on its time passes only by `page.clock.runFor(ms)`. */
export async function load(page, address) {
  await page.clock.install({ time: new Date("2026-01-01T00:00:00Z") });
  await page.goto(address);
  await page.waitForFunction(() => window.__playground !== undefined);
  await page.evaluate(() => window.__playground.ready);
  await page.clock.pauseAt(new Date("2026-01-01T01:00:00Z"));
}
