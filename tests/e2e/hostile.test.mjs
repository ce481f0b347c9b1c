// A thousand names that try to become markup or script, through every way out of the program: page, pictures, files, link, embed,
// fence. Each is shown as text or refused; nothing runs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { byId, open, state, text, until } from "./harness.mjs";
import { hosts } from "./hosts.mjs";

const BATCHES = 20;
const PER_BATCH = 50;
const TOOL = process.env.PARALLELOGRAM ?? "target/debug/parallelogram";

/** What a name is made of; all that could run calls `pwned`. */
const PIECES = [
  "<script>pwned()</script>", "<img src=x onerror=pwned()>", "\"><svg onload=pwned()>", "' onfocus='pwned()' autofocus x='", "<iframe srcdoc='<script>parent.pwned()</script>'>",
  "</text><script>pwned()</script>", "</title><style>@import 'x'</style>", "</code></pre><b>", "]]><!--", "-->", "<?xml-stylesheet href='x'?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "&lt;script&gt;",
  "javascript:pwned()", "](javascript:pwned())", "![x](x)", "```", "~~~", "| a | b |", "=pwned()", "`${pwned()}`",
  "{{constructor.constructor('pwned()')()}}", "${pwned()}", "{pwned()}", "<% pwned() %>", "%%{init: {'securityLevel': 'loose'}}%%", "click t1 call pwned()", "section a; b", ":done, 0, 9", "#35;",
  "\u202e", "\u2066", "\u200b", "\ufeff", "\u0000", "\u0008", "\u001b[2J", "\u2028", "\r\n", "\t", "\\", "\\u003c", "'", "\"", "עברית", "é", "👩‍👩‍👧", "a".repeat(300), "task",
];

/** Names of one to four pieces, the same ones each time. */
function names(batch) {
  let seed = batch + 1;
  const next = (n) => ((seed = (seed * 48271) % 2147483647), seed % n);
  return Array.from({ length: PER_BATCH }, (_, n) => `${n} ${Array.from({ length: 1 + next(4) }, () => PIECES[next(PIECES.length)]).join("")}`);
}

/** Braces are expressions in values, so names with them are descriptions. */
const isPlain = (name) => !name.includes("{{");

const kestra = (names) => `id: hostile
namespace: n
description: ${JSON.stringify(names[0])}
labels: {label: ${JSON.stringify(names[1])}}
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    concurrencyLimit: 4
    description: ${JSON.stringify(names.filter((name) => !isPlain(name)).join(" "))}
    values: ${JSON.stringify(names.filter(isPlain))}
    tasks:
      - {id: say, type: io.kestra.plugin.core.log.Log, message: "{{taskrun.value}}"}
      - {id: nap, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
`;

const release = (names) => `apiVersion: xl-release/v1
kind: Templates
spec:
- template: ${JSON.stringify(names[0])}
  phases:
  - phase: ${JSON.stringify(names[1])}
    tasks:
${names.slice(2).map((name) => `    - name: ${JSON.stringify(name)}\n      type: xlrelease.Task\n`).join("")}`;

/** Counts what ran, in each frame of a page from now on. */
const watched = (page) => page.addInitScript(() => {
  window.ran = 0;
  for (const name of ["pwned", "alert", "print"]) window[name] = () => void window.ran++;
});

/** What of a document could run, or fetch something from elsewhere. Used in the page and on parsed pictures. */
const DANGERS = `(root) => [...root.querySelectorAll("*")].flatMap((element) => [
  ...(/^(?:script|iframe|object|embed|foreignobject|image|img|base|meta|link|form)$/i.test(element.localName) ? [element.outerHTML.slice(0, 200)] : []),
  ...[...element.attributes].filter(({ name, value }) => /^on/i.test(name) || (/href$|^src/i.test(name) && !value.startsWith("#"))).map(({ name, value }) => name + "=" + value.slice(0, 200)),
])`;

/** The files that the page saves, by kind. */
async function files(page) {
  const saved = {};
  await byId(page, "share").click();
  for (const kind of ["svg", "play", "png", "json", "csv", "trace", "mermaid", "markdown", "text"]) {
    const [download] = await Promise.all([page.waitForEvent("download"), byId(page, `share-${kind}`).click()]);
    saved[kind] = readFileSync(await download.path());
  }
  const link = byId(page, "share-link");
  await until(async () => assert.notEqual((await link.count()) ? await link.inputValue() : await byId(page, "share-note").innerText(), ""));
  const address = (await link.count()) ? await link.inputValue() : null;
  await page.keyboard.press("Escape");
  return { ...saved, address };
}

