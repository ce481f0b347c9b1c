// ESLint's recommended rules for every script: the page's, those that build and serve, and the browser tests.
import js from "@eslint/js";
import globals from "globals";

export default [
  // What git ignores, of ours and of the generators.
  { ignores: ["dist/", "target/", "shots/", "integrations/*/build/", "integrations/samples/hugo/", "integrations/samples/*/.docusaurus/", "integrations/samples/*/.astro/", "integrations/samples/*/.vitepress/cache/"] },
  js.configs.recommended,
  { files: ["js/**"], languageOptions: { globals: { ...globals.browser, tr: "readonly", parallelogramCatalog: "readonly" } } },
  { files: ["scripts/**", "tests/**", "integrations/**"], languageOptions: { globals: globals.node } },
  // Browser tests hold functions that run in the page.
  { files: ["scripts/*bench*.mjs", "scripts/profile.mjs", "scripts/shots.mjs", "scripts/browser.mjs", "tests/**", "integrations/samples/**"], languageOptions: { globals: globals.browser } },
];
