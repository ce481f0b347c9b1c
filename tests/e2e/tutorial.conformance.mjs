// S67 with Kestra's tutorial itself, a page of Markdown outside the repository: `TUTORIAL=FILE`, see `make conformance`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { byId, open, paste, result } from "./harness.mjs";

test("S67 the tutorial, pasted as a whole, offers its flows", async (t) => {
  const page = await open(t);
  await paste(page, readFileSync(process.env.TUTORIAL, "utf8"));
  await byId(page, "offer-parallel").click();
  assert.equal(await result(page), 2000);
});
