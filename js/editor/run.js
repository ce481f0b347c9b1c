//! What the run shows at lines: how long their tasks took, at the end of the line, and breakpoints.

import { RangeSet, RangeSetBuilder, RangeValue, StateEffect, StateField } from "@codemirror/state";
import { Decoration, GutterMarker, ViewPlugin, gutterLineClass, lineNumbers } from "@codemirror/view";

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

/** Words at the end of a line. */
class Hint extends RangeValue {
  constructor(text) {
    super();
    // As an attribute shown by the style: it is not text, cannot be selected, and is not read out at each key.
    this.decoration = Decoration.line({ attributes: { "data-hint": text } });
  }
}

const hints = field(setHints, ([number, text], doc) => onLine(doc, number, new Hint(text)));

/** Draws the hints of the lines on view, so that a key costs the same with a thousand of them. */
const hintsOnView = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = decorated(view);
    }
    update({ docChanged, viewportChanged, startState, state, view }) {
      if (docChanged || viewportChanged || startState.field(hints) !== state.field(hints)) this.decorations = decorated(view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function decorated({ state, visibleRanges }) {
  /** @type {RangeSetBuilder<Decoration>} */
  const ranges = new RangeSetBuilder();
  for (const { from, to } of visibleRanges) {
    state.field(hints).between(from, to, (at, _to, { decoration }) => ranges.add(at, at, decoration));
  }
  return ranges.finish();
}

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

export const runMarks = (onBreak) => [hints, hintsOnView, breaks, numbers(onBreak)];
