// The element of a live diagram, in a browser. In a bundle `base` has to be set to where the folder `element` is served:
//
//     import FlowPlayground from "parallelogram/element";
//     FlowPlayground.base = "/parallelogram/";
export { default } from "./element/flow-playground.js";
