// What the plugins share: the figure below a fence, and where the fence stands.
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { figure } from "#core";

/**
 * @typedef {object} FigureOptions
 * @property {string} [base] the address of the files of `parallelogram/element`, with a `/` at its end. With it each figure loads the script of the live
 *   diagram; without it the site has to
 * @property {boolean} [mark] puts what is wrong with a flow into the page, as a text with `FAULT`, in place of throwing
 *
 * @typedef {object} Where
 * @property {string} [path] the file of the page
 * @property {string} text what the generator reads of that file, which may lack its front matter
 * @property {number} line of the fence in `text`, from 1
 */

/** The attribute of what is wrong with a flow. */
export const FAULT = "data-parallelogram-fault";

/** @param {string} text */
const unix = (text) => text.replaceAll("\r\n", "\n");
/** @param {string} text */
const lines = (text) => text.split("\n").length;

/**
 * How many lines stand in the file before what is read of it. Where a template language has changed the text, the line of the fence is
 * looked for.
 *
 * @param {Where} where
 */
function linesBefore({ path, text, line }) {
  if (!path || !existsSync(path)) return 0;
  const [file, read] = [readFileSync(path, "utf8"), text].map(unix);
  const body = read.trimStart();
  const at = file.indexOf(body.trimEnd());
  if (at >= 0) return lines(file.slice(0, at)) - lines(read.slice(0, read.length - body.length));
  const fence = read.split("\n")[line - 1];
  const [inFile, inRead] = [file, read].map((all) => all.split("\n").flatMap((other, n) => (other === fence ? [n] : [])));
  return inFile.length === inRead.length ? inFile[inRead.indexOf(line - 1)] - (line - 1) : 0;
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&"<>]/gu, (c) => `&#${c.charCodeAt(0)};`);

/**
 * The HTML below a fence; nothing for one that is no flow.
 *
 * @param {string} text the flow
 * @param {string} words all that is written behind the ticks of the fence
 * @param {Where} where
 * @param {FigureOptions} [options]
 * @returns {string | undefined}
 * @throws {Error} when the flow can't be run or is not as its author claims, with file and line
 */
export function htmlBelow(text, words, where, { base, mark = false } = {}) {
  if (!/\bflow\b/u.test(words)) return undefined;
  /** @type {{ html: string, faults: { line: number, message: string }[] } | null} */
  const found = JSON.parse(figure(text, words));
  if (!found) return undefined;
  if (found.faults.length > 0) {
    const file = where.path ? `${relative(process.cwd(), where.path)}:` : "line ";
    const first = where.line + linesBefore(where) - 1;
    const all = found.faults.map(({ line, message }) => `${file}${first + line}: ${message}`).join("\n");
    if (!mark) throw new Error(all);
    return `<p ${FAULT}="">${escaped(all)}</p>`;
  }
  return base === undefined ? found.html : `${found.html}<script type="module" src="${escaped(base)}flow-playground.js"></script>`;
}
