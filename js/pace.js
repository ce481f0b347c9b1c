//! Long work in slices: the simulator gives way in the midst of it, and goes on once the page has handled what was queued.
//!
//! WebAssembly's promise integration (JSPI) suspends the whole stack of a function for that. A browser without it does such work in
//! one go.

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();

/**
 * Yields to the browser: shorter than any timer, and not throttled in a background tab.
 *
 * @returns {Promise<void>}
 */
export function yieldToPage() {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });
}

const canSuspend = "Suspending" in WebAssembly;

/** What the simulator imports, as it is: called by work that `inSlices` began, it suspends that work for a moment. */
export const pause = canSuspend ? new WebAssembly.Suspending(yieldToPage) : () => {};

/** The work before. Two stacks in slices would write over each other, so work waits for it. */
let last = Promise.resolve();

/**
 * Does a piece of work, after all that was handed over before.
 *
 * @param {() => void} work an export of the simulator
 * @returns {Promise<void>} once it is done
 */
export function inSlices(work) {
  const start = canSuspend ? WebAssembly.promising(work) : work;
  // From a fresh task: below work that is suspended there must be no other stack of the simulator.
  last = last.then(yieldToPage).then(() => start());
  return last;
}
