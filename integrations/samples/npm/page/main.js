import { simulate } from "parallelogram";
import FlowPlayground from "parallelogram/element";

FlowPlayground.base = "/parallelogram/";
const { simulation } = await simulate(document.querySelector("pre").textContent);
document.querySelector("output").textContent = `${simulation.makespanMs} ms`;
