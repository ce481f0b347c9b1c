//! The text editor: CodeMirror 6 in an open shadow root. There it uses adopted style sheets, which
//! the page's policy (`style-src 'self'`) lets through; colors and fonts come in as the custom
//! properties of `styles/tokens.css`, which cross the shadow border.
//!
//! Offsets are UTF-16 code units of the text as given, `\r` included.
//!
//! **Invariant:** no history here. Undo and redo belong to the app, which has one history for text,
//! sliders and drags; the keys only call `onUndo` and `onRedo`.

import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { foldKeymap } from "@codemirror/language";
import { Annotation, Compartment, EditorState, Prec, Text } from "@codemirror/state";
import { EditorView, highlightActiveLineGutter, highlightSpecialChars, keymap } from "@codemirror/view";
import { completion, explanation } from "./editor/complete.js";
import { folding } from "./editor/fold.js";
import { lineEnds, lineEndsOf, setLineEnds, split, toOffset, toPos, toText } from "./editor/line-ends.js";
import { highlight, setHighlight } from "./editor/highlight.js";
import { fixHere, problems, setProblems } from "./editor/problems.js";
import { runMarks, setBreaks, setHints } from "./editor/run.js";
import { theme } from "./editor/theme.js";
import { newline, yaml } from "./editor/yaml.js";

/** Marks a change made by the app, which is not reported back to it. */
const fromApp = Annotation.define();

/** What looks like YAML but is not: a no-break space looks like an indent. */
const SPECIAL_CHARS = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/;

/**
 * @typedef {object} Problem
 * @property {number} from offset of the first character
 * @property {number} to offset after the last one; equal to `from` for a place between characters
 * @property {'error' | 'warning' | 'info'} severity
 * @property {string} message
 * @property {string} [help] what to do about it
 * @property {{ from: number, to: number, text: string, label: string }} [fix] the same as a change of the text, near the
 *   place, and the label of its button
 */

/**
 * @typedef {object} Options
 * @property {string} text what to start with
 * @property {string} label the accessible name
 * @property {(from: number, to: number, text: string) => void} [onChange] after each edit by the user: the text that stands
 *   in place of what was between two offsets; not after `replace`
 * @property {(line: number, column: number, byHand: boolean) => void} [onCursor] when the cursor is
 *   somewhere else, whoever moved it; line and column count from 1, the column in UTF-16 code units
 * @property {() => void} [onRun] Ctrl or Cmd + Enter
 * @property {(line: number) => void} [onBreak] a line number was clicked, or F9 pressed on this line, from 1
 * @property {(offset: number) => string} [onComplete] what may be written there: JSON, a list of `{label, insert, detail, from}`
 * @property {(offset: number) => string | undefined} [onHover] what the word there means
 * @property {() => void} [onUndo]
 * @property {() => void} [onRedo]
 */

/**
 * Mounts the editor inside `host`, an empty element with a size of its own.
 *
 * The keys for run, undo and redo do not reach the page as well. While Tab indents (Ctrl+M), the host
 * has the attribute `data-tab-indents`.
 *
 * @param {HTMLElement} host
 * @param {Options} options
 */
