//! The later part of the simulator, which the first timeline does not need: `scripts/split.mjs` makes it. It is fetched once the
//! first picture is drawn. What needs it before it has arrived waits for it: see `needLater`.

/** The examples whose first timeline does without it, as `scripts/profile.mjs` sees to. Links to others wait for both parts. */
export const AT_FIRST = ["parallel", "sequential", "nested-limits"];

const address = () => new URL("web_later.wasm", document.baseURI).href;

/** @type {WebAssembly.ModuleImports} what the first part exports */
let first;
/** @type {Promise<ArrayBuffer> | undefined} */
let bytes;
/** @type {Promise<void> | undefined} */
let linked;
/** @type {(() => void) | undefined} */
let arrive;
/** @type {Promise<void>} */
const arrived = new Promise((resolve) => (arrive = resolve));

/** @param {WebAssembly.ModuleImports} exports what the first part exports */
export function linkLater(exports) {
  first = exports;
}

/** Fetches the later part ahead of time, beside the first part. */
export function prefetchLater() {
  bytes ??= fetch(address()).then((response) => response.arrayBuffer());
  bytes.catch(() => {});
  return bytes;
}

/** Fetches the later part and links it with the first. Never fails: without a connection the next call tries again. */
export function fetchLater() {
  linked ??= prefetchLater().then((bytes) => WebAssembly.instantiate(bytes, { first })).then(arrive, (error) => {
    console.warn("the later part of the simulator could not be loaded:", error);
    bytes = linked = undefined;
  });
  return linked;
}

/** Waits until the later part is there, without asking for it. */
export const laterArrives = () => arrived;

/**
 * Fetches the later part and links it before it returns: a function of it was called before it had arrived. Throws an error that
 * stops the simulator when there is no connection.
 */
export function needLater() {
  const request = new XMLHttpRequest();
  request.open("GET", address(), false);
  // One character for each byte: a request that is waited for can't give bytes.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  try {
    request.send();
    const bytes = Uint8Array.from(request.responseText, (char) => char.charCodeAt(0));
    new WebAssembly.Instance(new WebAssembly.Module(bytes), { first });
    linked = arrived;
    arrive?.();
  } catch (error) {
    throw new WebAssembly.RuntimeError(`the later part of the simulator could not be loaded: ${error}`);
  }
}
