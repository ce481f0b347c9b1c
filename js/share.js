//! Links: a text packed into one and out of it. What a link holds besides the text comes from the simulator, as a fragment without
//! `flow`. The dialogs about links are in `dialogs.js`, which is fetched when one is opened.

import { mayNeedLater } from "./keep.js";
import { fetchLater } from "./later.js";

/** More than any flow that can be read: a link that unpacks to more was not made by us. */
const MOST_BYTES = 4 << 20;
/** Longer links are neither made nor opened. */
const LONGEST_LINK = 64 * 1024;
/** @param {ReadableStream<Uint8Array>} stream @returns {Promise<{ bytes: Uint8Array[], whole: boolean }>} everything that came before an error */
async function collect(stream) {
  const reader = stream.getReader();
  const bytes = [];
  try {
    for (let size = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return { bytes, whole: true };
      size += value.length;
      if (size > MOST_BYTES) throw new Error("too much");
      bytes.push(value);
    }
  } catch {
    reader.cancel().catch(() => {});
    return { bytes, whole: false };
  }
}

function through(bytes, transform) {
  const writer = transform.writable.getWriter();
  // An error in the bytes surfaces on the reading side.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  return collect(transform.readable);
}

/** @param {string} text @returns {Promise<string>} `flow=1` and base64url of its raw deflate; the plain text where it can't be packed */
async function pack(text) {
  if (!globalThis.CompressionStream) return `yaml=${encodeURIComponent(text)}`;
  const { bytes } = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  let chars = "";
  for (const chunk of bytes) for (const byte of chunk) chars += String.fromCharCode(byte);
  return `flow=1${btoa(chars).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** The text that `pack` packed, or as much of it as there is; `whole` says which. */
async function unpack(packed) {
  // The first character outside base64url ends it; a single last character holds no byte.
  let [chars] = /^[\w-]*/.exec(packed) ?? [""];
  const clean = chars.length === packed.length;
  if (chars.length % 4 === 1) chars = chars.slice(0, -1);
  const bytes = Uint8Array.from(atob(chars.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  const read = await through(bytes, new DecompressionStream("deflate-raw"));
  const decoder = new TextDecoder();
  // A character that was cut in two is left out.
  return { text: read.bytes.map((chunk) => decoder.decode(chunk, { stream: true })).join(""), whole: clean && read.whole };
}

/**
 * Opens the fragment of the address; synchronously when it is an example of ours.
 *
 * @param {(fragment: string, text: string, status: string) => void} call `status` is `none` when there is no packed text, `whole`,
 *   `cut` when only a beginning could be read, `version` when the packing is unknown, `old` when this browser can't unpack, `long`
 *   when the fragment was too long to look at
 */
export function openFragment(call) {
  if (mayNeedLater()) fetchLater().then(() => openNow(call));
  else openNow(call);
}

/** Likewise for the address that the page begins with, once its language is there: `call` first gets the catalog, empty for English. */
export function openFirst(call) {
  const open = (catalog) => openFragment((...opened) => call(catalog, ...opened));
  if (parallelogramCatalog) parallelogramCatalog.then(open);
  else open("");
}

function openNow(call) {
  const fragment = location.hash;
  if (fragment.length > LONGEST_LINK) return call("", "", "long");
  const flow = /[#&]flow(?:=([^&]*))?(?=&|$)/.exec(fragment);
  if (!flow) return call(fragment, "", "none");
  const [version = "", ...packed] = flow[1] ?? "";
  if (version !== "1") return call(fragment, "", version === "" ? "cut" : "version");
  if (!globalThis.DecompressionStream) return call(fragment, "", "old");
  unpack(packed.join("")).then(({ text, whole }) => call(fragment, text, whole ? "whole" : "cut"));
}

/** Likewise for each fragment that the reader navigates to from now on. */
export function onFragment(call) {
  addEventListener("hashchange", () => location.hash && openFragment(call));
}

/** The address of a file of the page. */
export const beside = (file) => new URL(file, document.baseURI).href;

/** @param {string} file @param {string} fragment without the text @returns {Promise<string>} the address with all of a page in it */
export async function address(file, fragment, text) {
  // A lesson brings its own text.
  if (fragment.startsWith("lesson=")) return `${beside(file)}#${fragment}`;
  return `${beside(file)}#${fragment}${fragment && "&"}${await pack(text)}`;
}

/** Begins the page anew in another language, as it is, and keeps the choice on this device if storage is allowed. */
export async function speak(language, fragment, text) {
  try {
    localStorage.setItem("parallelogram.lang", language);
  } catch {
    // The link holds for this visit.
  }
  const link = await address("./", `${fragment}${fragment && "&"}lang=${language}`, text);
  // A text that is too long for a link is kept on this device.
  history.replaceState(null, "", link.length > LONGEST_LINK ? "./" : link);
  onbeforeunload = null;
  location.reload();
}

/** Opens the whole page in a tab of its own. */
export async function openPage(fragment, text) {
  open(await address("./", fragment, text), "_blank", "noopener");
}

/** A warning for developers. */
export const warn = (note) => console.warn(`parallelogram: ${note}`);

/** An element with these attributes, properties and listeners. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export const button = (testid, label, onclick, kind = "outline") =>
  element("button", { className: `pg-button pg-button--${kind}`, "data-testid": testid, type: "button", onclick }, label);

/**
 * Shows the dialog with the link, or with the lines to embed.
 *
 * @param {boolean} embed
 * @param {string} fragment of the page, without the text
 * @param {string} name of the flow
 * @param {(kind: string) => string | undefined} file the run as a file of this kind
 * @param {number} height at which an embed shows all its rows, in px
 * @param {string} leftOut what the link does without, a sentence; empty when it holds all
 */
export async function share(embed, fragment, text, name, file, height, leftOut) {
  try {
    const { show } = await import(beside("dialogs.js"));
    await show(embed, { address, beside, button, element }, { fragment, text, name, file, height, leftOut });
  } catch (error) {
    warn(error);
    alert(tr("This part of the page could not be loaded. Is there a connection?"));
  }
}
