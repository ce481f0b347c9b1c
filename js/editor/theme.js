//! How the editor looks. Every color and font is a custom property of the page.

import { EditorView } from "@codemirror/view";

/** A 12 x 12 shape as a mask: its color is then a property like any other. */
const shape = (path) =>
  `url("data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 12 12"><path fill-rule="evenodd" d="${path}"/></svg>`,
  )}") center / 12px 12px no-repeat`;
const BANG = "M5.25 2.75h1.5v4h-1.5zM5.25 7.75h1.5v1.5h-1.5z";

const wash = (color) => `color-mix(in srgb, ${color} 10%, var(--panel))`;

export const theme = EditorView.theme({
  "&": { height: "100%", background: "var(--panel)", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "var(--text-code)", lineHeight: "20px" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 16px 0 2px" },
  ".cm-content ::selection": { background: "color-mix(in srgb, var(--accent) 18%, var(--panel))" },

  // 16 px for the mark, 18 px for the number, 12 px to fold, 2 px of the line: the text starts at 48 px.
  ".cm-gutters": { background: "var(--panel)", border: "0 !important", color: "var(--muted)" },
  ".pg-marks": { width: "16px" },
  ".cm-lineNumbers .cm-gutterElement": {
    minWidth: "18px",
    padding: "0 2px 0 1px",
    font: "400 12px/20px var(--font-mono)",
    cursor: "pointer",
  },
  ".cm-lineNumbers .pg-stop": {
    borderRadius: "var(--bar-radius)",
    background: "var(--accent) !important",
    color: "var(--on-accent) !important",
  },
  ".cm-foldGutter": { width: "12px" },
  ".pg-fold": {
    display: "block",
    width: "12px",
    height: "20px",
    cursor: "pointer",
    background: "var(--muted)",
    mask: shape("M2.5 4h7L6 8.5z"),
  },
  ".pg-fold--open": { opacity: "0" },
  ".cm-gutters:hover .pg-fold--open": { opacity: "1" },
  ".pg-fold--closed": { mask: shape("M4 2.5v7L8.5 6z") },
  ".cm-foldPlaceholder": {
    margin: "0 4px",
    padding: "0 6px",
    border: "1px solid var(--hairline)",
    background: "var(--hover)",
    color: "var(--muted)",
  },
  "[data-hint]::after": {
    content: "attr(data-hint)",
    marginLeft: "24px",
    color: "var(--muted)",
    font: "var(--text-axis)",
    whiteSpace: "nowrap",
    pointerEvents: "none",
    // Beside names from right to left.
    unicodeBidi: "isolate",
  },
  ".cm-activeLineGutter": { background: "none" },
  "&.cm-focused .cm-activeLineGutter": { color: "var(--ink)" },

  // Later rules win: a problem shows on a selected line too.
  ".pg-line--selected": { background: "var(--selected)", color: "var(--ink)" },
  ".pg-line--info": { background: "var(--hover)" },
  ".pg-line--warning": { background: wash("var(--state-warning-fill)") },
  ".pg-line--error": { background: "var(--problem-wash)" },

  ".pg-squiggle": {
    textDecoration: "underline wavy 1px var(--severity)",
    textDecorationSkipInk: "none",
    textUnderlineOffset: "3px",
  },
  ".pg-squiggle--info": { textDecorationStyle: "dotted" },
  ".pg-mark": { display: "block", width: "12px", height: "12px", margin: "4px 0 0 4px", background: "var(--severity)" },
  ".pg-mark--error": { mask: shape(`M6 0l6 6-6 6-6-6z${BANG}`) },
  ".pg-mark--warning": { mask: shape(`M6 0l6 11.5H0z${BANG}`) },
  ".pg-mark--info": { mask: shape("M6 0a6 6 0 1 0 .01 0zM5.25 2.75h1.5v1.5h-1.5zM5.25 5.25h1.5v4h-1.5z") },
  ".pg-mark--error, .pg-squiggle--error": { "--severity": "var(--problem)" },
  ".pg-mark--warning, .pg-squiggle--warning": { "--severity": "var(--state-warning-outline)" },
  ".pg-mark--info, .pg-squiggle--info": { "--severity": "var(--muted)" },

  ".pg-tok--key": { color: "var(--syntax-key)" },
  ".pg-tok--number": { color: "var(--syntax-number)", fontWeight: "700" },
  ".pg-tok--string": { color: "var(--syntax-string)" },
  ".pg-tok--expr": { color: "var(--syntax-expr)" },
  ".cm-specialChar": { color: "var(--problem)" },

  ".cm-tooltip": { border: "0", background: "none", padding: "4px 0" },
  ".pg-tooltip": {
    maxWidth: "min(420px, 80vw)",
    padding: "6px 8px",
    borderRadius: "var(--control-radius)",
    background: "var(--tooltip)",
    color: "var(--on-tooltip)",
    font: "var(--text-axis)",
    overflowWrap: "anywhere",
  },
  ".pg-tooltip__help": { opacity: "0.85" },
  ".pg-tooltip code": { font: "400 12px/16px var(--font-mono)" },
  ".pg-tooltip__fix": {
    margin: "4px 0 2px",
    padding: "3px 8px",
    border: "1px solid currentColor",
    borderRadius: "var(--control-radius)",
    background: "none",
    color: "inherit",
    font: "inherit",
    cursor: "pointer",
  },
  ".cm-tooltip.pg-completions": {
    padding: "4px",
    border: "1px solid var(--line)",
    borderRadius: "var(--control-radius)",
    background: "var(--ground)",
    boxShadow: "0 4px 16px rgb(0 0 0 / 16%)",
    "& > ul": { font: "var(--text-code)", maxHeight: "216px", maxWidth: "min(560px, 90vw)" },
    "& > ul > li": { display: "flex", gap: "16px", padding: "2px 8px", lineHeight: "20px", borderRadius: "var(--bar-radius)" },
    "& > ul > li[aria-selected]": { background: "var(--selected)", color: "var(--ink)" },
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": {
    marginLeft: "auto",
    overflow: "hidden",
    textOverflow: "ellipsis",
    color: "var(--muted)",
    font: "var(--text-axis)",
    fontStyle: "normal",
    lineHeight: "20px",
  },

  "@media (forced-colors: active)": {
    ".pg-mark": { background: "CanvasText", forcedColorAdjust: "none" },
    ".pg-marks .pg-line--selected": { borderLeft: "3px solid Highlight" },
    ".pg-tooltip": { border: "1px solid CanvasText" },
    ".cm-lineNumbers .pg-stop": { outline: "1px solid CanvasText" },
    ".pg-fold": { background: "CanvasText", forcedColorAdjust: "none" },
    ".pg-completions li[aria-selected]": { outline: "1px solid Highlight" },
  },
});
