// Whole visits, from start to end: the first minute J1, the slider J2, why J3, nesting J4, one's own flow J5, an anomaly J7.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, choose, ghost, open, result, said, slide, state, switchMode, text, until } from "./harness.mjs";

const makespan = (page, ms) => until(async () => assert.equal(await result(page), ms));

test("J1 the first minute: one click shows three slots at work", async (t) => {
  const page = await open(t);
  assert.deepEqual([await state(page), await result(page)], ["idle", 2000]);
  await byId(page, "run").click();
  await page.clock.runFor(500);
  assert.equal(await state(page), "running");
  for (const id of ["t1", "t2", "t3"]) assert.equal(await said(page, id, 0), "RUNNING 0-1000");
  for (const id of ["t4", "t5", "t6"]) assert.equal(await said(page, id, 0), "wait-slot 0-1000");
  assert.match(await byId(page, "playhead").getAttribute("data-ms"), /^[45]\d\d$/u);
  await page.clock.runFor(700);
  assert.match(await byId(page, "story").innerText(), /1\.0 s\s+t1, t2 and t3 end together; t4, t5 and t6 take their slots/u);
  await page.clock.runFor(1000);
  assert.equal(await state(page), "ended");
  assert.match(await byId(page, "story").innerText(), /2\.0 s/u);
  assert.match(await page.locator(".pg-result").innerText(), /work\s+6\.0 s\s+speed-up\s+3\.0×\s+efficiency\s+100 %/u);
});

test("J2 the slider: 3, 4, 5, 6 slots, with the last run below the bars, and the curve that says it all at once", async (t) => {
  const page = await open(t);
  const before = await text(page);
  for (const [slots, ms] of [[4, 2000], [5, 2000], [6, 1000]]) {
    await slide(page, "parent", slots);
    await makespan(page, ms);
    assert.equal(await text(page), before.replace("concurrent: 3", `concurrent: ${slots}`));
    if (slots < 6) await until(async () => assert.equal(await byId(page, "no-gain").getByRole("button").first().innerText(), `Why no gain at ${slots}?`));
  }
  await until(async () => assert.equal(await byId(page, "no-gain").count(), 0));
  assert.equal(await ghost(page), 2000);
  assert.ok((await page.locator(".pg-timeline__ghost").count()) > 0, "the last run is drawn below the bars");
  await byId(page, "panel-curve").click();
  assert.match(await byId(page, "curve").innerText(), /2\.0 s with 3 to 5, 1\.0 s with 6 or more/u);
  await byId(page, "curve-dot-3").focus();
  await page.keyboard.press("Enter");
  await makespan(page, 2000);
  assert.equal(await text(page), before);
});

test("J3 why: what held a task up, what more slots would have changed, and the way back to the start of the flow", async (t) => {
  const page = await open(t);
  await byId(page, "row-t4").click();
  const reasons = byId(page, "why").locator(".pg-details__why");
  await until(async () =>
    assert.deepEqual((await reasons.allInnerTexts()).slice(0, 2).map((text) => text.replace(/ Do it$/u, "")), [
      "t4 waited 1.0 s because all 3 slots of parent were taken by t1, t2 and t3. It started when they ended at 1.0 s.",
      "With concurrent: 4 it would start at 0 s, but the flow would still take 2.0 s.",
    ]));
  await byId(page, "and-why-that").locator("summary").click();
  assert.match(await byId(page, "and-why-that").innerText(), /started at 0 s/u);
  // Nothing is offered that leaves the flow as long as it is.
  assert.equal(await byId(page, "why").getByTestId("make").count(), 0);
  await byId(page, "row-parent").getByRole("button", { name: "One slot more for parent" }).click();
  await until(async () => assert.match(await text(page), /concurrent: 4/u));
  assert.equal(await said(page, "t4", 0), "RUNNING 0-1000");
});

test("J4 nesting: two groups of three, one of them Parallel, both, and one slot for both", async (t) => {
  const page = await open(t);
  await choose(page, "sequential");
  await makespan(page, 3000);
  const before = await text(page);
  const parallel = (id) => switchMode(page, id);
  await parallel("seq1");
  await until(async () => assert.match(await text(page), /id: seq1\n +type: io.kestra.plugin.core.flow.Parallel/u));
  assert.equal(await result(page), 3000);
  await parallel("seq2");
  await makespan(page, 1000);
  await byId(page, "timeline").focus();
  await page.keyboard.press("ControlOrMeta+z");
  await page.keyboard.press("ControlOrMeta+z");
  await until(async () => assert.equal(await text(page), before));
  await makespan(page, 3000);
  await slide(page, "parent", 1);
  await makespan(page, 6000);
  assert.equal(await said(page, "seq2", 0), "wait-slot 0-3000");
});

