//! What the run shows at lines: how long their tasks took, at the end of the line, and breakpoints.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutterLineClass, lineNumbers } from "@codemirror/view";

/**
 * Shows these hints and no others.
 * @type {import("@codemirror/state").StateEffectType<[line: number, text: string][]>}
 */
export const setHints = StateEffect.define();
/**
 * Marks these lines, and no others, as places to stop at.
 * @type {import("@codemirror/state").StateEffectType<number[]>}
 */
export const setBreaks = StateEffect.define();

/** A set of ranges that an effect replaces, and that moves along with the text in between. */
const field = (effect, made, provide) =>
  StateField.define({
    create: () => RangeSet.empty,
    update(value, tr) {
      for (const one of tr.effects) {
        if (one.is(effect)) return RangeSet.of(one.value.flatMap((item) => made(item, tr.state.doc)));
      }
      return tr.docChanged ? value.map(tr.changes) : value;
    },
    provide,
  });

const onLine = (doc, number, range) => (number <= doc.lines ? [range.range(doc.line(number).from)] : []);

// As an attribute shown by the style: it is not text, cannot be selected, and is not read out at each key.
const hints = field(
  setHints,
  ([number, text], doc) => onLine(doc, number, Decoration.line({ attributes: { "data-hint": text } })),
  (field) => EditorView.decorations.from(field),
);

const stop = new (class extends GutterMarker {
  elementClass = "pg-stop";
})();
const breaks = field(setBreaks, (number, doc) => onLine(doc, number, stop), (field) => gutterLineClass.from(field));

/** Line numbers; a click calls `onBreak` with the line, from 1. */
const numbers = (onBreak) =>
  lineNumbers({
    domEventHandlers: {
      mousedown(view, { from }, event) {
        event.preventDefault();
        onBreak(view.state.doc.lineAt(from).number);
        return true;
      },
    },
  });

export const runMarks = (onBreak) => [hints, breaks, numbers(onBreak)];
