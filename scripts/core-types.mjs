// Writes src/flow/kestra/schema/core_types.txt and core_parts.txt from what Kestra's own schema generator gives for each
// version: `node scripts/core-types.mjs FOLDER`, where FOLDER holds 1.3.json and 2.0.json. Each line has the name of a type (or
// of a part of a flow), then its properties, as `by_version.rs` reads them. The parts are read by a test only.
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

const folder = process.argv[2];
const read = (version) => JSON.parse(readFileSync(`${folder}/${version}.json`, "utf8"));
const [old, now] = [read("1.3"), read("2.0")];

// `<` only 1.3, `>` only 2.0.
const mark = (inOld, inNow) => (inOld && inNow ? "" : inOld ? "<" : ">");

const isDuration = (name) => /duration|timeout|interval|ttl|delay$/i.test(name);

function shape(name, about) {
  const any = about.anyOf ?? [];
  if (name === "labels") return "L";
  if (name === "itemType") return "s";
  if (about.enum) return about.enum.length > 1 ? about.enum.join("|") : "s";
  if (about.format === "duration" || (any.join() === "string,string" && isDuration(name))) return "d";
  const type = about.type ?? any[0];
  if (type === "boolean") return "b";
  if (type === "integer") return about.minimum >= 0 || name === "concurrent" ? "i" : "n";
  if (type === "number") return "n";
  if (any.includes("array") || any.includes("object")) return "a";
  if (type === "string") return "s";
  if (type === "object") return "m";
  return "a";
}

function property(name, inOld, inNow) {
  const about = inNow ?? inOld;
  const isRendered = about.dynamic || about.anyOf?.includes("string");
  const written = about.default;
  const isShort = (typeof written === "string" && /^[\w.,/-]+$/.test(written)) || typeof written === "boolean" || typeof written === "number";
  return [
    mark(inOld, inNow),
    name,
    about.required ? "*" : "",
    about.deprecated ? "~" : "",
    ":",
    shape(name, about),
    isRendered ? "?" : "",
    isShort && `${written}` !== "false" ? `=${written}` : "",
  ].join("");
}

function line(name, inOld, inNow) {
  const names = [...new Set([...Object.keys(inNow ?? {}), ...Object.keys(inOld ?? {})])].sort();
  const isCommon = (key) => key === "type" || (name.includes(".") && key === "pluginDefaultsRef");
  const own = names.filter((key) => !isCommon(key));
  const properties = own.map((key) => property(key, inOld ? inOld[key] : inNow[key], inNow ? inNow[key] : inOld[key]));
  return [mark(inOld, inNow) + name, ...properties].join(" ");
}

const keys = [...new Set([...Object.keys(now), ...Object.keys(old)])].filter((key) => key !== "aliases").sort();
const isType = (key) => key.startsWith("io.kestra.plugin.core.");
const types = keys.filter((key) => isType(key) && !key.includes("$"));
const parts = keys.filter((key) => !isType(key));
const short = (key) => key.replace("io.kestra.plugin.core.", "").replace("input ", "input_").replace("retry ", "retry_");

const out = new URL("../src/flow/kestra/schema/", import.meta.url);
const listed = types.map((key) => line(short(key), old[key]?.properties, now[key]?.properties) + "\n").join("");
writeFileSync(new URL("core_types.txt", out), listed);
writeFileSync(new URL("core_parts.txt", out), parts.map((key) => line(short(key), old[key], now[key]) + "\n").join(""));
console.log(`core_types.txt: ${listed.length} bytes, ${brotliCompressSync(listed).length} in brotli`);
