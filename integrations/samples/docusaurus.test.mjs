// The sample for Docusaurus, with the npm package.
import { run, siteTests } from "./site.mjs";

const build = (PAGES) => (out) => run("npx", ["docusaurus", "build", "--out-dir", out], { sample: "docusaurus", env: { PAGES } });

siteTests({
  name: "Docusaurus",
  build: build("docs"),
  buildFalse: build("wrong"),
  fault: /wrong\/index\.md:8: expected makespan 9 s, got 2 s/u,
  files: null,
  link: "Other places",
  copy: { name: "Copy code to clipboard" },
});
