/** `<flow-playground>`: a flow in another page. */
export default class FlowPlayground extends HTMLElement {
  /** The address of the folder with the files of the playground. */
  static base: string;
  /** The text it runs; empty when an example is named instead, or there is none. */
  yaml: string;
  readonly state: "static" | "loading" | "idle" | "running" | "paused" | "ended";
  /** Fulfilled once the simulator shows its text; rejected when it can't. */
  readonly ready: Promise<FlowPlayground>;
  run(): Promise<unknown>;
  pause(): Promise<unknown>;
  /** Moves by `n` events; backwards when `n` is negative. */
  step(n?: number): Promise<unknown>;
  seek(ms: number): Promise<unknown>;
  set(values: { c?: string; view?: string; theme?: string; speed?: string }): Promise<unknown>;
  /** The timeline as an SVG file. */
  svg(): Promise<string>;
}

/** The attributes of the element; the others of `docs/embedding.md` are texts, too. */
export interface FlowPlaygroundAttributes {
  for?: string;
  yaml?: string;
  example?: string;
  title?: string;
  load?: "visible" | "click" | "eager";
  c?: string;
  view?: "gantt" | "slots";
  expect?: string;
  /** Any other parameter. */
  [name: string]: unknown;
  kestra?: string;
  theme?: "auto" | "light" | "dark";
  code?: "open" | "drawer" | "none";
  height?: string | number;
}

/** The `detail` of each event. */
export interface FlowPlaygroundEvents {
  "fp-ready": CustomEvent<{ version: number }>;
  "fp-run": CustomEvent<object>;
  "fp-end": CustomEvent<{ makespanMs: number; state: string }>;
  "fp-select": CustomEvent<{ task: string }>;
  "fp-change": CustomEvent<{ yaml: string }>;
  "fp-error": CustomEvent<{ code: string; message: string }>;
}

declare global {
  interface HTMLElementTagNameMap {
    "flow-playground": FlowPlayground;
  }
  interface HTMLElementEventMap extends FlowPlaygroundEvents {}
}
