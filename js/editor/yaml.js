//! YAML: its colors, those of the expressions inside its scalars, and what Enter does.

import { HighlightStyle, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { yamlLanguage } from "@codemirror/lang-yaml";
import { Compartment, EditorSelection, EditorState, Prec, RangeSetBuilder } from "@codemirror/state";
import { Decoration, ViewPlugin } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colors = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: "var(--syntax-key)" },
  { tag: tags.string, color: "var(--syntax-string)" },
  { tag: [tags.labelName, tags.typeName], color: "var(--syntax-number)" },
  {
    tag: [tags.punctuation, tags.comment, tags.meta, tags.keyword, tags.attributeValue, tags.special(tags.string)],
    color: "var(--muted)",
  },
]);

/** Plain scalars that are not words to YAML: numbers, booleans and null. */
const VALUE = /^(?:[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?|0x[\da-f]+|0o[0-7]+|[-+]?\.(?:inf|nan)|true|false|null|~)$/i;
const EXPRESSION = /\{\{[^]*?\}\}|\{%[^]*?%\}/g;
/** An expression is looked for this many characters above and below what is on view. */
const REACH = 2000;

const SCALARS = ["Literal", "QuotedLiteral", "BlockLiteralContent"];
const key = Decoration.mark({ class: "pg-tok--key" });
const number = Decoration.mark({ class: "pg-tok--number" });
const string = Decoration.mark({ class: "pg-tok--string" });
const expression = Decoration.mark({ class: "pg-tok--expr" });

/** Colors what the grammar has no names for. */
const scalars = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = scalarsOnView(view);
    }
    update({ docChanged, viewportChanged, startState, state, view }) {
      if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state)) {
        this.decorations = scalarsOnView(view);
      }
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function scalarsOnView({ state, visibleRanges }) {
  /** @type {RangeSetBuilder<Decoration>} */
  const ranges = new RangeSetBuilder();
  let done = 0;
  for (const visible of visibleRanges) {
    syntaxTree(state).iterate({
      ...visible,
      enter({ name, node }) {
        if (!SCALARS.includes(name) || node.parent?.name === "Key") return;
        const from = Math.max(node.from, visible.from - REACH, done);
        const to = Math.min(node.to, visible.to + REACH);
        if (from >= to) return;
        done = to;
        const add = (start, end, mark) => start < end && ranges.add(from + start, from + end, mark);
        const text = state.sliceDoc(from, to);
        if (name === "Literal") colorPlain(text, state.sliceDoc(to, to + 1), add);
        else colorExpressions(text, name === "BlockLiteralContent", add);
      },
    });
  }
  return ranges.finish();
}

function colorPlain(text, next, add) {
  // Below a key that has no colon yet, the next key is read as more of the scalar above.
  const keyBelow = next === ":" ? /\n\s*([^\n]+)$/.exec(text) : null;
  const end = keyBelow ? keyBelow.index : text.length;
  if (VALUE.test(text.slice(0, end))) add(0, end, number);
  else colorExpressions(text.slice(0, end), false, add);
  if (keyBelow) add(text.length - keyBelow[1].length, text.length, key);
}

function colorExpressions(text, isString, add) {
  let end = 0;
  for (const { index, 0: found } of text.matchAll(EXPRESSION)) {
    if (isString) add(end, index, string);
    end = index + found.length;
    add(index, end, expression);
  }
  if (isString) add(end, text.length, string);
}

/**
 * Enter: the new line starts under the key of the line it leaves, two spaces further in if that line
 * opens something (`tasks:`, `script: |`).
 */
export function newline(view) {
  const { state } = view;
  const change = state.changeByRange(({ from, to }) => {
    const line = state.doc.lineAt(from);
    const insert = "\n" + indentAfter(line.text.slice(0, from - line.from));
    const last = state.doc.lineAt(to);
    const spaces = last.text.slice(to - last.from).search(/[^ \t]|$/);
    return {
      changes: { from, to: to + spaces, insert },
      range: EditorSelection.cursor(from + insert.length),
    };
  });
  view.dispatch(state.update(change, { scrollIntoView: true, userEvent: "input" }));
  return true;
}

const KEY = /^(?:"[^"]*"|'[^']*'|[^\s"'{[#][^#]*?):(?=\s|$)/;
/** What may precede a nested value on its line: nothing, or an anchor, a tag, the head of a block of text. */
const OPENS = /^(?:[&!]\S+\s*)*(?:[|>][-+\d]*)?$/;

/** The white space to start with below a line that ends with `text`. */
export function indentAfter(text) {
  const [, indent = "", dashes = "", rest = ""] = /^(\s*)((?:- +)*)(.*)$/.exec(text) ?? [];
  const [key = ""] = KEY.exec(rest) ?? [];
  const value = rest.slice(key.length).replace(/(?:^|\s)#.*$/, "").trim();
  const opens = OPENS.test(value);
  const hangs = key || (opens && value);
  return indent + " ".repeat((hangs ? dashes.length : 0) + (key && opens ? 2 : 0));
}

/**
 * A longer text has no colors, in characters. The editor's parser goes through all of a text, however little of it is on view, and does
 * so in steps of 100 ms, in which no key is answered.
 */
const LONGEST_COLORED = 500_000;
const language = new Compartment();
// Highest is innermost: an expression keeps its color inside a string.
const colored = [yamlLanguage, syntaxHighlighting(colors), Prec.highest(scalars)];
const fitting = (isLong) => (isLong ? [] : colored);
const isLong = ({ length }) => length > LONGEST_COLORED;

/** The colors of a text that starts as this one. */
export const yaml = (doc) => [
  language.of(fitting(isLong(doc))),
  EditorState.transactionExtender.of(({ startState, newDoc }) =>
    isLong(startState.doc) === isLong(newDoc) ? null : { effects: language.reconfigure(fitting(isLong(newDoc))) }),
];
