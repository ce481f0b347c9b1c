// Pictures of the page in shots/: three widths, both themes, four scenes. To be looked at, beside the design.
import { mkdir } from "node:fs/promises";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const SIZES = [[1440, 900], [700, 1000], [360, 780]];
const THEMES = ["light", "dark"];
const SCENES = {
  rest: async () => {},
  half: async (page) => {
    await page.getByTestId("playhead").focus();
    await page.keyboard.press("Home");
    for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowRight");
    await page.getByTestId("row-t4").click();
  },
  end: async (page) => {
    await page.getByTestId("run").click();
    await page.clock.runFor(3000);
  },
  broken: (page) => page.evaluate(() => {
    const { load, text } = window.__playground;
    return load(text().replace("    concurrent: 3", "   concurrent: 3"));
  }),
};

const out = new URL("../shots/", import.meta.url).pathname;
await mkdir(out, { recursive: true });
const server = await serve("dist");
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
for (const [width, height] of SIZES) {
  for (const colorScheme of THEMES) {
    for (const [scene, play] of Object.entries(SCENES)) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme });
      await page.clock.install();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      await page.waitForFunction(() => window.__playground !== undefined);
      await page.evaluate(() => window.__playground.ready);
      await page.clock.pauseAt(Date.now() + 3_600_000);
      await page.locator(".cm-content").waitFor({ state: "attached" });
      await play(page);
      await page.screenshot({ path: `${out}${scene}-${width}-${colorScheme}.png` });
      await page.close();
    }
  }
}
await browser.close();
server.closeAllConnections();
server.close();
console.log(`shots: ${SIZES.length * THEMES.length * Object.keys(SCENES).length} pictures in shots/`);
