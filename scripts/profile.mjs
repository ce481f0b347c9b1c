// Finds out which functions of the simulator run before the first timeline of the page, of an embed and of each example for Kestra, and
// lists in `later.txt` what does not: `split.mjs` reads it. Run it after `make dist` when the first part has grown; a function that is
// in no list stays in the first part.
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";
import { DIST, launch } from "./browser.mjs";
import { serve } from "./serve.mjs";
import { functionsOf, plainName, readModule } from "./wasm.mjs";

const WHOLE = "target/wasm-bindgen/release/web_bg.wasm";
const COPY = "target/profile/";
/** Shorter groups of functions are not worth a line, in bytes. */
const LEAST = 200;

/** A copy of the page whose simulator notes for each function that it has run. Returns the functions. */
function watched() {
  const module = readModule(WHOLE);
  const functions = functionsOf(module).filter(({ base }) => !base);
  for (const [n, { name, results, body }] of functions.entries()) {
    module.addGlobal(`ran ${n}`, binaryen.i32, true, module.i32.const(0));
    module.addGlobalExport(`ran ${n}`, `ran ${n}`);
    const note = module.global.set(`ran ${n}`, module.i32.const(1));
    binaryen.Function.setBody(module.getFunction(name), module.block(null, [note, body], results));
  }
  rmSync(COPY, { recursive: true, force: true });
  cpSync(DIST, COPY, { recursive: true });
  rmSync(`${COPY}web_later.wasm`);
  writeFileSync(`${COPY}web_bg.wasm`, module.emitBinary());
  return functions;
}

/** Runs before the page does: keeps what the simulator exports. */
const keepExports = () => {
  const instantiate = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...args) => {
    const made = await instantiate(...args);
    window.__exports = made.instance.exports;
    return made;
  };
};

/** Which functions have run until the first timeline of any of these pages: a list of true and false. */
async function whatRan(functions) {
  const examples = readdirSync("examples").map((file) => file.replace(".yaml", "")).filter((id) => !id.startsWith("release"));
  const pages = [["", 1280], ["", 390], ["embed.html#example=parallel", 800], ...examples.map((id) => [`#example=${id}`, 1280])];
  const server = await serve(COPY), browser = await launch();
  const ran = functions.map(() => false);
  for (const [path, width] of pages) {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    await page.addInitScript(keepExports);
    await page.goto(`http://127.0.0.1:${server.address().port}/${path}`);
    await page.waitForFunction(() => window.__playground !== undefined);
    await page.evaluate(() => window.__playground.ready);
    const found = await page.evaluate((count) => Array.from({ length: count }, (_, n) => window.__exports[`ran ${n}`].value), functions.length);
    for (const [n, value] of found.entries()) ran[n] ||= value === 1;
    await page.close();
  }
  await browser.close();
  server.closeAllConnections();
  server.close();
  return ran;
}

/** The sizes of the functions' bodies in bytes, in order. */
function sizesOf(file) {
  const bytes = readFileSync(file);
  let at = 8;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  for (;;) {
    const isCode = bytes[at++] === 10, size = number();
    if (isCode) break;
    at += size;
  }
  return Array.from({ length: number() }, () => {
    const size = number();
    at += size;
    return size;
  });
}

/** The functions of which none has run, by the beginnings of their names, each with its bytes. A beginning ends in `*`. */
function beginnings(functions, ran, sizes) {
  const root = { path: "", ran: true, bytes: 0, rest: new Map() };
  for (const [n, { name }] of functions.entries()) {
    let node = root;
    for (const part of plainName(name).split(/(?<=::|<|, | as )/u)) {
      if (!node.rest.has(part)) node.rest.set(part, { path: node.path + part, ran: false, bytes: 0, rest: new Map() });
      node = node.rest.get(part);
      node.ran ||= ran[n];
      node.bytes += sizes[n];
    }
  }
  const within = ({ path, ran, bytes, rest }) =>
    ran ? [...rest.values()].flatMap(within) : [{ line: rest.size > 0 ? `${path}*` : path, bytes }];
  return within(root);
}

const functions = watched();
const list = beginnings(functions, await whatRan(functions), sizesOf(WHOLE)).filter(({ bytes }) => bytes >= LEAST).map(({ line }) => line).sort();
const head = "# Made by scripts/profile.mjs: the functions that the first timeline does not need. `*` stands for any rest of a name.\n";
writeFileSync("scripts/later.txt", `${head}${list.join("\n")}\n`);
console.log(`profile: ${list.length} lines in scripts/later.txt`);
