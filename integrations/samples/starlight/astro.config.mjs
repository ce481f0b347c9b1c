import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import flows from "parallelogram/astro";

export default defineConfig({
  base: "/a/b/",
  integrations: [flows(), starlight({ title: "A sample" })],
});
