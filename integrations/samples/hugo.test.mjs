// The sample for Hugo, with the render hook in `integrations/hugo/`. Its figures are made before it runs.
import { run, siteTests } from "./site.mjs";

const check = (...args) => run(process.env.PARALLELOGRAM ?? "parallelogram", ["check", ...args], { sample: "hugo" });

siteTests({
  name: "Hugo",
  build: (out) => {
    const figures = check("content", "--write-html", "assets/flows");
    return figures.status === 0 ? run("hugo", ["--quiet", "-d", out], { sample: "hugo" }) : figures;
  },
  buildFalse: () => check("wrong"),
  fault: /wrong\/index\.md:5: expected makespan 9 s, got 2 s/u,
  copy: { name: "Copy" },
});
