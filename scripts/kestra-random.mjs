// Writes random flows that the real Kestra takes: node scripts/kestra-random.mjs VERSION(1.3|2.0) FIRST_SEED COUNT FOLDER
//
// They use core tasks only and end within some 25 s. One seed, one flow: FOLDER/random-SEED.yaml, and beside it random-SEED.run.json
// where several executions start at once.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const CORE = "io.kestra.plugin.core.";
const NAMESPACE = "company.random";
const GROUPS = { Parallel: 26, Sequential: 18, Dag: 12, ForEach: 12, If: 9, Switch: 5, AllowFailure: 6, Pause: 4, LoopUntil: 4, Subflow: 4 };
const LEAVES = { sleep: 58, log: 14, fail: 9, retry: 9, late: 6, return: 4 };
const VALUES = [["a", "b"], ["a", "b", "c"], [1, 2, 3, 4], ["x"]];

/** Draws from a seed, by mulberry32. */
function draws(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const from = (low, high) => low + Math.floor(next() * (high - low + 1));
  const one = (list) => list[from(0, list.length - 1)];
  const chance = (percent) => next() * 100 < percent;
  /** A key, by weights. */
  const weighted = (weights) => {
    const entries = Object.entries(weights);
    let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    return (entries.find(([, weight]) => (left -= weight) < 0) ?? entries.at(-1))[0];
  };
  return { from, one, chance, weighted };
}

class Generator {
  constructor(version, seed) {
    this.isNew = version === "2.0";
    this.draw = draws(seed);
    this.count = 0;
    this.budget = this.draw.one([4, 6, 8, 10, 12]);
    this.subflows = [];
    this.inLoop = 0;
  }

  id(stem) {
    this.count += 1;
    return `${stem}${this.count}`;
  }

  retry() {
    const maxAttempts = this.draw.one([2, 3]);
    switch (this.draw.one(["constant", "constant", "exponential", "random"])) {
      case "constant":
        return { type: "constant", interval: "PT1S", maxAttempts };
      case "exponential":
        return { type: "exponential", interval: "PT1S", maxInterval: "PT4S", maxAttempts };
      default:
        return { type: "random", minInterval: "PT1S", maxInterval: "PT1.1S", maxAttempts };
    }
  }

  /** A task that a worker runs. */
  leaf() {
    const { one, chance, weighted, from } = this.draw;
    this.budget -= 1;
    const kinds = {
      log: () => ({ id: this.id("log"), type: `${CORE}log.Log`, message: "here" }),
      return: () => ({ id: this.id("ret"), type: `${CORE}debug.Return`, format: "{{ task.id }}" }),
      fail: () => ({ id: this.id("fail"), type: `${CORE}execution.Fail` }),
      retry: () => ({ id: this.id("retry"), type: `${CORE}execution.Fail`, retry: this.retry() }),
      late: () => ({ id: this.id("late"), type: `${CORE}flow.Sleep`, duration: "PT3S", timeout: "PT1S" }),
      sleep: () => ({ id: this.id("nap"), type: `${CORE}flow.Sleep`, duration: `PT${from(1, 3)}S` }),
    };
    const task = kinds[weighted(LEAVES)]();
    if (chance(7)) task.allowFailure = true;
    else if (chance(3)) task.allowWarning = true;
    if (chance(5)) task.disabled = true;
    else if (chance(7)) task.runIf = one(["{{ true }}", "{{ false }}", "{{ inputs.flag }}", "{{ 1 > 2 }}"]);
    return task;
  }

  tasks(depth, low = 1, high = 4) {
    return Array.from({ length: this.draw.from(low, high) }, () => this.task(depth));
  }

  task(depth) {
    if (depth === 0 || this.budget <= 1 || this.draw.chance(45)) return this.leaf();
    const loops = this.isNew ? { Loop: 12, ForEach: 0 } : {};
    const kind = this.draw.weighted({ ...GROUPS, ...loops, ...(this.inLoop ? { Subflow: 0 } : {}) });
    return this[kind](depth - 1);
  }

  group(stem, kind, properties) {
    const group = { id: this.id(stem), type: `${CORE}flow.${kind}`, ...properties };
    if (this.draw.chance(14)) group.errors = this.leaves();
    if (this.draw.chance(12)) group.finally = this.leaves();
    return group;
  }

  leaves() {
    return Array.from({ length: this.draw.from(1, 2) }, () => this.leaf());
  }

  Sequential(depth) {
    return this.group("seq", "Sequential", { tasks: this.tasks(depth, 2) });
  }

  AllowFailure(depth) {
    return this.group("allow", "AllowFailure", { tasks: this.tasks(depth, 2, 3) });
  }

  slots(percent) {
    const { chance, from, one } = this.draw;
    return {
      ...(chance(percent) ? { concurrent: from(1, 3) } : {}),
      ...(this.isNew && chance(35) ? { onChildFailure: one(["FAIL", "CANCEL", "CONTINUE"]) } : {}),
    };
  }

  Parallel(depth) {
    return this.group("par", "Parallel", { ...this.slots(65), tasks: this.tasks(depth, 2, 5) });
  }

  Dag(depth) {
    const tasks = this.tasks(depth, 2, 5).map((task, at, all) => {
      const dependsOn = all.slice(0, at).filter(() => this.draw.chance(40)).map((before) => before.id);
      return { task, ...(dependsOn.length > 0 ? { dependsOn } : {}) };
    });
    if (this.draw.chance(30)) tasks.reverse();
    return this.group("dag", "Dag", { ...this.slots(45), tasks });
  }

