// What depends on the version of Kestra: the menu of versions, fixes for what one refuses, iterations of a Loop, attempts, and
// notes on what a server does instead.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, choose, fill, open, result, segment, state, text, until } from "./harness.mjs";

const HEAD = "id: f\nnamespace: n\ntasks:\n";
const version = (page) => page.locator(".pg-version").innerText();

test("the version decides what is refused, and a click writes what it knows instead", async (t) => {
  const page = await open(t, { yaml: `${HEAD}  - id: t\n    type: io.kestra.plugin.core.flow.Pause\n    delay: PT2S\n` });
  assert.match(await version(page), /Kestra 1\.3/u);
  assert.equal(await result(page), 2000);
  await byId(page, "version").selectOption("Kestra 2.0");
  await until(async () => assert.match(await byId(page, "banner").innerText(), /delay is not known to Kestra 2\.0/u));
  await byId(page, "fix").click();
  await until(async () => assert.match(await text(page), / {4}pauseDuration: PT2S\n/u));
  await until(async () => assert.equal(await result(page), 2000));
  assert.equal(await byId(page, "fix").count(), 0);
});

test("a text that only an older version knows chooses it, and the menu can choose another", async (t) => {
  const page = await open(t);
  await choose(page, "for-each");
  await until(async () => assert.match(await version(page), /Kestra 1\.3/u));
  assert.equal(await result(page), 3000);
  await byId(page, "version").selectOption("Kestra 2.0");
  await until(async () => assert.match(await byId(page, "banner").innerText(), /flow\.ForEach is not known to Kestra 2\.0/u));
  await byId(page, "version").selectOption("as the text says");
  await until(async () => assert.equal(await result(page), 3000));
});

test("the iterations of a Loop are executions below its row, two at a time, and fold with it", async (t) => {
  const page = await open(t);
  await choose(page, "loop");
  await until(async () => assert.equal(await result(page), 3000));
  const rows = await page.locator("[role=row][aria-level]").evaluateAll((all) => all.map((row) => `${row.getAttribute("aria-level")} ${row.querySelector(".pg-timeline__name")?.textContent ?? ""}`));
  const iteration = (name) => [`2 ${name}`, "3 say", "3 load", "3 check"];
  assert.deepEqual(rows, ["1 regions", ...["north", "east", "south", "west"].flatMap(iteration)]);
  const load = byId(page, "editor").locator(".cm-line", { hasText: "id: load" });
  await until(async () => assert.match(await load.getAttribute("data-hint"), /^→ 4 runs, the first starts/u));
  const loads = await Promise.all([2, 3, 4, 5].map((n) => segment(page, `x${n}.load`, 0)));
  assert.deepEqual(loads.map(({ from, to }) => [from, to]), [[0, 1000], [0, 1000], [1500, 2500], [1500, 2500]]);
  await byId(page, "row-regions").click();
  await byId(page, "row-regions").press("ArrowLeft");
  await until(async () => assert.equal(await page.locator("[role=row][aria-level]").count(), 1));
});

test("each attempt has its own outcome", async (t) => {
  const page = await open(t);
  await choose(page, "retry-slot");
  await until(async () => assert.equal(await result(page), 7000));
  const shown = await Promise.all([0, 1, 2, 3, 4].map((n) => segment(page, "shaky", n)));
  assert.deepEqual(shown.map(({ kind, outcome, from, to }) => `${kind} ${outcome} ${from}-${to}`), [
    "RUNNING FAILED 0-1000",
    "RETRYING SUCCESS 1000-3000",
    "RUNNING FAILED 3000-4000",
    "RETRYING SUCCESS 4000-6000",
    "RUNNING SUCCESS 6000-7000",
  ]);
  await byId(page, "row-shaky").click();
  await until(async () => assert.match(await page.locator(".pg-details__facts").innerText(), /attempt 1\s+0 to 1\.0 s, failed/u));
});

test("a command that is not simulated is an assumption, with its time and its end", async (t) => {
  const page = await open(t, { yaml: `${HEAD}  - id: get\n    type: io.kestra.plugin.scripts.shell.Commands\n    commands: [wget -q https://example.org/a]\n` });
  assert.equal(await result(page), 0);
  await byId(page, "open-settings").click();
  const field = byId(page, "assume-commands.wget");
  assert.equal(await field.inputValue(), "0s");
  await fill(field, "3s fail");
  await field.press("Tab");
  await until(async () => assert.equal(await result(page), 3000));
  await until(async () => assert.equal((await segment(page, "get", 0)).outcome, "FAILED"));
});

test("a note says where the version does something else", async (t) => {
  const page = await open(t, { yaml: `${HEAD}  - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n  - {id: b, type: io.kestra.plugin.core.execution.Fail, retry: {type: constant, interval: PT1S, maxAttempts: 2}}\n` });
  await page.getByRole("button", { name: "1 note" }).click();
  assert.match(await byId(page, "diag").innerText(), /Kestra 2\.0\.0 starts a task that is tried again a second time[\s\S]*kestra#18909/u);
  await byId(page, "row-b").click();
  await until(async () => assert.match(await byId(page, "why").innerText(), /kestra#18909/u));
});

test("the menu of examples says what the page then shows", async (t) => {
  const page = await open(t);
  await byId(page, "examples").click();
  const items = await page.locator("[data-testid^=example-]").evaluateAll((all) => all.map((item) => [item.dataset.testid.replace("example-", ""), item.querySelector(".pg-menu__meta").textContent]));
  await page.keyboard.press("Escape");
  for (const [id, said] of items) {
    await choose(page, id);
    await until(async () => assert.equal(await byId(page, "result").innerText(), said, id));
    assert.equal(await state(page), "idle", id);
  }
});
