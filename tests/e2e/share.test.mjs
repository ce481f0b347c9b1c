// Sharing (S10, S25 to S28): a link that holds the whole page, and pictures.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { byId, choose, fill, ghost, open, result, slide, state, text, until } from "./harness.mjs";

/** The fragment of the link that the page offers. */
async function shared(page) {
  await byId(page, "share").click();
  const link = await byId(page, "share-link").inputValue();
  await page.keyboard.press("Escape");
  return link.slice(link.indexOf("#"));
}

const chart = (page) => page.locator(".pg-timeline__chart").evaluate((chart) => chart.outerHTML);

test("S10 seek to 0.5 s by link and by key: the same picture", async (t) => {
  const byKey = await open(t);
  await byId(byKey, "timeline").locator("[role=treegrid]").focus();
  await byKey.keyboard.press("Home");
  await byId(byKey, "playhead").focus();
  for (let n = 0; n < 5; n++) await byKey.keyboard.press("ArrowRight");
  await byKey.mouse.move(0, 0);
  const byLink = await open(t, { path: "#t=0.5s" });
  assert.equal(await byId(byLink, "playhead").getAttribute("data-ms"), "500");
  assert.equal(await chart(byLink), await chart(byKey));
});

test("S25 share, then a new tab: the same text, slider, view, selection and time", async (t) => {
  const page = await open(t);
  await slide(page, "parent", 4);
  await byId(page, "row-t4").click();
  await byId(page, "view-slots").click();
  await byId(page, "panel-log").click();
  await byId(page, "step-next").click();
  await byId(page, "step-next").click();
  const fragment = await shared(page);
  const other = await open(t, { path: fragment });
  assert.equal(await text(other), await text(page));
  assert.match(await text(other), /concurrent: 4/);
  assert.equal(await byId(other, "slider-parent").inputValue(), "4");
  assert.equal(await byId(other, "view-slots").getAttribute("aria-checked"), "true");
  assert.equal(await byId(other, "panel-log").getAttribute("aria-selected"), "true");
  assert.equal(await byId(other, "playhead").getAttribute("data-ms"), "1000");
  assert.equal(await shared(other), fragment);
  await byId(other, "view-gantt").click();
  assert.equal(await byId(other, "row-t4").getAttribute("aria-selected"), "true");
});

test("the critical path and an open panel go with the link, a closed one stays closed", async (t) => {
  const page = await open(t);
  await choose(page, "nested-limits");
  await byId(page, "panel-curve").click();
  await byId(page, "show-heat").click();
  await byId(page, "panel-details").click();
  await byId(page, "critical-switch").click();
  const panel = await open(t, { path: await shared(page) });
  await byId(panel, "critical").waitFor();
  assert.equal(await byId(panel, "panel-details").getAttribute("aria-selected"), "true");
  await byId(page, "panel-curve").click();
  await byId(page, "close-panel").click();
  await byId(page, "critical-switch").click();
  const closed = await open(t, { path: await shared(page) });
  assert.equal(await closed.locator(".pg-panel__body").count(), 0);
  assert.equal(await byId(closed, "critical").count(), 0);
});

test("settings of the run go with the link", async (t) => {
  const page = await open(t);
  await byId(page, "open-settings").click();
  await fill(byId(page, "set-delay"), "0.5");
  await byId(page, "set-delay").press("Enter");
  const other = await open(t, { path: await shared(page) });
  assert.equal(await result(other), await result(page));
  assert.notEqual(await result(other), 2000);
});

test("S26 a link that was cut says so and offers what could be read", async (t) => {
  const page = await open(t);
  const fragment = await shared(page);
  const cut = await open(t, { path: fragment.slice(0, -1) });
  await byId(cut, "link-notice").waitFor();
  assert.match(await byId(cut, "link-notice").innerText(), /cut or changed/);
  await byId(cut, "link-notice").getByRole("button", { name: "Open it anyway" }).click();
  assert.equal(await byId(cut, "link-notice").count(), 0);
  assert.ok((await text(page)).startsWith((await text(cut)).slice(0, -4)));
  for (const broken of ["#flow=1", "#flow=1!!", "#flow=2abc", "#flow", `#flow=1${"A".repeat(70_000)}`]) {
    const page = await open(t, { path: broken });
    await byId(page, "link-notice").waitFor();
    await byId(page, "link-notice").getByRole("button", { name: "Close" }).click();
    assert.equal(await result(page), 2000);
  }
});

