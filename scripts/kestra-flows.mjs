// Writes random Kestra flows to compare with a real server: node scripts/kestra-flows.mjs VERSION FIRST_SEED COUNT FOLDER
//
// VERSION is 1.3 or 2.0. Each flow is `own-SEED.yaml`, with `own-SEED.run.json` beside it where a run has settings. The same seed
// gives the same text. All flows use tasks of Kestra's core alone and end within some 20 s. The lengths of the waits in one flow all
// differ, so that few things happen at the same time: what a server does first is then chance. What is known to be a fault of the
// server (tests/kestra/real/faults.json) is not written.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expression, condition, inputs, values } from "./kestra-expressions.mjs";
import { Chance } from "./chance.mjs";
import { yaml } from "./yaml.mjs";

const CORE = "io.kestra.plugin.core.";
const NAMESPACE = "company.own";
/** Tenths of a second; hardly any two sums of them are near each other. */
const WAITS = [6, 10, 15, 19, 24, 28, 33];

class Generator extends Chance {
  constructor(version, seed) {
    super(`${version}/${seed}`);
    this.seed = seed;
    this.isNew = version === "2.0";
    this.n = 0;
    this.budget = this.one([3, 4, 5, 6, 8, 10]);
    this.waits = this.shuffled(WAITS);
    this.subflows = [];
    this.run = {};
    /** What expressions may name. */
    this.names = { inputs: [], variables: ["base", "word", "list"], outputs: [], values: [], isNew: this.isNew };
    /** What the place at hand rules out. */
    this.place = { inLoop: false, inDirectory: false, inHandler: false, isFirst: true };
  }

  id(stem) {
    return `${stem}${++this.n}`;
  }

  task(stem, type, rest) {
    return { id: this.id(stem), type: CORE + type, ...rest };
  }

  /** A length of time that no other wait of the flow has, as long as there are enough. */
  wait() {
    const tenths = this.waits.pop() ?? this.one(WAITS) + this.one([1, 2, 3]);
    return `PT${tenths / 10}S`;
  }

  at(place, what) {
    const before = { place: this.place, outputs: this.names.outputs };
    this.place = { ...this.place, ...place };
    // What a list inside a group puts out need not be there outside.
    this.names.outputs = [...before.outputs];
    const made = what();
    this.place = before.place;
    this.names.outputs = before.outputs;
    return made;
  }

  expression() {
    return expression(this, this.names);
  }

  condition() {
    return condition(this, this.names);
  }

  // ---- tasks that do not hold others

  leaf() {
    this.budget -= 1;
    const kinds = { sleep: 46, log: 12, return_: 10, fail: 10, late: 5, assert: 4, outputs: 4 };
    if (!this.place.inDirectory) Object.assign(kinds, { labels: 3, variables: 3, exit: this.place.inHandler || this.place.inLoop ? 0 : 2 });
    const task = this[this.weighted(kinds)]();
    const canRetry = this.place.isFirst && !this.place.inHandler && !this.place.inDirectory && !this.place.retries;
    if (canRetry && this.percent(/Fail|Assert/.test(task.type) || task.timeout ? 45 : 4)) task.retry = this.retry();
    return this.dressed(task, task.retry);
  }

  /** With what any task may have. */
  dressed(task, isPlain) {
    if (this.percent(8)) task.allowFailure = true;
    if (this.percent(4)) task.allowWarning = true;
    if (!isPlain && this.percent(5)) task.disabled = this.one([true, "true"]);
    else if (!isPlain && this.percent(9) && !/Loop$/.test(task.type)) task.runIf = this.condition();
    return task;
  }

  sleep() {
    return this.task("nap", "flow.Sleep", { duration: this.wait() });
  }

  log() {
    const message = this.percent(25) ? [this.expression(), "there"] : this.expression();
    return this.task("log", "log.Log", { message, ...(this.percent(30) && { level: this.one(["DEBUG", "WARN", "ERROR"]) }) });
  }

  return_() {
    const task = this.task("ret", "debug.Return", { format: this.expression() });
    this.names.outputs.push(`outputs.${task.id}.value`);
    return task;
  }

