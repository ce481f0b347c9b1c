// What has to hold in the site of every generator: the tests of each sample call `siteTests` with how it is built.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { DIST, PATIENCE, launch, until } from "../../scripts/browser.mjs";
import { serve } from "../../scripts/serve.mjs";

export const SAMPLES = fileURLToPath(new URL("./", import.meta.url));
const PREFIX = "/a/b/";
/** The policy of a careful host. Generators have inline scripts and styles of their own, which it then forbids. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; frame-src 'self'";

/** Runs a generator in the folder of a sample. */
export function run(command, args, { sample, env = {} }) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: join(SAMPLES, sample), env: { ...process.env, ...env }, encoding: "utf8" });
  if (error) throw error;
  return { status, output: stdout + stderr };
}

/**
 * @param {object} sample
 * @param {string} sample.name of the generator
 * @param {(out: string, address: string) => { status: number, output: string }} sample.build the site into a folder, to be served at an address
 * @param {(out: string) => { status: number, output: string }} sample.buildFalse one with a claim that does not hold
 * @param {RegExp} sample.fault what the second prints: file, line and what is expected
 * @param {string} [sample.path] of the page with the flow
 * @param {string | null} [sample.files] the folder of the site that gets the files of the playground; null when the build puts them there
 * @param {string} [sample.link] the name of the link to the other page, when it is shown without loading it anew
 * @param {{ name: string | RegExp }} [sample.copy] the button that copies the block
 */
export function siteTests({ name, build, buildFalse, fault, path = "", files = "parallelogram", link, copy }) {
  const out = mkdtempSync(join(tmpdir(), "site-"));
  let server, browser, built;
  before(async () => {
    server = await serve(out, 0, PREFIX);
    built = build(out, address());
    if (files) cpSync(DIST, join(out, files), { recursive: true });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    rmSync(out, { recursive: true, force: true });
  });

  const address = () => `http://127.0.0.1:${server.address().port}${PREFIX}`;

  /** Whether something that is reported is about the playground: a policy may well forbid what the generator's own scripts do. */
  const isOurs = (text) => text.includes(files ?? "parallelogram");

  /** Opens the page; `said` is what the console warns of. */
  async function open(t, { policy = false, width = 1200, init, ...options } = {}) {
    assert.equal(built.status, 0, built.output);
    const context = await browser.newContext({ viewport: { width, height: 900 }, serviceWorkers: "block", ...options });
    t.after(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const said = [];
    page.on("pageerror", (error) => isOurs(error.stack ?? "") && said.push(`exception: ${error}`));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && isOurs(message.location().url) && said.push(message.text()));
    if (init) await page.addInitScript(init);
    if (policy) {
      const withPolicy = async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": POLICY } });
      };
      await page.route((url) => url.pathname.endsWith("/") || url.pathname.endsWith(".html"), withPolicy);
    }
    await page.goto(address() + path);
    return { page, said };
  }

  const element = (page) => page.locator("flow-playground").first();
  const numbers = (page) => page.locator("flow-playground + details").first();
  async function isLive(page) {
    await element(page).scrollIntoViewIfNeeded();
    const result = element(page).frameLocator("iframe").getByTestId("result");
    await until(async () => assert.equal(await result.getAttribute("data-ms"), "2000"));
  }

  test(`${name}: the diagram below a block runs it, and its claim holds`, async (t) => {
    const { page, said } = await open(t);
    await isLive(page);
    await element(page).frameLocator("iframe").getByTestId("expect").getByText("as expected").waitFor();
    assert.deepEqual(said, []);
    if (copy) {
      await page.locator("pre").first().hover();
      await page.getByRole("button", copy).first().waitFor();
    }
  });

  test(`${name}: without script there are the block, the picture and the numbers`, async (t) => {
    const { page } = await open(t, { javaScriptEnabled: false });
    await page.locator("pre").filter({ hasText: "id: parallel" }).first().waitFor();
    const picture = page.getByRole("img", { name: "Timeline of Six tasks, three slots: 2.0 s" });
    await picture.waitFor();
    await numbers(page).locator("summary").click();
    await numbers(page).getByRole("cell", { name: "t4" }).waitFor();
  });

  test(`${name}: a strict policy forbids nothing of it`, async (t) => {
    const { page, said } = await open(t, { policy: true, init: () => {
      window.forbidden = [];
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) => window.forbidden.push({ violatedDirective, blockedURI, sourceFile }));
    } });
    await isLive(page);
    const forbidden = await page.evaluate(() => window.forbidden);
    assert.deepEqual(forbidden.filter(({ blockedURI, sourceFile }) => isOurs(`${blockedURI} ${sourceFile}`) || blockedURI === "data"), []);
    assert.deepEqual(said, []);
  });

  test(`${name}: with storage blocked it runs`, async (t) => {
    const { page } = await open(t, { init: () => {
      for (const kind of ["localStorage", "sessionStorage"]) {
        Object.defineProperty(window, kind, { get: () => { throw new DOMException("blocked", "SecurityError"); } });
      }
    } });
    await isLive(page);
  });

  test(`${name}: within a sandbox it runs`, async (t) => {
    const { page } = await open(t);
    await page.setContent(`<iframe src="${address()}${path}" sandbox="allow-scripts" width="1100" height="800"></iframe>`);
    await isLive(page.frameLocator("iframe").first());
  });

  for (const width of [320, 480, 760, 1200]) {
    test(`${name}: it fits into a page of ${width} px, live or not`, async (t) => {
      const { page } = await open(t, { width });
      const fits = async (what) => {
        const { left, right } = await page.locator(what).first().evaluate((node) => node.getBoundingClientRect().toJSON());
        assert.ok(left >= 0 && right <= width, `${what} is from ${left} to ${right}`);
      };
      await fits("flow-playground img");
      await isLive(page);
      await fits("flow-playground iframe");
      await numbers(page).locator("summary").click();
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(sideways <= 0, `the page scrolls by ${sideways} px`);
    });
  }

  test(`${name}: on paper there are the picture and the numbers, and no buttons`, async (t) => {
    const { page } = await open(t);
    await isLive(page);
    await page.emulateMedia({ media: "print" });
    assert.equal(await element(page).locator("img").isVisible(), true);
    assert.equal(await element(page).locator("iframe").isVisible(), false);
    assert.equal(await element(page).getByRole("button").isVisible(), false);
    const cell = numbers(page).getByRole("cell", { name: "t4" });
    assert.equal(await cell.evaluate((node) => node.checkVisibility({ contentVisibilityAuto: true, checkVisibilityCSS: true })), true);
  });

  if (link) {
    test(`${name}: it runs after another page was shown, and back`, async (t) => {
      const { page, said } = await open(t);
      await isLive(page);
      await page.evaluate(() => (window.isSamePage = true));
      await page.locator("article a, main a").filter({ hasText: link }).last().click();
      await page.getByText("A plain block stays as it is").waitFor();
      assert.equal(await page.evaluate(() => window.isSamePage), true, "the page was not loaded anew");
      await page.goBack();
      await page.getByText("The last three wait for a slot").waitFor();
      await isLive(page);
      assert.deepEqual(said, []);
    });
  }

  test(`${name}: a claim that does not hold stops the build, with file and line`, () => {
    const { status, output } = buildFalse(join(out, "false"));
    assert.notEqual(status, 0);
    assert.match(output, fault);
  });
}
