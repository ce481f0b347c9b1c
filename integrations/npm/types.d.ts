/** The flags of the command line tool. Lengths of time are texts such as `500ms`, `1.5s` or `PT2S`. */
export interface Options {
  /** Slots of groups in place of their `concurrent`; 0 is no limit. */
  set?: Record<string, number>;
  inputs?: Record<string, unknown>;
  /** Take a sample for each required input that is not given, and flows that are called and not given to be there. */
  sampleInputs?: boolean;
  /** The texts of further flows that may be called. */
  with?: string[];
  /** The title or id of the template to run, when a text holds several. */
  template?: string;
  /** Blackout periods, each as two dates with `/` between them. */
  blackout?: string[];
  /** What to take for values, and choices, that only a real server knows. */
  assume?: Record<string, unknown>;
  seed?: number;
  /** The virtual date of the start, such as `2024-01-01`. */
  start?: string;
  dispatchDelay?: string;
  workers?: number;
  cores?: number;
  /** How many are started: `3`, or `"3@1s"` for one each second. */
  executions?: number | string;
  /** How many batches each ForEachItem has. */
  batches?: Record<string, number>;
  /** Whose rules hold; without it the version that the text is for. */
  kestra?: "0.21" | "1.3" | "2.0";
  killAfter?: string;
  resumeAfter?: string;
  /** Virtual time after which a run is stopped. */
  horizon?: string;
  maxEvents?: number;
  /** How often it is simulated, with seeds that follow each other: fills `simulation.spread`. */
  runs?: number;
}

export interface Diagnostic {
  /** A stable name of the kind of finding. */
  code: string;
  message: string;
  /** From 1. */
  line: number;
  /** In characters, from 1. */
  column: number;
  help?: string;
}

/** A claim that does not hold. */
export interface Difference {
  /** The claim, as it is written. */
  expected: string;
  /** The same claim as it would hold; `null` when none like it does. */
  actual: string | null;
  /** Such as `expected makespan 2 s, got 4 s`. */
  message: string;
  line?: number;
}

export interface State {
  current: string;
  duration: string;
  startDate: string;
  endDate?: string;
  histories: { state: string; date: string }[];
}

export interface Segment {
  /** A wait, such as `wait-slot`, or a state, such as `RUNNING`. */
  kind: string;
  fromMs: number;
  toMs: number;
  /** The ids of the taskruns that held it up. */
  by: string[];
  reason?: string;
}

export interface TaskRun {
  id: string;
  executionId: string;
  namespace: string;
  flowId: string;
  taskId: string;
  title?: string;
  parentTaskRunId?: string;
  value?: unknown;
  attempts?: { state: State }[];
  outputs: Record<string, unknown>;
  state: State;
  iteration?: number;
  segments: Segment[];
  span: { startLine: number; endLine: number };
}

export interface Simulation {
  engine: "kestra" | "xl-release";
  kestra?: string;
  seed: number;
  makespanMs: number;
  lastEndMs: number;
  workMs: number;
  events: number;
  truncated: null | "horizon" | "events" | "work" | "bytes";
  /** Ids of taskruns. */
  criticalPath: string[];
  lowerBounds: { chainMs: number; areaMs: number | null; bestMs: number };
  spread?: { runs: number; minMs: number; p10Ms: number; p50Ms: number; p90Ms: number; maxMs: number };
  assumptions: { path: string; value: unknown; why: string; line: number }[];
  faults?: { taskRunId?: string; text: string; line: number }[];
  late?: { taskRunId?: string; title: string; dueDate: string; endDate?: string; lateMs: number }[];
  /** All but the first. */
  executions: Execution[];
}

export interface LogEntry {
  taskRunId?: string;
  taskId?: string;
  atMs: number;
  level: string;
  message: string;
}

/** An execution of Kestra, with what the simulation adds. */
export interface Execution {
  id: string;
  namespace: string;
  flowId: string;
  flowRevision: number;
  taskRunList: TaskRun[];
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  labels: { key: string; value: string }[];
  state: State;
  parentId?: string;
  originalId: string;
  trigger?: { id: string; type: string; variables: unknown };
  deleted: boolean;
  metadata: { attemptNumber: number; originalCreatedDate: string };
  /** Of the first execution alone. */
  simulation?: Simulation;
  logs: LogEntry[];
}

export interface Sentence {
  text: string;
  /** What it says, to be checked: a wait, a change with what it leads to, an end. */
  claim?: { kind: string; [name: string]: unknown };
}

export interface Explanation {
  rows: { taskRunId: string; taskId: string; sentences: Sentence[]; help: Sentence[] }[];
  flow: Sentence[];
}
