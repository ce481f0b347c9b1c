// The same text, the same bytes: event log, JSON and SVG from the native program, Chromium and Firefox, for all examples and for the
// random flows that `tests/bytes.rs` writes.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DIST, launch } from "../../scripts/browser.mjs";
import { serve } from "../../scripts/serve.mjs";

const KINDS = ["events", "json", "svg"];
/** How many flows are asked for at once. */
const BATCH = 50;

let server, expected;

/** What the command line tool prints for an example. */
function printed(example) {
  const flow = join(mkdtempSync(join(tmpdir(), "parallelogram-")), "flow.yaml");
  copyFileSync(join("examples", example), flow);
  const print = (kind) => spawnSync("target/debug/parallelogram", ["simulate", flow, "--format", kind], { encoding: "utf8" }).stdout;
  return { yaml: readFileSync(flow, "utf8"), ...Object.fromEntries(KINDS.map((kind) => [kind, print(kind)])) };
}

before(async () => {
  server = await serve(DIST);
  execFileSync("cargo", ["test", "--quiet", "--features", "cli", "--test", "bytes"], { stdio: "ignore" });
  const random = readFileSync("target/tmp/bytes.jsonl", "utf8").split("\n").map((line) => JSON.parse(line));
  expected = [...readdirSync("examples").filter((file) => file.endsWith(".yaml")).map(printed), ...random];
});

after(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Runs in a page: shows the embed in a frame, and keeps `window.ask`, which sends it a message and waits for the reply. */
function frameEmbed() {
  const replies = new Map();
  const frame = document.createElement("iframe");
  let id = 0;
  window.ask = (type, values) => new Promise((resolve) => {
    replies.set(String(++id), resolve);
    frame.contentWindow.postMessage({ fp: 1, type, id: String(id), ...values }, "*");
  });
  addEventListener("message", ({ data }) => data.type === "reply" && replies.get(data.id)(data.value));
  return new Promise((resolve) => {
    const meet = ({ data }) => {
      if (data.type !== "ready") return;
      removeEventListener("message", meet);
      frame.contentWindow.postMessage({ fp: 1, type: "hello" }, "*");
      resolve();
    };
    addEventListener("message", meet);
    Object.assign(frame, { src: "embed.html", hidden: true });
    document.body.append(frame);
  });
}

/** Runs in a page: the digests of the files of each flow. */
function digests([yamls, kinds]) {
  const digest = async (text) => {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  return Promise.all(yamls.map(async (yaml) => {
    // Messages are followed in order.
    const [, ...files] = await Promise.all([window.ask("load", { yaml }), ...kinds.map((what) => window.ask("get", { what }))]);
    return Promise.all(files.map(digest));
  }));
}

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

for (const browser of ["chromium", "firefox"]) {
  test(`${browser} makes the bytes of the native program`, async (t) => {
    const opened = await launch({ browser });
    t.after(() => opened.close());
    const page = await opened.newPage();
    // Any text of the same folder does: it has no policy that forbids frames.
    await page.goto(`http://127.0.0.1:${server.address().port}/style.css`);
    await page.evaluate(frameEmbed);
    assert.ok(expected.length > 1000);
    for (let from = 0; from < expected.length; from += BATCH) {
      const flows = expected.slice(from, from + BATCH);
      const found = await page.evaluate(digests, [flows.map(({ yaml }) => yaml), KINDS]);
      for (const [nth, flow] of flows.entries()) {
        for (const [at, kind] of KINDS.entries()) {
          if (found[nth][at] === sha256(flow[kind])) continue;
          const again = ([yaml, what]) => Promise.all([window.ask("load", { yaml }), window.ask("get", { what })]);
          const [, text] = await page.evaluate(again, [flow.yaml, kind]);
          assert.equal(text, flow[kind], `${kind} of\n${flow.yaml}`);
        }
      }
    }
  });
}
