//! The texts of the last visits, on this device and nowhere else: the latest is restored after a reload, the others can be opened.

import { AT_FIRST, prefetchLater } from "./later.js";
import { button, element } from "./share.js";

const KEY = "parallelogram-versions";
/** Where the text with which the page is starting is noted, by its time: until the page is drawn, and longer when it never was. */
const STARTING = "parallelogram-starting";
const MOST = 50;
/** No browser stores more characters than this for a site. */
const ROOM = 5 << 20;
/** How long typing pauses before the text is stored, in ms. */
const REST_MS = 400;
/** Changes within this time are one version, in ms. */
const ONE_VERSION_MS = 60_000;

/** @typedef {{ text: string, fragment: string, at: number }} Version `fragment` is the rest of the page, `at` ms since 1970 */

/** @returns {Version[]} latest first; those of the values in a storage that are versions, and none where it is blocked */
function kept(storage) {
  try {
    const found = [JSON.parse(globalThis[storage].getItem(KEY))].flat();
    return found.filter((version) => typeof version?.text === "string" && typeof version.fragment === "string");
  } catch {
    return [];
  }
}

const versions = () => kept("localStorage");

/** Stores as many versions as there is room for; false when there is no room for even one. */
function write(list) {
  for (let n = Math.min(list.length, MOST); n > 0; n = Math.floor(n / 2)) {
    if (list.slice(0, n).reduce((sum, { text }) => sum + text.length, 0) > ROOM) continue;
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
const left = kept("sessionStorage")[0] ?? versions()[0];

/** @returns {string | undefined} the text as it was left */
export const keptText = () => left?.text;

let isStarting = false;

/** Whether the last page that began with this text was never drawn. If not, notes that this page begins with it. */
export function keptHasFailed() {
  try {
    if (localStorage.getItem(STARTING) === String(left.at)) return true;
    localStorage.setItem(STARTING, String(left.at));
    isStarting = true;
  } catch {
    // Nothing can be noted where storage is blocked.
  }
  return false;
}

/**
 * Whether the page opens with something that may need the later part: a text of the reader, an example that needs more than others, or
 * another language than English.
 */
export function mayNeedLater() {
  const [, example] = /[#&]example=([^&]*)/.exec(location.hash) ?? [];
  const isOwn = /[#&](flow|yaml)=/.test(location.hash) || (location.hash === "" && left !== undefined);
  return isOwn || parallelogramCatalog !== undefined || (example !== undefined && !AT_FIRST.includes(example));
}

// Both parts of the simulator are then fetched at once.
if (mayNeedLater()) prefetchLater();

/** @returns {string} the rest of the page as it was left */
export const keptFragment = () => left?.fragment ?? "";

/** The text that this page has opened or stored last. */
let last;
let fragmentNow = "";
let timer;

function keep() {
  clearTimeout(timer);
  timer = undefined;
  const text = globalThis.parallelogramText();
  const now = { text, fragment: fragmentNow, at: Date.now() };
  const others = versions().filter((version) => version.text !== text);
  // Of what other tabs have stored, nothing is replaced.
  const isStage = (version) => version.text === last && Math.abs(now.at - version.at) < ONE_VERSION_MS && areStages(version.text, text);
  const stage = others.find(isStage);
  // A version starts with its first change, so that typing for hours leaves one version per minute.
  const newest = stage ? { ...now, at: stage.at } : now;
  const isKept = write([newest, ...others.filter((version) => version !== stage)]);
  try {
    if (text.length <= ROOM) sessionStorage.setItem(KEY, JSON.stringify(newest));
  } catch {
    // The note on the page reports it.
  }
  document.documentElement.toggleAttribute("data-not-kept", !isKept);
  // The browser asks before it closes a page whose text is nowhere else.
  onbeforeunload = isKept || text === last ? null : (event) => event.preventDefault();
  if (!isKept) return;
  // The address no longer describes what the page shows.
  if (location.hash && text !== last) history.replaceState(null, "", location.pathname + location.search);
  last = text;
}

/**
 * The page has changed: it is stored once typing pauses, or when it is left. The first call only notes that it is drawn, and its text.
 *
 * @param {string} fragment of the page, without the text
 */
export function keepSoon(fragment) {
  fragmentNow = fragment;
  if (last === undefined) {
    if (isStarting) localStorage.removeItem(STARTING);
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

/** A moment, as people write it in the language of the page; where the browser has this language, as it is written in their country. */
function dateText(at) {
  const { lang } = document.documentElement;
  return new Date(at).toLocaleString([...navigator.languages.filter((tag) => tag.startsWith(lang)), lang]);
}

/** Shows the versions. @param {(text: string) => void} open is given the text of the one that is chosen */
export function showVersions(open) {
  if (timer) keep();
  const title = element("h2", { className: "pg-dialog__title", id: "pg-versions-title" }, tr("Versions on this device"));
  const dialog = element("dialog", { className: "pg-dialog pg-versions", "data-testid": "dialog", "aria-labelledby": "pg-versions-title" });
  const row = ({ text, at }) => {
    const name = /^(?:id|\s*-? *template):\s*(.+)$/m.exec(text)?.[1] ?? text.trim().split("\n")[0].slice(0, 40);
    const choose = () => {
      dialog.close();
      open(text);
    };
    const facts = tr("Lines: {n}. {date}", { n: text.split("\n").length, date: dateText(at) });
    const what = element("span", { className: "pg-strong" }, name || tr("An empty text"));
    return element("li", {}, element("button", { className: "pg-versions__item", type: "button", onclick: choose }, what, element("span", { className: "pg-muted" }, facts)));
  };
  const found = versions().filter(({ text }) => text !== globalThis.parallelogramText());
  const list = element("ol", { className: "pg-versions__list" }, ...found.map(row));
  const note = element("p", { className: "pg-muted" }, found.length
    ? tr("The last {n} at most. They never leave this device, and opening one can be undone.", { n: MOST })
    : tr("There is no other version yet. What you write is kept on this device, and nowhere else."));
  dialog.append(title, note, list, button("versions-close", tr("Close"), () => dialog.close()));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
