// Sizes of the built page, brotli, each file alone; exits 1 when one is over its budget.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const BUDGETS = [
  { what: "wasm with its script", files: ["web_bg.wasm", "web.js"], kb: 586 },
  { what: "element for other pages", files: ["flow-playground.js"], kb: 6 },
  { what: "editor", files: ["editor.js"], kb: 150 },
];

const dist = new URL("../dist/", import.meta.url);
const brotli = (file) =>
  brotliCompressSync(readFileSync(new URL(file, dist)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

for (const { what, files, kb } of BUDGETS) {
  const size = files.map(brotli).reduce((sum, bytes) => sum + bytes, 0) / 1000;
  console.log(`size: ${what} ${size.toFixed(1)} KB brotli, budget ${kb} KB${size > kb ? ": TOO BIG" : ""}`);
  if (size > kb) process.exitCode = 1;
}
