//! The messages between an embed and the page around it, version 1: `{fp: 1, type, id?, …}`.
//!
//! **Invariant:** only `window.parent` is listened to, and until it has sent `hello` it gets nothing but `ready` and `height`.

import { fetchLater } from "./later.js";
import { address } from "./share.js";

const VERSION = 1;
const MOST_CHARACTERS = 256 * 1024;
/** Least real time between two `time` messages, in ms. */
const TIME_MS = 100;
/** Parameters that `load` and `set` may have; `theme` is not the simulator's business. */
const LOADABLE = ["yaml", "example", "c", "view", "panel", "heat", "critical", "t", "sel", "in", "assume", "seed", "start", "server", "delay", "workers", "cores", "executions", "blackout", "template", "kestra", "fold", "speed", "autoplay", "expect"];
const SETTABLE = ["c", "view", "speed", "sel", "fold"];

const host = window.parent === window ? undefined : window.parent;
let hostOrigin;

function post(message) {
  // A host without an origin of its own, such as a file, can only be addressed as `*`.
  const to = hostOrigin === undefined || hostOrigin === "null" ? "*" : hostOrigin;
  host?.postMessage({ fp: VERSION, ...message }, to);
}

const ready = () => post({ type: "ready", version: VERSION });

/** Sends a message to the host, once the host has sent `hello`. */
function tell(message) {
  if (hostOrigin !== undefined) post(message);
}

let timeSent = -Infinity;
let timeWaiting;

/** Sends the time at most ten times a second; the last one is always sent. */
function tellTime(message) {
  clearTimeout(timeWaiting);
  const send = () => {
    timeSent = performance.now();
    tell({ type: "time", ...message });
  };
  const rest = timeSent + TIME_MS - performance.now();
  if (rest <= 0) send();
  else timeWaiting = setTimeout(send, rest);
}

let known = { phase: "idle", ms: 0, task: undefined };

/** Sends what has changed of playback, selection and result. */
export function reportState(phase, ms, task, makespanMs, state) {
  const before = known;
  known = { phase, ms, task };
  if (task !== before.task && task !== undefined) tell({ type: "select", task });
  if (phase !== before.phase && phase === "running") tell({ type: "run-start" });
  if (phase !== "idle" && (phase !== before.phase || ms !== before.ms)) tellTime({ ms, state: phase });
  if (phase !== before.phase && phase === "ended") tell({ type: "run-end", makespanMs, state });
}

/** @param {string} diagnostics JSON, as the editor takes them */
export function reportChange(yaml, diagnostics) {
  tell({ type: "change", yaml, diagnostics: JSON.parse(diagnostics) });
}

export function reportError(code, message) {
  tell({ type: "error", code, message });
}

const isPlain = (value) => ["string", "number"].includes(typeof value);

/** The values of a message as a fragment, which is how the simulator reads them. */
function fragment(values, names) {
  const known = names.filter((name) => isPlain(values[name]));
  return known.map((name) => `${name}=${encodeURIComponent(values[name])}`).join("&");
}

/** What a message asks of the simulator: a command and its argument; `undefined` when it is not for the simulator. */
function asked({ type, n = 1, ms, what, ...values }) {
  switch (type) {
    case "load": return ["load", fragment(values, LOADABLE)];
    case "set": return ["set", fragment(values, SETTABLE)];
    case "step": return isPlain(n) ? ["step", String(n)] : undefined;
    case "seek": return isPlain(ms) ? ["seek", String(ms)] : undefined;
    case "get": return isPlain(what) ? ["get", String(what)] : undefined;
    case "run": case "play": case "pause": return [type, ""];
    default: return undefined;
  }
}

/** The address of the whole page. @param {string} page its fragment without the text, and in further lines the text */
function link(page) {
  const end = page.indexOf("\n");
  return address("./", page.slice(0, end), page.slice(end + 1));
}

/** @param {string} theme `light`, `dark`, or `auto` for what the system has */
function setTheme(theme) {
  if (!["auto", "light", "dark"].includes(theme)) return;
  const dark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

function isSmall(message) {
  try {
    return JSON.stringify(message).length <= MOST_CHARACTERS;
  } catch {
    return false; // Numbers beyond those of JSON, or a value in itself.
  }
}

/**
 * Starts the exchange with the host.
 *
 * @param {(what: string, argument: string) => Promise<string | undefined>} follow does what is asked, and returns the answer to `get`
 */
export function connect(follow) {
  if (!host) return;
  let before = Promise.resolve();
  /** @param {string[]} asked @param {string | undefined} id */
  const obey = async ([what, argument], id) => {
    await fetchLater();
    const got = await follow(what, argument);
    // Wait until the change is drawn, so that the next message sees it.
    await drawn();
    const value = what === "get" && argument === "link" ? await link(got ?? "") : got;
    if (id !== undefined) post({ type: "reply", id, value });
  };
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== host || data?.fp !== VERSION) return;
    if (data.type === "hello") {
      hostOrigin = origin;
      ready();
      return;
    }
    if (hostOrigin === undefined) return;
    if (!isSmall(data)) {
      post({ type: "error", id: data.id, code: "too-large", message: "a message is JSON of 256 KB at most" });
      return;
    }
    if (data.type === "set") setTheme(data.theme);
    const what = asked(data);
    // What fails is an error of the page, and the next message is followed all the same.
    if (what) before = before.then(() => obey(what, data.id)).catch(globalThis.reportError);
  });
  ready();
  if (!("fit" in document.documentElement.dataset)) tellHeight(document.getElementById("app"));
}

const channel = new MessageChannel();
const waiting = [];
channel.port1.onmessage = () => waiting.shift()();

/** Resolves when everything queued so far has run. */
const drawn = () => new Promise((resolve) => {
  waiting.push(resolve);
  channel.port2.postMessage(0);
});

/** Sends the height of the content whenever it has changed by 2 px or more, at most once a frame. */
function tellHeight(content) {
  let sent = 0;
  new ResizeObserver(([{ contentRect: { height } }]) => {
    if (Math.abs(height - sent) < 2) return;
    sent = height;
    post({ type: "height", px: Math.ceil(height) });
  }).observe(content);
}
