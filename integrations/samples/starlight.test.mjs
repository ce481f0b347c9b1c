// The sample for Astro with Starlight, with the npm package.
import { run, siteTests } from "./site.mjs";

const build = (PAGES) => (out) => run("npx", ["astro", "build", "--outDir", out], { sample: "starlight", env: { PAGES, ASTRO_TELEMETRY_DISABLED: "1" } });

siteTests({
  name: "Starlight",
  build: build("src/content/docs"),
  buildFalse: build("wrong"),
  fault: /wrong\/index\.md:6: expected makespan 9 s, got 2 s/u,
  files: null,
  copy: { name: "Copy to clipboard" },
});
