// The sample for Sphinx, with MyST and the theme Furo.
import { run, siteTests } from "./site.mjs";

siteTests({
  name: "Sphinx",
  build: (out) => run("sphinx-build", ["-q", "-W", "-d", `${out}.doctrees`, ".", out], { sample: "sphinx" }),
  buildFalse: (out) => run("sphinx-build", ["-q", "-c", ".", "-d", `${out}.doctrees`, "wrong", out], { sample: "sphinx" }),
  fault: /wrong\/fence\.md:5: ERROR: expected makespan 9 s, got 2 s\n[^]*wrong\/index\.rst:4: ERROR: expected makespan 9 s, got 2 s/u,
  files: "_static/parallelogram",
  copy: { name: "Copy" },
});
