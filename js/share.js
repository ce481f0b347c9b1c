//! Sharing: a text packed into a link and out of it, the dialogs with the link and with the lines that embed a flow, and the
//! timeline in pixels. What a link holds besides the text comes from the simulator, as a fragment without `flow`.

import { mayNeedLater } from "./keep.js";
import { fetchLater } from "./later.js";

/** More than any flow that can be read: a link that unpacks to more was not made by us. */
const MOST_BYTES = 4 << 20;
/** Some mail programs and chats cut links longer than this. */
const LONG_LINK = 8000;
/** Longer links are neither made nor opened. */
const LONGEST_LINK = 64 * 1024;
/** Personal choices of the reader, which are left out of the lines to embed. */
const OF_THE_READER = ["flow", "panel", "t", "speed"];

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

/** @param {string} text @returns {Promise<string>} `1` and base64url of its raw deflate */
async function pack(text) {
  const { bytes } = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  let chars = "";
  for (const chunk of bytes) for (const byte of chunk) chars += String.fromCharCode(byte);
  return `1${btoa(chars).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
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
 *   `cut` when only a beginning could be read, `version` when the packing is unknown, `long` when the
 *   fragment was too long to look at
 */
export function openFragment(call) {
  if (mayNeedLater()) fetchLater().then(() => openNow(call));
  else openNow(call);
}

function openNow(call) {
  const fragment = location.hash;
  if (fragment.length > LONGEST_LINK) return call("", "", "long");
  const flow = /[#&]flow(?:=([^&]*))?(?=&|$)/.exec(fragment);
  if (!flow) return call(fragment, "", "none");
  const [version = "", ...packed] = flow[1] ?? "";
  if (version !== "1") return call(fragment, "", version === "" ? "cut" : "version");
  unpack(packed.join("")).then(({ text, whole }) => call(fragment, text, whole ? "whole" : "cut"));
}

/** Likewise for each fragment that the reader navigates to from now on. */
export function onFragment(call) {
  addEventListener("hashchange", () => location.hash && openFragment(call));
}

const beside = (file) => new URL(file, document.baseURI).href;

/** @param {string} file @param {string} fragment without the text @returns {Promise<string>} the address with all of a page in it */
export async function address(file, fragment, text) {
  return `${beside(file)}#${fragment}${fragment && "&"}flow=${await pack(text)}`;
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

/** A text to copy, by a button or by hand. */
function copied(field) {
  const status = element("p", { className: "pg-share__note", role: "status" });
  const copy = button("copy", "Copy", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      copy.textContent = "Copied";
    } catch {
      field.focus(); // In a frame, say, or an old browser.
      status.textContent = "Copying is not allowed here: the text is selected, copy it by hand.";
    }
  }, "primary");
  field.className = "pg-share__text";
  field.readOnly = true;
  return element("div", { className: "pg-share__copy" }, field, copy, status);
}

function save(name, blob) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

