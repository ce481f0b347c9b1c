// Uses each entry of the package as its types say.
import { FlowError, check, explain, simulate, svg } from "parallelogram";
import type { Execution, Options } from "parallelogram";
import withAstro from "parallelogram/astro";
import docusaurusFlow from "parallelogram/docusaurus";
import FlowPlayground from "parallelogram/element";
import markdownItFlow from "parallelogram/markdown-it";
import rehypeFlow from "parallelogram/rehype";
import remarkFlow from "parallelogram/remark";
import withFlows from "parallelogram/vitepress";
import { unified } from "unified";

const options: Options = { kestra: "2.0", set: { parent: 4 }, inputs: { n: 1 }, seed: 1 };
const execution: Execution = await simulate("", options);
export const makespan: number | undefined = execution.simulation?.makespanMs;
export const picture: string = await svg("");
export const messages: string[] = (await check("", "makespan=2s")).map(({ message }) => message);
export const sentences: string[] = (await explain("")).rows.flatMap(({ sentences }) => sentences.map(({ text }) => text));
export const place = (error: unknown): number | undefined => (error instanceof FlowError ? error.diagnostics[0]?.line : undefined);

unified().use(remarkFlow, { base: "/p/" }).use(rehypeFlow);
markdownItFlow({}, { base: "/p/" });
export const title: string = withFlows({ title: "Docs" }).title;
export const names: string[] = [withAstro().name, docusaurusFlow({ baseUrl: "/" }).name];

FlowPlayground.base = "/p/";
const element = document.createElement("flow-playground");
element.addEventListener("fp-end", ({ detail }) => console.log(detail.makespanMs));
export const live: FlowPlayground = await element.ready;
// @ts-expect-error there is no such option
await simulate("", { colour: "red" });