export function mount(host, { text, label, onChange, onCursor, onRun, onBreak, onComplete, onHover, onUndo, onRedo }) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const tabKey = new Compartment();

  const toggleTab = (view) => {
    const indents = host.toggleAttribute("data-tab-indents");
    view.dispatch({
      effects: [
        tabKey.reconfigure(indents ? keymap.of([indentWithTab]) : []),
        EditorView.announce.of(indents ? tr("Tab indents") : tr("Tab leaves the editor")),
      ],
    });
    return true;
  };

  const key = (names, run) => names.map((key) => ({ key, run, preventDefault: true, stopPropagation: true }));
  const call = (callback) => () => {
    callback?.();
    return true;
  };
  const undo = call(onUndo);
  const redo = call(onRedo);

  const keys = [
    ...key(["Mod-Enter", "Ctrl-Enter"], call(onRun)),
    ...key(["Mod-z"], undo),
    ...key(["Mod-y", "Mod-Shift-z"], redo),
    ...key(["Ctrl-m"], toggleTab),
    ...key(["Mod-."], fixHere),
    ...key(["F9"], ({ state }) => {
      onBreak?.(state.doc.lineAt(state.selection.main.head).number);
      return true;
    }),
    ...foldKeymap,
    { key: "Enter", run: newline, shift: newline },
    // Ours is Ctrl+M on every system, and formatting YAML by the parse tree would change its meaning.
    ...defaultKeymap.filter(({ key }) => !["Ctrl-m", "Enter", "Mod-Alt-\\"].includes(key ?? "")),
  ];

  const events = {
    // The browser's own undo: its menu, a shaken phone.
    beforeinput: ({ inputType }) =>
      (inputType === "historyUndo" && undo()) || (inputType === "historyRedo" && redo()),
    // Esc makes the next Tab leave the editor, whatever Tab does otherwise, without a time limit.
    keyup: ({ key }, view) => {
      if (key === "Escape") view.setTabFocusMode(Number.MAX_SAFE_INTEGER);
    },
    blur: (_event, view) => view.setTabFocusMode(false),
  };

  const cursorOf = (state) => {
    const { head } = state.selection.main;
    const line = state.doc.lineAt(head);
    return { line: line.number, column: head - line.from + 1, offset: toOffset(state, head) };
  };
  let cursor = { line: 1, column: 1, offset: 0 };
  const report = (update) => {
    const { state, docChanged, transactions } = update;
    const before = cursor;
    const now = (cursor = cursorOf(state));
    const { line, column, offset } = now;
    if (docChanged && transactions.some((tr) => tr.docChanged && !tr.annotation(fromApp))) {
      // Starts the time anew for which styles show nothing of a half-typed key.
      const { dataset } = document.documentElement;
      dataset.typed = dataset.typed === "a" ? "b" : "a";
      onChange?.(...replaced(update));
      // The callback may have set another text, which was reported already.
      if (cursor !== now) return;
    }
    if (line !== before.line || column !== before.column || offset !== before.offset) {
      onCursor?.(line, column, transactions.some((tr) => tr.isUserEvent("select")));
    }
  };

  const start = split(text);
  /** @type {number | undefined} where the highlighted lines begin */
  let highlighted;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: start.doc,
      extensions: [
        lineEnds.init(() => start.ends),
        problems,
        highlight,
        scrollsTextAlone,
        runMarks((line) => onBreak?.(line)),
        folding,
        highlightActiveLineGutter(),
        highlightSpecialChars({ addSpecialChars: SPECIAL_CHARS }),
        yaml(start.doc),
        completion((state, pos) => {
          const found = JSON.parse(onComplete?.(toOffset(state, pos)) ?? "[]");
          return found.map((one) => ({ ...one, from: toPos(state, one.from) }));
        }),
        explanation((state, pos) => onHover?.(toOffset(state, pos))),
        tabKey.of([]),
        keymap.of(keys),
        Prec.high(EditorView.domEventHandlers(events)),
        EditorState.phrases.of(phrases()),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged || update.selectionSet) report(update);
        }),
        theme,
      ],
    }),
  });

  // What the app shows in the text is put there all together, once the app is done: the browser lays out the page once for it.
  /** @type {Map<string, () => import("@codemirror/state").StateEffect<any>[]>} */
  const due = new Map();
  const { port1, port2 } = new MessageChannel();
  const show = (what, effects) => {
    if (due.size === 0) port2.postMessage(undefined);
    due.set(what, effects);
  };
  port1.onmessage = () => {
    const effects = [...due.values()].flatMap((effects) => effects());
    due.clear();
    view.dispatch({ effects });
  };
  const toRange = ({ from, to }) => ({ from: toPos(view.state, from), to: toPos(view.state, to) });

  return {
    /** The text as it would be saved. */
    text: () => toText(view.state),

    /** Puts a text between two offsets: the cursor and what is on view stay where they can. */
    replace(from, to, text) {
      const { changes, ends } = replacing(view.state, from, to, text);
      const scroll = view.scrollSnapshot();
      const isTopKept = changes.touchesRange(topOf(view)) !== "cover";
      const kept = (isTopKept && scroll.map(changes)) || scroll;
      view.dispatch({
        changes,
        // The new text may be too short for the place.
        effects: [setLineEnds.of(ends), ...(kept.value.range.head <= changes.newLength ? [kept] : [])],
        annotations: fromApp.of(true),
      });
    },

    /** Shows these problems and no others. @param {Problem[]} list */
    setDiagnostics(list) {
      const placed = (problem) => ({
        ...problem,
        ...toRange(problem),
        fix: problem.fix && { ...problem.fix, ...toRange(problem.fix) },
      });
      show("problems", () => [setProblems.of(list.map(placed))]);
    },

    /** Shows these words at the ends of lines, and no others. @param {[line: number, text: string][]} list */
    setHints(list) {
      show("hints", () => [setHints.of(list)]);
    },

    /** Marks these lines, in order, as places where the run stops, and no others. @param {number[]} lines */
    setBreaks(lines) {
      show("breaks", () => [setBreaks.of([...lines])]);
    },

    /** Washes the lines from offset `from` up to `to`; `null` washes none. */
    setHighlight(from, to) {
      show("highlight", () => {
        const range = from == null ? null : toRange({ from, to: to ?? from });
        // What is selected elsewhere comes into view; what is typed stays where it is.
        const follows = range !== null && range.from !== highlighted && !view.hasFocus;
        highlighted = range?.from;
        return [setHighlight.of(range), ...(follows ? [EditorView.scrollIntoView(range.from)] : [])];
      });
    },

    /** Moves the cursor to `offset`, brings it into view and takes the focus. */
    goTo(offset) {
      const anchor = toPos(view.state, offset);
      view.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { yMargin: 80, xMargin: 48 }),
      });
      view.focus();
    },

    focus: () => view.focus(),

    destroy() {
      port1.close();
      view.destroy();
      host.removeAttribute("data-tab-indents");
    },
  };
}

