//! `<flow-playground>`: a flow in another page. One plain module; it loads the simulator, in a frame, only when the
//! element comes near the view or is clicked.
//!
//!     <pre><code>id: …</code></pre>
//!     <flow-playground for="prev" title="Six tasks, three slots">
//!       <img slot="fallback" src="parallel.svg" alt="…">
//!     </flow-playground>
//!
//! The text is that of `yaml`, of the code block before it (`for="prev"`) or with an id (`for="ID"`), or of the example named by
//! `example`. `load` is `visible`, `click` or `eager`. Other attributes are the parameters of a link. It changes no node that it
//! did not create.

const BASE = new URL("./", import.meta.url);
const VERSION = 1;
/** Parameters that set how the frame looks; all others are sent with the text. */
const LOOKS = ["code", "edit", "theme"];
const WITH_TEXT = ["c", "view", "panel", "t", "sel", "in", "assume", "seed", "start", "delay", "workers", "executions", "blackout", "template", "kestra", "fold", "speed", "autoplay", "expect"];
const EVENTS = { ready: "fp-ready", "run-start": "fp-run", "run-end": "fp-end", select: "fp-select", change: "fp-change", error: "fp-error" };
const HELLO_MS = 100;
const MOST_HELLOS = 50;
const [LEAST_PX, MOST_PX] = [200, 1600];

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; position: relative; margin: 1em 0; }
  :host([hidden]) { display: none; }
  iframe { display: block; width: 100%; height: 420px; border: 1px solid #8089944d; border-radius: 4px; box-sizing: border-box; color-scheme: auto; }
  .waiting { position: absolute; top: 0; left: 0; visibility: hidden; }
  button { margin: 8px 0; padding: 0 16px; height: 32px; border: 0; border-radius: 4px; background: #0b5cad; color: #fff; font: 600 14px/20px system-ui, sans-serif; cursor: pointer; }
  button:hover { background: #094c90; }
  button:focus-visible { outline: 2px solid #0b5cad; outline-offset: 2px; }
  ::slotted(*) { max-width: 100%; }
`);

/** The text of a code block: some hosts mark its lines with elements, some put buttons into it. */
function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeName === "BR") return "\n";
  return node.nodeName === "BUTTON" ? "" : [...node.childNodes].map(textOf).join("");
}

/** The last code block before `element`, beside it or beside one of its ancestors. */
function blockBefore(element) {
  for (let node = element; node && node !== document.body; node = node.parentElement) {
    for (let before = node.previousElementSibling; before; before = before.previousElementSibling) {
      const blocks = before.matches("pre, code") ? [before] : before.querySelectorAll("pre");
      const last = [...blocks].at(-1);
      if (last) return last.querySelector("code") ?? last;
    }
  }
  return undefined;
}

class FlowPlayground extends HTMLElement {
  static observedAttributes = ["yaml", "example", "c", "view", "theme", "speed"];

  #live;

  /** `static` until it is loaded, then `loading`, `idle`, `running`, `paused` or `ended`. */
  state = "static";
  /** Fulfilled with the element once the simulator shows its text. */
  ready = new Promise((resolve) => (this.#live = resolve));

  #isLive = false;
  #frame;
  #yaml;
  #ids = 0;
  #replies = new Map();
  #hellos = 0;
  #greeted = false;
  #shadow = this.attachShadow({ mode: "open" });
  #near;
  #button = document.createElement("button");
  #onMessage = (event) => this.#hear(event);

  constructor() {
    super();
    this.#shadow.adoptedStyleSheets = [sheet];
    const fallback = document.createElement("slot");
    fallback.name = "fallback";
    this.#button.type = "button";
    this.#button.textContent = "Run";
    this.#button.addEventListener("click", () => this.run());
    this.#shadow.append(fallback, this.#button);
  }

  connectedCallback() {
    this.#button.setAttribute("aria-label", `Run: ${this.#title}`);
    addEventListener("message", this.#onMessage);
    if (this.#frame) return; // It was moved: its frame loads again.
    const load = this.getAttribute("load") ?? "visible";
    if (load === "eager") this.#load();
    if (load !== "visible") return;
    this.#near = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && this.#load(), { rootMargin: "200px" });
    this.#near.observe(this);
  }

  disconnectedCallback() {
    removeEventListener("message", this.#onMessage);
    this.#near?.disconnect();
    this.#greeted = false;
  }

  attributeChangedCallback(name, _before, value) {
    if (!this.#isLive) return;
    if (name === "yaml" || name === "example") this.#post("load", { [name]: value ?? "" });
    else this.#post("set", { [name]: value ?? "" });
  }

  /** The text it runs; empty when an example is named instead. */
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

  get #title() { return this.title || "Timeline of a flow"; }

  /** The attributes with these names. */
  #values(names) {
    return Object.fromEntries(names.filter((name) => this.hasAttribute(name)).map((name) => [name, this.getAttribute(name)]));
  }

  async #ask(type, values) {
    this.#load();
    await this.ready;
    const id = this.#post(type, values);
    return new Promise((resolve) => this.#replies.set(id, resolve));
  }

  #load() {
    this.#near?.disconnect();
    if (this.#frame) return;
    this.state = "loading";
    const height = Number(this.getAttribute("height"));
    const values = { ...this.#values(LOOKS), ...(height > 0 && { height }) };
    if (!this.yaml) Object.assign(values, this.#values([...WITH_TEXT, "example"]));
    this.#frame = document.createElement("iframe");
    this.#frame.title = this.#title;
    this.#frame.className = "waiting";
    if (height > 0) this.#frame.style.height = `${height}px`;
    this.#frame.src = new URL(`embed.html#${new URLSearchParams(/** @type {Record<string, string>} */ (values)).toString().replaceAll("+", "%20")}`, BASE);
    // An earlier message would reach the empty page that a frame begins with, which the browser warns of.
    this.#frame.addEventListener("load", () => this.#sayHello());
    this.#shadow.append(this.#frame);
  }

  /** A frame that does not listen yet loses messages, so `hello` is sent until it answers. */
  #sayHello() {
    this.#hellos = 0;
    const again = () => {
      if (this.#greeted || this.#hellos++ >= MOST_HELLOS || !this.isConnected) return;
      this.#post("hello");
      setTimeout(again, HELLO_MS);
    };
    again();
  }

  #post(type, values = {}) {
    const id = String(++this.#ids);
    this.#frame?.contentWindow?.postMessage({ fp: VERSION, type, id, ...values }, BASE.origin === "null" ? "*" : BASE.origin);
    return id;
  }

  #hear({ source, data }) {
    if (!this.#frame || source !== this.#frame.contentWindow || data?.fp !== VERSION) return;
    const { type, id } = data;
    if (type === "ready") return this.#meet();
    if (type === "height" && !this.getAttribute("height")) this.#frame.style.height = `${Math.min(MOST_PX, Math.max(LEAST_PX, data.px)) + 2}px`;
    if (type === "reply") {
      this.#replies.get(id)?.(data.value);
      this.#replies.delete(id);
    }
    if (type === "run-start") this.state = "running";
    if (type === "run-end") this.state = "ended";
    if (type === "time") this.state = data.state ?? this.state;
    if (type === "change") this.#yaml = data.yaml;
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
    const yaml = this.yaml;
    if (yaml) {
      const id = this.#post("load", { yaml, ...this.#values(WITH_TEXT) });
      await new Promise((resolve) => this.#replies.set(id, resolve));
    }
    const hadFocus = this.#shadow.activeElement === this.#button;
    for (const child of [...this.#shadow.children]) if (child !== this.#frame) child.remove();
    this.#frame.className = "";
    if (hadFocus) this.#frame.focus({ preventScroll: true });
    this.#isLive = true;
    if (this.state === "loading") this.state = "idle";
    this.#live(this);
    this.#tell("ready", { type: "ready", version: VERSION });
  }
}

if (!customElements.get("flow-playground")) customElements.define("flow-playground", FlowPlayground);
