//! What may be written next, and what a word means. The simulator answers both; this file only shows the answers.

import { autocompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";
import { lines } from "./tooltip.js";

/**
 * @typedef {object} Completion
 * @property {string} label
 * @property {string} insert what is written
 * @property {string} detail what it means
 * @property {number} from the position from which on text is replaced
 */

/**
 * Offers what `ask` returns for a state and a position: while a word is being typed, and with Ctrl+Space anywhere.
 *
 * @param {(state, pos: number) => Completion[]} ask
 */
export const completion = (ask) =>
  autocompletion({
    icons: false,
    tooltipClass: () => "pg-completions",
    activateOnTypingDelay: 0,
    // The chosen completion may call for another one: `type: `.
    activateOnCompletion: ({ apply }) => typeof apply === "string" && /[ .]$/.test(apply),
    override: [
      ({ state, pos, explicit }) => {
        const found = ask(state, pos);
        if (!found.length) return null;
        const { from } = found[0];
        const written = state.sliceDoc(from, pos);
        const before = state.sliceDoc(Math.max(0, from - 2), from);
        // Unless asked for, nothing is offered before the first character, except for the value of a key, nor for a complete word.
        if (!explicit && ((!written && !/: $|\.$/.test(before)) || found.some(({ label }) => label === written))) return null;
        return { from, options: found.map(({ label, insert, detail }) => ({ label, apply: insert, detail })) };
      },
    ],
  });

const WORD_CHAR = /[\p{L}\p{N}_.$#-]/u;

/** Explains the word under the pointer by what `ask` returns for a state and a position. */
export const explanation = (ask) =>
  hoverTooltip((view, pos, side) => {
    const { text, from } = view.state.doc.lineAt(pos);
    let start = pos - from;
    let end = start;
    while (start > 0 && WORD_CHAR.test(text[start - 1])) start--;
    while (end < text.length && WORD_CHAR.test(text[end])) end++;
    if (start === end || (start === pos - from && side < 0) || (end === pos - from && side > 0)) return null;
    const meaning = ask(view.state, pos);
    return meaning ? { pos: from + start, end: from + end, create: () => ({ dom: lines([["help", meaning]]) }) } : null;
  }, { hideOnChange: true });
