// Settings of a run: scenarios S55 to S59.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, fill, open, result, until } from "./harness.mjs";

const HEAD = "id: f\nnamespace: company.team\n";
const load = (page, rest) => page.evaluate((yaml) => window.__playground.load(yaml), HEAD + rest);
const openSettings = (page) => byId(page, "open-settings").click();

/** Types into a field and leaves it. */
async function write(page, id, value) {
  await fill(byId(page, id), value);
  await byId(page, id).blur();
}

const segments = (page, row) => byId(page, `row-${row}`).locator("[data-kind]").evaluateAll((all) => all.map(({ dataset }) => [dataset.kind, Number(dataset.fromMs), Number(dataset.toMs)]));

test("S55 inputs have fields of their kind, with samples and Kestra's messages", async (t) => {
  const page = await open(t);
  await load(page, `inputs:
  - {id: seconds, type: INT, min: 1, max: 9}
  - {id: greeting, type: STRING, defaults: hello}
  - {id: size, type: SELECT, values: [small, large]}
tasks:
  - {id: wait, type: io.kestra.plugin.core.flow.Sleep, duration: "PT{{ inputs.seconds }}S"}
`);
  await openSettings(page);
  assert.equal(await byId(page, "input-seconds").getAttribute("type"), "number");
  assert.equal(await byId(page, "input-greeting").inputValue(), "hello");
  assert.equal(await byId(page, "input-size").evaluate((field) => field.tagName), "SELECT");
  assert.equal(await byId(page, "inputs").getByText("sample", { exact: true }).count(), 2);
  await write(page, "input-seconds", "4");
  await until(async () => assert.equal(await result(page), 4000));
  await write(page, "input-seconds", "12");
  await byId(page, "inputs").getByText("it must be less than `9`").waitFor();
  assert.equal(await byId(page, "input-seconds").getAttribute("aria-invalid"), "true");
  await byId(page, "input-seconds").press("Escape");
  await until(async () => assert.equal(await byId(page, "settings").count(), 0));
  assert.equal(await byId(page, "open-settings").evaluate((button) => button === document.activeElement), true);
});

test("S55 each type of input has its control, dependent inputs come and go, and undo takes settings back", async (t) => {
  const page = await open(t);
  await load(page, `inputs:
  - {id: at, type: DATETIME, defaults: "2024-02-03T04:05:06Z"}
  - {id: hour, type: TIME, defaults: "04:05:00"}
  - {id: key, type: SECRET}
  - {id: some, type: MULTISELECT, values: [x, y, z], defaults: [x]}
  - {id: long, type: BOOLEAN, defaults: false}
  - {id: seconds, type: INT, defaults: 7, dependsOn: {inputs: [long], condition: "{{ inputs.long }}"}}
tasks:
  - {id: wait, type: io.kestra.plugin.core.flow.Sleep, duration: "PT{{ inputs.long ? inputs.seconds : inputs.some | length }}S"}
`);
  assert.equal(await result(page), 1000);
  await openSettings(page);
  const types = await byId(page, "inputs").locator("input").evaluateAll((all) => all.map((field) => field.type));
  assert.deepEqual(types, ["datetime-local", "time", "password", "checkbox", "checkbox", "checkbox"]);
  assert.equal(await byId(page, "input-at").inputValue(), "2024-02-03T04:05:06");
  await byId(page, "input-some").getByLabel("z", { exact: true }).check();
  await until(async () => assert.equal(await result(page), 2000));
  assert.equal(await byId(page, "input-seconds").count(), 0);
  await byId(page, "input-long").selectOption("true");
  await until(async () => assert.equal(await result(page), 7000));
  assert.equal(await byId(page, "input-seconds").inputValue(), "7");
  await byId(page, "settings").getByRole("button", { name: "Close" }).focus();
  await page.keyboard.press("Control+z");
  await until(async () => assert.equal(await result(page), 2000));
  assert.equal(await byId(page, "input-seconds").count(), 0);
  await page.keyboard.press("Control+z");
  await until(async () => assert.equal(await result(page), 1000));
});

