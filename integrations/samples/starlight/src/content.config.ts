import { glob } from "astro/loaders";
import { docsSchema } from "@astrojs/starlight/schema";
import { defineCollection } from "astro:content";

export const collections = { docs: defineCollection({ loader: glob({ base: process.env.PAGES ?? "src/content/docs", pattern: "**/*.{md,mdx}" }), schema: docsSchema() }) };
