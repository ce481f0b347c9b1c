// What takes many simulations, and plans beside each other: the curve and the heat map, uncertain times, compared plans, explained words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byId, choose, ghost, needs, open, result, slide, text, until } from "./harness.mjs";

const SLEEP = "io.kestra.plugin.core.flow.Sleep";
const UNCERTAIN = `id: f
namespace: n
tasks:
  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - {id: a, type: ${SLEEP}, duration: PT1S} # sim: 41s..58s
      - {id: b, type: ${SLEEP}, duration: PT1S} # sim: 20s..30s..60s
`;
/** A group of so many tasks of different lengths beside another one. */
const MANY = (n) => `id: many\nnamespace: n\ntasks:\n` + ["p", "q"].map((id) => `  - id: ${id}
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
` + Array.from({ length: n }, (_, at) => `      - {id: ${id}${at}, type: ${SLEEP}, duration: PT${1 + ((at * 7) % 9)}S}\n`).join("")).join("");

const dots = (page) => page.locator("[data-testid^=curve-dot-]").evaluateAll((dots) => dots.map((dot) => [dot.dataset.testid.slice(10), Number(dot.dataset.ms)]));
/** What in the panel could be pressed and is smaller than 24 px. */
const small = (page) => page.locator(".pg-panel").evaluate((panel) => [...panel.querySelectorAll("button, select, [role=gridcell]")]
  .filter((one) => one.checkVisibility()).map((one) => [one, one.getBoundingClientRect()])
  .filter(([, { width, height }]) => Math.min(width, height) < 23.5).map(([one, { width, height }]) => `${one.dataset.testid ?? one.innerText}: ${width} x ${height}`));

test("the arrow keys on the curve set the limit, and the sentence says what each number brings", async (t) => {
  const page = await open(t);
  await byId(page, "panel-curve").click();
  assert.equal(
    await byId(page, "curve-said").innerText(),
    "6.0 s with 1 slot, 3.0 s with 2, 2.0 s with 3 to 5, 1.0 s with 6 or more.",
  );
  await byId(page, "curve-dot-3").focus();
  await page.keyboard.press("ArrowRight");
  await until(async () => assert.match(await text(page), /concurrent: 4/u));
  await page.keyboard.press("End");
  await until(async () => assert.match(await text(page), /concurrent: 0/u));
  await page.keyboard.press("Home");
  await until(async () => assert.equal(await result(page), 6000));
  assert.equal(await byId(page, "curve-dot-1").evaluate((dot) => dot === document.activeElement), true);
});

test("the curve labels the present and the best time, and grows with its panel", async (t) => {
  const page = await open(t, { width: 1280, height: 720 });
  await choose(page, "graham");
  await slide(page, "graph", 4);
  await byId(page, "panel-curve").click();
  for (const n of ["3", "4"]) await byId(page, `curve-dot-${n}`).locator("text").first().waitFor();
  assert.match(await byId(page, "curve-dot-3").locator("text").first().textContent(), /^12\.0 s$/u);
  const height = () => byId(page, "curve").locator("svg[role=radiogroup]").evaluate((picture) => picture.getBoundingClientRect().height);
  const before = await height();
  await page.locator(".pg-panel__splitter").focus();
  for (let n = 0; n < 12; n++) await page.keyboard.press("ArrowUp");
  await until(async () => assert.ok((await height()) > before + 60, `${before} to ${await height()}`));
});

test("the heat map opens with room for its rows, and no plan runs out of the panel", async (t) => {
  const page = await open(t, { yaml: MANY(6).replaceAll(/ (p|q)(\d?)\b/gu, " $1_with_a_long_name_to_show$2") });
  await byId(page, "panel-curve").click();
  await byId(page, "show-heat").click();
  await byId(page, "heat").getByRole("gridcell").first().waitFor();
  const panel = await page.locator(".pg-panel__body").evaluate((body) => body.getBoundingClientRect());
  const cells = await byId(page, "heat").getByRole("gridcell").evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().bottom));
  assert.ok(cells.filter((bottom) => bottom <= panel.bottom).length >= 24, `${cells.length} cells`);
  assert.ok((await page.locator(".pg-heat__corner").evaluate((corner) => corner.getBoundingClientRect().width)) < 100);
  await byId(page, "panel-compare").click();
  await byId(page, "pin").click();
  assert.equal(await page.locator(".pg-trials__scroll").first().evaluate((table) => table.scrollWidth - table.clientWidth), 0);
  // The header says no efficiency of a flow with two limited groups.
  assert.equal(await byId(page, "trial-now").locator("td").nth(4).textContent(), "–");
});

