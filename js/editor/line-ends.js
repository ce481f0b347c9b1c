//! Line ends, kept as they are. CodeMirror counts every line break as one unit; this file notes which
//! of them are `\r\n` in the text, so that text and offsets go in and out unchanged. A lone `\r` is not a
//! line break: it stays in its line, where it shows as a special character.

import { StateEffect, StateField, Text } from "@codemirror/state";

/**
 * @typedef {object} LineEnds
 * @property {Uint32Array} crlf positions of the breaks that are `\r\n`, ascending
 * @property {boolean} byDefault whether a new break becomes `\r\n`, as most in this text are
 */

/**
 * Notes the line ends of a text that comes in whole.
 * @type {import("@codemirror/state").StateEffectType<LineEnds>}
 */
export const setLineEnds = StateEffect.define();

export const lineEnds = StateField.define({
  create: () => split("").ends,
  update(ends, tr) {
    for (const effect of tr.effects) if (effect.is(setLineEnds)) return effect.value;
    return tr.docChanged && (ends.byDefault || ends.crlf.length) ? moved(ends, tr.changes) : ends;
  },
});

/** @returns {LineEnds} */
export const lineEndsOf = (state) => state.field(lineEnds);

/**
 * Takes a text apart into a document and its line ends.
 * @returns {{ doc: Text, ends: LineEnds }}
 */
export function split(text) {
  const crlf = [];
  for (let at = text.indexOf("\r\n"); at >= 0; at = text.indexOf("\r\n", at + 2)) crlf.push(at - crlf.length);
  const lines = (crlf.length ? text.replaceAll("\r\n", "\n") : text).split("\n");
  return {
    doc: Text.of(lines),
    ends: { crlf: Uint32Array.from(crlf), byDefault: crlf.length > (lines.length - 1) / 2 },
  };
}

/** The text as a string, after the edits since `split`: what is between two positions of the document. */
export function toText(state, from = 0, to = state.doc.length) {
  const parts = [];
  for (const at of lineEndsOf(state).crlf) {
    if (at < from || at >= to) continue;
    parts.push(state.sliceDoc(from, at));
    from = at;
  }
  parts.push(state.sliceDoc(from, to));
  return parts.join("\r");
}

/** Offset in the text -> position in the document, kept inside it. */
export function toPos(state, offset) {
  const { crlf } = lineEndsOf(state);
  const before = count(crlf, (at, i) => at + i + 1 <= offset);
  return Math.max(0, Math.min(offset - before, state.doc.length));
}

/** Position in the document -> offset in the text. */
export const toOffset = (state, pos) => pos + count(lineEndsOf(state).crlf, (at) => at < pos);

/** How many leading elements pass `test`, which holds up to some element and for none after it. */
function count(sorted, test) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(sorted[middle], middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The line ends after an edit: breaks outside of it are kept, new ones are like most others. */
function moved({ crlf, byDefault }, changes) {
  const next = [];
  let i = 0;
  let shift = 0;
  changes.iterChanges((fromA, toA, fromB, toB, inserted) => {
    while (i < crlf.length && crlf[i] < fromA) next.push(crlf[i++] + shift);
    while (i < crlf.length && crlf[i] < toA) i++;
    shift = toB - toA;
    for (let line = 1, at = fromB; byDefault && line < inserted.lines; line++) {
      at += inserted.line(line).length;
      next.push(at++);
    }
  }, true);
  while (i < crlf.length) next.push(crlf[i++] + shift);
  return { crlf: Uint32Array.from(next), byDefault };
}
