//! Folding by indent: the lines below a line that are indented further fold into it.

import { codeFolding, foldGutter, foldService } from "@codemirror/language";

/** Longer texts are not folded: finding the ends of their blocks would be felt while typing. */
const MOST_LINES = 20_000;

const indentOf = (text) => text.search(/[^ \t]/);

const byIndent = foldService.of(({ doc }, lineStart, lineEnd) => {
  if (doc.lines > MOST_LINES) return null;
  const text = doc.sliceString(lineStart, lineEnd);
  const indent = indentOf(text);
  if (indent < 0 || text[indent] === "#") return null;
  // The items of a list may be indented as far as their key.
  const holds = text[indent] === "-" ? () => false : (below) => below.startsWith("- ", indent);
  const { number } = doc.lineAt(lineStart);
  if (number === doc.lines) return null;
  let end = lineEnd;
  let at = lineEnd;
  for (const lines = doc.iterLines(number + 1); !lines.next().done; ) {
    at += 1 + lines.value.length;
    const below = indentOf(lines.value);
    if (below < 0) continue;
    if (below < indent || (below === indent && !holds(lines.value))) break;
    end = at;
  }
  return end > lineEnd ? { from: lineEnd, to: end } : null;
});

function arrow(open) {
  const dom = document.createElement("span");
  dom.className = `pg-fold ${open ? "pg-fold--open" : "pg-fold--closed"}`;
  dom.title = open ? tr("Fold") : tr("Unfold");
  return dom;
}

export const folding = [
  byIndent,
  codeFolding({ placeholderText: "…" }),
  foldGutter({ markerDOM: arrow }),
];
