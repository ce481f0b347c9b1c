// A plugin for rehype: the live diagram of a flow below each block that was a fence ```yaml flow. It has to run before plugins
// that color code.
import { htmlBelow } from "./figure.js";
import { addBelow, isMdx, parsed, toHast, toJsx } from "./tree.js";

/** @import { FigureOptions } from "./figure.js" */

/** @param {any} node */
const textOf = (node) => node.value ?? (node.children ?? []).map(textOf).join("");

/**
 * @this {any}
 * @param {FigureOptions} [options]
 * @returns {(tree: any, file: any) => void} throws when the build has to stop
 */
export default function rehypeFlow(options) {
  return (tree, file) => {
    const asNode = isMdx(this, file) ? toJsx : toHast;
    addBelow(tree, (node) => {
      const code = node.tagName === "pre" && node.children[0];
      const language = code?.properties?.className?.find?.((/** @type {string} */ name) => name.startsWith("language-"));
      if (!language) return [];
      const words = `${language.slice("language-".length)} ${code.data?.meta ?? code.properties.metastring ?? ""}`;
      const where = { path: file.path, text: String(file), line: (code.position ?? node.position)?.start.line ?? 1 };
      const html = htmlBelow(textOf(code), words, where, options);
      return html ? parsed(html).map(asNode) : [];
    });
  };
}
