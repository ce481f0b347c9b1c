// Finds the texts and tables that only the later part of the simulator needs, from what the linker notes of each: where it is, and who
// points to it. `split.mjs` moves them there.
import { DATA, piecesOf, reader, sectionsOf } from "./wasm.mjs";

/** The kinds of notes that say how far from the symbol they point. */
const WITH_DISTANCE = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23]);
/** The kinds of symbols, and a flag of those that are not in this file. */
const IS_DATA = 1, IS_SECTION = 3, IS_ELSEWHERE = 0x10, HAS_NAME = 0x40;

/** The symbols of a file: of data its place, in the piece of that number; of anything else nothing. */
function symbolsOf(bytes, { start, end }) {
  const read = reader(bytes, start), symbols = [];
  read.number(); // The version of the notes.
  while (read.at() < end) {
    const kind = read.byte(), size = read.number(), after = read.at() + size;
    for (let left = kind === 8 ? read.number() : 0; left > 0; left--) {
      const kind = read.byte(), flags = read.number(), isHere = (flags & IS_ELSEWHERE) === 0;
      if (kind === IS_DATA) {
        read.name();
        symbols.push(isHere ? { piece: read.number(), from: read.number(), size: read.number() } : undefined);
      } else {
        read.number();
        if (kind !== IS_SECTION && (isHere || (flags & HAS_NAME) !== 0)) read.name();
        symbols.push(undefined);
      }
    }
    read.to(after);
  }
  return symbols;
}

/** Who points to data: the place in the section, the symbol, and how far from it. */
function pointersOf(bytes, { start }, symbols) {
  const read = reader(bytes, start);
  read.number(); // The section they are about.
  return Array.from({ length: read.number() }, () => {
    const kind = read.byte(), at = read.number(), symbol = symbols[read.number()];
    return { at, symbol, distance: WITH_DISTANCE.has(kind) ? read.signed() : 0 };
  }).filter(({ symbol }) => symbol !== undefined);
}

/** The index of the last of some places in order that is not after `at`; -1 before the first. */
function lastBefore(places, at) {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle].start <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The data that the first part does not need, in a file as the linker wrote it: the address and the bytes of each stretch. `numbers` are
 * all that stand in the code of the first part: what one of them may point to stays, with all that this points to. Only what never changes is moved.
 */
export function laterData(bytes, numbers) {
  const FIXED = 0;
  const sections = sectionsOf(bytes), symbols = symbolsOf(bytes, sections.get("linking"));
  const pieces = piecesOf(bytes), fixed = pieces[FIXED];
  // Symbols may share bytes: the end of one text is another one.
  const stretches = [];
  for (const { from, size } of symbols.filter((symbol) => symbol?.piece === FIXED && symbol.size > 0).sort((a, b) => a.from - b.from)) {
    const last = stretches.at(-1), start = fixed.start + from, end = start + size;
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else stretches.push({ start, end, isKept: false, pointsTo: [] });
  }
  const stretchAt = (at) => {
    const found = stretches[lastBefore(stretches, at)];
    return found && at < found.end ? found : undefined;
  };
  const target = ({ piece, from, size }) => (piece === FIXED && size > 0 ? stretchAt(fixed.start + from) : undefined);

  const kept = [];
  for (const { symbol, distance } of pointersOf(bytes, sections.get("reloc.CODE"), symbols)) {
    if (numbers.has(pieces[symbol.piece].address + symbol.from + distance)) kept.push(target(symbol));
  }
  for (const { at, symbol } of pointersOf(bytes, sections.get("reloc.DATA"), symbols)) {
    const from = stretchAt(sections.get(DATA).start + at);
    if (from) from.pointsTo.push(target(symbol));
    else kept.push(target(symbol));
  }
  while (kept.length > 0) {
    const stretch = kept.pop();
    if (!stretch || stretch.isKept) continue;
    stretch.isKept = true;
    kept.push(...stretch.pointsTo);
  }
  // Neighbors are moved together, with what the linker left empty between them.
  const moved = [];
  for (const [n, { start, end, isKept }] of stretches.entries()) {
    if (isKept) continue;
    if (n > 0 && !stretches[n - 1].isKept) moved.at(-1).end = end;
    else moved.push({ start, end });
  }
  return moved.map(({ start, end }) => ({ address: fixed.address + start - fixed.start, bytes: bytes.subarray(start, end) }));
}

/** A file with zeros in place of this data. */
export function without(bytes, moved) {
  const cleared = Buffer.from(bytes), pieces = piecesOf(bytes);
  for (const { address, bytes: { length } } of moved) {
    const piece = pieces.find((piece) => piece.address <= address && address + length <= piece.address + piece.end - piece.start);
    const start = piece.start + address - piece.address;
    cleared.fill(0, start, start + length);
  }
  return cleared;
}
