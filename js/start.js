//! Starts the simulator, and shows a message when it cannot start or has stopped.

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} className
 * @param {string} text
 */
function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** The reader's text, to be copied. */
function textToCopy() {
  const text = element("textarea", "pg-crash__text", "");
  text.readOnly = true;
  text.setAttribute("aria-label", tr("Your text"));
  text.value = globalThis.parallelogramText?.() ?? "";
  return text;
}

/** The simulator has stopped: shows its text for copying, and offers a fresh start. */
function showCrash() {
  if (document.querySelector(".pg-crash")) return;
  const card = element("div", "pg-crash", "");
  card.setAttribute("role", "alertdialog");
  card.setAttribute("aria-labelledby", "pg-crash-title");
  card.dataset.testid = "crash";
  const title = element("h1", "pg-crash__title", tr("The simulator stopped. Your text is safe."));
  title.id = "pg-crash-title";
  const text = textToCopy();
  const copy = element("button", "pg-button pg-button--primary", tr("Copy text"));
  copy.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      copy.textContent = tr("Copied");
    } catch {
      text.focus(); // No clipboard: the text is selected, to be copied by hand.
    }
  });
  const restart = element("button", "pg-button pg-button--outline", tr("Restart"));
  // Not with the text at which it stopped: that one is in this card, and among the versions.
  restart.addEventListener("click", () => {
    location.hash = "example=parallel";
    location.reload();
  });
  const actions = element("div", "pg-crash__actions", "");
  actions.append(copy, restart);
  card.append(title, text, actions);
  document.body.append(card);
  copy.focus();
}

const isEmbed = "embed" in document.documentElement.dataset;

/** Keeps the files of the page on this device, so that it opens without a connection: see `offline.js`. */
async function keepFiles() {
  // In a sandbox there is none. Where it is not allowed, some browsers answer with nothing.
  if (!navigator.serviceWorker || !(await navigator.serviceWorker.register("offline.js"))) return;
  const resources = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource"));
  const loaded = resources.filter(({ name }) => name.startsWith(location.origin));
  const later = isEmbed ? ["embed.html", "web_later.wasm"] : ["./", "editor.js", "dialogs.js", "web_later.wasm"];
  const files = [...later.map((file) => new URL(file, document.baseURI).href), ...loaded.map(({ name }) => name)];
  // Of many embeds at once one does it, and only when it has loaded something new.
  await navigator.locks.request("parallelogram-files", { ifAvailable: true }, async (lock) => {
    const isNew = loaded.some(({ transferSize, encodedBodySize }) => transferSize > encodedBodySize);
    if (!lock || (isEmbed && !isNew && (await caches.match(files[0])))) return;
    await (await caches.open("parallelogram")).addAll([...new Set(files)]);
  });
}

function watch(error) {
  if (error?.name === "RuntimeError") showCrash();
}

addEventListener("error", ({ error }) => watch(error));
addEventListener("unhandledrejection", ({ reason }) => watch(reason));

try {
  const { default: init } = await import("./web.js");
  await init({ module_or_path: new URL("web_bg.wasm", import.meta.url) });
  keepFiles().catch(() => {});
  // So that they open at once.
  if (!isEmbed) import("./dialogs.js").catch(() => {});
} catch (error) {
  // The page shows nothing yet, so this message is all there is.
  if (!document.querySelector(".pg-app")) {
    await parallelogramCatalog;
    const { message } = /** @type {Error} */ (error);
    const app = document.getElementById("app");
    // What a browser without scripts shows, below the message.
    if (app) app.innerHTML = document.querySelector("noscript")?.textContent ?? "";
    const text = textToCopy();
    if (text.value) app?.prepend(text);
    app?.prepend(element("p", "pg-note", tr("The simulator could not be loaded: {message}. Reload the page, or try another browser.", { message })));
  }
  // The page around an embed would wait for it.
  if (window.parent !== window && isEmbed) {
    window.parent.postMessage({ fp: 1, type: "error", code: "load", message: tr("The simulator could not be loaded.") }, "*");
  }
  watch(error);
  console.error(error);
}
