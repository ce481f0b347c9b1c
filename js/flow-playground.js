//! `<flow-playground>`: a flow in another page. One plain module; it loads the simulator, in a frame, only when the
//! element comes near the view or is clicked.
//!
//!     <pre><code>id: …</code></pre>
//!     <flow-playground for="prev" title="Six tasks, three slots">
//!       <img slot="fallback" src="parallel.svg" alt="…">
//!     </flow-playground>
//!
//! The text is that of `yaml`, of the code block before it (`for="prev"`) or with an id (`for="ID"`), or of the example named by
//! `example`. `load` is `visible`, `click` or `eager`. `copy` adds a button that copies the block. Other attributes are the parameters of a link. It changes no node that it
//! did not create. Until the simulator shows the text, and again when it can't, the content of the slot `fallback` is shown.

import de from "../languages/de/element.po";

const read = (catalog) => Object.fromEntries([...catalog.matchAll(/msgid (".+")\nmsgstr (".+")/gu)].map(([, ...pair]) => pair.map((text) => JSON.parse(text))));
const LANGUAGES = { en: {}, de: read(de) };

/** The folder of this file. It is no `new URL("./", …)`, as bundlers would look for a file of that name. */
const HERE = import.meta.url.replace(/[^/]*(?:[?#].*)?$/u, "");
const VERSION = 1;
/** Parameters that set how the frame looks; all others are sent with the text. */
const LOOKS = ["code", "edit", "theme", "lang"];
const WITH_TEXT = ["c", "view", "panel", "heat", "critical", "t", "sel", "in", "assume", "seed", "start", "server", "delay", "workers", "cores", "executions", "blackout", "template", "kestra", "fold", "speed", "autoplay", "expect"];
const EVENTS = { ready: "fp-ready", "run-start": "fp-run", "run-end": "fp-end", select: "fp-select", change: "fp-change", error: "fp-error" };
const HELLO_MS = 100;
const MOST_HELLOS = 50;
/** A frame that has not answered this long after it was loaded, or was asked for, never will. */
const [LOADED_MS, ASKED_MS] = [15_000, 60_000];
const [LEAST_PX, MOST_PX] = [200, 1600];
/** As long as a message may be, in characters. */
const MOST_CHARACTERS = 250_000;

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; position: relative; margin: 1em 0; }
  :host([hidden]) { display: none; }
  iframe { display: block; width: 100%; height: 420px; border: 1px solid #8089944d; border-radius: 4px; box-sizing: border-box; color-scheme: normal; }
  /* Of some size and in its place: else it may not be drawn, or the page around it jumps when it is shown. */
  .waiting { height: 1px !important; margin-bottom: -1px; border: 0; visibility: hidden; }
  .live > :not(iframe) { display: none; }
  button { margin: 8px 0; padding: 0 16px; height: 32px; border: 0; border-radius: 4px; background: #0b5cad; color: #fff; font: 600 14px/20px system-ui, sans-serif; cursor: pointer; }
  button:hover { background: #094c90; }
  button:focus-visible { outline: 2px solid #0b5cad; outline-offset: 2px; }
  .copy { position: absolute; right: 8px; bottom: calc(100% + 24px); margin: 0; height: 28px; padding: 0 10px; opacity: .85; }
  button[aria-disabled=true] { background: #57606a; cursor: progress; }
  p { margin: 4px 0; font: 400 14px/20px system-ui, sans-serif; }
  p:empty { display: none; }
  ::slotted(*) { max-width: 100%; }
  @media print {
    div { min-height: 0 !important; }
    button { display: none; }
    .live.has-fallback > iframe { display: none; }
    .live.has-fallback > slot { display: contents; }
  }
`);

/** On paper the numbers beside a diagram are shown, also when they are folded. */
const onPaper = new CSSStyleSheet();
onPaper.replaceSync("@media print { flow-playground + details::details-content { content-visibility: visible; block-size: auto } }");
document.adoptedStyleSheets.push(onPaper);

/** Whether an element within a code block is no part of the code: a button, a line number, a line taken out. */
function isBeside(node) {
  if (node.nodeName === "BUTTON" || node.matches(".linenos, .lineno, .ln, .line-numbers, .line-number, .diff.remove")) return true;
  const { userSelect, webkitUserSelect } = getComputedStyle(node);
  return (userSelect || webkitUserSelect) === "none";
}

/** The text of a code block: some hosts mark its lines with elements, some put buttons and numbers into it. */
function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeName === "BR") return "\n";
  if (node.nodeType !== Node.ELEMENT_NODE || isBeside(node)) return "";
  const text = [...node.childNodes].map(textOf).join("");
  // A line that is a block of its own ends as one.
  const isLine = node.nodeName === "DIV" && node.parentElement?.nodeName === "CODE";
  return isLine && !text.endsWith("\n") ? `${text}\n` : text;
}

const isShown = (element) => element.checkVisibility?.() ?? element.getClientRects().length > 0;

/** The last code block before `element` that is shown, beside it or beside one of its ancestors. */
function blockBefore(element) {
  for (let node = element; node && node !== document.body; node = node.parentElement) {
    for (let before = node.previousElementSibling; before; before = before.previousElementSibling) {
      const blocks = before.matches("pre, code") ? [before] : [...before.querySelectorAll("pre")];
      const last = blocks.filter(isShown).at(-1);
      // A table of line numbers and code is one block.
      if (last) return last.querySelector("code:last-of-type") ?? last;
    }
  }
  return undefined;
}

/** The theme of the page around an element: what is behind it, else what the page declares, else what the system has. */
function themeAround(element) {
  for (let node = element; node; node = node.parentElement) {
    const [r, g, b, alpha = 1] = getComputedStyle(node).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    if (alpha > .5) return (r * 299 + g * 587 + b * 114) / 1000 < 128 ? "dark" : "light";
  }
  const declared = getComputedStyle(document.documentElement).colorScheme;
  if (/^(only )?dark( only)?$/.test(declared)) return "dark";
  if (/^(only )?light( only)?$/.test(declared)) return "light";
  return matchMedia("(prefers-color-scheme: dark)").matches && /dark/.test(declared) ? "dark" : "light";
}

export default class FlowPlayground extends HTMLElement {
  /** The address of the folder with the files of the playground. Where this file is part of a bundle, it has to be set. */
  static base = HERE;
  static observedAttributes = ["yaml", "example", "c", "view", "theme", "speed"];

  /** `static` until it is loaded, then `loading`, `idle`, `running`, `paused` or `ended`. */
  state = "static";
  /** Fulfilled with the element once the simulator shows its text; rejected when it can't. Loading anew makes a new one. */
  ready;

  #settle;
  #isLive = false;
  #frame;
  #yaml;
  #ids = 0;
  #replies = new Map();
  #hellos = 0;
  #greeted = false;
  #theme;
  #timer;
  #shadow = this.attachShadow({ mode: "open" });
  #box = document.createElement("div");
  #fallback = document.createElement("slot");
  #button = document.createElement("button");
  #word = document.createElement("p");
  #near;
  #host = new MutationObserver(() => requestAnimationFrame(this.#follow));
  #follow = () => this.#followTheme();
  #onMessage = (event) => this.#hear(event);

  constructor() {
    super();
    this.#shadow.adoptedStyleSheets = [sheet];
    this.#fallback.name = "fallback";
    this.#button.type = "button";
    this.#button.addEventListener("click", () => this.run().catch(() => {})); // What failed is shown.
    this.#word.setAttribute("role", "status");
    this.#box.append(this.#fallback, this.#button, this.#word);
    this.#shadow.append(this.#box);
    this.#await();
    this.#say(this.#tr("Run"));
  }

  connectedCallback() {
    this.#say(this.state === "loading" ? this.#tr("Loading…") : this.#tr("Run"));
    if (this.hasAttribute("copy") && !this.#shadow.querySelector(".copy")) this.#offerCopy();
    addEventListener("message", this.#onMessage);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#follow);
    addEventListener("transitionend", this.#follow);
    for (const node of [document.documentElement, document.body]) if (node) this.#host.observe(node, { attributes: true });
    if (this.#frame) return; // It was moved, so its frame starts again, and says so.
    const load = this.getAttribute("load") ?? "visible";
    // What comes without being asked for has its place from the start, so that nothing moves when it comes.
    const height = Number(this.getAttribute("height"));
    if (load !== "click" && height > 0) this.#box.style.minHeight = `${height}px`;
    // Not before the script that imports this one has had its turn to set the base.
    if (load === "eager") queueMicrotask(() => this.#load());
    if (load !== "visible") return;
    this.#near = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && this.#load(), { rootMargin: "200px" });
    this.#near.observe(this);
  }

  disconnectedCallback() {
    removeEventListener("message", this.#onMessage);
    matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.#follow);
    removeEventListener("transitionend", this.#follow);
    this.#host.disconnect();
    this.#near?.disconnect();
    this.#greeted = false;
  }

  attributeChangedCallback(name, _before, value) {
    if (name === "theme") return this.#followTheme();
    if (!this.#isLive) return;
    if (name === "yaml" || name === "example") this.#post("load", { [name]: value ?? "" });
    else this.#post("set", { [name]: value ?? "" });
  }

  /** The text it runs; empty when an example is named instead, or there is none. */
  get yaml() {
    if (this.#yaml !== undefined) return this.#yaml;
    const from = this.getAttribute("for");
    const block = from === "prev" ? blockBefore(this) : from && document.getElementById(from);
    return this.getAttribute("yaml") ?? (block ? textOf(block) : "");
  }
  set yaml(text) {
    this.#yaml = String(text);
    if (this.#isLive) this.#post("load", { yaml: this.#yaml });
  }

  run() { return this.#ask("run"); }
  pause() { return this.#ask("pause"); }
  /** Moves by `n` events; backwards when `n` is negative. */
  step(n = 1) { return this.#ask("step", { n }); }
  seek(ms) { return this.#ask("seek", { ms }); }
  /** @param {{ c?: string, view?: string, theme?: string, speed?: string }} values */
  set(values) { return this.#ask("set", values); }
  /** @returns {Promise<string>} the timeline as an SVG file */
  svg() { return this.#ask("get", { what: "svg" }); }

  get #base() { return new URL(FlowPlayground.base, document.baseURI); }

  get #title() { return this.title || this.#tr("Timeline of a flow"); }

  /** A message in the language that `lang` names, else in the first of the browser's that there is. */
  #tr(text) {
    const known = (tag) => LANGUAGES[tag.toLowerCase().split("-")[0]];
    return (this.lang ? known(this.lang) : navigator.languages.map(known).find(Boolean))?.[text] ?? text;
  }

  /** The attributes with these names. */
  #values(names) {
    return Object.fromEntries(names.filter((name) => this.hasAttribute(name)).map((name) => [name, this.getAttribute(name)]));
  }

  /** For hosts whose code blocks have no such button. */
  #offerCopy() {
    const copy = document.createElement("button");
    [copy.type, copy.className, copy.textContent] = ["button", "copy", this.#tr("Copy")];
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(this.yaml);
        copy.textContent = this.#tr("Copied");
      } catch {
        copy.textContent = this.#tr("Not allowed");
      }
    });
    this.#shadow.append(copy);
  }

  /** A new promise in `ready`. One that nobody waits for is no error of the page. */
  #await() {
    this.ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.ready.catch(() => {});
  }

  /** What the button says, and a line below it. */
  #say(action, word = "") {
    this.#button.textContent = action;
    this.#button.setAttribute("aria-label", `${action}: ${this.#title}`);
    this.#button.setAttribute("aria-disabled", String(this.state === "loading"));
    this.#word.textContent = word;
  }

  async #ask(type, values) {
    this.#load();
    await this.ready;
    const id = this.#post(type, values);
    return new Promise((resolve) => this.#replies.set(id, resolve));
  }

  /** What it is to run, as a message takes it; a sentence when there is nothing. */
  #source() {
    const { yaml } = this;
    if (yaml.length > MOST_CHARACTERS) return this.#tr("The flow is longer than 256 KB.");
    if (yaml.trim()) return { yaml };
    if (this.hasAttribute("example")) return this.#values(["example"]);
    const from = this.getAttribute("for");
    if (from === "prev") return this.#tr("There is no code block before this diagram.");
    return from ? this.#tr("The page has no code block with the id “{id}”.").replace("{id}", () => from) : this.#tr("This diagram names no flow.");
  }

  #load() {
    this.#near?.disconnect();
    if (this.#frame) return;
    if (!this.#settle) this.#await();
    const source = this.#source();
    if (typeof source === "string") return this.#fail("source", source);
    this.state = "loading";
    this.#say(this.#tr("Loading…"));
    const height = Number(this.getAttribute("height")) || this.#reserved();
    this.#theme = this.#wantedTheme();
    /** @type {Record<string, string>} */
    const values = { ...this.#values(LOOKS), theme: this.#theme, ...(height > 0 && { height: String(height) }) };
    this.#frame = document.createElement("iframe");
    this.#frame.title = this.#title;
    this.#frame.className = "waiting";
    if (height > 0) this.#frame.style.height = `${height}px`;
    this.#frame.dataset.height = String(height);
    this.#frame.src = new URL(`embed.html#${new URLSearchParams(values).toString().replaceAll("+", "%20")}`, this.#base).href;
    const { signal } = (this.#timer = new AbortController());
    const never = () => this.#greeted || this.#fail("load", this.#tr("The simulator could not be loaded."));
    const after = (ms) => {
      const timer = setTimeout(never, ms);
      signal.addEventListener("abort", () => clearTimeout(timer));
    };
    after(ASKED_MS);
    // Before, what would be addressed is the empty page that a frame begins with.
    this.#frame.addEventListener("load", () => {
      this.#sayHello();
      after(LOADED_MS);
    }, { signal });
    this.#box.append(this.#frame);
  }

  /** The height of what is shown now, if a frame fits into it: then nothing moves when the frame takes its place. */
  #reserved() {
    const height = this.#hasFallback ? this.getBoundingClientRect().height : 0;
    return height >= LEAST_PX ? Math.round(height) : 0;
  }

  get #hasFallback() { return this.#fallback.assignedElements().length > 0; }

  /** Nothing can be shown but the fallback: says why, and takes the frame away, so that it can be tried again. */
  #fail(code, message) {
    this.#timer?.abort();
    this.#frame?.remove();
    this.#box.className = "";
    this.#frame = undefined;
    [this.#isLive, this.#greeted, this.state] = [false, false, "static"];
    this.#say(code === "source" ? this.#tr("Run") : this.#tr("Try again"), message);
    console.warn(`flow-playground: ${message}`, this);
    this.#settle?.reject(new Error(message));
    this.#settle = undefined;
    this.#replies.clear();
    this.#tell("error", { type: "error", code, message });
  }

  /** A frame that does not listen yet loses messages, so `hello` is sent until it answers. It holds nothing of the page. */
  #sayHello() {
    this.#hellos = 0;
    const again = () => {
      if (this.#greeted || this.#hellos++ >= MOST_HELLOS || !this.isConnected) return;
      this.#post("hello", {}, "*");
      setTimeout(again, HELLO_MS);
    };
    again();
  }

  #post(type, values = {}, to = this.#base.origin === "null" ? "*" : this.#base.origin) {
    const id = String(++this.#ids);
    this.#frame?.contentWindow?.postMessage({ fp: VERSION, type, id, ...values }, to);
    return id;
  }

  #wantedTheme() {
    const named = this.getAttribute("theme");
    return named === "light" || named === "dark" ? named : themeAround(this.parentElement ?? document.documentElement);
  }

  /** The frame looks as the page around it does, whenever that changes. */
  #followTheme() {
    const theme = this.#isLive ? this.#wantedTheme() : this.#theme;
    if (theme === this.#theme) return;
    this.#theme = theme;
    this.#post("set", { theme });
  }

  #hear({ source, data }) {
    if (!this.#frame || source !== this.#frame.contentWindow || data?.fp !== VERSION) return;
    const { type, id } = data;
    if (type === "ready") return this.#meet();
    if (type === "height" && this.#frame.dataset.height === "0") this.#frame.style.height = `${Math.min(MOST_PX, Math.max(LEAST_PX, data.px)) + 2}px`;
    if (type === "reply") {
      this.#replies.get(id)?.(data.value);
      this.#replies.delete(id);
    }
    if (type === "run-start") this.state = "running";
    if (type === "run-end") this.state = "ended";
    if (type === "time") this.state = data.state ?? this.state;
    if (type === "change") this.#yaml = data.yaml;
    if (type === "error" && !this.#isLive && data.code === "load") return this.#fail(this.#greeted ? "source" : "load", data.message);
    this.#tell(type, data);
  }

  #tell(type, detail) {
    if (EVENTS[type]) this.dispatchEvent(new CustomEvent(EVENTS[type], { detail, bubbles: true, composed: true }));
  }

  /** The frame listens: sends it the text, and shows it once it has the text. */
  async #meet() {
    if (this.#greeted) return;
    this.#greeted = true;
    this.#post("hello");
    const source = this.#source();
    if (typeof source === "string") return this.#fail("source", source);
    const id = this.#post("load", { ...source, ...this.#values(WITH_TEXT) });
    await new Promise((resolve) => this.#replies.set(id, resolve));
    if (!this.#frame) return; // The frame has refused it.
    this.#timer.abort();
    const hadFocus = this.#shadow.activeElement === this.#button;
    this.#box.className = this.#hasFallback ? "live has-fallback" : "live";
    this.#frame.className = "";
    if (hadFocus) this.#frame.focus({ preventScroll: true });
    this.#isLive = true;
    if (this.state === "loading") this.state = "idle";
    this.#followTheme();
    this.#settle?.resolve(this);
    this.#tell("ready", { type: "ready", version: VERSION });
  }
}

if (!customElements.get("flow-playground")) customElements.define("flow-playground", FlowPlayground);
