// Simulates flows, in Node and in browsers: the same program as the command line tool and the page.
import { load } from "#core";

/**
 * @typedef {import("./types.d.ts").Options} Options
 * @typedef {import("./types.d.ts").Execution} Execution
 * @typedef {import("./types.d.ts").TaskRun} TaskRun
 * @typedef {import("./types.d.ts").Segment} Segment
 * @typedef {import("./types.d.ts").Simulation} Simulation
 * @typedef {import("./types.d.ts").Explanation} Explanation
 * @typedef {import("./types.d.ts").Difference} Difference
 * @typedef {import("./types.d.ts").Diagnostic} Diagnostic
 */

/** A text or an option that is refused. */
export class FlowError extends Error {
  name = "FlowError";
  /**
   * What is wrong with the text; empty when an option is refused.
   * @type {Diagnostic[]}
   */
  diagnostics;

  /** @param {{ message: string, diagnostics: Diagnostic[] }} refused */
  constructor({ message, diagnostics }) {
    super(message);
    this.diagnostics = diagnostics;
  }
}

/**
 * @param {(core: Awaited<ReturnType<typeof load>>) => string} call
 * @returns {Promise<string>}
 */
async function answer(call) {
  const core = await load();
  try {
    return call(core);
  } catch (error) {
    // The core refuses with JSON; anything else is a fault of ours.
    throw typeof error === "string" ? new FlowError(JSON.parse(error)) : error;
  }
}

/** @param {Options} options */
const asText = ({ executions, ...options }) => JSON.stringify({ ...options, ...(executions !== undefined && { executions: String(executions) }) });

/**
 * Simulates a flow.
 *
 * @param {string} text the flow
 * @param {Options} [options]
 * @returns {Promise<Execution>} what `simulate --format json` of the command line tool prints
 * @throws {FlowError} when the text or an option is refused
 */
export const simulate = async (text, options = {}) => JSON.parse(await answer((core) => core.simulate(text, asText(options))));

/**
 * The timeline of a flow as an SVG file, light or dark as its page is.
 *
 * @param {string} text the flow
 * @param {Options} [options]
 * @returns {Promise<string>} it begins with `<svg`
 * @throws {FlowError} when the text or an option is refused
 */
export const svg = (text, options = {}) => answer((core) => core.svg(text, asText(options)));

/**
 * Compares the run of a flow with what is claimed of it.
 *
 * @param {string} text the flow
 * @param {string} expectation such as `makespan=2s state=SUCCESS order=t1,t2 overlap=t1,t2 at=t4:1s`
 * @param {Options} [options]
 * @returns {Promise<Difference[]>} the claims that do not hold
 * @throws {FlowError} when the text, the claims or an option are refused
 */
export const check = async (text, expectation, options = {}) => JSON.parse(await answer((core) => core.check(text, expectation, asText(options))));

/**
 * Says why each task waited and ended as it did, and what would have helped.
 *
 * @param {string} text the flow
 * @param {Options} [options]
 * @returns {Promise<Explanation>} what `explain --all --format json` of the command line tool prints
 * @throws {FlowError} when the text or an option is refused
 */
export const explain = async (text, options = {}) => JSON.parse(await answer((core) => core.explain(text, asText(options))));
