//! The examples whose first timeline does without the later part of the simulator, as `scripts/profile.mjs` sees to. Links to others
//! wait for both parts.

export const AT_FIRST = ["parallel", "sequential", "nested-limits", "graham"];
