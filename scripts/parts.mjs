// Writes the table in `docs/dependencies.md` of what each part of the simulator costs in the page. Run it after `make dist`.
//
// The code of a file is compressed as a whole, so each part gets the share of the compressed code that it has of the code.
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { functionsOf, plainName, readModule, sizesOf } from "./wasm.mjs";

const PAGE = "docs/dependencies.md";
const FILES = [["target/parts/first.wasm", "dist/web_bg.wasm"], ["target/parts/later.wasm", "dist/web_later.wasm"]];

/** The first that fits a name counts it: a library's generic code that is compiled for our types is ours. */
const PARTS = [
  ["our views (`web/`, mostly what `html!` generates)", /parallelogram::web::/u],
  ["expressions (`expr/`, with `value.rs`, `text.rs`, `regex.rs`)", /parallelogram::(expr|value|text|regex|encoding|time|collections)\b/u],
  ["reading and validating flows (`flow/`, `syntax/`)", /parallelogram::(flow|syntax|source|diag)\b/u],
  ["the shell (`shell/`)", /parallelogram::shell\b/u],
  ["simulation, analysis, timeline, edits, conversion, output", /parallelogram::(sim|analysis|timeline|edit|convert|render|graph|random)\b/u],
  ["the state of the page, completion, links and the rest", /parallelogram::|^web::/u],
  ["`yew`", /^(&mut )?(yew|indexmap|implicit_clone)\b|<&?yew::/u],
  ["`libyaml_rs`, `yaml_serde`", /libyaml_rs|yaml_serde/u],
  ["`regex-lite`", /regex_lite/u],
  ["`serde_json`", /serde_json|serde_core/u],
  ["`wasm-bindgen`, `js-sys`, `web-sys`, `gloo-*`", /wasm_bindgen|wbindgen|js_sys|web_sys|gloo_/u],
  ["the standard library, with `hashbrown` and `dlmalloc`", /(?:)/u],
];
const DATA = "texts, tables, examples";

/** The compressed KB of each part of a file. */
function shares(named, shipped) {
  const { functions, data } = sizesOf(named);
  const names = functionsOf(readModule(named)).filter(({ base }) => !base).map(({ name }) => plainName(name));
  const dataKb = brotliCompressSync(data).length / 1000;
  const codeKb = brotliCompressSync(readFileSync(shipped)).length / 1000 - dataKb;
  const all = functions.reduce((sum, size) => sum + size, 0);
  const kb = new Map([[DATA, dataKb]]);
  for (const [n, name] of names.entries()) {
    const [part] = PARTS.find(([, pattern]) => pattern.test(name));
    kb.set(part, (kb.get(part) ?? 0) + (functions[n] / all) * codeKb);
  }
  return kb;
}

const columns = FILES.map(([named, shipped]) => shares(named, shipped));
const cells = (part) => columns.map((kb) => Math.round(kb.get(part) ?? 0));
const rows = [...PARTS.map(([part]) => part), DATA]
  .map((part) => [part, ...cells(part)])
  .sort(([, ...a], [, ...b]) => b[0] + b[1] - a[0] - a[1]);
const total = columns.map((kb) => Math.round([...kb.values()].reduce((sum, value) => sum + value, 0)));
const HEAD = "| part | KB at first | KB later |\n| --- | --- | --- |\n";
const table = [...rows, ["all", ...total]].map((row) => `| ${row.join(" | ")} |`).join("\n");

const page = readFileSync(PAGE, "utf8");
const start = page.indexOf(HEAD) + HEAD.length;
writeFileSync(PAGE, page.slice(0, start) + table + page.slice(page.indexOf("\n\n", start)));
console.log(table);