test("S56 an assumption is listed with its line, and switching it takes the other branch", async (t) => {
  const page = await open(t);
  await load(page, `tasks:
  - {id: query, type: io.kestra.plugin.jdbc.Query}
  - id: decide
    type: io.kestra.plugin.core.flow.If
    condition: "{{ outputs.query.ok }}"
    then:
      - {id: short, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
    else:
      - {id: long, type: io.kestra.plugin.core.flow.Sleep, duration: PT5S}
`);
  assert.equal(await result(page), 2000);
  await openSettings(page);
  const listed = byId(page, "assumptions");
  assert.equal(await listed.getByText("outputs.query.ok", { exact: true }).count(), 1);
  assert.equal(await listed.getByText("line 5", { exact: true }).count(), 1);
  await byId(page, "assume-outputs.query.ok").click();
  await until(async () => assert.equal(await result(page), 6000));
  assert.deepEqual(await segments(page, "long"), [["RUNNING", 1000, 6000]]);
  await listed.getByRole("button", { name: "Take it back" }).click();
  await until(async () => assert.equal(await result(page), 2000));
});

test("S57 the server model shows its delay and its workers", async (t) => {
  const page = await open(t);
  await openSettings(page);
  await write(page, "set-delay", "0.5");
  // The last task waits for a worker too.
  await until(async () => assert.equal(await result(page), 3500));
  assert.deepEqual(await segments(page, "t4"), [["wait-slot", 0, 1500], ["SUBMITTED", 1500, 2000], ["RUNNING", 2000, 3000]]);
  await write(page, "set-delay", "0");
  await write(page, "set-workers", "2");
  await until(async () => assert.deepEqual(await segments(page, "t3"), [["wait-worker", 0, 1000], ["RUNNING", 1000, 2000]]));
  assert.equal(await result(page), 3000);
});

test("a server as measured is chosen with the keys, is in the link, and is taken back", async (t) => {
  const page = await open(t);
  const start = await result(page);
  await openSettings(page);
  const server = byId(page, "set-server");
  const words = byId(page, "server-words");
  assert.equal(await server.inputValue(), "ideal");
  assert.match(await words.innerText(), /41 ms on average, half of them in 20 ms to 54 ms/u);
  await server.focus();
  await page.keyboard.type("as measured");
  await until(async () => assert.equal(await result(page), start + 3 * 41));
  assert.equal(await byId(page, "set-delay").inputValue(), "0.041");
  assert.match(await words.innerText(), /The dispatch delay is this average/u);
  await write(page, "set-delay", "0.5");
  await until(async () => assert.equal(await result(page), 3500));
  assert.match(await words.innerText(), /The dispatch delay of 0\.5 s counts/u);
  await byId(page, "share").click();
  const link = await byId(page, "share-link").inputValue();
  await page.keyboard.press("Escape");
  assert.match(link, /server=measured&delay=0\.5s/u);
  const other = await open(t, { path: link.slice(link.indexOf("#")) });
  assert.equal(await result(other), 3500);
  await byId(page, "settings").getByRole("button", { name: "Close" }).focus();
  await page.keyboard.press("Control+z");
  await until(async () => assert.equal(await result(page), start + 3 * 41));
  await page.keyboard.press("Control+z");
  await until(async () => assert.equal(await result(page), start));
  await until(async () => assert.equal(await server.inputValue(), "ideal"));
});

test("cores slow down the tasks that share them, and the reason is given", async (t) => {
  const page = await open(t);
  await openSettings(page);
  await write(page, "set-cores", "2");
  await until(async () => assert.deepEqual(await segments(page, "t1"), [["RUNNING", 0, 1500]]));
  await byId(page, "row-t1").click();
  await until(async () => assert.match(await byId(page, "why").innerText(), /t1 ran 1\.5 s and did what takes 1\.0 s on a core of its own/));
  await write(page, "set-cores", "");
  await until(async () => assert.deepEqual(await segments(page, "t1"), [["RUNNING", 0, 1000]]));
});

test("what is being written in a field stays when the page is drawn again, until the page knows another value", async (t) => {
  const page = await open(t);
  const tasks = "tasks:\n  - {id: wait, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}\n";
  await load(page, tasks);
  await openSettings(page);
  const executions = byId(page, "set-executions");
  await fill(executions, "3");
  await page.evaluate(() => window.__playground.load(window.__playground.text() + "  - {id: more, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}\n"));
  await until(async () => assert.equal(await result(page), 4000));
  assert.equal(await executions.inputValue(), "3");
  await executions.blur();
  await byId(page, "row-x3").waitFor();
  await load(page, tasks);
  await until(async () => assert.equal(await executions.inputValue(), "1"));
  await fill(executions, "0");
  await executions.blur();
  await byId(page, "settings").getByRole("alert").getByText("How many executions of the flow start: 1 to 1000").waitFor();
});

