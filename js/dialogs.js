//! The dialogs about links: the link and the run as a file; the lines that put the flow into somebody's page, for each generator.
//! `share.js` fetches this file when one of them is opened. What generators need once comes from the pages in `docs/integrations/`.

import docusaurus from "../docs/integrations/docusaurus.md";
import hugo from "../docs/integrations/hugo.md";
import mdbook from "../docs/integrations/mdbook.md";
import mkdocs from "../docs/integrations/mkdocs.md";
import npm from "../docs/integrations/npm.md";
import sphinx from "../docs/integrations/sphinx.md";
import starlight from "../docs/integrations/starlight.md";
import vitepress from "../docs/integrations/vitepress.md";

/** @typedef {typeof import("./share.js")} Share */
/** What `share.js` lends: a copy of it in this file would be a second one on the page. */
let /** @type {Share["address"]} */ address, /** @type {Share["beside"]} */ beside, /** @type {Share["button"]} */ button, /** @type {Share["element"]} */ element;

/** Some mail programs and chats cut links longer than this. */
const LONG_LINK = 8000;
/** Longer links are neither made nor opened. */
const LONGEST_LINK = 64 * 1024;
/** Personal choices of the reader, which are left out of the lines to embed. */
const OF_THE_READER = ["flow", "panel", "t", "speed", "kept", "upgrade"];

/** Where a flow can be put: the name, the form of the lines, and the page that says what the generator needs once. */
const targets = () => [
  [tr("HTML page"), "element"],
  [tr("HTML page without scripts of its own"), "iframe"],
  ["Docusaurus", "fence", docusaurus],
  ["VitePress", "fence", vitepress],
  ["Astro, Starlight", "fence", starlight],
  ["MkDocs", "fence", mkdocs],
  ["mdBook", "fence", mdbook],
  ["Hugo", "fence", hugo],
  ["Sphinx, MyST Markdown", "fence", sphinx],
  ["Sphinx, reStructuredText", "directive", sphinx],
  ["remark, rehype, markdown-it", "fence", npm],
  [tr("Plain Markdown, as on GitHub"), "picture"],
];

/** What is said below the lines of each form. */
const notes = () => ({
  element: tr("Loads the simulator when it comes near the view. It runs the code block before it, which stays as it is. The picture stands there until then: save it beside the page."),
  iframe: tr("Works wherever HTML does, also where a page may have no script of its own."),
  fence: tr("A claim that does not hold stops the build. Where nothing of ours is installed, the fence stays a block of YAML."),
  directive: tr("A claim that does not hold stops the build."),
  picture: tr("The picture leads to the page with this flow. Save it beside your text."),
});

/** A text to copy, by a button or by hand. */
function copied(field) {
  const status = element("p", { className: "pg-share__note", role: "status" });
  const copy = button("copy", tr("Copy"), async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      copy.textContent = tr("Copied");
    } catch {
      field.focus(); // In a frame, say, or an old browser.
      status.textContent = tr("Copying is not allowed here: the text is selected, copy it by hand.");
    }
  }, "primary");
  field.className = "pg-share__text";
  field.readOnly = true;
  return element("div", { className: "pg-share__copy" }, field, copy, status);
}

function save(name, blob) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // The browser reads the file after the click.
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
  if (n_characters > LONGEST_LINK) return tr("This flow is too large for a link. Send it as a file.");
  if (n_characters > LONG_LINK) return tr("This link is long: some chats and mail programs cut it. Try it, or send the flow as a file.");
  return tr("Whoever opens it sees this page: the text, the settings and the moment are in the link itself, and reach no server.");
}

/** The kinds of files that a run can be saved as: the name on the button, and how the name of the file ends. */
const files = () => [["svg", "SVG", "svg"], ["play", tr("SVG that plays"), "play.svg"], ["png", "PNG", "png"], ["json", "JSON", "json"], ["events", tr("Events"), "tsv"], ["csv", "CSV", "csv"], ["trace", "Perfetto", "trace.json"], ["mermaid", "Mermaid", "mmd"], ["markdown", "Markdown", "md"], ["text", tr("Text"), "txt"]];

