// Serves a folder on this machine, for looking at the page and for its tests.
//
//   node scripts/serve.mjs FOLDER PORT     serves until it is stopped
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** The file that an address below `prefix` names; throws when it names none. Never one outside `folder`. */
function fileOf(url, folder, prefix) {
  const path = decodeURIComponent(url.split(/[?#]/u, 1)[0]);
  if (!path.startsWith(prefix)) throw new Error("not below the prefix");
  const within = normalize(`/${path.slice(prefix.length)}`);
  return join(folder, within.endsWith("/") ? `${within}index.html` : within);
}

/** Serves `folder` below the path `prefix`; port 0 is any free one. Resolves to the server once it listens. */
export function serve(folder, port = 0, prefix = "/") {
  const server = createServer(async ({ url }, response) => {
    try {
      const file = fileOf(url, folder, prefix);
      const body = await readFile(file);
      response.writeHead(200, {
        "content-type": TYPES[extname(file)] ?? "application/octet-stream",
        "cache-control": "no-cache",
        "access-control-allow-origin": "*",
      });
      response.end(body);
    } catch (error) {
      if (error.code === "EISDIR") return response.writeHead(301, { location: `${url.split(/[?#]/u, 1)[0]}/` }).end();
      response.writeHead(404, { "content-type": "text/plain" });
      response.end("not found\n");
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder = "dist", port = "8080"] = process.argv.slice(2);
  try {
    const server = await serve(folder, Number(port));
    console.log(`serve: http://127.0.0.1:${server.address().port}`);
  } catch (error) {
    console.error(error.code === "EADDRINUSE" ? `serve: port ${port} is taken: set PORT to another one.` : `serve: ${error.message}`);
    process.exit(1);
  }
}
