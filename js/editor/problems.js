//! Problems in the text: a squiggle, a washed line, a mark in the gutter, and the words on hover.
//! Each severity has its own shape of mark, so colour never speaks alone.

import { Prec, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter, gutterLineClass, hoverTooltip } from "@codemirror/view";

const SEVERITIES = ["error", "warning", "info"];

/** Shows these problems (`from` and `to` are positions) and no others. */
export const setProblems = StateEffect.define();

/** The mark in the gutter; the browser's own tooltip says what it stands for. */
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
    return Object.fromEntries(Object.entries(value).map(([name, set]) => [name, set.map(tr.changes)]));
  },
  provide: (field) => [
    EditorView.decorations.from(field, ({ lines }) => lines),
    // Lowest is outermost: one squiggle runs under words of several colours.
    Prec.lowest(EditorView.decorations.from(field, ({ squiggles }) => squiggles)),
    gutterLineClass.from(field, ({ washes }) => washes),
  ],
});

/** Sets of ranges to draw, one for each way of drawing. */
function placed(problems, doc) {
  const squiggles = [];
  const byLine = new Map();
  for (const problem of problems) {
    const line = doc.lineAt(problem.from);
    byLine.set(line.from, [...(byLine.get(line.from) ?? []), problem]);

    // Only on its first line, and never too narrow to see.
    const to = Math.min(Math.max(problem.to, problem.from + 1), line.to);
    const from = Math.min(problem.from, Math.max(line.from, to - 1));
    if (from < to) {
      squiggles.push(Decoration.mark({ class: `pg-squiggle pg-squiggle--${problem.severity}`, problem }).range(from, to));
    }
  }

  const lines = [];
  const marks = [];
  const washes = [];
  for (const [at, here] of byLine) {
    const severity = SEVERITIES.find((severity) => here.some((problem) => problem.severity === severity));
    lines.push(Decoration.line({ class: `pg-line pg-line--${severity}` }).range(at));
    marks.push(new Mark(severity, here.map(({ message }) => message).join("\n")).range(at));
    washes.push(new Wash(severity).range(at));
  }
  const sorted = (ranges) => RangeSet.of(ranges, true);
  return { squiggles: sorted(squiggles), lines: sorted(lines), marks: sorted(marks), washes: sorted(washes) };
}

const tooltip = hoverTooltip((view, pos) => {
  const found = [];
  let from = pos;
  let to = pos;
  view.state.field(shown).squiggles.between(pos, pos, (start, end, { spec }) => {
    found.push(spec.problem);
    from = Math.min(from, start);
    to = Math.max(to, end);
  });
  return found.length ? { pos: from, end: to, create: () => ({ dom: words(found) }) } : null;
}, { hideOnChange: true });

function words(problems) {
  const dom = document.createElement("div");
  dom.className = "pg-tooltip";
  for (const { message, help } of problems) {
    dom.append(line("pg-tooltip__message", message));
    if (help) dom.append(line("pg-tooltip__help", help));
  }
  return dom;
}

function line(className, text) {
  const dom = document.createElement("div");
  dom.className = className;
  dom.textContent = text;
  return dom;
}

export const problems = [
  shown,
  gutter({ class: "pg-marks", renderEmptyElements: true, markers: (view) => view.state.field(shown).marks }),
  tooltip,
];
