// The sample for VitePress, with the npm package.
import { run, siteTests } from "./site.mjs";

const build = (PAGES) => (out) => run("npx", ["vitepress", "build", ".", "--outDir", out], { sample: "vitepress", env: { PAGES } });

siteTests({
  name: "VitePress",
  build: build("docs"),
  buildFalse: build("wrong"),
  fault: /wrong\/index\.md:7: expected makespan 9 s, got 2 s/u,
  files: null,
  link: "Other places",
  copy: { name: "Copy Code" },
});