test("S27 a link with flow B is short, and opens in an open page too", async (t) => {
  const page = await open(t);
  await choose(page, "sequential");
  const flow = await text(page);
  await byId(page, "share").click();
  const link = await byId(page, "share-link").inputValue();
  assert.ok(link.length <= 500, `${link.length} characters`);
  const other = await open(t);
  await other.evaluate((fragment) => (location.hash = fragment), link.slice(link.indexOf("#")));
  await until(async () => assert.equal(await text(other), flow));
  assert.equal(await result(other), 3000);
});

test("a hand-written link, with an unknown parameter", async (t) => {
  const page = await open(t, { path: `#colour=red&view=slots&yaml=${encodeURIComponent("id: a\nnamespace: n\ntasks:\n  - {id: t, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}\n")}` });
  assert.equal(await result(page), 3000);
  assert.equal(await state(page), "idle");
});

test("a long link says so, and one that is too long is not offered", async (t) => {
  const page = await open(t);
  // Text that does not pack well.
  const noise = (n) => { let x = 1; return Array.from({ length: n }, () => ((x = (x * 48271) % 2147483647), x.toString(36))).join("\n# "); };
  for (const [n, note, links] of [[1500, /long: some/, 1], [15_000, /too large/, 0]]) {
    await page.evaluate((yaml) => window.__playground.load(yaml), `# ${noise(n)}\nid: a\nnamespace: n\ntasks:\n  - {id: t, type: io.kestra.plugin.core.log.Log, message: a}\n`);
    await byId(page, "share").click();
    await until(async () => assert.match(await byId(page, "share-note").innerText(), note));
    assert.equal(await byId(page, "share-link").count(), links);
    await page.keyboard.press("Escape");
  }
});