  outputs() {
    const task = this.task("out", "output.OutputValues", { values: { a: this.expression(), b: this.one([1, true, "{{ 1 + 1 }}"]) } });
    this.names.outputs.push(`outputs.${task.id}.values.a`);
    return task;
  }

  fail() {
    return this.task("fail", "execution.Fail", { ...(this.percent(25) && { condition: this.condition() }), ...(this.percent(20) && { errorMessage: "no" }) });
  }

  late() {
    return this.task("late", "flow.Sleep", { duration: "PT4S", timeout: this.wait() });
  }

  assert() {
    return this.task("check", "execution.Assert", { conditions: [this.condition(), ...(this.percent(40) ? [this.condition()] : [])] });
  }

  labels() {
    const labels = { colour: this.one(["red", "{{ flow.id }}"]) };
    return this.task("label", "execution.Labels", { labels: this.percent(50) ? labels : [{ key: "colour", value: labels.colour }] });
  }

  variables() {
    return this.percent(75)
      ? this.task("set", "execution.SetVariables", { variables: { word: this.expression(), extra: 1 } })
      : this.task("unset", "execution.UnsetVariables", { variables: ["word"], ignoreMissing: this.percent(60) });
  }

  exit() {
    return this.task("exit", "execution.Exit", { state: this.one(["SUCCESS", "WARNING", "FAILED", "CANCELLED", "KILLED"]), runIf: this.condition() });
  }

  retry() {
    const common = {
      ...(this.percent(75) && { maxAttempts: this.one([2, 3, "2"]) }),
      ...(this.percent(20) && { warningOnRetry: true }),
    };
    if (!common.maxAttempts || this.percent(15)) common.maxDuration = this.one(["PT2S", "PT3S"]);
    return this.one([
      { type: "constant", interval: "PT0.9S", ...common },
      { type: "constant", interval: "PT1.3S", ...common },
      { type: "exponential", interval: "PT0.8S", maxInterval: "PT3S", ...(this.percent(40) && { delayFactor: this.one([1.5, 3]) }), ...common },
      { type: "random", minInterval: "PT1S", maxInterval: "PT1.1S", ...common },
    ]);
  }

  // ---- groups

  list(depth, low, high, place = {}) {
    const n = this.between(low, high);
    return this.at(place, () => Array.from({ length: n }, (_, i) => this.at2({ isFirst: i === 0 || Boolean(place.sideBySide) }, depth)));
  }

  /** A task of a list: what it puts out is there for those behind it. */
  at2(place, depth) {
    const before = this.place;
    this.place = { ...before, isFirst: place.isFirst || !this.isNew };
    const task = this.any(depth);
    this.place = before;
    return task;
  }

  any(depth) {
    if (depth <= 0 || this.budget <= 1 || this.place.inDirectory || this.percent(40)) return this.leaf();
    const kinds = { parallel: 20, sequential: 12, dag: 10, if_: 9, switch_: 7, allow: 6, pause: 7, until: 7, subflow: 9, directory: 9 };
    if (this.isNew) kinds.loop = 14;
    else Object.assign(kinds, { forEach: 12, eachParallel: 5, eachSequential: 5, items: 5 });
    if (this.place.inLoop) Object.assign(kinds, { pause: 0, subflow: 0, items: 0 });
    if (this.place.inHandler) Object.assign(kinds, { pause: 0, loop: 0, until: 0, items: 0 });
    return this[this.weighted(kinds)](depth - 1);
  }

  handlers(group, depth) {
    const inner = Math.min(depth, 1);
    if (this.percent(15)) group.errors = this.list(inner, 1, 2, { inHandler: true });
    if (this.percent(13)) group.finally = this.list(inner, 1, 2, { inHandler: true });
    if (this.percent(4)) group.timeout = "PT5S";
    return this.dressed(group, false);
  }

  /** Groups hand their retry on to what they hold. */
  retried(group) {
    if (!this.place.retries && !this.place.inHandler && this.percent(10)) group.retry = this.retry();
    return group;
  }

