// Reads a WebAssembly module with the names of its functions: for `split.mjs`, `profile.mjs` and `parts.mjs`.
import { readFileSync } from "node:fs";
import binaryen from "binaryen";

const { BulkMemory, BulkMemoryOpt, CallIndirectOverlong, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt } = binaryen.Features;
/** What the compiler uses. */
const FEATURES = BulkMemory | BulkMemoryOpt | CallIndirectOverlong | Multivalue | MutableGlobals | NontrappingFPToInt | ReferenceTypes | SignExt;

// Written modules keep the names of their functions.
binaryen.setDebugInfo(true);

export function readModule(file) {
  const module = binaryen.readBinary(readFileSync(file), FEATURES);
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

/** The sizes of the bodies of a file's functions, in their order, and its data, which is the text and tables of the program. */
export function sizesOf(file) {
  const CODE = 10, DATA = 11;
  const bytes = readFileSync(file);
  let at = 8;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const found = { functions: [], data: bytes.subarray(0, 0) };
  while (at < bytes.length) {
    const section = bytes[at++], size = number(), end = at + size;
    if (section === DATA) found.data = bytes.subarray(at, end);
    if (section === CODE) {
      for (let left = number(); left > 0; left--) {
        const length = number();
        found.functions.push(length);
        at += length;
      }
    }
    at = end;
  }
  return found;
}
