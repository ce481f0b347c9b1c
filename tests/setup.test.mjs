// Which trunk and wasm-bindgen `scripts/setup.sh` uses: a ready-made one of the right version, else one built from source. The
// tools are fakes that print a version, and so is cargo, which installs them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const output = (command) => spawnSync("bash", ["-c", command], { encoding: "utf8" }).stdout.trim();
const [TRUNK, BINDGEN] = output('. scripts/env.sh; echo "$TRUNK_VERSION $BINDGEN_VERSION"').split(" ");
const RUSTC = output("rustc --version").split(" ")[1];

function program(file, text) {
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

/**
 * Sets up the page with an empty cache where `trunk` and `bindgen` are the versions on the PATH, cargo builds a trunk of the version
 * `built`, and `cargo binstall` fetches one of the version `fetched`; `undefined` is for a machine without it.
 */
function setUp(t, { trunk = "0.1.0", bindgen = BINDGEN, fetched = undefined, built = TRUNK }) {
  const folder = mkdtempSync(join(tmpdir(), "setup-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const bin = join(folder, "bin"), cache = join(folder, "cache"), calls = join(folder, "calls");
  mkdirSync(join(cache, `wasm-std-small-${RUSTC}/lib`), { recursive: true });
  mkdirSync(bin);
  program(join(bin, "trunk"), `echo "trunk ${trunk}"`);
  program(join(bin, "wasm-bindgen"), `echo "wasm-bindgen ${bindgen}"`);
  if (fetched !== undefined) program(join(bin, "cargo-binstall"), "exit 1");
  program(join(bin, "cargo"), `
    echo "$1" >>"${calls}"
    for word; do
      case $before in --install-path) to=$word ;; --root) to=$word/bin ;; esac
      before=$word
    done
    case $1 in binstall) version=${fetched} ;; *) version=${built} ;; esac
    mkdir -p "$to"
    printf '#!/bin/sh\\necho "trunk %s"\\n' "$version" >"$to/trunk"
    chmod +x "$to/trunk"`);
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, PARALLELOGRAM_CACHE: cache };
  const { status, stderr } = spawnSync("scripts/setup.sh", ["page"], { env, encoding: "utf8" });
  const used = spawnSync("bash", ["-c", ". scripts/env.sh; trunk --version"], { env, encoding: "utf8" }).stdout.trim();
  return { status, stderr, used, calls: existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : [] };
}

const RIGHT = { status: 0, stderr: "", used: `trunk ${TRUNK}` };

test("tools of the right version on the PATH are used", (t) => {
  assert.deepEqual(setUp(t, { trunk: TRUNK }), { ...RIGHT, calls: [] });
});

test("the commit that official builds of wasm-bindgen print does not matter", (t) => {
  assert.deepEqual(setUp(t, { trunk: TRUNK, bindgen: `${BINDGEN} (ceb2d3a5d)` }), { ...RIGHT, calls: [] });
});

test("a wrong version on the PATH is replaced by a ready-made one", (t) => {
  assert.deepEqual(setUp(t, { fetched: TRUNK }), { ...RIGHT, calls: ["binstall"] });
});

test("a tool is built where no ready-made one can be fetched", (t) => {
  const { calls, ...result } = setUp(t, {});
  assert.deepEqual(result, RIGHT);
  assert.equal(calls.at(-1), "install");
});

test("a ready-made tool of a wrong version is not used", (t) => {
  assert.deepEqual(setUp(t, { fetched: "0.2.0" }), { ...RIGHT, calls: ["binstall", "install"] });
});

test("a tool that cannot be had is reported in one sentence", (t) => {
  const { status, stderr } = setUp(t, { built: "0.3.0" });
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`^setup: trunk ${TRUNK} could not be built: .*\n$`, "u"));
});
