// Cuts the simulator in two: what the first timeline needs, and a later part that is fetched after it.
//
//   node scripts/split.mjs LINKED MODULE FIRST LATER    reads MODULE, and LINKED, as the linker wrote it; writes the two others
//
// The later part holds the functions that `later.txt` lists, and what only they call. It uses the memory and the tables of the
// first part, and brings the texts and tables that only it needs. In the first part a stub stands for each of its functions that is called from there: the stub calls the function through
// a table, which the later part fills when it arrives. When it has not arrived yet, the stub first calls `needLater`.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";
import { laterData, without } from "./data.mjs";
import { exportsOf, functionsOf, globalsOf, plainName, readModule, segmentsOf, tablesOf } from "./wasm.mjs";

const [linked, whole, firstFile, laterFile] = process.argv.slice(2);
const { none, funcref } = binaryen;
const UNUSED = ["remove-unused-module-elements"];

const list = readFileSync(new URL("later.txt", import.meta.url), "utf8").split("\n");
const names = new Set(list);
const beginnings = list.filter((line) => line.endsWith("*")).map((line) => line.slice(0, -1));
const isLater = (name) => names.has(plainName(name)) || beginnings.some((start) => plainName(name).startsWith(start));

// Two builds never fit together by chance: the table that both parts need has the build in its name.
const TABLE = `later-${createHash("sha256").update(readFileSync(whole)).digest("hex").slice(0, 16)}`;

const first = readModule(whole);
const moved = functionsOf(first).filter(({ name, base }) => !base && isLater(name));
const needLater = exportsOf(first).find(({ name }) => name === "needLater").value;

first.addTable(TABLE, moved.length, moved.length);
const isMissing = first.ref.is_null(first.table.get(TABLE, first.i32.const(0), funcref));
first.addFunction("arrived", none, none, [], first.if(isMissing, first.call(needLater, [], none)));
for (const [slot, { name, params, results }] of moved.entries()) {
  const args = binaryen.expandType(params).map((type, n) => first.local.get(n, type));
  const call = first.call_indirect(TABLE, first.i32.const(slot), args, params, results);
  first.removeFunction(name);
  first.addFunction(name, params, results, [], first.block(null, [first.call("arrived", [], none), call], results));
}
// What only the functions that were moved have called is gone from here on. Imports and globals stay until it is known who uses them, and
// tables are exported, as the functions in them are called from outside.
const lasting = [
  ...tablesOf(first).filter(({ name }) => name !== TABLE).map(({ name }) => ["Table", name]),
  ...functionsOf(first).filter(({ base }) => base).map(({ name }) => ["Function", name]),
  ...globalsOf(first).map(({ name }) => ["Global", name]),
];
for (const [kind, name] of lasting) first[`add${kind}Export`](name, `lasting ${name}`);
first.runPasses(UNUSED);
for (const [, name] of lasting) first.removeExport(`lasting ${name}`);

const isMoved = new Set(moved.map(({ name }) => name));
const stays = functionsOf(first).filter(({ name }) => !isMoved.has(name));

// In the later part, all that stays in the first one becomes an import, as long as it is used.
const later = readModule(whole);
for (const { name } of exportsOf(later)) later.removeExport(name);
for (const { name } of segmentsOf(later)) later.removeElementSegment(name);
for (const [n, { name, params, results }] of stays.entries()) {
  if (!later.getFunction(name)) continue; // The one that was added above.
  later.removeFunction(name);
  later.addFunctionImport(name, "first", n.toString(36), params, results);
}
for (const { name, type, mutable } of globalsOf(later)) {
  later.removeGlobal(name);
  later.addGlobalImport(name, "first", name, type, mutable);
}
later.addTable(TABLE, moved.length, moved.length);
later.addActiveElementSegment(TABLE, "functions", moved.map(({ name }) => name), later.i32.const(0));
for (const { name } of tablesOf(later)) later.addTableImport(name, "first", `${name} table`);
later.runPasses(UNUSED);

for (const { name, base } of functionsOf(later)) if (base) first.addFunctionExport(name, base);
for (const { name, base } of globalsOf(later)) first.addGlobalExport(name, base);
for (const { name, base } of tablesOf(later)) first.addTableExport(name, base);
first.runPasses(UNUSED);

const numbers = new Set(first.emitText().match(/(?<=i32\.const |offset=)\d+/gu).map(Number));
const data = laterData(readFileSync(linked), numbers);
later.setMemory(1, -1, null, data.map(({ address, bytes }) => ({ offset: later.i32.const(address), data: bytes, passive: false })));
later.addMemoryImport("0", "first", "memory");

for (const [module, file] of [[first, firstFile], [later, laterFile]]) if (!module.validate()) throw new Error(`${file} is not valid`);
writeFileSync(firstFile, without(Buffer.from(first.emitBinary()), data));
writeFileSync(laterFile, later.emitBinary());
console.log(`split: ${moved.length} functions and ${functionsOf(later).filter(({ base }) => !base).length - moved.length} that only they call come later, and ${data.length} texts and tables`);
