// Writes records of the real Kestra as test data: node scripts/kestra-records.mjs FOLDER...
//
// A FOLDER holds `flows/VERSION/NAME.yaml` (with `NAME.run.json` where a run has settings), `records/VERSION/NAME.json`, and
// perhaps `faults.json`. The result is one file of JSON lines for each version and topic in tests/kestra/real, a case a line.
// Cases with other names stay as they are. Of a record it keeps what a comparison reads: no ids, no dates, no stack traces, no
// labels, and the logs of the topics alone.
import { mkdirSync, readFileSync, readdirSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";

const folders = process.argv.slice(2);
const to = "tests/kestra/real";
const TOPICS = [
  ["examples", /^example-/],
  ["random", /^random-/],
  ["users", /^user-/],
  ["kinds", /^kinds-/],
  ["lines", /^lines-/],
  ["weight", /^weight-/],
  ["reference", /^expr-ref-/],
  ["expressions", /^expr-|exprs$/],
  ["refusals", /^28|^26-|^04|^10b|loop-20|onchildfailure|unknown-prop|dup-ids|no-tasks|^warn|^plugindefaults/],
  ["executions", /^(15|21|24|25|27|36|44)|^conc|^kill|^sla|^checks|^exit|^errors|after-exec|^(14|32|43)/],
  ["retries", /retry|timeout|^(12|13|38|41)/],
  ["pauses", /pause|^10/],
  ["subflows", /^sub|^(08|09|35)/],
  ["loops", /loop|each|^(05|11|19|20|22|23|33)/],
  ["parallel", /^par|^dag|^(02|03|06|16|17|18|34)/],
  ["values", /input|output|^(30|31|40|42)/],
  ["flows", /./],
];
const HUNG = ["stillRunning", "timedOut", "engineDied"];

function json(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Only the entries that hold something. */
function filled(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value != null && !(typeof value === "object" && Object.keys(value).length === 0)));
}

/** `CREATED 0 RUNNING 7 SUCCESS 1012`: each state with the milliseconds since the first execution was created. */
function history(entries) {
  return entries.map(([state, ms]) => `${state} ${ms}`).join(" ");
}

function taskRun({ task, parent, value, iteration, state, histories, attempts, outputs }) {
  return filled({ task, parent, value, iteration, state, histories: history(histories), attempts: attempts?.map((attempt) => attempt.state), outputs });
}

function execution({ flow, startedBy, kind, state, histories, outputs, loop, taskRuns, logs }) {
  return { ...filled({ flow, startedBy, kind, state, histories: history(histories), outputs, loop, logs }), taskRuns: taskRuns.map(taskRun) };
}

function record(found, withLogs) {
  const { refused, warnings } = found;
  const checks = (found.failedChecks ?? []).map((check) => check.replace(/^\w+: /, "")).join(", ");
  const inputErrors = found.blocked ? [`blocked by checks: ${checks}`] : found.inputErrors;
  const hung = HUNG.some((key) => found[key]) || null;
  const logs = (all) => (withLogs ? (all ?? []).filter(([, level, , message]) => level !== "TRACE" && !message.includes("\n\tat ")) : null);
  const executions = (found.executions ?? []).map((one) => execution({ ...one, logs: logs(one.logs) }));
  return { ...filled({ refused, warnings, inputErrors, hung }), executions };
}

/** The lines of a file by the names of their cases. */
function recorded(path) {
  const lines = existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  return new Map(lines.map((line) => [JSON.parse(line).name, line]));
}

const topics = new Map();
const faults = json(join(to, "faults.json"));
for (const from of folders) {
  for (const version of readdirSync(join(from, "records")).filter((name) => /^\d+\.\d+$/.test(name))) {
    for (const file of readdirSync(join(from, "records", version)).sort()) {
      const name = file.replace(/\.json$/, "");
      const flow = join(from, "flows", version, `${name}.yaml`);
      if (!existsSync(flow)) continue;
      const settings = join(from, "flows", version, `${name}.run.json`);
      const run = existsSync(settings) ? json(settings) : undefined;
      const [topic] = TOPICS.find(([, names]) => names.test(name));
      const real = record(json(join(from, "records", version, file)), topic !== "random");
      const path = join(to, version, `${topic}.jsonl`);
      const cases = topics.get(path) ?? recorded(path);
      topics.set(path, cases.set(name, JSON.stringify({ name, flow: readFileSync(flow, "utf8"), run, real })));
    }
  }
  const known = join(from, "faults.json");
  for (const [version, cases] of Object.entries(existsSync(known) ? json(known) : {})) faults[version] = { ...faults[version], ...cases };
}
for (const [path, cases] of topics) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, [...cases.values()].join("\n") + "\n");
}
writeFileSync(join(to, "faults.json"), JSON.stringify(faults, null, 1) + "\n");
