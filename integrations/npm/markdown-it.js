// A plugin for markdown-it: the live diagram of a flow below each fence ```yaml flow.
import { htmlBelow } from "./figure.js";

/** @import { FigureOptions } from "./figure.js" */

/**
 * @param {any} md of markdown-it
 * @param {FigureOptions & { attribute?: string }} [options] `attribute` is given to each figure
 */
export default function markdownItFlow(md, { attribute, ...options } = {}) {
  md.core.ruler.push("parallelogram", (/** @type {any} */ state) => {
    const { src: text, env, Token } = state;
    const path = env?.realPath ?? env?.path ?? env?.page?.inputPath;
    state.tokens = state.tokens.flatMap((/** @type {any} */ token) => {
      const html = token.type === "fence" && htmlBelow(token.content, token.info, { path, text, line: token.map[0] + 1 }, options);
      if (!html) return [token];
      const figure = new Token("html_block", "", 0);
      figure.content = `${attribute ? html.replace("<div", `<div ${attribute}`) : html}\n`;
      return [token, Object.assign(figure, { block: true, level: token.level, map: token.map })];
    });
  });
}
