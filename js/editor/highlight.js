//! The lines of the selected task, washed over text and line number alike.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutterLineClass } from "@codemirror/view";

const inGutter = new (class extends GutterMarker {
  elementClass = "pg-line pg-line--selected";
})();
const inText = Decoration.line({ class: "pg-line pg-line--selected" });

/**
 * Washes the lines between two positions, or none if `null`.
 * @type {import("@codemirror/state").StateEffectType<{ from: number, to: number } | null>}
 */
export const setHighlight = StateEffect.define();

export const highlight = StateField.define({
  create: () => washed([]),
  update(value, tr) {
    for (const effect of tr.effects) {
      if (effect.is(setHighlight)) return washed(effect.value ? lineStarts(tr.state.doc, effect.value) : []);
    }
    return tr.docChanged ? { text: value.text.map(tr.changes), gutter: value.gutter.map(tr.changes) } : value;
  },
  provide: (field) => [
    EditorView.decorations.from(field, ({ text }) => text),
    gutterLineClass.from(field, ({ gutter }) => gutter),
  ],
});

/** @param {number[]} starts positions */
const washed = (starts) => ({
  text: Decoration.set(starts.map((at) => inText.range(at))),
  gutter: RangeSet.of(starts.map((at) => inGutter.range(at))),
});

/** The starts of the lines of a range. A range that ends where a line starts does not include that line. */
function lineStarts(doc, { from, to }) {
  const first = doc.lineAt(from).number;
  const last = doc.lineAt(Math.max(from, to - 1)).number;
  return Array.from({ length: last - first + 1 }, (_, i) => doc.line(first + i).from);
}
