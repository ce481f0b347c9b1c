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
      const html = htmlBelow(`${node.value}\n`, `${node.lang} ${node.meta ?? ""}`, where, options);
      return html ? parsed(html).map(asNode) : [];
    });
  };
}
