// For Astro, and so for Starlight: the live diagram of a flow below each fence ```yaml flow.
import { fileURLToPath } from "node:url";
import { NAME, copyInto, served } from "./files.js";
import remarkFlow from "./remark.js";

/** An integration; it has to stand before that of Starlight. */
export default function astroFlow() {
  return {
    name: "parallelogram",
    hooks: {
      "astro:config:setup": (/** @type {any} */ { config, updateConfig }) => {
        const site = config.base.endsWith("/") ? config.base : `${config.base}/`;
        updateConfig({
          markdown: { remarkPlugins: [[remarkFlow, { base: `${site}${NAME}/` }]] },
          vite: { plugins: [served(site)] },
        });
      },
      "astro:build:done": (/** @type {{ dir: URL }} */ { dir }) => copyInto(fileURLToPath(dir)),
    },
  };
}
