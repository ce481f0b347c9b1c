// Sizes of the built page, brotli, each file alone; exits 1 when one is over its budget.
import { readFileSync, readdirSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const snippets = readdirSync(new URL("snippets/", dist), { recursive: true }).filter((file) => file.endsWith(".js")).map((file) => `snippets/${file}`);

const BUDGETS = [
  {
    what: "download to the first timeline",
    files: ["index.html", "theme.js", "language.js", "style.css", "start.js", "pace.js", "web.js", ...snippets, "web_bg.wasm"],
    kb: 445,
  },
  { what: "later part of the simulator", files: ["web_later.wasm"], kb: 721 },
  { what: "element for other pages", files: ["flow-playground.js"], kb: 6 },
  { what: "dialogs about links", files: ["dialogs.js"], kb: 7 },
  { what: "editor", files: ["editor.js"], kb: 150 },
];

const brotli = (file) =>
  brotliCompressSync(readFileSync(new URL(file, dist)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

for (const { what, files, kb } of BUDGETS) {
  const size = files.map(brotli).reduce((sum, bytes) => sum + bytes, 0) / 1000;
  console.log(`size: ${what} ${size.toFixed(1)} KB brotli, budget ${kb} KB${size > kb ? ": TOO BIG" : ""}`);
  if (size > kb) process.exitCode = 1;
}
