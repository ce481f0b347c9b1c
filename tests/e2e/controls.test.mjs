// Every control of the page is alive: pressing it changes what is shown, or it is off and says why.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness.mjs";

const KESTRA = `id: controls
namespace: company.team
inputs:
  - {id: rows, type: INT, defaults: 3}
  - {id: kind, type: SELECT, values: [a, b], defaults: a}
tasks:
  - {id: query, type: io.kestra.plugin.jdbc.Query}
  - id: choose
    type: io.kestra.plugin.core.flow.If
    condition: "{{ outputs.query.row.ready }}"
    then:
      - {id: yes, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
  - id: group
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - {id: one, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: two, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
      - {id: three, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}
  - id: other
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 1
    tasks:
      - {id: five, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: six, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S} # sim: 1s..5s
  - id: turn
    type: io.kestra.plugin.core.flow.Sequential
    tasks:
      - {id: four, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
  - {id: ask, type: io.kestra.plugin.core.flow.Pause}
`;
const RELEASE = `apiVersion: xl-release/v1
kind: Templates
spec:
- template: Controls
  phases:
  - phase: Build
    tasks:
    - name: Compile
      type: xlrelease.Task
      plannedDuration: 600
    - name: Servers
      type: xlrelease.ParallelGroup
      tasks:
      - {name: One, type: xlrelease.Task, plannedDuration: 600}
      - {name: Two, type: xlrelease.ScriptTask, precondition: "releaseVariables['x'] == 1"}
    - name: Approve
      type: xlrelease.GateTask
`;

/** Where controls are: what leads there from a fresh page. */
const PLACES = {
  "the page": async () => {},
  "a task": async (page) => page.locator(".pg-timeline__row:not([aria-expanded])").nth(1).click(),
  "a group": async (page) => page.locator(".pg-timeline__row[aria-expanded]").first().click(),
  "the log": async (page) => page.getByTestId("panel-log").click(),
  "the curve": async (page) => page.getByTestId("panel-curve").click(),
  "the heat map": async (page) => {
    await page.getByTestId("panel-curve").click();
    // A template has no slots.
    if (await page.getByTestId("show-heat").count()) await page.getByTestId("show-heat").click();
  },
  "the plans": async (page) => {
    await page.getByTestId("panel-compare").click();
    if (!(await page.getByTestId("trial-A").count())) await page.getByTestId("pin").click();
  },
  "the table": async (page) => page.getByTestId("panel-table").click(),
  "the times": async (page) => page.getByTestId("panel-times").click(),
  "the menu of a task": async (page) => page.locator(".pg-timeline__row:not([aria-expanded])").nth(1).click({ button: "right" }),
  "the menu of a group": async (page) => page.locator(".pg-timeline__row[aria-expanded]").first().click({ button: "right" }),
  "the settings": async (page) => page.getByTestId("open-settings").click(),
  "the examples": async (page) => page.getByTestId("examples").click(),
  "the keys": async (page) => page.getByTestId("keys").click(),
  "the share dialog": async (page) => {
    await page.getByTestId("share").click();
    await page.getByTestId("share-note").waitFor();
  },
  "the embed dialog": async (page) => {
    await page.getByTestId("embed").click();
    await page.getByTestId("embed-preview").waitFor();
  },
  "the slots": async (page) => page.getByTestId("view-slots").click(),
  "a closer view": async (page) => page.getByTestId("zoom-in").click(),
  "a broken text": async (page) => page.evaluate(() => window.__playground.load(window.__playground.text().replace("type:", "typ:"))),
  "an empty text": async (page) => page.evaluate(() => window.__playground.load("")),
};

/**
 * Marks the controls in view that could be pressed, and returns what each is called. Radios and tabs that are on are left out, and the
 * language, which begins the page anew: `language.test.mjs` chooses it.
 */
const mark = () => {
  document.querySelectorAll("[data-control]").forEach((one) => one.removeAttribute("data-control"));
  const over = document.querySelector("dialog[open], .pg-menu:popover-open, .pg-header .pg-menu, .pg-settings");
  const found = [...(over ?? document).querySelectorAll("button, select, input, summary, a[href], [role=button], [role=slider], [role=radio], td[role=gridcell]")];
  const controls = found.filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".pg-editor__host, [popover]:not(:popover-open), .pg-skip:not(:focus)") && !one.matches("[aria-checked=true][role=radio], [aria-selected=true], [aria-current=true], [data-testid=language]"));
  const isOff = (one) => one.disabled || one.ariaDisabled === "true";
  const silent = controls.filter((one) => isOff(one) && !(one.title || one.getAttribute("aria-description")));
  const live = controls.filter((one) => !isOff(one) && !one.readOnly);
  live.forEach((one, at) => (one.dataset.control = at));
  const name = (one) => `${one.tagName.toLowerCase()} ${one.dataset.testid ?? ""} “${(one.ariaLabel ?? one.innerText ?? "").trim().slice(0, 40)}”`;
  return { live: live.map(name), silent: silent.map(name) };
};