  parallel(depth) {
    const group = this.retried(this.task("par", "flow.Parallel"));
    if (this.percent(60)) group.concurrent = this.one([1, 2, 2, 3, "2", "{{ 1 + 1 }}", ...this.names.inputs.filter((name) => name === "inputs.count").map((name) => `{{ ${name} }}`)]);
    if (this.isNew && this.percent(40)) group.onChildFailure = this.one(["FAIL", "CANCEL", "CONTINUE", "cancel", "{{ 'FA' ~ 'IL' }}"]);
    // What stands behind another task and is tried again is started twice by 2.0.0 (kestra#18909).
    group.tasks = this.list(this.isNew && group.retry ? 0 : depth, 2, 4, { sideBySide: true, retries: group.retry });
    return this.handlers(group, depth);
  }

  sequential(depth) {
    const group = this.retried(this.task("seq", "flow.Sequential"));
    if (this.isNew && group.retry) delete group.retry;
    return this.handlers({ ...group, tasks: this.list(depth, 1, 3, { retries: group.retry }) }, depth);
  }

  dag(depth) {
    const group = this.task("dag", "flow.Dag");
    if (this.percent(40)) group.concurrent = this.one([1, 2, "{{ 2 }}"]);
    if (this.isNew && this.percent(40)) group.onChildFailure = this.one(["FAIL", "CANCEL", "CONTINUE"]);
    const tasks = this.list(depth, 2, 4, { sideBySide: true });
    group.tasks = tasks.map((task, i) => {
      const dependsOn = tasks.slice(0, i).filter((other) => !other.disabled && this.percent(40)).map((other) => other.id);
      return { task, ...(dependsOn.length > 0 && { dependsOn }) };
    });
    if (this.percent(25)) group.tasks = this.shuffled(group.tasks);
    return this.handlers(group, depth);
  }

  if_(depth) {
    const group = this.task("if", "flow.If", { condition: this.condition(), then: this.list(depth, 1, 2) });
    if (this.percent(60)) group.else = this.list(depth, 1, 2);
    return this.handlers(group, depth);
  }

  switch_(depth) {
    const value = this.one(["a", "{{ vars.word }}", "{{ vars.base > 2 ? 'a' : 'b' }}", this.expression()]);
    const group = this.task("switch", "flow.Switch", { value, cases: { a: this.list(depth, 1, 2), hello: this.list(depth, 1, 2) } });
    if (this.percent(75)) group.defaults = this.list(depth, 1, 2);
    return this.handlers(group, depth);
  }

  allow(depth) {
    return this.handlers(this.task("allow", "flow.AllowFailure", { tasks: this.list(depth, 1, 3) }), depth);
  }

  pause() {
    const task = this.task("pause", "flow.Pause");
    if (this.percent(70)) {
      task.pauseDuration = this.wait();
      if (this.percent(50)) task.behavior = this.one(["RESUME", "WARN", "FAIL", "CANCEL"]);
    } else {
      this.run.resumeAfterMs ??= this.one([7000, 9000]);
      if (this.percent(50)) task.onResume = [{ id: "reason", type: "STRING", defaults: "none" }];
      if (this.percent(40)) task.timeout = this.wait();
    }
    if (this.percent(15)) task.allowFailure = true;
    return task;
  }

  until(depth) {
    const group = this.task("until", "flow.LoopUntil");
    // 1.3 looks at the count of the round to come, which makes `==` and `>=` differ by one.
    const rounds = this.between(1, 2);
    group.condition = this.one([`{{ outputs.${group.id}.iterationCount > ${rounds} }}`, `{{ (outputs.${group.id}.iterationCount ?? 1) > ${rounds} }}`, this.condition()]);
    group.checkFrequency = { interval: "PT0.9S", maxIterations: this.isNew ? 4 : 3, ...(this.percent(30) && { maxDuration: "PT4S" }) };
    if (this.percent(30)) group.failOnMaxReached = true;
    group.tasks = this.list(Math.min(depth, 0), 1, 2, { inLoop: true, retries: true });
    return group;
  }