/** What CodeMirror says by itself. */
const phrases = () => ({
  Completions: tr("Completions"),
  "Control character": tr("Control character"),
  "Folded lines": tr("Folded lines"),
  "Selection deleted": tr("Selection deleted"),
  "Unfolded lines": tr("Unfolded lines"),
  "folded code": tr("folded code"),
  to: tr("to"),
  unfold: tr("unfold"),
});

/** Without the focus the text alone is scrolled, and nothing around it: the page does not move below the pointer. */
const scrollsTextAlone = EditorView.scrollHandler.of((view, { head }) => {
  if (view.hasFocus) return false;
  const { scrollDOM } = view;
  const { top, bottom } = view.lineBlockAt(head);
  scrollDOM.scrollTop = Math.min(top - 40, Math.max(scrollDOM.scrollTop, bottom + 40 - scrollDOM.clientHeight));
  return true;
});

/** Where the first line on view starts. */
function topOf(view) {
  return view.lineBlockAtHeight(view.scrollDOM.getBoundingClientRect().top - view.documentTop).from;
}

/**
 * What an update has put in place of what: the lines that it touches as a whole, as no character is cut then.
 * @returns {[from: number, to: number, text: string]}
 */
function replaced({ startState, state, changes }) {
  let fromA = startState.doc.length, toA = 0, fromB = state.doc.length, toB = 0;
  changes.iterChangedRanges((startA, endA, startB, endB) => {
    [fromA, toA, fromB, toB] = [Math.min(fromA, startA), endA, Math.min(fromB, startB), endB];
  });
  const from = startState.doc.lineAt(fromA).from, to = startState.doc.lineAt(toA).to;
  return [toOffset(startState, from), toOffset(startState, to), toText(state, state.doc.lineAt(fromB).from, state.doc.lineAt(toB).to)];
}

/** The changes that put a text between two offsets, and the line ends after them. */
function replacing(state, from, to, text) {
  // Without `\r` around it a text and its document are the same.
  const isPlain = !lineEndsOf(state).crlf.length && !text.includes("\r") && state.sliceDoc(Math.max(0, from - 1), from) !== "\r";
  if (isPlain) return { changes: state.changes(difference(state.sliceDoc(from, to), text, from)), ends: split("").ends };
  const before = toText(state);
  const { doc, ends } = split(before.slice(0, from) + text + before.slice(to));
  return { changes: state.changes(difference(state.doc.toString(), doc.toString(), 0)), ends };
}

/** With more changes than this, one that spans them is made sooner. */
const MOST_CHANGES = 500;

/** The changes from `before`, which stands at `start`, to `after`: one, or one a line if there are as many lines and few differ. */
function difference(before, after, start) {
  const whole = trimmed(before, after, start);
  const lines = before.slice(whole.from - start, whole.to - start).split("\n");
  const insert = whole.insert.split("\n");
  if (lines.length !== insert.length) return [asText(whole)];
  let at = whole.from;
  const changes = [];
  for (const [i, line] of lines.entries()) {
    if (line !== insert[i]) changes.push(asText(trimmed(line, insert[i], at)));
    if (changes.length > MOST_CHANGES) return [asText(whole)];
    at += line.length + 1;
  }
  return changes;
}

/** So many characters are compared at once. */
const CHUNK = 1024;

/** One change, without what both have in common at their starts and ends. */
function trimmed(before, after, at) {
  const shorter = Math.min(before.length, after.length);
  const isSame = (length, offset, offsetAfter) => before.slice(offset, offset + length) === after.slice(offsetAfter, offsetAfter + length);
  let start = 0;
  while (start + CHUNK <= shorter && isSame(CHUNK, start, start)) start += CHUNK;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (end + CHUNK <= shorter - start && isSame(CHUNK, before.length - end - CHUNK, after.length - end - CHUNK)) end += CHUNK;
  while (
    end < shorter - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) end++;
  return { from: at + start, to: at + before.length - end, insert: after.slice(start, after.length - end) };
}

/** Keeps a lone `\r`, which CodeMirror would take for a line break in a string. */
const asText = (change) => ({ ...change, insert: Text.of(change.insert.split("\n")) });