test("S58 executions are listed below each other, and a subflow below its task", async (t) => {
  const page = await open(t);
  const limited = (behavior) => `concurrency: {limit: 1, behavior: ${behavior}}
tasks:
  - {id: wait, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
`;
  await load(page, limited("QUEUE"));
  await openSettings(page);
  await write(page, "set-every", "1");
  await write(page, "set-executions", "3");
  await until(async () => assert.deepEqual(await segments(page, "x3"), [["wait-execution", 2000, 4000], ["RUNNING", 4000, 6000]]));
  assert.deepEqual(await segments(page, "x2.wait"), [["RUNNING", 2000, 4000]]);
  for (const [behavior, outcome] of [["CANCEL", "CANCELLED"], ["FAIL", "FAILED"]]) {
    await load(page, limited(behavior));
    await write(page, "set-every", "1");
    await write(page, "set-executions", "2");
    await until(async () => assert.equal(await byId(page, "row-x2").locator("[data-kind]").getAttribute("data-kind"), outcome));
  }
  await load(page, `tasks:
  - {id: call, type: io.kestra.plugin.core.flow.Subflow, namespace: company.team, flowId: called}
---
id: called
namespace: company.team
tasks:
  - {id: inner, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}
`);
  assert.equal(await result(page), 3000);
  assert.equal(await byId(page, "row-x2.inner").count(), 0);
  await page.keyboard.press("Escape");
  await byId(page, "fold-call").click();
  assert.deepEqual(await segments(page, "x2.inner"), [["RUNNING", 0, 3000]]);
});

test("with several executions the total, the curve and the critical path are about all of them, and tasks are named with theirs", async (t) => {
  const page = await open(t);
  await openSettings(page);
  assert.equal(await byId(page, "set-start").evaluate((field) => field.scrollWidth > field.clientWidth), false);
  await write(page, "set-every", "1");
  await write(page, "set-executions", "3");
  await until(async () => assert.equal(await result(page), 4000));
  await byId(page, "critical-switch").click();
  assert.match(
    await byId(page, "critical").innerText(),
    /^The critical path of all 3 executions is t1 in execution 3, t4 in execution 3 and last in execution 3, .* Execution 3 starts at 2\.0 s\./u,
  );
  await byId(page, "critical-switch").click();
  await byId(page, "row-x2.t4").click();
  assert.match(await byId(page, "why").innerText(), /^t4 in execution 2 waited 1\.0 s/mu);
  await until(async () => assert.match(await byId(page, "why").innerText(), /it would start at 1\.0 s.* all 3 executions would .*take/u));
  await byId(page, "panel-curve").click();
  assert.match(await byId(page, "curve").innerText(), /total time of all 3 executions for each number of slots/u);
  assert.equal(await byId(page, "curve-dot-3").getAttribute("data-ms"), "4000");
});

test("a script that never ends has no total, and the head says where the run was stopped", async (t) => {
  const page = await open(t);
  await load(page, `tasks:
  - id: s
    type: io.kestra.plugin.scripts.shell.Commands
    commands:
      - while true; do sleep 1; done
  - {id: after, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
`);
  await page.getByText("Stopped at line 7").waitFor();
  assert.equal(await byId(page, "result").innerText(), "never ends");
  assert.equal(await page.getByText("No problems").count(), 0);
});

test("S59 a pause without an end waits for a person", async (t) => {
  const page = await open(t);
  await load(page, `tasks:
  - {id: ask, type: io.kestra.plugin.core.flow.Pause}
  - {id: after, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
`);
  await byId(page, "row-ask").click();
  await page.getByText("Waiting for a person").waitFor();
  assert.equal(await byId(page, "row-after").locator("[data-kind]").count(), 0);
  await byId(page, "resume-ask").click();
  await until(async () => assert.deepEqual(await segments(page, "after"), [["wait-previous", 0, 1000], ["RUNNING", 1000, 2000]]));
  await openSettings(page);
  await write(page, "assume-tasks.ask.resume", '"PT4S"');
  await until(async () => assert.equal(await result(page), 5000));
});