  directory() {
    return this.handlers(this.task("dir", "flow.WorkingDirectory", { tasks: this.list(0, 1, 3, { inDirectory: true }) }), 0);
  }

  subflow() {
    const id = `own_${this.seed}_child_${this.subflows.length + 1}`;
    const task = this.task("call", "flow.Subflow", { namespace: NAMESPACE, flowId: id });
    const names = this.names;
    const tasks = this.at({ inLoop: true, isFirst: true }, () => {
      this.names = { ...names, inputs: ["inputs.text"], variables: [], outputs: [], values: [] };
      return this.list(1, 1, 2);
    });
    const outputs = this.percent(40) ? [{ id: "heard", type: "STRING", value: "{{ inputs.text }}" }] : undefined;
    this.names = names;
    this.subflows.push({ id, namespace: NAMESPACE, inputs: [{ id: "text", type: "STRING", ...(this.percent(80) && { defaults: "word" }) }], tasks, ...(outputs && { outputs }) });
    if (this.percent(55)) task.inputs = { text: this.expression() };
    if (this.percent(25)) task.wait = this.one([false, "false"]);
    if (this.percent(40)) task.transmitFailed = this.one([true, false]);
    if (this.percent(20)) task.inheritLabels = true;
    if (this.percent(20)) task.labels = { from: "{{ flow.id }}" };
    if (outputs && task.wait === undefined) this.names.outputs.push(`outputs.${task.id}.outputs.heard`);
    return this.dressed(task, false);
  }

  /** A group that runs its tasks once for each value. */
  each(stem, type, depth, rest, name) {
    const group = this.task(stem, type, { ...values(this, this.names), ...rest });
    const before = this.names.values;
    this.names.values = [name];
    group.tasks = this.list(Math.min(depth, 1), 1, 2, { inLoop: true });
    this.names.values = before;
    return this.handlers(group, depth);
  }

  loop(depth) {
    const isPlain = this.percent(50);
    const group = this.each("loop", "flow.Loop", depth, this.percent(60) ? { concurrencyLimit: this.one([0, 1, 2, "2", 3]) } : {}, "item.value");
    if (this.percent(40)) group.transmitFailed = this.one([true, false]);
    if (isPlain && this.percent(50)) group.outputs = [{ id: "v", type: "STRING", value: "{{ item.value }}!" }];
    delete group.runIf;
    return group;
  }

  forEach(depth) {
    return this.each("each", "flow.ForEach", depth, this.percent(65) ? { concurrencyLimit: this.one([0, 1, 2, "2", 3]) } : {}, "taskrun.value");
  }

  eachParallel(depth) {
    const concurrent = this.percent(50) ? { concurrent: this.one([0, 1, 2]) } : {};
    return this.oldEach(this.each("all", "flow.EachParallel", depth, concurrent, "taskrun.value"));
  }

  eachSequential(depth) {
    return this.oldEach(this.each("turn", "flow.EachSequential", depth, {}, "taskrun.value"));
  }

  oldEach({ values, ...group }) {
    return { ...group, value: values };
  }

  items() {
    const write = this.task("write", "storage.Write", { content: "a\nb\nc\n", extension: ".txt" });
    const id = `own_${this.seed}_child_${this.subflows.length + 1}`;
    this.subflows.push({ id, namespace: NAMESPACE, inputs: [{ id: "n", type: "INT" }], tasks: [this.sleep(), ...(this.percent(25) ? [this.fail()] : [])] });
    const each = this.task("items", "flow.ForEachItem", { items: `{{ outputs.${write.id}.uri }}`, batch: { rows: this.one([1, 2, 3]) }, namespace: NAMESPACE, flowId: id, inputs: { n: "{{ taskrun.iteration }}" } });
    if (this.percent(30)) each.concurrencyLimit = this.one([1, 2]);
    if (this.percent(30)) each.transmitFailed = this.one([true, false]);
    return this.task("seq", "flow.Sequential", { tasks: [write, each] });
  }

  // ---- the flow