test("J7 an anomaly: Graham on 4 slots is slower than on 3, the page says why, and puts the longest chain first", async (t) => {
  const page = await open(t);
  await choose(page, "graham");
  await makespan(page, 12_000);
  await slide(page, "graph", 4);
  await makespan(page, 15_000);
  const question = byId(page, "no-gain");
  await until(async () => assert.equal(await question.getByRole("button").first().innerText(), "Why slower at 4?"));
  await question.getByRole("button").first().click();
  assert.equal(
    await question.locator("p").innerText(),
    "With 3 slots the flow takes 12.0 s, with 4 it takes 15.0 s: t9 starts at 6.0 s instead of 3.0 s. "
      + "With 4, t5, t6, t7 and t8 hold all slots of graph at 3.0 s, and it waits 3.0 s for one; with 3 it waits for none.",
  );
  await byId(page, "row-t9").click();
  await until(async () =>
    assert.match(await byId(page, "why").innerText(), /t9 waited 3\.0 s because it depends on t1\. Its turn came when t1 ended at 3\.0 s\./u));
  await byId(page, "panel-details").click();
  await byId(page, "timeline").getByRole("treegrid").focus();
  await page.keyboard.press("Escape");
  const advice = byId(page, "advice");
  await until(async () => assert.match(await advice.innerText(), /With the longest chains of graph first, the flow would take 12\.0 s instead of 15\.0 s\./u));
  await advice.locator("p", { hasText: "longest chains" }).getByTestId("make").click();
  await makespan(page, 12_000);
  assert.match(await text(page), /concurrent: 4/u);
});

const OWN = `id: nightly
namespace: company.data
tasks:
  - id: all
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - id: extract
        type: io.kestra.plugin.jdbc.postgresql.Query
        sql: select 1
      - id: copy
        type: io.kestra.plugin.gcp.gcs.Copy
        from: gs://a/b
        to: gs://a/c
      - id: model
        type: io.kestra.plugin.dbt.cli.DbtCLI
        commands: [dbt run]
`;

test("J5 one's own flow: pasted, timed, swept, and taken away as a table and a link", async (t) => {
  const page = await open(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await byId(page, "editor").locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.evaluate((text) => navigator.clipboard.writeText(text), OWN);
  await page.keyboard.press("ControlOrMeta+v");
  await makespan(page, 2000);
  assert.equal(await text(page), OWN);
  assert.equal(await byId(page, "row-extract").getAttribute("data-simulated"), "false");
  assert.match(await byId(page, "row-extract").innerText(), /1\.0 s, not simulated/u);

  // A duration set in the chart, and a range written in the text.
  await byId(page, "row-extract").click();
  await byId(page, "timeline").getByRole("treegrid").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await until(async () => assert.match(await text(page), /- id: extract *# sim: 2s/u));
  await makespan(page, 2000);
  await page.evaluate((text) => navigator.clipboard.writeText(text), (await text(page)).replace("- id: model", "- id: model # sim: 3s..5s"));
  await byId(page, "editor").locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+v");
  await until(async () => assert.ok((await result(page)) >= 4000 && (await result(page)) <= 6000));
  const two = await result(page);

  await byId(page, "panel-curve").click();
  const dot = async (n) => Number(await byId(page, `curve-dot-${n}`).getAttribute("data-ms"));
  assert.ok((await dot(1)) > two && (await dot(2)) === two && (await dot(3)) < two);
  await byId(page, "curve-dot-3").click();
  await makespan(page, await dot(3));

  await byId(page, "panel-table").click();
  const copied = async (format) => {
    await byId(page, `copy-table-${format}`).click();
    await until(async () => assert.equal(await page.locator(".pg-copies [role=status]").innerText(), "Copied"));
    return page.evaluate(() => navigator.clipboard.readText());
  };
  assert.match(await copied("markdown"), /^\| task \| waited \| starts \| ends \| takes \| at .* \|\n(\| --- ){6}\|\n\| all \|/u);
  assert.match(await copied("csv"), /^task,waited,starts,ends,takes,at .*\nall,/u);
  assert.match(await copied("tsv"), /^task\twaited\tstarts\tends\ttakes\tat .*\nall\t.*\nextract\t0\t0\t2\.0 s\t2\.0 s\tsuccess\n/u);

  await byId(page, "share").click();
  const link = await byId(page, "share-link").inputValue();
  const other = await open(t, { path: link });
  assert.equal(await text(other), await text(page));
  assert.equal(await result(other), await result(page));
});
