// For Astro, and so for Starlight: the live diagram of a flow below each fence ```yaml flow.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FAULT } from "./figure.js";
import { NAME, copyInto, served } from "./files.js";
import remarkFlow from "./remark.js";

/** What is wrong with the flows of a built site: Astro reads a page again only when it has changed, so the pages themselves say it. */
async function faultsIn(/** @type {string} */ site) {
  const names = (await readdir(site, { recursive: true })).filter((name) => name.endsWith(".html"));
  const pages = await Promise.all(names.map((name) => readFile(join(site, name), "utf8")));
  return pages.flatMap((page) => [...page.matchAll(new RegExp(`<p ${FAULT}[^>]*>([^<]*)</p>`, "gu"))].map(([, fault]) => fault));
}

/** An integration; it has to stand before that of Starlight. */
export default function astroFlow() {
  return {
    name: "parallelogram",
    hooks: {
      "astro:config:setup": (/** @type {any} */ { config, updateConfig }) => {
        const site = config.base.endsWith("/") ? config.base : `${config.base}/`;
        updateConfig({
          markdown: { remarkPlugins: [[remarkFlow, { base: `${site}${NAME}/`, mark: true }]] },
          vite: { plugins: [served(site)] },
        });
      },
      "astro:build:done": async (/** @type {{ dir: URL }} */ { dir }) => {
        const site = fileURLToPath(dir);
        const faults = await faultsIn(site);
        if (faults.length > 0) throw new Error(faults.join("\n"));
        await copyInto(site);
      },
    },
  };
}
