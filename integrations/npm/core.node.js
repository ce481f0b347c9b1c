// The simulator in Node: its module is read when this file is imported, so that plugins need not wait for it.
import { readFileSync } from "node:fs";
import * as core from "./core/core.js";

core.initSync({ module: readFileSync(new URL("./core/core_bg.wasm", import.meta.url)) });

export const load = async () => core;
export const { figure } = core;