test("a long curve is simulated while keys are handled, and every step of it is known", async (t) => {
  const page = await open(t, { yaml: MANY(150) });
  await byId(page, "panel-curve").click();
  // The first of 150 numbers are not shown before all are known, and meanwhile the page answers.
  const worst = await page.evaluate(() => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    let last = performance.now(), worst = 0;
    port1.onmessage = () => {
      worst = Math.max(worst, performance.now() - last);
      last = performance.now();
      return document.querySelector("[data-testid=curve-said]") ? resolve(worst) : port2.postMessage(0);
    };
    port2.postMessage(0);
  }));
  assert.ok(worst < 400, `${worst} ms`);
  const said = await byId(page, "curve-said").innerText();
  assert.match(said, /Of 150 numbers \d+ were tried\./u);
  const all = (await dots(page)).slice(0, -1).map(([n, ms]) => [Number(n), ms]);
  const gaps = all.slice(1).filter(([n, ms], at) => ms !== all[at][1] && n !== all[at][0] + 1);
  assert.deepEqual(gaps, [], "between two numbers with different times all are known");
  await byId(page, "curve-group").selectOption("q");
  await until(async () => assert.equal(await byId(page, "curve-group").inputValue(), "q"));
});

test("the heat map of two groups is a table, and a cell or a key sets both limits in one step", async (t) => {
  const page = await open(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await choose(page, "nested-limits");
  const before = await text(page);
  await byId(page, "panel-curve").click();
  await byId(page, "show-heat").click();
  const heat = byId(page, "heat");
  await heat.getByRole("gridcell").first().waitFor();
  assert.equal(await heat.locator("[aria-selected=true]").getAttribute("aria-label").then((label) => /outer 2, inner 2: .*, as it is now$/u.test(label)), true);
  assert.match(await heat.innerText(), /The shortest time is 1\.0 s: with 3 for outer and 4 for inner\./u);
  await heat.locator("[aria-selected=true]").focus();
  await page.keyboard.press("ArrowRight");
  await until(async () => assert.equal((await text(page)).match(/concurrent: \d/gu).join(), "concurrent: 2,concurrent: 3"));
  await heat.getByRole("gridcell", { name: "outer 3, inner 4" }).click();
  await until(async () => assert.equal(await result(page), 1000));
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await until(async () => assert.equal(await text(page), before));
  await byId(page, "heat-down").selectOption("inner");
  await until(async () => assert.equal(await byId(page, "heat-across").inputValue(), "outer"));
  assert.deepEqual(await small(page), []);
  // The longest time is plainly darker than the shortest, and the key says which is which.
  const shades = await byId(page, "heat-key").locator("i").evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
  assert.equal(new Set(shades).size, 8);
  assert.match(await byId(page, "heat-key").innerText(), /^1\.0 s\s*\d+\.0 s$/u);
  const place = await byId(page, "copy-heat-csv").boundingBox();
  await byId(page, "copy-heat-csv").click();
  await until(async () => assert.equal(await byId(page, "heat").locator("[role=status]").innerText(), "Copied"));
  assert.deepEqual(await byId(page, "copy-heat-csv").boundingBox(), place, "nothing moves");
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^inner ↓ outer →,1,2,.*\n1,\d/u);
  await byId(page, "show-curve").click();
  await byId(page, "curve").waitFor();
});

