import { DIST, launch, load } from "./browser.mjs";
import { serve } from "./serve.mjs";
const server = await serve(DIST), browser = await launch();
const base = `http://127.0.0.1:${server.address().port}/`;
const only = process.argv[2];
async function shot(name, path, width, height, colorScheme, act) {
  if (only && !name.startsWith(only)) return;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, hasTouch: width < 500, isMobile: width < 500 });
  await load(page, base + path);
  await page.waitForSelector(path.includes("lessons") ? ".pg-lessons__item" : "[data-testid=course]");
  await act?.(page);
  await page.clock.runFor(200);
  await page.screenshot({ path: `/tmp/shots/${name}-${width}-${colorScheme}.png` });
  await page.close();
}
const guess = (n) => async (page) => { await page.getByTestId("course-time").fill(n); await page.getByTestId("course-commit").click(); await page.clock.runFor(9000); };
for (const [w, h] of [[1440, 900], [1280, 720], [360, 740]]) for (const c of ["light", "dark"]) {
  await shot("ask", "#lesson=no-gain&step=2", w, h, c);
  await shot("wrong", "#lesson=no-gain&step=2", w, h, c, guess("1.5"));
  await shot("choice", "#lesson=chains&step=4", w, h, c);
  await shot("do", "#lesson=group-slot&step=4", w, h, c);
  await shot("list", "#lessons", w, h, c);
}
await shot("present", "#lesson=longest-first&step=1", 1280, 720, "light", async (page) => { await page.getByTestId("present").click(); await page.locator("[data-claim]").first().click(); });
await shot("presentshown", "#lesson=no-gain&step=2", 1280, 720, "light", async (page) => { await page.getByTestId("present").click(); await page.getByTestId("course-time").fill("1.5"); await page.getByTestId("course-commit").click(); await page.getByTestId("course-answer").click(); await page.clock.runFor(9000); });
await shot("embed", "embed.html#lesson=no-gain&step=2", 700, 600, "light", guess("1.5"));
await shot("embed", "embed.html#lesson=no-gain&step=2", 380, 700, "dark");
await browser.close(); server.closeAllConnections(); server.close();