  flow() {
    const made = inputs(this, this.isNew);
    this.names.inputs = made.names;
    const flow = { id: `own_${this.seed}`, namespace: NAMESPACE };
    if (made.inputs.length > 0) flow.inputs = made.inputs;
    if (Object.keys(made.given).length > 0) this.run.inputs = made.given;
    flow.variables = { base: 3, word: "hello", list: ["x", "y"] };
    if (this.percent(15)) flow.labels = { team: "one" };
    this.settings(flow);
    const depth = this.one([1, 2, 2, 3]);
    const root = this.percent(75) ? this.at({ isFirst: true }, () => this[this.weighted({ parallel: 4, sequential: 2, dag: 2, [this.isNew ? "loop" : "forEach"]: 3, if_: 2, switch_: 2, directory: 2, subflow: 2, allow: 1 })](depth - 1)) : this.leaf();
    flow.tasks = [root, ...this.list(depth, 0, 2, { isFirst: false }).map((task) => this.isNew ? withoutRetry(task) : task)];
    if (this.percent(18)) flow.errors = this.list(1, 1, 2, { inHandler: true });
    if (this.percent(14)) flow.finally = this.list(1, 1, 2, { inHandler: true });
    if (this.percent(8)) flow.afterExecution = this.list(1, 1, 2, { inHandler: true });
    if (this.percent(20)) flow.outputs = [{ id: "o", type: this.one(["STRING", "STRING", "INT"]), value: this.one(["{{ vars.base }}", this.expression()]) }];
    return [withoutFaults(flow, this.run), ...this.subflows];
  }

  settings(flow) {
    if (this.percent(7)) {
      flow.concurrency = { limit: this.one([1, 2, "1"]), behavior: this.one(["QUEUE", "QUEUE", "CANCEL", "FAIL"]) };
      this.run.executions = 3;
    }
    if (this.percent(8)) this.run.killAfterMs = this.one([700, 1700, 2300, 3100]);
    if (this.percent(6)) {
      flow.sla = [this.one([
        { id: "most", type: "MAX_DURATION", duration: this.one(["PT1.3S", "PT2.2S"]), behavior: this.one(["FAIL", "CANCEL", "NONE"]) },
        { id: "holds", type: "EXECUTION_ASSERTION", assert: this.condition(), behavior: this.one(["FAIL", "NONE"]) },
      ])];
    }
    if (this.percent(5)) flow.checks = [{ [this.isNew ? "when" : "condition"]: this.condition(), message: "not now", behavior: this.one(["BLOCK_EXECUTION", "FAIL_EXECUTION", "CREATE_EXECUTION"]) }];
    if (this.percent(3) && !this.isNew) flow.retry = { type: "constant", interval: "PT0.9S", maxAttempts: 2, behavior: this.one(["RETRY_FAILED_TASK", "CREATE_NEW_EXECUTION"]) };
  }
}

function withoutRetry(task) {
  const { retry, ...rest } = task;
  return retry ? rest : task;
}

/** A flow without what servers are known to get wrong. */
function withoutFaults(flow, run) {
  const text = JSON.stringify(flow);
  const has = (pattern) => pattern.test(text);
  const endsEarly = has(/execution\.Exit|"CANCEL"|"FAIL"|FAIL_EXECUTION|"sla"|"flow\.Pause"/) || run.killAfterMs;
  if (flow.afterExecution && (endsEarly || has(/"retry"/))) delete flow.afterExecution;
  if (has(/flow\.Loop"/)) {
    // Whatever stops a Loop from outside lets it end as SUCCESS later.
    delete flow.concurrency;
    delete flow.sla;
    delete run.executions;
    delete run.killAfterMs;
  }
  return flow;
}

function main() {
  const [version, first, count, folder] = process.argv.slice(2);
  mkdirSync(folder, { recursive: true });
  for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
    const generator = new Generator(version, seed);
    const documents = generator.flow();
    writeFileSync(join(folder, `own-${seed}.yaml`), documents.map(yaml).join("---\n"));
    if (Object.keys(generator.run).length > 0) writeFileSync(join(folder, `own-${seed}.run.json`), JSON.stringify(generator.run) + "\n");
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
