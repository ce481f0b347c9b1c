// A plugin for Docusaurus: the script and the files of the live diagrams that `parallelogram/remark` puts below flows.
import { FOLDER, NAME, copyInto } from "./files.js";

/**
 * @param {{ baseUrl: string }} context
 */
export default function docusaurusFlow({ baseUrl }) {
  const base = `${baseUrl}${NAME}/`;
  return {
    name: "parallelogram",
    injectHtmlTags: () => ({ headTags: [{ tagName: "script", attributes: { type: "module", src: `${base}flow-playground.js` } }] }),
    configureWebpack: () => ({ devServer: { static: [{ directory: FOLDER, publicPath: base }] } }),
    postBuild: (/** @type {{ outDir: string }} */ { outDir }) => copyInto(outDir),
  };
}
