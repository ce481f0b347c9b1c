// What `make bench` measured, beside the bare loop and, where they are at hand, the peers: one table, in the same run.
//
//   node scripts/bench.mjs [FOLDER]   FOLDER holds the peers' `run.sh`
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const criterion = (group, name, n) => {
  const file = `target/criterion/${group}/${name}/${n}/new/estimates.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).median.point_estimate / 1e6 : undefined;
};

function peers(folder) {
  if (!folder || !existsSync(`${folder}/run.sh`)) return [];
  const WORK = resolve("target/peers");
  mkdirSync(WORK, { recursive: true });
  const run = (command, args) => spawnSync(command, args, { env: { ...process.env, WORK }, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const all = run("bash", [`${folder}/run.sh`, "des"]);
  // Without a compiler for wasm32 that script ends before it measures, but its native peers are there by then.
  const { stdout } = all.status === 0 ? all : run(`${WORK}/target/release/peersbench`, ["des", ...SIZES]);
  const lines = (stdout ?? "").split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  return lines.filter(({ k }) => k === 100);
}

const rows = [
  ["bare loop", (n) => criterion("simulate", "reference", n)],
  ["Parallelogram, Sleep", (n) => criterion("simulate", "sleep", n)],
  ["Parallelogram, shell with a log", (n) => criterion("simulate", "shell", n)],
];
const found = peers(process.argv[2]);
for (const name of new Set(found.map(({ peer, env }) => `${peer} (${env})`))) {
  rows.push([name, (n) => found.find((line) => `${line.peer} (${line.env})` === name && line.n === n)?.ms]);
}

const ms = (value) => (value === undefined ? "–" : value < 10 ? value.toFixed(2) : value.toFixed(0));
console.log("\nOne Parallel, concurrent 100: median ms by number of tasks");
console.log(["".padEnd(32), ...SIZES.map((n) => n.toLocaleString("en").padStart(10))].join(""));
for (const [name, at] of rows) console.log([name.padEnd(32), ...SIZES.map((n) => ms(at(n)).padStart(10))].join(""));
