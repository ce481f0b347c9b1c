import { defineConfig } from "vitepress";
import withFlows from "parallelogram/vitepress";

export default defineConfig(withFlows({
  title: "A sample",
  base: "/a/b/",
  srcDir: process.env.PAGES ?? "docs",
}));
