// The sample for MkDocs with the theme Material.
import { run, siteTests } from "./site.mjs";

const build = (file) => (out, address = "") =>
  run("mkdocs", ["build", "--quiet", "-f", file, "-d", out], { sample: "mkdocs", env: { SITE_URL: address, NO_MKDOCS_2_WARNING: "1" } });

siteTests({
  name: "MkDocs",
  build: build("mkdocs.yml"),
  buildFalse: build("mkdocs-wrong.yml"),
  fault: /wrong\/index\.md:7: expected makespan 9 s, got 2 s/u,
  link: "Other places",
  copy: { name: "Copy to clipboard" },
});
