// The npm package in a project of its own: the same bytes as the command line tool, its types, its plugins, and its parts in a bundle.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "../../scripts/browser.mjs";
import { serve } from "../../scripts/serve.mjs";
import { SAMPLES, run } from "./site.mjs";

const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));
const PACKAGES = fileURLToPath(new URL("../../target/npm/", import.meta.url));
const { resolve } = createRequire(join(SAMPLES, "npm/"));
/** A module as the project of the sample sees it. */
const of = (name) => import(pathToFileURL(resolve(name)).href);
const { check, explain, simulate, svg } = await of("parallelogram");

const examples = readdirSync(EXAMPLES).map((name) => ({ name, path: join(EXAMPLES, name), text: readFileSync(join(EXAMPLES, name), "utf8") }));
const RELEASE = readFileSync(join(EXAMPLES, "release-flat.yaml"), "utf8");
const SIX = readFileSync(join(EXAMPLES, "parallel.yaml"), "utf8");
const page = (words) => `# A page\n\n\`\`\`yaml flow ${words}\n${SIX}\`\`\`\n`;

function tool(...args) {
  const { status, stdout, stderr } = spawnSync(process.env.PARALLELOGRAM ?? "parallelogram", args, { encoding: "utf8", maxBuffer: 1e9 });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** A folder of its own, until the test ends. */
function folder(t) {
  const path = mkdtempSync(join(tmpdir(), "npm-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const ran = (command, ...args) => {
  const { status, output } = run("npx", [command, ...args], { sample: "npm" });
  assert.equal(status, 0, output);
};

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

for (const { name, path, text } of examples) {
  test(`npm: ${name} has the bytes of the command line tool`, async () => {
    const options = { sampleInputs: true };
    assert.equal(json(await simulate(text, options)), tool("simulate", path, "--sample-inputs", "--format", "json"));
    assert.equal(await svg(text, options), tool("simulate", path, "--sample-inputs", "--format", "svg"));
    assert.equal(json(await explain(text, options)), tool("explain", path, "--all", "--sample-inputs", "--format", "json"));
  });
}

test("npm: options are those of the command line tool", async () => {
  const path = join(EXAMPLES, "parallel.yaml");
  const options = { set: { parent: 4 }, seed: 7, start: "2026-01-01", dispatchDelay: "500ms", workers: 3, executions: "2@1s", kestra: "1.3", runs: 5 };
  const flags = ["--set", "parent=4", "--seed", "7", "--start", "2026-01-01", "--dispatch-delay", "500ms", "--workers", "3", "--executions", "2@1s", "--kestra", "1.3", "--runs", "5"];
  assert.equal(json(await simulate(SIX, options)), tool("simulate", path, ...flags, "--format", "json"));
});

test("npm: check lists the claims that do not hold", async () => {
  assert.deepEqual(await check(SIX, "makespan=2s at=t4:1s"), []);
  assert.deepEqual(await check(SIX, "makespan=9s"), [{ expected: "makespan=9s", actual: "makespan=2s", message: "expected makespan 9 s, got 2 s" }]);
  assert.deepEqual(await check(SIX, "makespan=1s", { set: { parent: 6 } }), []);
});

test("npm: a text and an option that are not valid are refused", async () => {
  await assert.rejects(simulate("id: a\nnamespace: b\ntasks:\n  - {id: c, type: nope}\n"), ({ diagnostics }) => {
    assert.deepEqual(diagnostics.map(({ code, line, column }) => ({ code, line, column })), [{ code: "unknown-type", line: 4, column: 19 }]);
    return true;
  });
  for (const options of [{ set: { nope: 1 } }, { colour: "red" }, { kestra: "9" }, { horizon: "soon" }, { inputs: { nope: 1 } }]) {
    await assert.rejects(simulate(SIX, options), { name: "FlowError", diagnostics: [] });
  }
  await assert.rejects(check(SIX, "makespan=soon"), /no length of time/u);
});

/** How each plugin makes a page. */
async function makers() {
  const [{ unified }, { default: remarkParse }, { default: remarkRehype }, { default: rehypeStringify }, { default: MarkdownIt }, { compile }] =
    await Promise.all(["unified", "remark-parse", "remark-rehype", "rehype-stringify", "markdown-it", "@mdx-js/mdx"].map(of));
  const [remark, rehype, markdownIt] = (await Promise.all(["parallelogram/remark", "parallelogram/rehype", "parallelogram/markdown-it"].map(of))).map((plugin) => plugin.default);
  const options = { base: "/p/" };
  return {
    remark: async (file) => String(await unified().use(remarkParse).use(remark, options).use(remarkRehype).use(rehypeStringify).process(file)),
    rehype: async (file) => String(await unified().use(remarkParse).use(remarkRehype).use(rehype, options).use(rehypeStringify).process(file)),
    "markdown-it": async ({ path, value }) => new MarkdownIt().use(markdownIt, options).render(value, { path }),
    "remark in MDX": async (file) => String(await compile(file, { remarkPlugins: [[remark, options]], jsx: true })),
    "rehype in MDX": async (file) => String(await compile(file, { rehypePlugins: [[rehype, options]], jsx: true })),
  };
}

for (const [name, make] of Object.entries(await makers())) {
  test(`npm: ${name} puts the diagram, its picture and the numbers below a flow, and a plain block stays as it is`, async () => {
    const made = await make({ path: "docs/page.md", value: `${page('expect="makespan=2s" title="Six {{tasks}} <3"')}\n\`\`\`yaml\nid: plain\n\`\`\`\n` });
    assert.equal(made.match(/<flow-playground for="prev"/gu)?.length, 1, made);
    assert.match(made, /expect="makespan=2s"/u);
    assert.match(made, /src="data:image\/svg\+xml;base64,/u);
    assert.match(made, /src="\/p\/flow-playground\.js"/u);
    assert.equal(made.match(/<td>/gu)?.length, 4 * 8);
    assert.doesNotMatch(made, /Six \{\{tasks\}\} <3<\/summary>/u);
  });

  test(`npm: ${name} stops where a claim does not hold, with the line of the file`, async (t) => {
    const path = join(folder(t), "page.md");
    const value = page('expect="makespan=9s"');
    writeFileSync(path, `---\ntitle: A page\n---\n\n${value}`);
    await assert.rejects(make({ path, value }), /page\.md:7: expected makespan 9 s, got 2 s/u);
    const changed = value.replace("id: ", "id:  "); // by a template language that ran before
    await assert.rejects(make({ path, value: changed }), /page\.md:7: expected makespan 9 s, got 2 s/u);
  });
}

const HOSTILE = ["<script>alert(1)</script>", "</code></pre><img src=x onerror=alert(1)>", "\u202e<b>&lt;i&gt;&amp;", "{{constructor}} {alert(1)} ${alert(1)}", "'\"><svg onload=alert(1)>", "]]><!--", `\u0000${"a".repeat(100_000)}`];

for (const [name, make] of Object.entries(await makers())) {
  test(`npm: ${name} shows hostile titles as text`, async () => {
    for (const title of HOSTILE) {
      const value = `\`\`\`yaml flow title='${title.replaceAll("'", "")}'\n${RELEASE.replaceAll(/(template|phase): .*/gu, (all, key) => `${key}: ${JSON.stringify(title)}`)}\`\`\`\n`;
      const made = await make({ path: "docs/page.md", value });
      // Elements of ours alone; MDX keeps texts as expressions in braces.
      const markup = made.replaceAll(/\{"(?:[^"\\]|\\.)*"\}|\{`[^`]*`\}|"[^"]*"/gu, "");
      const elements = new Set([...markup.matchAll(/<([a-z][\w-]*)/giu)].map(([, element]) => element.toLowerCase()));
      const ours = ["div", "flow-playground", "img", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "script", "pre", "code", "_components", "mdxlayout"];
      assert.deepEqual([...elements].filter((element) => !ours.includes(element)), [], `${title.slice(0, 60)}: ${made.slice(0, 2000)}`);
      assert.equal(markup.match(/<script/gu)?.length, 1);
    }
  });
}

test("npm: the package has no fault that publint or attw knows", () => {
  const [tarball] = readdirSync(PACKAGES).filter((name) => name.endsWith(".tgz"));
  ran("publint", "--strict", join(PACKAGES, tarball));
  ran("attw", "--profile", "esm-only", join(PACKAGES, tarball));
});

test("npm: a project in TypeScript compiles", () => ran("tsc"));

test("npm: in a bundle the core and the element run", async (t) => {
  const out = folder(t);
  ran("vite", "build", "page", "--outDir", out, "--logLevel", "warn", "--target", "es2022");
  cpSync(join(SAMPLES, "npm/node_modules/parallelogram/element"), join(out, "parallelogram"), { recursive: true });
  const server = await serve(out);
  const browser = await launch();
  t.after(() => Promise.all([browser.close(), server.close()]));
  const view = await browser.newPage();
  await view.goto(`http://127.0.0.1:${server.address().port}/`);
  await view.getByText("2000 ms").waitFor();
  await view.frameLocator("iframe").getByTestId("result").waitFor();
});
