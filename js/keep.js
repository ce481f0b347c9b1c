//! The texts of the last visits, on this device and nowhere else: the latest is restored after a reload, the others can be opened.

import { AT_FIRST, prefetchLater } from "./later.js";
import { button, element } from "./share.js";

const KEY = "parallelogram-versions";
const MOST = 50;
/** How long typing pauses before the text is stored, in ms. */
const REST_MS = 400;
/** Changes within this time are one version, in ms. */
const ONE_VERSION_MS = 60_000;

/** @typedef {{ text: string, fragment: string, at: number }} Version `fragment` is the rest of the page, `at` ms since 1970 */

/** @returns {Version[]} latest first; empty where storage is blocked or holds something else */
function versions() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return Array.isArray(found) ? found.filter(({ text, fragment }) => typeof text === "string" && typeof fragment === "string") : [];
  } catch {
    return [];
  }
}

/** Stores as many versions as there is room for; false when there is no room for even one. */
function write(list) {
  for (let n = Math.min(list.length, MOST); n > 0; n = Math.floor(n / 2)) {
    try {
      localStorage.setItem(KEY, JSON.stringify(list.slice(0, n)));
      return true;
    } catch {
      // No room for so many, or no storage at all.
    }
  }
  return false;
}

/** Whether two texts are stages of one: their common start and end make up at least half of the longer one. */
function areStages(a, b) {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  let end = 0;
  while (end < short.length - start && short.at(-1 - end) === long.at(-1 - end)) end++;
  return (start + end) * 2 >= long.length;
}

/** The page as it was left in this tab, else on this device. */
const left = (() => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") ?? versions()[0];
  } catch {
    return versions()[0];
  }
})();

/** @returns {string | undefined} the text as it was left */
export const keptText = () => left?.text;

/** Whether the page opens with a text that may need the later part: one of the reader, or an example that needs more than others. */
export function mayNeedLater() {
  const [, example] = /[#&]example=([^&]*)/.exec(location.hash) ?? [];
  const isOwn = /[#&](flow|yaml)=/.test(location.hash) || (location.hash === "" && left !== undefined);
  return isOwn || (example !== undefined && !AT_FIRST.includes(example));
}

// Both parts of the simulator are then fetched at once.
if (mayNeedLater()) prefetchLater();

/** @returns {string} the rest of the page as it was left */
export const keptFragment = () => left?.fragment ?? "";

let last;
let fragmentNow = "";
let timer;

function keep() {
  clearTimeout(timer);
  timer = undefined;
  const text = globalThis.parallelogramText();
  const now = { text, fragment: fragmentNow, at: Date.now() };
  const [latest, ...older] = versions().filter((version, nth) => nth === 0 || version.text !== text);
  const replaces = latest && (latest.text === text || (now.at - latest.at < ONE_VERSION_MS && areStages(latest.text, text)));
  // A version starts with its first change, so that typing for hours leaves one version per minute.
  const newest = replaces && latest.text !== text ? { ...now, at: latest.at } : now;
  const isKept = write([newest, ...(latest && !replaces ? [latest] : []), ...older]);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(now));
  } catch {
    // The note on the page reports it.
  }
  document.documentElement.toggleAttribute("data-not-kept", !isKept);
  // The address no longer describes what the page shows.
  if (isKept && location.hash && text !== last) history.replaceState(null, "", location.pathname + location.search);
  last = text;
}

/**
 * The page has changed: it is stored once typing pauses, or when it is left. The first call only notes the initial text.
 *
 * @param {string} fragment of the page, without the text
 */
export function keepSoon(fragment) {
  fragmentNow = fragment;
  if (last === undefined) {
    last = globalThis.parallelogramText();
    document.documentElement.toggleAttribute("data-not-kept", !canWrite());
    return;
  }
  clearTimeout(timer);
  timer = setTimeout(keep, REST_MS);
}

/** Whether anything can be stored. */
function canWrite() {
  try {
    localStorage.setItem(`${KEY}-try`, "");
    localStorage.removeItem(`${KEY}-try`);
    return true;
  } catch {
    return false;
  }
}

addEventListener("pagehide", () => timer && keep());
addEventListener("visibilitychange", () => document.visibilityState === "hidden" && timer && keep());

/** Shows the versions. @param {(text: string) => void} open is given the text of the one that is chosen */
export function showVersions(open) {
  if (timer) keep();
  const title = element("h2", { className: "pg-dialog__title", id: "pg-versions-title" }, "Versions on this device");
  const dialog = element("dialog", { className: "pg-dialog pg-versions", "data-testid": "dialog", "aria-labelledby": "pg-versions-title" });
  const row = ({ text, at }) => {
    const name = /^(?:id|\s*-? *template):\s*(.+)$/m.exec(text)?.[1] ?? text.trim().split("\n")[0].slice(0, 40);
    const choose = () => {
      dialog.close();
      open(text);
    };
    const lines = text.split("\n").length;
    const what = element("span", { className: "pg-strong" }, name || "An empty text");
    const facts = element("span", { className: "pg-muted" }, `${lines} lines, ${new Date(at).toLocaleString()}`);
    return element("li", {}, element("button", { className: "pg-versions__item", type: "button", onclick: choose }, what, facts));
  };
  const found = versions().filter(({ text }) => text !== globalThis.parallelogramText());
  const list = element("ol", { className: "pg-versions__list" }, ...found.map(row));
  const note = element("p", { className: "pg-muted" }, found.length
    ? `The last ${MOST} at most. They never leave this device, and opening one can be undone.`
    : "There is no other version yet. What you write is kept on this device, and nowhere else.");
  dialog.append(title, note, list, button("versions-close", "Close", () => dialog.close()));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
