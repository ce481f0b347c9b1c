// The sample for mdBook.
import { run, siteTests } from "./site.mjs";

siteTests({
  name: "mdBook",
  build: (out) => run("mdbook", ["build", "-d", out], { sample: "mdbook" }),
  buildFalse: (out) => run("mdbook", ["build", "-d", out], { sample: "mdbook", env: { MDBOOK_BOOK__SRC: "wrong" } }),
  fault: /wrong\/index\.md:3: expected makespan 9 s, got 2 s/u,
  copy: { name: "Copy to clipboard" },
});