/** A button for each of these kinds of file. @param {(kind: string) => string | undefined} file the run as a file */
function saveButtons(name, file, kinds = files()) {
  const blob = async (kind) => {
    const bytes = [file(kind === "png" ? "svg" : kind) ?? ""];
    if (kind === "png") return pixels(new Blob(bytes, { type: "image/svg+xml" }));
    return new Blob(bytes, { type: ["svg", "play"].includes(kind) ? "image/svg+xml" : "text/plain" });
  };
  const status = element("span", { className: "pg-share__note", role: "status", "data-testid": "saved" });
  const saved = async (file, kind) => {
    save(file, await blob(kind));
    status.textContent = tr("Saved {file}", { file });
  };
  return [...kinds.map(([kind, label, ending]) => button(`share-${kind}`, label, () => saved(`${name}.${ending}`, kind))), status];
}

async function linkPart({ fragment, text, name, file, leftOut }) {
  const link = await address("./", fragment, text);
  const field = element("input", { value: link, "aria-label": tr("Link"), "data-testid": "share-link" });
  const said = [advice(link.length), leftOut, tr("Characters: {n}.", { n: link.length })].filter(Boolean).join(" ");
  return [
    ...(link.length > LONGEST_LINK ? [] : [copied(field)]),
    element("p", { className: "pg-share__note", "data-testid": "share-note" }, said),
    element("h3", { className: "pg-strong" }, tr("The run as a file")),
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

/** What a generator needs once: the blocks of code in its page of the docs, up to the next heading, without the directive. */
function setup(page) {
  const blocks = page.split("\n## ")[0].match(/(?<=\n\n)(?: {4}.*\n|\n(?= {4}))+/g) ?? [];
  const lines = blocks.map((block) => block.replace(/^ {4}/gm, "")).filter((block) => !block.startsWith(".. "));
  return lines.join("\n").replaceAll("https://HOST/", beside("./"));
}

/** A choice: its name, and the values with their labels. */
function choice(testid, label, options, onchange) {
  const select = element("select", { className: "pg-button pg-button--outline", "data-testid": testid, onchange }, ...options.map(([value, name]) => element("option", { value }, name)));
  return [element("label", { className: "pg-share__choice" }, label, select), select];
}

async function embedPart({ fragment, text, name, file, height }) {
  const title = escaped(tr("Timeline of {name}", { name }));
  const result = document.querySelector("[data-testid=result]");
  const alt = `${title}: ${result?.textContent}`;
  const parameters = fragment.split("&").filter((value) => value && !OF_THE_READER.includes(value.split("=")[0]));
  const known = parameters.map((value) => value.split("=")).map(([key, value]) => [key, decodeURIComponent(value)]);
  const claim = ["expect", `makespan=${Number(result?.getAttribute("data-ms")) / 1000}s`];
  // Of several executions a claim is about the first, the result about all.
  const isOne = known.every(([key]) => key !== "executions");

  const [where, target] = choice("embed-target", tr("For"), targets().map(([name], n) => [n, name]), () => update());
  const [looks, view] = choice("embed-view", tr("View"), [["gantt", tr("Gantt")], ["slots", tr("Slots")]], () => update());
  const [colors, theme] = choice("embed-theme", tr("Theme"), [["", tr("as the page")], ["light", tr("light")], ["dark", tr("dark")]], () => update());
  view.value = known.find(([key]) => key === "view")?.[1] ?? "gantt";

  const area = (testid, label, rows) => element("textarea", { rows, wrap: "off", spellcheck: false, "aria-label": label, "data-testid": testid });
  const lines = area("embed-code", tr("Lines to paste"), 8);
  const once = area("embed-setup", tr("Lines for the site"), 5);
  const note = element("p", { className: "pg-share__note" });
  const onceTitle = element("h3", { className: "pg-strong" }, tr("Once for the site"));
  const [linesPart, oncePart] = [copied(lines), copied(once)];
  const picture = element("img", { className: "pg-share__picture", alt: `${tr("Timeline of {name}", { name })}: ${result?.textContent}`, src: URL.createObjectURL(new Blob([file("svg") ?? ""], { type: "image/svg+xml" })) });
  let frame = "";

  const made = {
    element: (attributes) => `<pre><code class="language-yaml">${escaped(text)}</code></pre>
<flow-playground for="prev"${attributes.map(([key, value]) => ` ${key}="${escaped(value)}"`).join("")} title="${title}">
  <img slot="fallback" src="${escaped(name)}.svg" alt="${alt}">
</flow-playground>
<script type="module" src="${escaped(beside("flow-playground.js"))}"></script>
`,
    fence: (_, claimed) => fence(`yaml flow${words(claimed)}`, text),
    directive: (_, claimed) => `.. flow::\n${claimed.map(([key, value]) => `   :${key}: ${value}\n`).join("")}\n${text.replace(/^(?=.)/gm, "   ")}`,
    iframe: (_values, _claimed, frame) => `<iframe src="${escaped(frame)}" title="${title}" width="100%" height="${height}" style="border:0" loading="lazy" sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>
`,
    picture: (_values, _claimed, _frame, page) => `[![${alt.replace(/[[\]]/g, "")}](${encodeURI(name)}.svg)](${page})\n`,
  };
  const update = async () => {
    const [, form, page = ""] = targets()[Number(target.value)];
    const chosen = [["view", view.value === "gantt" ? "" : view.value], ["theme", theme.value]].filter(([, value]) => value);
    const values = [...known.filter(([key]) => key !== "view"), ...chosen];
    const claimed = [...values.filter(([key]) => key !== "expect"), ...(isOne ? [claim] : [])];
    const joined = values.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
    const [framed, whole] = await Promise.all([address("embed.html", joined, text), address("./", joined, text)]);
    frame = framed;
    lines.value = made[form](values, claimed, frame, whole);
    note.textContent = notes()[form];
    once.value = setup(page);
    once.rows = once.value.split("\n").length;
    onceTitle.hidden = oncePart.hidden = page === "";
    for (const part of [linesPart, oncePart]) part.querySelector("button").textContent = tr("Copy");
    picture.style.colorScheme = theme.value;
  };
  await update();
  return [
    element("p", { className: "pg-actions" }, where, looks, colors),
    linesPart,
    note,
    onceTitle,
    oncePart,
    element("h3", { className: "pg-strong" }, tr("Its picture")),
    picture,
    element("p", { className: "pg-actions" }, ...saveButtons(name, file, files().filter(([kind]) => ["svg", "play", "png"].includes(kind))), button("embed-preview", tr("Preview of the live one"), () => open(frame, "_blank", "noopener"))),
  ];
}

/**
 * Shows one of the two dialogs.
 *
 * @param {boolean} embed shows the lines to embed; else the link
 * @param {Pick<Share, "address" | "beside" | "button" | "element">} lent
 * @param {{ fragment: string, text: string, name: string, file: (kind: string) => string | undefined, height: number, leftOut: string }} shared see `share.js`
 */
export async function show(embed, lent, shared) {
  ({ address, beside, button, element } = lent);
  const title = element("h2", { className: "pg-dialog__title", id: "pg-share-title" }, embed ? tr("Embed") : tr("Share"));
  const dialog = element("dialog", { className: "pg-dialog pg-share", "data-testid": "dialog", "aria-labelledby": "pg-share-title" });
  const other = button("share-embed", tr("Embed in a page"), () => {
    dialog.close();
    show(true, lent, shared);
  });
  const foot = element("p", { className: "pg-actions" }, ...(embed ? [] : [other]), button("share-close", tr("Close"), () => dialog.close()));
  dialog.append(title, foot);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  // Packing the text takes a moment.
  title.after(...(await (embed ? embedPart : linkPart)(shared)));
  /** @type {HTMLElement | null} */ (dialog.querySelector("input, select"))?.focus();
}
