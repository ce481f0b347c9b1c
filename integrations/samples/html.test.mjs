// The sample of plain HTML: the element by hand, its picture and its claims by the command line tool.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { SAMPLES, run, siteTests } from "./site.mjs";

const check = (...args) => run(process.env.PARALLELOGRAM ?? "parallelogram", ["check", ...args], { sample: "html" });

siteTests({
  name: "HTML",
  build: (out) => {
    for (const file of ["index.html", "style.css"]) cpSync(join(SAMPLES, "html", file), join(out, file));
    return check("index.html", "--write-svg", out);
  },
  buildFalse: () => check("wrong"),
  fault: /wrong\/index\.html:10: expected makespan 9 s, got 2 s/u,
});