for (let batch = 0; batch < BATCHES; batch++) {
  const shown = names(batch).filter((name) => batch % 2 || isPlain(name)).length - 2;
  const yaml = (batch % 2 ? release : kestra)(names(batch));
  test(`nothing in hostile names runs, batch ${batch} of ${BATCHES}`, async (t) => {
    const page = await open(t, { editor: false, routes: watched });
    const outside = () => page.evaluate(`(${DANGERS})(document.body).length`);
    const before = await outside();
    await page.evaluate((yaml) => window.__playground.load(yaml), yaml);
    assert.notEqual(await state(page), "error", await byId(page, "diag").allInnerTexts().then(String));
    await page.keyboard.press("Tab");
    assert.equal(await outside(), before, "the page has no other elements than its own");

    const { svg, play, png, json, csv, trace, mermaid, markdown, address } = await files(page);
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    assert.ok(JSON.parse(json).taskRunList.length >= shown);
    assert.ok(JSON.parse(trace).traceEvents.every(({ name }) => typeof name === "string"));
    assert.doesNotMatch(csv.toString(), /^[=+@-]/mu, "no cell is a formula");

    const blank = await page.context().newPage();
    await watched(blank);
    await blank.goto("about:blank");
    for (const picture of [svg, play]) {
      const parsed = await blank.evaluate(`((text) => { const parsed = new DOMParser().parseFromString(text, "image/svg+xml"); return { error: parsed.querySelector("parsererror")?.textContent, dangers: (${DANGERS})(parsed) }; })(${JSON.stringify(picture.toString())})`);
      assert.deepEqual([parsed.error, parsed.dangers], [undefined, []]);
    }
    await blank.addScriptTag({ path: "node_modules/mermaid/dist/mermaid.min.js" });
    const drawn = await blank.evaluate(async (text) => {
      window.mermaid.initialize({ startOnLoad: false });
      const { svg } = await window.mermaid.render("picture", text);
      document.body.innerHTML = svg;
      return document.querySelectorAll("text").length;
    }, mermaid.toString());
    assert.ok(drawn >= shown);
    assert.deepEqual(await blank.evaluate(`(${DANGERS})(document.body)`), []);

    const fence = `# Page\n\n\`\`\`yaml flow title=${JSON.stringify(names(batch)[3])}\n${yaml}\`\`\`\n\n${markdown}`;
    const [figure] = JSON.parse(execFileSync(TOOL, ["figures"], { input: JSON.stringify({ page: fence, base: "" }), encoding: "utf8" }));
    if (figure?.html) {
      await blank.setContent(figure.html);
      const own = await blank.evaluate(`(${DANGERS})(document.body)`);
      assert.deepEqual(own.filter((danger) => !/^(?:<img slot="fallback" src="data:image\/svg\+xml|src=data:image\/svg\+xml|srcset=data:)/u.test(danger)), [], figure.html.slice(0, 500));
    }
    assert.equal(await blank.evaluate(() => window.ran), 0);

    if (address) {
      const again = await page.context().newPage();
      await watched(again);
      await again.goto(address);
      await again.waitForFunction(() => window.__playground !== undefined);
      await again.evaluate(() => window.__playground.ready);
      assert.equal(await text(again), yaml);
      assert.equal(await again.evaluate(() => window.ran), 0);
    }
    assert.equal(await page.evaluate(() => window.ran), 0);
  });

  test(`nothing in hostile names runs in an embed, batch ${batch} of ${BATCHES}`, async (t) => {
    const page = await open(t, { path: `${await hosts(t)}element.html`, mounted: false, reducedMotion: "reduce", routes: watched });
    const ended = await page.evaluate(async ([yaml, title]) => {
      await customElements.whenDefined("flow-playground");
      const element = document.createElement("flow-playground");
      Object.assign(element, { yaml, title });
      element.setAttribute("load", "eager");
      document.getElementById("more").append(element);
      await element.ready;
      const svg = await element.svg();
      return { state: element.state, svg: svg.slice(0, 4) };
    }, [yaml, names(batch)[3]]);
    assert.deepEqual(ended, { state: "idle", svg: "<svg" });
    const frame = page.frames().at(-1);
    await frame.getByTestId("run").waitFor();
    for (const inside of [page, frame]) assert.equal(await inside.evaluate(() => window.ran), 0);
    assert.deepEqual(await frame.evaluate(`(${DANGERS})(document.querySelector(".pg-embed")).filter((danger) => /pwned|onerror|onload/.test(danger))`), []);
  });
}

test("names of 100 KB are shown or refused, and the page stays alive", async (t) => {
  const long = "<img src=x onerror=pwned()>".repeat(4000);
  for (const yaml of [kestra([long, "b", "c"]), release(["a", "b", long]), `id: ${"a".repeat(100_000)}\nnamespace: n\ntasks:\n  - {id: t, type: io.kestra.plugin.core.log.Log, message: a}\n`]) {
    const page = await open(t, { editor: false, routes: watched, yaml });
    assert.match(await state(page), /^(?:idle|error)$/u);
    if (await state(page) === "idle") {
      const { svg, trace } = await files(page);
      assert.doesNotMatch(svg.toString(), /<img/u);
      assert.ok(JSON.parse(trace).traceEvents.length > 0);
    }
    assert.equal(await text(page), yaml);
    assert.equal(await page.evaluate(() => window.ran), 0);
  }
});
