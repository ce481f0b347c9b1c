// Reads a WebAssembly module with the names of its functions: for `split.mjs`, `data.mjs`, `profile.mjs` and `parts.mjs`.
import { readFileSync } from "node:fs";
import binaryen from "binaryen";

const { BulkMemory, BulkMemoryOpt, CallIndirectOverlong, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt } = binaryen.Features;
/** What the compiler uses. */
const FEATURES = BulkMemory | BulkMemoryOpt | CallIndirectOverlong | Multivalue | MutableGlobals | NontrappingFPToInt | ReferenceTypes | SignExt;

// Written modules keep the names of their functions.
binaryen.setDebugInfo(true);

export function readModule(file) {
  const module = binaryen.readBinary(withoutNotes(readFileSync(file)), FEATURES);
  module.setFeatures(FEATURES);
  return module;
}

const listed = (count, at, info) => Array.from({ length: count }, (_, n) => info(at(n)));

export const functionsOf = (module) => listed(module.getNumFunctions(), (n) => module.getFunctionByIndex(n), binaryen.getFunctionInfo);
export const tablesOf = (module) => listed(module.getNumTables(), (n) => module.getTableByIndex(n), binaryen.getTableInfo);
export const globalsOf = (module) => listed(module.getNumGlobals(), (n) => module.getGlobalByIndex(n), binaryen.getGlobalInfo);
export const exportsOf = (module) => listed(module.getNumExports(), (n) => module.getExportByIndex(n), binaryen.getExportInfo);
export const segmentsOf = (module) => listed(module.getNumElementSegments(), (n) => module.getElementSegmentByIndex(n), binaryen.getElementSegmentInfo);

/** The name of a function without what differs between builds: hashes, and the numbers of closures and of equal names. */
export const plainName = (name) => name.replace(/\[[0-9a-f]{12,16}\]|\[\d+\]$|\.\d+$/gu, "").replace(/\{closure#\d+\}/gu, "{closure}").replace(/^<+/u, "");

/** Numbers of sections. */
export const CODE = 10, DATA = 11;

/** Reads the parts of a file one after another, from a place in its bytes on. */
export function reader(bytes, at = 0) {
  const digits = () => {
    for (let value = 0, weight = 1; ; weight *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * weight;
      if (byte < 128) return { value, weight: weight * 128, isNegative: (byte & 64) !== 0 };
    }
  };
  const number = () => digits().value;
  const signed = () => {
    const { value, weight, isNegative } = digits();
    return isNegative ? value - weight : value;
  };
  const take = (length) => bytes.subarray(at, (at += length));
  return { at: () => at, to: (place) => (at = place), byte: () => bytes[at++], number, signed, take, name: () => take(number()).toString() };
}

/** The sections of a file, by number or, where they have one, by name: where each begins, and where what it holds starts and ends. */
export function sectionsOf(bytes) {
  const found = new Map(), read = reader(bytes, 8);
  while (read.at() < bytes.length) {
    const begin = read.at(), number = read.byte(), size = read.number(), end = read.at() + size;
    found.set(number === 0 ? read.name() : number, { begin, start: read.at(), end });
    read.to(end);
  }
  return found;
}

/** A file without what the linker notes in it, which `data.mjs` reads. */
function withoutNotes(bytes) {
  const kept = [...sectionsOf(bytes)].filter(([name]) => name !== "linking" && !`${name}`.startsWith("reloc."));
  return Buffer.concat([bytes.subarray(0, 8), ...kept.map(([, { begin, end }]) => bytes.subarray(begin, end))]);
}

/** Where the bodies of a file's functions start and end, in their order. */
export function bodiesOf(bytes) {
  const read = reader(bytes, sectionsOf(bytes).get(CODE).start);
  return Array.from({ length: read.number() }, () => {
    const length = read.number(), start = read.at();
    return { start, end: read.to(start + length) };
  });
}

/** The pieces of a file's data: the address of each in memory, and where its bytes start and end in the file. */
export function piecesOf(bytes) {
  const read = reader(bytes, sectionsOf(bytes).get(DATA).start);
  return Array.from({ length: read.number() }, () => {
    if (read.number() !== 0 || read.byte() !== 0x41) throw new Error("a piece of data has no address of its own");
    const address = read.signed();
    read.byte(); // The end of the address.
    const length = read.number(), start = read.at();
    return { address, start, end: read.to(start + length) };
  });
}

/** The sizes of the bodies of a file's functions, in their order, and its data, which is the text and tables of the program. */
export function sizesOf(file) {
  const bytes = readFileSync(file), data = sectionsOf(bytes).get(DATA);
  return { functions: bodiesOf(bytes).map(({ start, end }) => end - start), data: bytes.subarray(data.start, data.end) };
}
