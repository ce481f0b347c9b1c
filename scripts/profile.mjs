// Finds out which functions of the simulator run before the first timeline and the editor of the page are there, of an embed and of the
// examples of `js/later.js`, and lists in `later.txt` what does not: `split.mjs` reads it. Run it after `make dist` when the first part has grown; a function that is
// in no list stays in the first part.
import { cpSync, rmSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";
import { AT_FIRST } from "../js/later.js";
import { DIST, launch } from "./browser.mjs";
import { serve } from "./serve.mjs";
import { functionsOf, plainName, readModule, sizesOf } from "./wasm.mjs";

const WHOLE = "target/wasm-bindgen/release/web_bg.wasm";
const COPY = "target/profile/";
/** What has modules that run or do not run as a whole. */
const OURS = /^(parallelogram|regex_lite|serde_json)::/u;
/** Fewer bytes are not worth a line: of our functions, and of those of libraries, whose names are long. */
const LEAST = { ours: 50, library: 200 };

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
    globalThis.__exports = made.instance.exports;
    return made;
  };
};

/** Which functions have run until the first timeline of any of these pages: a list of true and false. */
async function whatRan(functions) {
  const pages = [["", 1280], ["", 390], ["embed.html#example=parallel", 800], ...AT_FIRST.map((id) => [`#example=${id}`, 1280])];
  const server = await serve(COPY), browser = await launch();
  const ran = functions.map(() => false);
  for (const [path, width] of pages) {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    await page.addInitScript(keepExports);
    await page.goto(`http://127.0.0.1:${server.address().port}/${path}`);
    await page.waitForFunction(() => globalThis.__playground !== undefined);
    await page.evaluate(() => globalThis.__playground.ready);
    // The editor asks for what is wrong with the text when it is there, which may be before the later part is.
    if (!path.startsWith("embed")) {
      await page.locator(".cm-content").waitFor({ state: "attached" });
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }
    const found = await page.evaluate((count) => Array.from({ length: count }, (_, n) => globalThis.__exports[`ran ${n}`].value), functions.length);
    for (const [n, value] of found.entries()) ran[n] ||= value === 1;
    await page.close();
  }
  await browser.close();
  server.closeAllConnections();
  server.close();
  return ran;
}

/**
 * The functions that have not run, each with its bytes. Of ours, those of which none has run are one line, the beginning of their names
 * and `*`. The functions of libraries are named one by one: what they are made for says little about when they run.
 */
function lines(functions, ran, sizes) {
  const root = { path: "", ran: true, bytes: 0, rest: new Map() };
  for (const [n, { name }] of functions.entries()) {
    const plain = plainName(name);
    let node = root;
    for (const part of OURS.test(plain) ? plain.split(/(?<=::|<|, | as )/u) : [plain]) {
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
const list = lines(functions, await whatRan(functions), sizesOf(WHOLE).functions).filter(({ line, bytes }) => bytes >= (OURS.test(line) ? LEAST.ours : LEAST.library)).map(({ line }) => line).sort();
const head = "# Made by scripts/profile.mjs: the functions that the first timeline does not need. `*` stands for any rest of a name.\n";
writeFileSync("scripts/later.txt", `${head}${list.join("\n")}\n`);
console.log(`profile: ${list.length} lines in scripts/later.txt`);
