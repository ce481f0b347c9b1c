//! The messages between an embed and the page around it, version 1: `{fp: 1, type, id?, …}`.
//!
//! **Invariant:** only `window.parent` is listened to, and until it has said hello it learns nothing but `ready` and `height`.

const VERSION = 1;
const MOST_CHARACTERS = 256 * 1024;
/** Least real time between two `time` messages, in ms. */
const TIME_MS = 100;
/** Parameters that `load` and `set` may have; `theme` is not the simulator's business. */
const LOADABLE = ["yaml", "example", "c", "view", "panel", "t", "sel", "in", "assume", "seed", "start", "delay", "workers", "executions", "fold", "speed", "autoplay"];
const SETTABLE = ["c", "view", "speed", "sel", "fold"];

const host = window.parent === window ? undefined : window.parent;
let hostOrigin;

function post(message) {
  // A host without an origin of its own, such as a file, is only to be reached by the star.
  const to = hostOrigin === undefined || hostOrigin === "null" ? "*" : hostOrigin;
  host?.postMessage({ fp: VERSION, ...message }, to);
}

const ready = () => post({ type: "ready", version: VERSION });

let timeTold = -Infinity;
let timeWaiting;

/**
 * Tells the host something, when there is one and it has said hello.
 *
 * @param {string} type
 * @param {string} name of the first value; empty when there is none
 * @param {string} otherName likewise of the second
 */
export function tell(type, name, value, otherName, otherValue) {
  if (hostOrigin === undefined) return;
  const message = { type };
  if (name) message[name] = value;
  if (otherName) message[otherName] = otherValue;
  if (type !== "time") return post(message);
  // The last time is always told, those before it at most ten times a second.
  clearTimeout(timeWaiting);
  const send = () => {
    timeTold = performance.now();
    post(message);
  };
  const rest = timeTold + TIME_MS - performance.now();
  if (rest <= 0) send();
  else timeWaiting = setTimeout(send, rest);
}

/** The values of a message as a fragment, which is how the simulator reads them. */
function fragment(values, names) {
  const known = names.filter((name) => ["string", "number"].includes(typeof values[name]));
  return known.map((name) => `${name}=${encodeURIComponent(values[name])}`).join("&");
}

/** What a message asks of the simulator: a word and its argument; nothing when it asks nothing of it. */
function asked({ type, n, ms, what, ...values }) {
  switch (type) {
    case "load": return ["load", fragment(values, LOADABLE)];
    case "set": return ["set", fragment(values, SETTABLE)];
    case "step": return ["step", String(n ?? 1)];
    case "seek": return ["seek", String(ms)];
    case "get": return ["get", String(what)];
    case "run": case "play": case "pause": return [type, ""];
    default: return undefined;
  }
}

/** @param {string} theme `light`, `dark`, or `auto` for what the system has */
function setTheme(theme) {
  if (!["auto", "light", "dark"].includes(theme)) return;
  const dark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

/**
 * Begins to speak with the host.
 *
 * @param {(what: string, argument: string) => Promise<string | undefined>} follow does what is asked, one thing after another
 */
export function connect(follow) {
  if (!host) return;
  let before = Promise.resolve();
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== host || data?.fp !== VERSION) return;
    if (data.type === "hello") {
      hostOrigin = origin;
      ready();
      return;
    }
    if (hostOrigin === undefined) return;
    const { id } = data;
    if (JSON.stringify(data).length > MOST_CHARACTERS) {
      post({ type: "error", id, code: "too-large", message: "a message may have 256 KB" });
      return;
    }
    if (data.type === "set") setTheme(data.theme);
    const [what, argument] = asked(data) ?? [];
    if (what === undefined) return;
    before = before.then(() => follow(what, argument)).then((value) => {
      if (id !== undefined) post({ type: "reply", id, value });
    });
  });
  ready();
  if (!("fit" in document.documentElement.dataset)) tellHeight(document.getElementById("app"));
}

/** Tells how high the content is, whenever that has changed by 2 px or more; it is asked for once a frame. */
function tellHeight(content) {
  let told = 0;
  new ResizeObserver(([{ contentRect: { height } }]) => {
    if (Math.abs(height - told) < 2) return;
    told = height;
    post({ type: "height", px: Math.ceil(height) });
  }).observe(content);
}

/** Opens the whole page with this in its fragment, in a tab of its own. */
export function openPage(fragment) {
  open(new URL(`./#${fragment}`, document.baseURI), "_blank", "noopener");
}