/** All that a press may change: what the page shows, the text, the theme, the clipboard, files, the focus. */
const state = () => {
  const copy = document.documentElement.cloneNode(true);
  copy.querySelectorAll("[data-control]").forEach((one) => one.removeAttribute("data-control"));
  const fields = [...document.querySelectorAll("input, select, textarea")].map((field) => field.checked ?? field.value).join("|");
  const values = [...document.querySelectorAll("input, select, textarea")].map((field) => field.value).join("|");
  const scrolls = [...document.querySelectorAll(".pg-timeline__chart, .pg-panel__body")].map((one) => one.scrollTop).join();
  return [copy.outerHTML, fields, values, scrolls, window.__playground.text(), document.activeElement?.id, document.activeElement?.shadowRoot?.activeElement?.className, document.querySelectorAll("dialog[open]").length, window.pressed].join("\n");
};

/** Presses a control as a person would; a field gets another value. */
async function press(page, at) {
  const control = page.locator(`[data-control="${at}"]`);
  const kind = await control.evaluate((one) => (one.matches("select") ? "select" : one.matches("input") ? one.type : "button"));
  if (kind === "select") {
    const next = await control.evaluate((one) => (one.selectedIndex + 1) % one.options.length);
    return control.selectOption({ index: next });
  }
  if (kind === "range") return control.evaluate((one) => one.focus()).then(() => page.keyboard.press("ArrowRight"));
  if (kind === "checkbox") return control.click();
  if (kind === "file") return control.setInputFiles({ name: "a.json", mimeType: "application/json", buffer: Buffer.from("{") });
  if (["number", "text", "search", "date", "datetime-local"].includes(kind)) {
    await control.fill(kind === "number" ? "5" : kind === "date" ? "2027-01-01" : kind === "datetime-local" ? "2027-01-01T00:00" : "7m");
    return control.press("Enter");
  }
  const isPoint = await control.evaluate((one) => one.namespaceURI.endsWith("svg"));
  if (isPoint) return control.evaluate((one) => one.focus()).then(() => page.keyboard.press(at === undefined ? "Enter" : "Home").then(() => page.keyboard.press("Enter")));
  return control.click({ timeout: 5000 });
}

/** Counts what leaves the page: files, windows, the clipboard. */
const count = () => {
  window.pressed = 0;
  for (const [owner, name] of [[URL, "createObjectURL"], [window, "open"], [navigator.clipboard, "writeText"]]) {
    const old = owner[name].bind(owner);
    owner[name] = (...values) => (window.pressed++, old(...values));
  }
};

/** Closes and resets what a press may have left, with this text. */
const reset = (text) => {
  const click = (selector) => document.querySelector(selector)?.click();
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  click(".pg-settings__head button");
  click("[data-testid=leave]");
  click(".pg-app--chart [data-testid=fold-editor]");
  click(".pg-header .pg-menu-anchor > [aria-expanded=true]");
  click("[data-testid=view-gantt]");
  click("[data-testid=show-curve]");
  click("[data-testid=panel-details]");
  (document.activeElement?.shadowRoot?.activeElement ?? document.activeElement)?.blur();
  return window.__playground.load(text);
};

for (const [dialect, yaml] of Object.entries({ Kestra: KESTRA, "XL Release": RELEASE })) {
  test(`${dialect}: each control of the page does something, or says why not`, async (t) => {
    const page = await open(t, { yaml, permissions: ["clipboard-read", "clipboard-write"] });
    await page.evaluate(count);
    const pressed = new Set();
    const faults = [];
    for (const [place, go] of Object.entries(PLACES)) {
      const there = async () => {
        await page.evaluate(reset, yaml);
        await page.evaluate(() => document.querySelector("[data-testid=close-panel]")?.click());
        await go(page);
        await page.clock.runFor(20);
        return page.evaluate(mark);
      };
      if (place === "the times" && !(await page.getByTestId("panel-times").count())) continue;
      const { live, silent } = await there();
      faults.push(...silent.map((name) => `${place}: ${name} is off without a reason`));
      let now = live;
      for (const name of live) {
        if (pressed.has(name)) continue;
        pressed.add(name);
        now ??= (await there()).live;
        const at = now.indexOf(name);
        now = undefined;
        // Advice comes once it was simulated: its links are pressed when they are there.
        if (at < 0) continue;
        const before = await page.evaluate(state);
        await press(page, at);
        await page.clock.runFor(700);
        if ((await page.evaluate(state)) === before) faults.push(`${place}: ${name} does nothing`);
      }
    }
    assert.deepEqual(faults, []);
    assert.ok(pressed.size > 60, `${pressed.size} controls were pressed`);
  });
}
