//! Problems in the text: a squiggle, a washed line, a mark in the gutter, and the words on hover.
//! Each severity has its own shape of mark, so color never speaks alone.

import { Prec, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter, gutterLineClass, hoverTooltip } from "@codemirror/view";
import { line, lines } from "./tooltip.js";

const SEVERITIES = ["error", "warning", "info"];

/**
 * Shows these problems (`from` and `to` are positions) and no others.
 * @type {import("@codemirror/state").StateEffectType<import("../editor.js").Problem[]>}
 */
export const setProblems = StateEffect.define();

/** The mark in the gutter; the browser's own tooltip shows the message. */
class Mark extends GutterMarker {
  constructor(severity, title) {
    super();
    this.severity = severity;
    this.title = title;
  }
  eq(other) {
    return this.severity === other.severity && this.title === other.title;
  }
  toDOM() {
    const mark = document.createElement("span");
    mark.className = `pg-mark pg-mark--${this.severity}`;
    mark.title = this.title;
    return mark;
  }
}

/** Washes the line's place in the gutter. */
class Wash extends GutterMarker {
  constructor(severity) {
    super();
    this.elementClass = `pg-line pg-line--${severity}`;
  }
  eq(other) {
    return this.elementClass === other.elementClass;
  }
}

const shown = StateField.define({
  create: () => placed([]),
  update(value, tr) {
    for (const effect of tr.effects) if (effect.is(setProblems)) return placed(effect.value, tr.state.doc);
    if (!tr.docChanged) return value;
    const { squiggles, lines, marks, washes } = value;
    return { squiggles: squiggles.map(tr.changes), lines: lines.map(tr.changes), marks: marks.map(tr.changes), washes: washes.map(tr.changes) };
  },
  provide: (field) => [
    EditorView.decorations.from(field, ({ lines }) => lines),
    // Lowest is outermost: one squiggle runs under words of several colors.
    Prec.lowest(EditorView.decorations.from(field, ({ squiggles }) => squiggles)),
    gutterLineClass.from(field, ({ washes }) => washes),
  ],
});

/** Sets of ranges to draw, one for each way of drawing. */
function placed(problems, doc) {
  /** @type {import("@codemirror/state").Range<Decoration>[]} */
  const squiggles = [];
  const byLine = new Map();
  for (const problem of problems) {
    const here = doc.lineAt(problem.from);
    byLine.set(here.from, [...(byLine.get(here.from) ?? []), problem]);

    // Only on its first line, and never too narrow to see.
    const to = Math.min(Math.max(problem.to, problem.from + 1), here.to);
    const from = Math.min(problem.from, Math.max(here.from, to - 1));
    if (from < to) {
      squiggles.push(Decoration.mark({ class: `pg-squiggle pg-squiggle--${problem.severity}`, problem: { ...problem, squiggle: from } }).range(from, to));
    }
  }

  /** @type {import("@codemirror/state").Range<Decoration>[]} */
  const washed = [];
  /** @type {import("@codemirror/state").Range<GutterMarker>[]} */
  const marks = [];
  /** @type {import("@codemirror/state").Range<GutterMarker>[]} */
  const washes = [];
  for (const [at, found] of byLine) {
    const severity = SEVERITIES.find((severity) => found.some((problem) => problem.severity === severity));
    washed.push(Decoration.line({ class: `pg-line pg-line--${severity}` }).range(at));
    marks.push(new Mark(severity, found.map(({ message }) => message).join("\n")).range(at));
    washes.push(new Wash(severity).range(at));
  }
  return { squiggles: RangeSet.of(squiggles, true), lines: RangeSet.of(washed, true), marks: RangeSet.of(marks, true), washes: RangeSet.of(washes, true) };
}

const tooltip = hoverTooltip((view, pos) => {
  const found = [];
  let from = pos;
  let to = pos;
  view.state.field(shown).squiggles.between(pos, pos, (start, end, { spec }) => {
    found.push({ ...spec.problem, at: start });
    from = Math.min(from, start);
    to = Math.max(to, end);
  });
  return found.length ? { pos: from, end: to, create: () => ({ dom: words(view, found) }) } : null;
}, { hideOnChange: true });

function words(view, problems) {
  const dom = lines([]);
  for (const problem of problems) {
    dom.append(line("message", problem.message));
    if (problem.help) dom.append(line("help", problem.help));
    if (problem.fix) {
      const button = document.createElement("button");
      button.className = "pg-tooltip__fix";
      button.textContent = problem.fix.label;
      button.onclick = () => applyFix(view, problem);
      dom.append(button);
    }
  }
  return dom;
}

/** Makes the fix of a problem whose squiggle starts `at` a position by now. */
function applyFix(view, { fix, squiggle, at }) {
  const from = at + fix.from - squiggle;
  view.dispatch({ changes: { from, to: from + fix.to - fix.from, insert: fix.text }, userEvent: "input" });
  view.focus();
}

/** Makes the first fix there is on the line of the cursor. */
export function fixHere(view) {
  const { from, to } = view.state.doc.lineAt(view.state.selection.main.head);
  let found;
  view.state.field(shown).squiggles.between(from, to, (at, _end, { spec }) => {
    if (spec.problem.fix) found ??= { ...spec.problem, at };
  });
  if (found) applyFix(view, found);
  return Boolean(found);
}

export const problems = [
  shown,
  gutter({ class: "pg-marks", renderEmptyElements: true, markers: (view) => view.state.field(shown).marks }),
  tooltip,
];
