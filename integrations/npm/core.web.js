// The simulator in a browser: its module is fetched when it is first needed. Bundlers know this form of its address.
import init, * as core from "./core/core.js";

/** @type {Promise<typeof core> | undefined} */
let loaded;

async function fetched() {
  await init({ module_or_path: new URL("./core/core_bg.wasm", import.meta.url) });
  return core;
}

/** A fetch that failed is tried again by the next call. */
export const load = () => (loaded ??= fetched().catch((error) => {
  loaded = undefined;
  throw error;
}));
export const { figure } = core;