test("uncertain times have a band over 1,000 runs on result and curve, and other flows have none", async (t) => {
  const page = await open(t);
  assert.equal(await byId(page, "nine-of-ten").count(), 0);
  await page.evaluate((yaml) => window.__playground.load(yaml), UNCERTAIN);
  await byId(page, "nine-of-ten").waitFor();
  const said = (await byId(page, "nine-of-ten").innerText()).replaceAll(/\s+/gu, " ");
  assert.match(said, /^9 of 10 runs under 5\d\.\d s$/u);
  assert.match(await byId(page, "nine-of-ten").getByRole("button").getAttribute("data-tip"), /^1000 runs with the seeds 0 to 999: 8 of 10 take /u);
  await byId(page, "panel-curve").click();
  await byId(page, "curve-band").waitFor();
  assert.match(await byId(page, "curve-band").innerText(), /^In 9 of 10 runs under 5\d\.\d s/u);
  await until(async () => assert.match(await byId(page, "curve-dot-1").getAttribute("aria-label"), /8 of 10 runs \d/u));
  assert.notEqual(await page.locator(".pg-curve__band").getAttribute("d"), "");
  await byId(page, "curve-key").waitFor();
  // Each plan that is kept says it, the one on show as well.
  await byId(page, "panel-compare").click();
  await byId(page, "pin").click();
  await slide(page, "p", 1);
  const row = (name) => byId(page, `trial-${name}`).locator("td").nth(2);
  for (const name of ["A", "now"]) await until(async () => assert.match(await row(name).innerText(), /^under \d/u));
  assert.notEqual(await row("A").innerText(), await row("now").innerText());
});

