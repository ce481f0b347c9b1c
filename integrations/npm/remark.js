// A plugin for remark: the live diagram of a flow below each fence ```yaml flow.
import { htmlBelow } from "./figure.js";
import { addBelow, isMdx, parsed, toJsx, toMdast } from "./tree.js";

/** @import { FigureOptions } from "./figure.js" */

/**
 * @this {any}
 * @param {FigureOptions} [options]
 * @returns {(tree: any, file: any) => void} throws when the build has to stop
 */
export default function remarkFlow(options) {
  return (tree, file) => {
    const asNode = isMdx(this, file) ? toJsx : toMdast;
    addBelow(tree, (node) => {
      if (node.type !== "code" || !node.lang) return [];
      const where = { path: file.path, text: String(file), line: node.position?.start.line ?? 1 };
      const html = stopping(file, () => htmlBelow(`${node.value}\n`, `${node.lang} ${node.meta ?? ""}`, where, options));
      return html ? parsed(html).map(asNode) : [];
    });
  };
}

/**
 * Astro reports what is thrown while it reads a page in Markdown, goes on, and exits with 0: then this has the last word on the code.
 *
 * @template T
 * @param {any} file
 * @param {() => T} made
 * @returns {T}
 */
function stopping(file, made) {
  try {
    return made();
  } catch (error) {
    if (file.data?.astro) process.once("exit", () => (process.exitCode = 1));
    throw error;
  }
}