/** A picture in pixels, at twice the resolution of a plain screen. */
async function pixels(blob) {
  const picture = new Image();
  picture.src = URL.createObjectURL(blob);
  await picture.decode();
  const canvas = element("canvas", { width: picture.naturalWidth * 2, height: picture.naturalHeight * 2 });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(picture.src);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function advice(n_characters) {
  if (n_characters > LONGEST_LINK) return "This flow is too large for a link. Send it as a file.";
  if (n_characters > LONG_LINK) return "This link is long: some chats and mail programs cut it. Try it, or send the flow as a file.";
  return "Whoever opens it sees this page: the text, the settings and the moment are in the link itself, and reach no server.";
}

/** The kinds of files that a run can be saved as: the name on the button, and how the name of the file ends. */
const FILES = [["svg", "SVG", "svg"], ["play", "SVG that plays", "play.svg"], ["png", "PNG", "png"], ["json", "JSON", "json"], ["events", "Events", "tsv"], ["csv", "CSV", "csv"], ["trace", "Perfetto", "trace.json"], ["mermaid", "Mermaid", "mmd"], ["markdown", "Markdown", "md"], ["text", "Text", "txt"]];

/** A button for each kind of file. @param {(kind: string) => string | undefined} file the run as a file */
function saveButtons(name, file) {
  const blob = async (kind) => {
    const bytes = [file(kind === "png" ? "svg" : kind) ?? ""];
    if (kind === "png") return pixels(new Blob(bytes, { type: "image/svg+xml" }));
    return new Blob(bytes, { type: ["svg", "play"].includes(kind) ? "image/svg+xml" : "text/plain" });
  };
  return FILES.map(([kind, label, ending]) => button(`share-${kind}`, label, async () => save(`${name}.${ending}`, await blob(kind))));
}

async function linkPart(fragment, text, name, file) {
  const link = await address("./", fragment, text);
  const field = element("input", { value: link, "aria-label": "Link", "data-testid": "share-link" });
  const note = element("p", { className: "pg-share__note", "data-testid": "share-note" }, `${advice(link.length)} ${link.length} characters.`);
  return [
    ...(link.length > LONGEST_LINK ? [] : [copied(field)]),
    note,
    element("h3", { className: "pg-strong" }, "The run as a file"),
    element("p", { className: "pg-actions" }, ...saveButtons(name, file)),
  ];
}

/** A text as HTML shows it, also within quotes. */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** The words of a fence that set these values. */
const words = (values) => values.map(([key, value]) => (value.includes('"') ? ` ${key}='${value}'` : ` ${key}="${value}"`)).join("");

/** A fence that no line of the text ends. */
function fence(info, text) {
  const ticks = "`".repeat(1 + Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
  return `${ticks}${info}\n${text.replace(/\n?$/, "\n")}${ticks}\n`;
}

async function embedPart(fragment, text, name, height) {
  const title = escaped(`Timeline of ${name}`);
  const parameters = fragment.split("&").filter((value) => value && !OF_THE_READER.includes(value.split("=")[0]));
  const values = parameters.map((value) => value.split("=")).map(([key, value]) => [key, decodeURIComponent(value)]);
  const attributes = values.map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const claim = ["expect", `makespan=${Number(document.querySelector("[data-testid=result]")?.getAttribute("data-ms")) / 1000}s`];
  // Of several executions a claim is about the first, the result about all.
  const isOne = values.every(([key]) => key !== "executions");
  const claimed = [...values.filter(([key]) => key !== "expect"), ...(isOne ? [claim] : [])];
  const lines = {
    element: `<pre><code class="language-yaml">${escaped(text)}</code></pre>
<flow-playground for="prev"${attributes.join("")} title="${title}"></flow-playground>
<script type="module" src="${escaped(beside("flow-playground.js"))}"></script>
`,
    fence: fence(`yaml flow${words(claimed)}`, text),
    directive: `.. flow::\n${claimed.map(([key, value]) => `   :${key}: ${value}\n`).join("")}\n${text.replace(/^(?=.)/gm, "   ")}`,
    iframe: `<iframe src="${escaped(await address("embed.html", parameters.join("&"), text))}" title="${title}" width="700" height="${height}" style="height:${height}px" loading="lazy" sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>
`,
  };
  const notes = {
    element: "Shows a Run button, and loads the simulator when it comes near the view. It runs the code block before it, which stays as it is.",
    fence: "For Markdown, with our package for the generator. A claim that does not hold stops the build.",
    directive: "For Sphinx, in reStructuredText.",
    iframe: "Works wherever HTML does, also where a page may have no script of its own.",
  };
  const field = element("textarea", { rows: 9, wrap: "off", spellcheck: false, "aria-label": "Lines to paste", "data-testid": "embed-code" });
  const note = element("p", { className: "pg-share__note" });
  const form = (key, label) => element("button", { className: "pg-segmented__item", type: "button", role: "radio", "data-testid": `embed-${key}`, onclick: () => show(key) }, label);
  const forms = { element: form("element", "Element"), fence: form("fence", "Fence"), directive: form("directive", "Directive"), iframe: form("iframe", "Iframe") };
  const lastPart = copied(field);
  const show = (shown) => {
    field.value = lines[shown];
    note.textContent = notes[shown];
    for (const [key, form] of Object.entries(forms)) form.setAttribute("aria-checked", key === shown);
    lastPart.querySelector("button").textContent = "Copy";
  };
  show("element");
  return [element("span", { className: "pg-segmented", role: "radiogroup", "aria-label": "Form" }, ...Object.values(forms)), lastPart, note];
}

/**
 * Shows one of the two dialogs.
 *
 * @param {boolean} embed shows the lines to embed; else the link
 * @param {string} fragment of the page, without the text
 * @param {string} name of the flow
 * @param {(kind: string) => string | undefined} file the run as a file of this kind
 * @param {number} height at which an embed shows all its rows, in px
 */
export async function share(embed, fragment, text, name, file, height) {
  const parts = embed ? await embedPart(fragment, text, name, height) : await linkPart(fragment, text, name, file);
  const title = element("h2", { className: "pg-dialog__title", id: "pg-share-title" }, embed ? "Embed" : "Share");
  const dialog = element("dialog", { className: "pg-dialog pg-share", "data-testid": "dialog", "aria-labelledby": "pg-share-title" });
  const other = button("share-embed", "Embed in a page", () => {
    dialog.close();
    share(true, fragment, text, name, file, height);
  });
  const foot = element("p", { className: "pg-actions" }, ...(embed ? [] : [other]), button("share-close", "Close", () => dialog.close()));
  dialog.append(title, ...parts, foot);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