test("the table lists the critical path first, its longest tasks first", async (t) => {
  const page = await open(t, { yaml: UNCERTAIN.replaceAll(/ # sim: .*/gu, "").replace("PT1S", "PT3S") + `  - {id: after, type: ${SLEEP}, duration: PT9S}\n` });
  await byId(page, "critical-switch").click();
  await byId(page, "critical-table").click();
  const names = () => byId(page, "table").locator("tbody th").allInnerTexts().then((all) => all.map((name) => name.replace("critical", "").trim()));
  await until(async () => assert.deepEqual(await names(), ["after", "a", "p", "b"]));
  await byId(page, "sort-takes").click();
  await until(async () => assert.deepEqual(await names(), ["a", "after", "p", "b"]));
  assert.equal(await byId(page, "table").locator("[aria-sort]").count(), 0);
});

test("plans of another flow are not compared with this one, and are back with theirs", async (t) => {
  const page = await open(t);
  await byId(page, "panel-compare").click();
  await byId(page, "pin").click();
  await byId(page, "trial-A").waitFor();
  const first = await text(page);
  await choose(page, "graham");
  await until(async () => assert.equal(await byId(page, "trial-A").count(), 0));
  assert.match(await byId(page, "trials").innerText(), /The plans of parallel are back with that flow/u);
  await page.evaluate((text) => window.__playground.load(text), first);
  await byId(page, "trial-A").waitFor();
});

test("plans are kept, compared on one scale, shown again and copied", async (t) => {
  const page = await open(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByRole("treegrid").focus();
  await page.keyboard.press("b");
  await slide(page, "parent", 6);
  await until(async () => assert.equal(await result(page), 1000));
  await byId(page, "panel-compare").click();
  await byId(page, "pin").click();
  await slide(page, "parent", 2);
  await until(async () => assert.equal(await result(page), 3000));
  assert.equal(await ghost(page), 2000, "the first plan that was kept stays under the chart");
  assert.match((await byId(page, "comparison").innerText()).replaceAll(/\s+/gu, " "), /makespan 2\.0 s → 3\.0 s \(\+50 %\)\. 5 of 8 rows differ\./u);
  const t5 = byId(page, "comparison").getByRole("row", { name: /^t5/u });
  assert.deepEqual(await t5.locator("td").allInnerTexts(), ["", "1.0 s → 2.0 s", "2.0 s → 3.0 s", "success"]);
  const widths = await t5.locator("rect").evaluateAll((bars) => bars.map((bar) => [bar.x.baseVal.value, bar.width.baseVal.value].map(Math.round)));
  assert.deepEqual(widths, [[67, 67], [133, 67]]);
  await byId(page, "copy-plans-markdown").click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^\| plan \| limits \| makespan .*\n(\| --- )+\|\n\| A \| parent: 3 \| 2\.0 s .*\n\| B \| parent: 6 \| 1\.0 s .*\n\| now \| parent: 2 \| 3\.0 s .*\n$/u);
  await byId(page, "copy-plans-csv").click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^plan,limits,.*\nA,parent: 3,2\.0 s,6\.0 s,/u);
  await byId(page, "copy-differences-tsv").click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^task\tstarts\tends\tended as\n(.*\n)*t5\t1\.0 s → 2\.0 s\t2\.0 s → 3\.0 s\tsuccess\n/u);
  await byId(page, "second-plan").selectOption("B");
  await until(async () => assert.match(await byId(page, "comparison").innerText(), /2\.0 s → 1\.0 s/u));
  assert.deepEqual(await small(page), []);
  await byId(page, "show-B").click();
  await until(async () => assert.equal(await result(page), 1000));
  await byId(page, "drop-A").click();
  await byId(page, "drop-B").click();
  await until(async () => assert.equal(await ghost(page), null));
});

test("the words for times are explained where they appear, by pointer and focus", async (t) => {
  const page = await open(t);
  const tip = page.locator(".pg-tip");
  for (const word of ["work", "speed-up", "efficiency"]) {
    const term = page.locator(".pg-result").getByRole("button", { name: word, exact: true });
    await term.focus();
    assert.match(await tip.innerText(), new RegExp(`^${word}:`, "iu"));
    await page.keyboard.press("Escape");
    assert.equal(await tip.count(), 0);
    await term.hover();
    assert.match(await tip.innerText(), new RegExp(`^${word}:`, "iu"));
    await term.click();
    assert.match(await tip.innerText(), new RegExp(`^${word}:`, "iu"), "a press leaves it there");
    assert.match(await term.getAttribute("aria-description"), new RegExp(`^${word}:`, "iu"));
  }
  await byId(page, "result").getByRole("button").focus();
  assert.match(await tip.innerText(), /^Makespan:/u);
  await byId(page, "critical-switch").hover();
  assert.match(await tip.innerText(), /^Critical path:/u);
  await page.evaluate((yaml) => window.__playground.load(yaml), UNCERTAIN.replaceAll(/ # sim: .*/gu, "").replace("PT1S", "PT3S"));
  await byId(page, "row-b").click();
  const slack = byId(page, "why").getByRole("button", { name: "slack" });
  await slack.focus();
  assert.match(await tip.innerText(), /^Slack:/u);
  await byId(page, "panel-curve").click();
  await byId(page, "curve").getByRole("button", { name: "slots", exact: true }).focus();
  assert.match(await tip.innerText(), /^Slot:/u);
  await byId(page, "panel-compare").click();
  await byId(page, "trials").getByRole("button", { name: "mean parallelism" }).focus();
  assert.match(await tip.innerText(), /^Mean parallelism:/u);
});

test("a word for times is explained by touch", { skip: needs("taps") }, async (t) => {
  const page = await open(t, { hasTouch: true });
  await page.locator(".pg-result").getByRole("button", { name: "work", exact: true }).tap();
  await until(async () => assert.match(await page.locator(".pg-tip").innerText(), /^Work:/u));
});

test("the dots of a dense curve are wide enough for fingers, and a press counts for the nearest", { skip: needs("taps") }, async (t) => {
  const tasks = Array.from({ length: 60 }, (_, n) => `      - {id: t${n}, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n`).join("");
  const yaml = `id: dense\nnamespace: n\ntasks:\n  - id: all\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 4\n    tasks:\n${tasks}`;
  const page = await open(t, { yaml, width: 360, height: 740, editor: false, hasTouch: true, isMobile: true });
  await byId(page, "tab-why").tap();
  await byId(page, "panel-curve").tap();
  await byId(page, "curve-dot-60").waitFor();
  const places = await page.locator("[data-testid^=curve-dot-] circle").evaluateAll((dots) => dots.map((dot) => {
    const { x, y, width } = dot.getBoundingClientRect();
    return { x: x + width / 2, y, n: dot.parentElement.dataset.testid.slice(10) };
  }));
  assert.ok(places[1].x - places[0].x < 12, "the dots are close");
  assert.deepEqual(await small(page), []);
  const { x, y, n } = places.find(({ n }) => n === "20");
  await page.touchscreen.tap(x + 1, y + 20);
  await until(async () => assert.match(await text(page), new RegExp(`concurrent: ${n}$`, "mu")));
});
