// For VitePress: the live diagram of a flow below each fence ```yaml flow.
import { NAME, copyInto, served } from "./files.js";
import markdownItFlow from "./markdown-it.js";

/**
 * A configuration with all that the diagrams need.
 *
 * @template {Record<string, any>} Config
 * @param {Config} config of VitePress
 * @returns {Config}
 */
export default function withFlows(config) {
  const { base = "/", head = [], markdown, vite, buildEnd } = /** @type {Record<string, any>} */ (config);
  return {
    ...config,
    head: [...head, ["script", { type: "module", src: `${base}${NAME}/flow-playground.js` }]],
    markdown: {
      ...markdown,
      config: async (/** @type {any} */ md) => {
        await markdown?.config?.(md);
        // Vue leaves what is marked so as it is.
        md.use(markdownItFlow, { attribute: "v-pre" });
      },
    },
    vite: { ...vite, plugins: [...(vite?.plugins ?? []), served(base)] },
    buildEnd: async (/** @type {any} */ site) => {
      await buildEnd?.(site);
      await copyInto(site.outDir);
    },
  };
}
