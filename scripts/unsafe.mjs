// Writes the table in `docs/dependencies.md` of how much `unsafe` the crates have that are linked into the tool and the page. Run it
// after Cargo.lock has changed; cargo has to have fetched the crates.
//
// What is counted are the lines that hold the word `unsafe` before any `//`, beside and below the file with which a crate begins.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PAGE = "docs/dependencies.md";
const HEAD = "| in | crates, with the number of lines |\n| --- | --- |\n";
/** The features of `Cargo.toml`, each with what is linked for it besides what comes before. */
const LINKED = [["the library", ""], ["the command line tool", "cli"], ["the page and the npm package", "web,npm"]];

const cargo = (command, ...args) => execFileSync("cargo", [command, "--locked", "--offline", ...args], { encoding: "utf8", maxBuffer: 1 << 28 });

function metadata() {
  return JSON.parse(cargo("metadata", "--format-version=1", "--all-features"));
}

/** The names and versions of what is linked with these features: no build script and no macro is. */
function linked(features) {
  const target = features.includes("web") ? ["--target=wasm32-unknown-unknown"] : [];
  const lines = cargo("tree", "--edges=normal,no-proc-macro", "--prefix=none", "--format={p}", "--features", features, ...target).split("\n");
  const crates = lines.map((line) => line.replace(/ \(.*/u, "").replace(" v", " "));
  return new Set(crates.filter((crate) => crate && !crate.startsWith("parallelogram ")));
}

function unsafeLines(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".rs"));
  const isUnsafe = (line) => /\bunsafe\b/u.test(line.split("//", 1)[0]);
  return files.map((file) => readFileSync(join(folder, file), "utf8").split("\n").filter(isUnsafe).length).reduce((sum, n) => sum + n, 0);
}

/** Where the sources of a package begin. */
const folderOf = ({ targets }) => dirname(targets.find(({ kind }) => kind.some((kind) => /lib|proc-macro/u.test(kind)))?.src_path ?? ".");

const folders = new Map(metadata().packages.map((found) => [`${found.name} ${found.version}`, folderOf(found)]));
const seen = new Set();
const rows = LINKED.map(([what, features]) => {
  const found = [...linked(features)].filter((crate) => !seen.has(crate));
  found.forEach((crate) => seen.add(crate));
  const counted = found.map((crate) => [crate, unsafeLines(folders.get(crate))]).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const some = counted.filter(([, n]) => n > 0).map(([crate, n]) => `\`${crate}\` ${n}`);
  const none = counted.filter(([, n]) => n === 0).map(([crate]) => `\`${crate}\``);
  return `| ${what} | ${some.join(", ")}; none: ${none.join(", ")} |`;
});
const text = readFileSync(PAGE, "utf8");
const start = text.indexOf(HEAD) + HEAD.length;
const end = text.indexOf("\n\n", start);
if (start < HEAD.length || end < 0) throw new Error(`${PAGE} has no such table`);
writeFileSync(PAGE, text.slice(0, start) + rows.join("\n") + text.slice(end));