  loop(stem, kind, depth) {
    const { chance, one } = this.draw;
    this.inLoop += 1;
    const tasks = this.tasks(Math.min(depth, 1), 1, 2);
    this.inLoop -= 1;
    const limit = chance(70) ? { concurrencyLimit: one([0, 1, 2, 3]) } : {};
    const transmit = this.isNew && chance(30) ? { transmitFailed: one([true, false]) } : {};
    return this.group(stem, kind, { values: one(VALUES), ...limit, ...transmit, tasks });
  }

  ForEach(depth) {
    return this.loop("each", "ForEach", depth);
  }

  Loop(depth) {
    return this.loop("loop", "Loop", depth);
  }

  If(depth) {
    const { chance, one } = this.draw;
    const condition = one(["{{ true }}", "{{ false }}", "{{ inputs.flag }}", "{{ inputs.n > 3 }}"]);
    const then = this.tasks(depth, 1, 2);
    return this.group("if", "If", { condition, then, ...(chance(60) ? { else: this.tasks(depth, 1, 2) } : {}) });
  }

  Switch(depth) {
    const { chance, one } = this.draw;
    const cases = { a: this.tasks(depth, 1, 2), 5: this.tasks(depth, 1, 2) };
    const value = one(["{{ inputs.n }}", "a", "b", "c"]);
    return this.group("switch", "Switch", { value, cases, ...(chance(60) ? { defaults: this.tasks(depth, 1, 2) } : {}) });
  }

  Pause() {
    const behavior = this.draw.one(["RESUME", "RESUME", "RESUME", "WARN", "FAIL", "CANCEL"]);
    return { id: this.id("pause"), type: `${CORE}flow.Pause`, pauseDuration: "PT1S", behavior };
  }

  LoopUntil() {
    const { chance, from, one } = this.draw;
    const id = this.id("until");
    const condition = `{{ outputs.${id}.iterationCount >= ${from(1, 3)} }}`;
    const checkFrequency = { interval: "PT1S", maxIterations: one([2, 4]), maxDuration: "PT30S" };
    return { id, type: `${CORE}flow.LoopUntil`, condition, checkFrequency, tasks: [this.leaf()], ...(chance(40) ? { failOnMaxReached: true } : {}) };
  }

  Subflow() {
    const { chance, one } = this.draw;
    const flowId = `child_${this.subflows.length + 1}`;
    this.inLoop += 1;
    this.subflows.push({ id: flowId, namespace: NAMESPACE, inputs: inputs(), tasks: this.tasks(0, 1, 3) });
    this.inLoop -= 1;
    const wait = chance(30) ? { wait: false } : {};
    const transmit = chance(40) ? { transmitFailed: one([true, false]) } : {};
    return { id: this.id("call"), type: `${CORE}flow.Subflow`, namespace: NAMESPACE, flowId, ...wait, ...transmit };
  }

  /** The flow with those that it calls, and the settings of its run. */
  flow(seed) {
    const { chance, from, one } = this.draw;
    const depth = one([1, 2, 2, 3, 3]);
    const flow = { id: `random_${seed}`, namespace: NAMESPACE, inputs: inputs() };
    let run;
    if (chance(6)) {
      flow.concurrency = { limit: from(1, 2), behavior: one(["QUEUE", "QUEUE", "CANCEL", "FAIL"]) };
      run = { executions: 3 };
    }
    const root = one(["Parallel", "Parallel", "Sequential", "Dag", this.isNew ? "Loop" : "ForEach", "If"]);
    flow.tasks = [this[root](depth - 1), ...this.tasks(depth, 0, 2)];
    const flows = [flow, ...this.subflows];
    if (this.isNew) flows.forEach(({ tasks }) => dropLateRetries(tasks, false));
    if (chance(18)) flow.errors = [this.leaf()];
    if (chance(14)) flow.finally = [this.leaf()];
    if (chance(7)) flow.afterExecution = [this.leaf()];
    return { flows, run };
  }
}

function inputs() {
  return [{ id: "flag", type: "BOOL", defaults: true }, { id: "n", type: "INT", defaults: 5 }];
}

/** Kestra 2.0.0 starts a retried task twice unless it is the first of a list that runs in order (kestra#18909). */
function dropLateRetries(tasks, isSideBySide) {
  for (const [at, entry] of tasks.entries()) {
    const task = entry.task ?? entry;
    if (at > 0 && !isSideBySide) delete task.retry;
    for (const key of ["tasks", "then", "else", "errors", "finally", "defaults"]) {
      dropLateRetries(task[key] ?? [], key === "tasks" && /\.(?:Parallel|Dag)$/u.test(task.type));
    }
    Object.values(task.cases ?? {}).forEach((list) => dropLateRetries(list, false));
  }
}

// JSON is YAML: a value of a flow stands on its line.
const yaml = (flow) => Object.entries(flow).map(([key, value]) => (Array.isArray(value) ? listed(key, value) : `${key}: ${JSON.stringify(value)}`)).join("\n");
const listed = (key, items) => [`${key}:`, ...items.map((item) => `  - ${JSON.stringify(item)}`)].join("\n");

const [version, first, count, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const { flows, run } = new Generator(version, seed).flow(seed);
  writeFileSync(join(folder, `random-${seed}.yaml`), `${flows.map(yaml).join("\n---\n")}\n`);
  if (run) writeFileSync(join(folder, `random-${seed}.run.json`), `${JSON.stringify(run)}\n`);
}
