// Host pages, on an origin of their own, with an embed in them.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { address } from "./harness.mjs";

const TYPES = { html: "text/html; charset=utf-8", css: "text/css", js: "text/javascript" };

/** The fixtures on a port of their own, until the test ends. Resolves to their address, which ends in `/`. */
export async function hosts(t, parameters = "") {
  const dist = address().replace(/\/$/, "");
  const server = createServer(async ({ url }, response) => {
    const name = /^\/([\w.-]+)/.exec(url)?.[1];
    try {
      const text = await readFile(new URL(`fixtures/${name}`, import.meta.url), "utf8");
      const filled = text.replaceAll("DIST_ORIGIN", new URL(dist).origin).replaceAll("DIST", dist).replaceAll("PARAMETERS", parameters.replaceAll("&", "&amp;"));
      response.writeHead(200, { "content-type": TYPES[name.split(".").at(-1)] }).end(filled);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}
