// Our own docs site, below /docs/ of the page as `make run` serves it: every flow runs, and every link leads somewhere.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { DIST, launch } from "../../scripts/browser.mjs";
import { serve } from "../../scripts/serve.mjs";

const SITE = join(DIST, "docs");
const pages = readdirSync(SITE, { recursive: true }).filter((file) => file.endsWith(".html") && !["404.html", "toc.html"].includes(file));
const textOf = (page) => readFileSync(join(SITE, page), "utf8");

let server, browser;
before(async () => {
  server = await serve(DIST);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

for (const path of pages.filter((page) => textOf(page).includes("<flow-playground"))) {
  test(`docs: the flows of ${path} run, and are as claimed`, async (t) => {
    const page = await browser.newPage();
    t.after(() => page.close());
    const said = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.address().port}/docs/${path}`);
    for (const element of await page.locator("flow-playground").all()) {
      assert.match(await element.evaluate((node) => node.svg()), /^<svg/u);
      if (await element.getAttribute("expect")) assert.equal(await element.frameLocator("iframe").getByTestId("expect").getAttribute("data-state"), "met");
    }
    assert.deepEqual(said, []);
  });
}

test("docs: every link leads to a page and to a heading", () => {
  const wrong = [];
  for (const page of pages) {
    const [, main] = /<main>([^]*)<\/main>/u.exec(textOf(page)) ?? ["", ""];
    for (const [, target] of main.matchAll(/<a [^>]*href="([^"]*)"/gu)) {
      if (/^\w+:/u.test(target)) continue;
      const [file, anchor] = target.split("#");
      const path = file === "" ? page : join(dirname(page), file);
      const isThere = existsSync(join(SITE, path)) && (!anchor || textOf(path).includes(`id="${anchor}"`));
      if (!isThere) wrong.push(`${page}: ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(pages.length > 15);
});