test("S28 the SVG has a title, nothing from outside, and the tool's bytes; the PNG is a picture", async (t) => {
  const page = await open(t);
  await byId(page, "share").click();
  const saved = async (id) => {
    const [download] = await Promise.all([page.waitForEvent("download"), byId(page, id).click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const svg = await saved("share-svg");
  assert.equal(svg.name, "parallel.svg");
  const picture = svg.bytes.toString();
  assert.match(picture, /<title/);
  assert.doesNotMatch(picture, /<script|<a |<image|href="(?!#)|url\((?!#)/);
  assert.ok(picture === readFileSync("docs/parallel.svg", "utf8"), "the page and the tool draw the same");
  const png = await saved("share-png");
  assert.equal(png.name, "parallel.png");
  assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
  assert.ok(png.bytes.readUInt32BE(16) >= 1000, "twice as wide as the SVG");
});

test("the lines to embed can be copied", async (t) => {
  const page = await open(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await byId(page, "embed").click();
  const element = await byId(page, "embed-code").inputValue();
  assert.match(element, /<flow-playground for="prev"/);
  assert.match(element, /flow-playground\.js/);
  assert.match(element, /<img slot="fallback" src="parallel\.svg" alt="Timeline of parallel: 2\.0 s">/);
  await byId(page, "embed-target").selectOption("HTML page without scripts of its own");
  const lines = byId(page, "embed-code");
  await until(async () => assert.match(await lines.inputValue(), /^<iframe src="http.*\/embed\.html#flow=1.*title="Timeline of parallel" width="100%" height="\d+" style="border:0"/));
  await byId(page, "embed-theme").selectOption("dark");
  await byId(page, "embed-view").selectOption("Slots");
  await until(async () => assert.match(await lines.inputValue(), /#view=slots&amp;theme=dark&amp;flow=1/));
  const frame = await lines.inputValue();
  await byId(page, "copy").first().click();
  await until(async () => assert.equal(await byId(page, "copy").first().innerText(), "Copied"));
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), frame);
});

test("the header fits, from 320 px on", async (t) => {
  for (const width of [320, 390, 700, 1100]) {
    const page = await open(t, { width, editor: false });
    await choose(page, "flow-concurrency");
    const right = await page.locator(".pg-header > *").evaluateAll((parts) => Math.max(...parts.map((part) => part.getBoundingClientRect().right)));
    assert.ok(right <= width, `${right} at ${width} px`);
  }
});

test("the lines for generators claim what the run takes, and the tool reads them", async (t) => {
  const page = await open(t, { yaml: "id: f # ```\nnamespace: n\ntasks:\n  - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1.5S}\n" });
  await byId(page, "view-slots").click();
  await byId(page, "embed").click();
  const folder = mkdtempSync(join(tmpdir(), "parallelogram-"));
  for (const [generator, file] of [["MkDocs", "page.md"], ["Sphinx, reStructuredText", "page.rst"]]) {
    await byId(page, "embed-target").selectOption(generator);
    await until(async () => assert.match(await byId(page, "embed-code").inputValue(), file.endsWith("md") ? /^`+yaml flow .*view="slots"/u : /^\.\. flow::\n {3}:view: slots/u));
    const lines = await byId(page, "embed-code").inputValue();
    for (const [text, status] of [[lines, 0], [lines.replace("PT1.5S", "PT2S"), 1]]) {
      writeFileSync(join(folder, file), text);
      const checked = spawnSync("target/debug/parallelogram", ["check", join(folder, file)], { encoding: "utf8" });
      assert.equal(checked.status, status, checked.stdout + checked.stderr + text);
      assert.match(checked.stderr, /^1 flow /u);
    }
  }
});

test("the dialogs fit on a phone", async (t) => {
  const page = await open(t, { width: 320, height: 700, editor: false });
  const fits = () => byId(page, "dialog").last().evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth);
  await byId(page, "share").click();
  assert.equal(await fits(), true);
  await byId(page, "share-embed").click();
  await byId(page, "embed-code").waitFor();
  assert.equal(await fits(), true);
});

test("each generator has its lines for the page and those for the site, with the address of this playground", async (t) => {
  const page = await open(t);
  await byId(page, "embed").click();
  await byId(page, "embed-target").waitFor();
  const names = await byId(page, "embed-target").locator("option").allInnerTexts();
  const once = { Docusaurus: /parallelogram\/docusaurus/u, VitePress: /withFlows/u, "Astro, Starlight": /parallelogram\/astro/u, MkDocs: /base: http:.*\/a\/b\//u, mdBook: /command = "parallelogram mdbook"\nbase = "http:/u, Hugo: /parallelogram = "http:/u, "Sphinx, MyST Markdown": /sphinx_parallelogram/u, "Sphinx, reStructuredText": /sphinx_parallelogram/u };
  for (const [name, setup] of Object.entries(once)) {
    assert.ok(names.includes(name), name);
    await byId(page, "embed-target").selectOption(name);
    await until(async () => assert.match(await byId(page, "embed-setup").inputValue(), setup));
    assert.doesNotMatch(await byId(page, "embed-setup").inputValue(), /HOST|\.\. flow/u);
  }
  await byId(page, "embed-target").selectOption("Plain Markdown, as on GitHub");
  await until(async () => assert.match(await byId(page, "embed-code").inputValue(), /^\[!\[Timeline of parallel: 2\.0 s\]\(parallel\.svg\)\]\(http.*#flow=1/u));
  assert.equal(await byId(page, "embed-setup").isVisible(), false);
  assert.ok(await page.locator(".pg-share__picture").evaluate((picture) => picture.naturalWidth > 500), "its picture is shown");
  const [preview] = await Promise.all([page.context().waitForEvent("page"), byId(page, "embed-preview").click()]);
  await preview.getByTestId("run").waitFor();
});

test("a link and a reload keep the plans that were kept; what makes a link too long is named", async (t) => {
  const page = await open(t);
  await byId(page, "panel-compare").click();
  await byId(page, "pin").click();
  await slide(page, "parent", 6);
  await until(async () => assert.equal(await result(page), 1000));
  await byId(page, "pin").click();
  await slide(page, "parent", 2);
  await until(async () => assert.equal(await result(page), 3000));
  const lines = (page) => byId(page, "trials").locator("tbody").first().innerText();
  const fragment = await shared(page);
  const other = await open(t, { path: `index.html${fragment}` });
  assert.equal(await lines(other), await lines(page));
  assert.equal(await ghost(other), 2000);
  await byId(other, "show-B").click();
  await until(async () => assert.equal(await result(other), 1000));
  const noise = Array.from({ length: 600 }, (_, n) => `# ${n * 7919}`).join("\n");
  await page.evaluate((noise) => window.__playground.load(`${window.__playground.text()}${noise}`), noise);
  await byId(page, "pin").click();
  await page.evaluate(() => window.__playground.load(window.__playground.text().split("# 0\n")[0]));
  await byId(page, "share").click();
  await until(async () => assert.match(await byId(page, "share-note").innerText(), /Plan [A-Z]+ is left out: it would make the link too long\./u));
});
