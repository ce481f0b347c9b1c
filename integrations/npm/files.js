// The files of the live diagram, as part of a site.
import { createReadStream } from "node:fs";
import { cp, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of a site that they are put into. */
export const NAME = "parallelogram";
/** Where they are in this package. */
export const FOLDER = fileURLToPath(new URL("./element/", import.meta.url));

/** @type {Record<string, string>} */
const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml", ".wasm": "application/wasm" };

/**
 * Copies them into a built site.
 *
 * @param {string} site its folder
 */
export const copyInto = (site) => cp(FOLDER, join(site, NAME), { recursive: true });

/**
 * A plugin for Vite that serves them while a site is written.
 *
 * @param {string} base the address of the site, with a `/` at its end; a host may have taken it off
 */
export const served = (base) => ({
  name: "parallelogram",
  configureServer(/** @type {any} */ server) {
    server.middlewares.use(async (/** @type {any} */ request, /** @type {any} */ response, /** @type {() => void} */ next) => {
      const path = decodeURI(new URL(request.url, "http://host").pathname);
      const prefix = [`${base}${NAME}/`, `/${NAME}/`].find((start) => path.startsWith(start));
      if (!prefix) return next();
      const file = join(FOLDER, normalize(`/${path.slice(prefix.length)}`));
      const isFile = await stat(file).then((found) => found.isFile(), () => false);
      if (!isFile) return next();
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      createReadStream(file).pipe(response);
    });
  },
});
