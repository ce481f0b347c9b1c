// Embeds (S31, S33 to S39): a frame in another page, and the element that loads it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, byId, open, result, segment, slide, state, text, until } from "./harness.mjs";
import { hosts } from "./hosts.mjs";

const START = new Date("2026-01-01T00:00:00Z");

/** Opens a host page; its clock runs until it is stopped. */
const openHost = (t, path, options) => open(t, { path, mounted: false, routes: (page) => page.clock.install({ time: START }), ...options });
const stopClock = (page) => page.clock.pauseAt(new Date("2026-01-01T01:00:00Z"));

/** The frame of a host, once its first picture is there. */
async function embedded(page, n = 0) {
  const frame = page.frames()[n + 1];
  await frame.getByTestId("run").waitFor();
  await frame.getByTestId("timeline").locator(".pg-timeline__row, .pg-timeline__chart").first().waitFor();
  return frame;
}

/** A host with a sandboxed frame, and a frozen clock. */
async function framed(t, parameters = "", options = {}) {
  const page = await openHost(t, `${await hosts(t, parameters)}frame.html`, options);
  await until(() => assert.ok(page.frames()[1]));
  await page.locator("iframe").scrollIntoViewIfNeeded();
  const frame = await embedded(page);
  await stopClock(page);
  return { page, frame };
}

const heard = (page, type) => page.evaluate((type) => window.heard.filter((message) => message.type === type), type);
const say = (page, message) => page.evaluate((message) => window.say(message), message);

test("the small layout: playback, slots, rows, story and foot in 700 x 420", async (t) => {
  const page = await open(t, { path: "embed.html", width: 700, height: 420, editor: false });
  assert.equal(await state(page), "idle");
  assert.equal(await result(page), 2000);
  const height = (selector) => page.locator(selector).first().evaluate((element) => element.getBoundingClientRect().height);
  assert.deepEqual(await Promise.all([".pg-embed__bar", ".pg-embed__foot", ".pg-timeline__row", ".pg-story"].map(height)), [40, 28, 28, 64]);
  assert.ok(Math.abs((await height(".pg-embed")) - 420) <= 2, `${await height(".pg-embed")}`);
  const { x, width } = await segment(page, "t4", 1);
  const { x: before } = await segment(page, "t1", 0);
  assert.ok(Math.abs(x - before - width) < 0.5, "true to scale");
  assert.equal(await page.locator(".cm-content").count(), 0, "the editor is not loaded");
});

test("a selected row says why it waited, in the place of the story", async (t) => {
  const page = await open(t, { path: "embed.html", width: 700, height: 420, editor: false });
  const height = () => page.locator(".pg-embed").evaluate((embed) => embed.getBoundingClientRect().height);
  const before = await height();
  await byId(page, "row-t4").click();
  await until(async () => assert.match(await byId(page, "why").innerText(), /^t4 waited 1\.0 s because all 3 slots of parent were taken by t1, t2 and t3\./u));
  assert.equal(await height(), before);
  await byId(page, "run").click();
  await byId(page, "story").waitFor();
});

test("the result covers no control, however long it is", async (t) => {
  const yaml = `id: long\nnamespace: n\ntasks:\n${["one_group", "another_group"].map((id) => `  - id: ${id}\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 4\n    tasks:\n${Array.from({ length: 14 }, (_, n) => `      - {id: ${id}_${n}, type: io.kestra.plugin.core.flow.Sleep, duration: PT${n + 9}M}\n`).join("")}`).join("")}`;
  for (const width of [320, 480, 640, 700, 900]) {
    const page = await open(t, { path: "embed.html", width, height: 480, editor: false, yaml });
    const over = await page.evaluate(() => {
      const covers = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
      const result = document.querySelector("[data-testid=result]").getBoundingClientRect();
      return [...document.querySelectorAll(".pg-groups button, .pg-groups svg, .pg-groups__name")].filter((one) => covers(result, one.getBoundingClientRect())).map((one) => one.outerHTML.slice(0, 80));
    });
    assert.deepEqual(over, [], `${width}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${width} scrolls sideways`);
  }
});

test("S33 focus and scroll of the host are as they were 5 s after load", async (t) => {
  const page = await openHost(t, `${await hosts(t, "autoplay=1")}frame.html`);
  await page.getByLabel("Name").focus();
  await page.evaluate(() => scrollTo(0, 700));
  await embedded(page);
  await stopClock(page);
  await page.clock.runFor(5000);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Name");
  assert.equal(await page.evaluate(() => scrollY), 700);
});

test("S34 the wheel over the chart scrolls the host; with Ctrl it zooms", async (t) => {
  const { page, frame } = await framed(t);
  const chart = await frame.getByTestId("row-t4").boundingBox();
  await page.mouse.move(chart.x + 400, chart.y + 10);
  const before = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, 40);
  await until(async () => assert.equal(await page.evaluate(() => scrollY), before + 40));
  const length = () => frame.getByTestId("seg-t1-0").getAttribute("width");
  const whole = Number(await length());
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -240);
  await page.keyboard.up("Control");
  await until(async () => assert.ok(Number(await length()) > 1.5 * whole));
  assert.equal(await page.evaluate(() => scrollY), before + 40);
});

test("S35 hello is answered whenever it comes, and only ready and height are sent before it", async (t) => {
  const { page, frame } = await framed(t);
  await until(async () => assert.equal((await heard(page, "ready")).length, 1));
  await frame.getByTestId("row-t1").click();
  await frame.getByTestId("step-next").click();
  await say(page, { type: "play" });
  assert.deepEqual([...new Set(await page.evaluate(() => window.heard.map(({ type }) => type)))].sort(), ["height", "ready"]);
  assert.equal(await state(frame), "paused", "nothing is done before hello");
  await say(page, { type: "hello" });
  await until(async () => assert.deepEqual((await heard(page, "ready")).at(-1), { fp: 1, type: "ready", version: 1 }));
});

test("S36 only messages from the parent page are accepted", async (t) => {
  const { page, frame } = await framed(t);
  await frame.evaluate(() => {
    postMessage({ fp: 1, type: "hello" }, "*");
    postMessage({ fp: 1, type: "seek", ms: 500 }, "*");
  });
  await page.evaluate(() => {
    const other = document.body.appendChild(document.createElement("iframe"));
    other.contentWindow.eval(`parent.frames[0].postMessage({ fp: 1, type: "hello" }, "*"); parent.frames[0].postMessage({ fp: 1, type: "seek", ms: 500 }, "*")`);
  });
  await say(page, { type: "hello" });
  await say(page, { type: "nonsense", id: "1" });
  await say(page, { type: "get", what: "svg", id: "2" });
  await until(async () => assert.equal((await heard(page, "reply")).length, 1));
  assert.equal(await state(frame), "idle");
  assert.equal((await heard(page, "ready")).length, 2, "one unasked, one for our hello");
});

test("the messages: load, set, play, step, seek and get; events are reported", async (t) => {
  const { page, frame } = await framed(t);
  await say(page, { type: "hello" });
  const done = async (message) => {
    const id = String(Math.random());
    await say(page, { ...message, id });
    return until(async () => {
      const reply = (await heard(page, "reply")).find((reply) => reply.id === id);
      assert.ok(reply);
      return reply.value;
    });
  };
  await done({ type: "load", yaml: "id: one\nnamespace: n\ntasks:\n  - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}\n" });
  await until(async () => assert.equal(await result(frame), 3000));
  assert.match((await heard(page, "change")).at(-1).yaml, /^id: one/);
  assert.deepEqual((await heard(page, "change")).at(-1).diagnostics, []);
  assert.match(await done({ type: "get", what: "svg" }), /^<svg/);
  assert.match(await done({ type: "get", what: "link" }), /#flow=1/);
  assert.match(await done({ type: "get", what: "events" }), /RUNNING/);
  await done({ type: "seek", ms: 1500 });
  await until(async () => assert.equal(await frame.getByTestId("playhead").getAttribute("data-ms"), "1500"));
  await done({ type: "step", n: -1 });
  await until(async () => assert.equal(await frame.getByTestId("playhead").getAttribute("data-ms"), "0"));
  await done({ type: "load", example: "parallel" });
  await done({ type: "set", c: "parent:6", view: "slots", theme: "dark", speed: "max" });
  await until(async () => assert.equal(await result(frame), 1000));
  assert.equal(await frame.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.equal(await byId(frame, "view-slots").getAttribute("aria-checked"), "true");
  await done({ type: "play" });
  await until(async () => assert.deepEqual((await heard(page, "run-end")).at(-1), { fp: 1, type: "run-end", makespanMs: 1000, state: "SUCCESS" }));
  await done({ type: "set", view: "gantt" });
  await frame.getByTestId("row-t4").click();
  await until(async () => assert.equal((await heard(page, "select")).at(-1).task, "t4"));
  await say(page, { type: "load", yaml: "#".repeat(300_000), id: "big" });
  await until(async () => assert.equal((await heard(page, "error")).at(-1).code, "too-large"));
});

test("time is sent at most ten times a second while it plays", async (t) => {
  const { page, frame } = await framed(t);
  await say(page, { type: "hello" });
  await frame.getByTestId("run").click();
  await until(async () => assert.equal((await heard(page, "run-start")).length, 1));
  await page.clock.runFor(2500);
  await until(async () => assert.equal((await heard(page, "run-end")).length, 1));
  await page.clock.runFor(200);
  await until(async () => assert.equal((await heard(page, "time")).at(-1).ms, 2000));
  const n_times = (await heard(page, "time")).length;
  assert.ok(n_times > 5 && n_times <= 22, `${n_times} in 2 s`);
});

test("S37 the height follows the drawer, and nothing scrolls inside", async (t) => {
  for (const width of [320, 480, 700, 1200]) {
    const { page, frame } = await framed(t, "", { width: 1280 });
    await page.evaluate((width) => {
      const frame = document.querySelector("iframe");
      frame.style.width = `${width}px`;
      addEventListener("message", ({ data }) => data.type === "height" && (frame.style.height = `${data.px}px`));
    }, width);
    await page.clock.runFor(100);
    await say(page, { type: "hello" });
    const fits = () => until(async () => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = await frame.evaluate(() => {
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
        return { scrollWidth, clientWidth, scrollHeight, clientHeight };
      });
      const inner = await frame.locator(".pg-timeline__chart").evaluate((chart) => chart.scrollHeight - chart.clientHeight);
      assert.deepEqual({ scrollWidth, scrollHeight, inner }, { scrollWidth: clientWidth, scrollHeight: clientHeight, inner: 0 }, `at ${width} px`);
    });
    // The first height may have been sent before the page listened; one that it heard is newer.
    await page.evaluate((height) => (document.querySelector("iframe").style.height ||= `${height}px`), Math.ceil(await frame.locator(".pg-embed").evaluate((embed) => embed.getBoundingClientRect().height)));
    await fits();
    const closed = await page.locator("iframe").evaluate((frame) => frame.clientHeight);
    const heights = async () => (await heard(page, "height")).length;
    for (const [isOpen, more] of [[true, 240], [false, 0]]) {
      const before = await heights();
      await frame.getByTestId("code").click();
      await until(async () => assert.ok(Math.abs(await page.locator("iframe").evaluate((frame) => frame.clientHeight) - closed - more) <= 3));
      if (isOpen) await frame.locator(".cm-content").waitFor();
      await fits();
      assert.ok((await heights()) - before <= 3, `${(await heights()) - before} messages`);
    }
  }
});

test("S38 sandboxed, with storage throwing: run, and the slider", async (t) => {
  const { page, frame } = await framed(t);
  assert.equal(await frame.evaluate(() => { try { return String(localStorage); } catch { return "blocked"; } }), "blocked");
  await frame.getByTestId("run").click();
  await page.clock.runFor(3000);
  await until(async () => assert.equal(await state(frame), "ended"));
  assert.equal(await result(frame), 2000);
  const before = await text(frame);
  await slide(frame, "parent", 6);
  await until(async () => assert.equal(await result(frame), 1000));
  assert.equal(await text(frame), before.replace("concurrent: 3", "concurrent: 6"));
  assert.equal(await byId(frame, "ghost-result").getAttribute("data-ms"), "2000");
});

test("S38 the whole page in such a frame", async (t) => {
  const page = await openHost(t, `${await hosts(t)}frame.html`);
  await page.locator("iframe").scrollIntoViewIfNeeded();
  await embedded(page); // Left while it loads, it would report that in Firefox.
  await page.evaluate((address) => {
    const frame = document.querySelector("iframe");
    [frame.width, frame.height, frame.src] = ["1200", "800", address];
  }, address());
  await until(() => assert.equal(page.frames()[1].url(), address()));
  const frame = await embedded(page);
  await frame.locator(".cm-content").waitFor();
  await stopClock(page);
  await slide(frame, "parent", 6);
  await until(async () => assert.equal(await result(frame), 1000));
  assert.equal(await byId(frame, "ghost-result").getAttribute("data-ms"), "2000");
});

test("parameters: no code, no edits, a theme, a link that is cut", async (t) => {
  const plain = await open(t, { path: "embed.html#code=none&theme=dark&sel=t4&t=0.5s", width: 700, height: 420, editor: false });
  assert.equal(await byId(plain, "code").count(), 0);
  assert.equal(await plain.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.equal(await byId(plain, "row-t4").getAttribute("aria-selected"), "true");
  assert.equal(await byId(plain, "playhead").getAttribute("data-ms"), "500");
  const fixed = await open(t, { path: "embed.html#code=open&edit=0", width: 700, height: 700, editor: false });
  assert.match(await byId(fixed, "editor").innerText(), /^id: parallel/);
  assert.ok(await byId(fixed, "slider-parent").isDisabled());
  const cut = await open(t, { path: "embed.html#flow=1abc", width: 700, height: 420, editor: false });
  await byId(cut, "link-notice").waitFor();
  const low = await open(t, { path: "embed.html#height=300", width: 700, height: 300, editor: false });
  assert.equal(await low.evaluate(() => document.documentElement.scrollHeight), 300);
});

test("a flow with a fault says which, and in which line", async (t) => {
  const page = await open(t, { path: `embed.html#yaml=${encodeURIComponent("id: f\nnamespace: n\ntasks:\n  - {id: a}\n")}`, width: 700, height: 420, editor: false, mounted: false });
  await until(async () => assert.match(await byId(page, "problem").innerText(), /^Nothing to run yet: the flow has a problem in line 4: .*type/u));
});

/** The events of the elements, except `fp-change`, which reports the text. */
const events = (page) => page.evaluate(() => window.events.map(({ name, id }) => `${name} ${id}`).filter((event) => !event.startsWith("fp-change")));

test("S40 what the author claims holds, or the difference is shown", async (t) => {
  const page = await open(t, { path: `embed.html#expect=${encodeURIComponent("makespan=2s order=t1,t4")}`, width: 700, height: 480, editor: false });
  const claims = byId(page, "expect");
  assert.deepEqual([await claims.getAttribute("data-state"), await claims.innerText()], ["met", "✓ as expected"]);
  const yaml = "id: f\nnamespace: n\ntasks:\n  - {id: t4, type: io.kestra.plugin.core.flow.Sleep, duration: PT4S}\n  - {id: t1, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n";
  await page.evaluate((yaml) => window.__playground.load(yaml), yaml);
  await until(async () => assert.equal(await claims.getAttribute("data-state"), "unmet"));
  assert.equal(await claims.innerText(), "✗ expected makespan 2 s, got 5 s; expected the order t1, t4, got t4 at 0 s, t1 at 4 s");
});

test("S31, S39 elements: nothing is loaded before they are near, then the text of the block runs; under a strict policy", async (t) => {
  const asked = [];
  const page = await openHost(t, `${await hosts(t)}element.html`, { routes: async (page) => {
    await page.clock.install({ time: START });
    page.on("request", (request) => asked.push(request.url()));
  } });
  await until(async () => assert.ok(await page.evaluate(() => customElements.get("flow-playground") !== undefined)));
  await page.getByText("A long text comes first.").waitFor();
  assert.equal(await page.locator("#prev").getByRole("button", { name: "Run: One task" }).count(), 1);
  assert.deepEqual(asked.filter((url) => /wasm|embed\.html/.test(url)), []);
  const block = await page.locator("pre").evaluate((block) => block.outerHTML);

  await page.locator("#prev").scrollIntoViewIfNeeded();
  await until(async () => assert.deepEqual(await events(page), ["fp-ready prev"]));
  const frame = page.frames()[1];
  assert.equal(await result(frame), 3000);
  assert.equal(await page.locator("#prev iframe").getAttribute("title"), "One task");
  assert.equal(await page.locator("pre").evaluate((block) => block.outerHTML), block);
  assert.equal(asked.filter((url) => url.endsWith("web_bg.wasm")).length, 1);
  const frameHeight = () => page.locator("#prev iframe").evaluate((frame) => frame.clientHeight);
  await until(async () => assert.equal(await frameHeight(), await frame.evaluate(() => document.querySelector(".pg-embed").offsetHeight)));

  assert.equal(page.frames().length, 2, "the other one waits for a click");
  await page.locator("#named").getByRole("button").click();
  await until(async () => assert.deepEqual(await events(page), ["fp-ready prev", "fp-ready named", "fp-run named"]));
  const other = page.frames()[2];
  await until(async () => assert.equal(await result(other), 3000));
  assert.equal(await byId(other, "view-slots").getAttribute("aria-checked"), "true");
});

test("the properties, methods and events of an element", async (t) => {
  const page = await openHost(t, `${await hosts(t)}element.html`, { reducedMotion: "reduce" });
  const said = await page.evaluate(async () => {
    await customElements.whenDefined("flow-playground");
    const element = document.createElement("flow-playground");
    element.yaml = "id: own\nnamespace: n\ntasks:\n  - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT4S}\n";
    element.setAttribute("load", "eager");
    element.id = "own";
    const before = element.state;
    document.getElementById("more").append(element);
    const again = await element.ready;
    const svg = await element.svg();
    await element.seek(1000);
    await element.step();
    const moved = element.state;
    const ended = new Promise((resolve) => element.addEventListener("fp-end", ({ detail }) => resolve(detail.makespanMs)));
    await element.run();
    const makespan = await ended;
    await element.set({ theme: "dark", view: "slots" });
    return { before, same: again === element, svg: svg.slice(0, 4), moved, makespan, after: element.state, yaml: element.yaml.slice(0, 7) };
  });
  assert.deepEqual(said, { before: "static", same: true, svg: "<svg", moved: "paused", makespan: 4000, after: "ended", yaml: "id: own" });
});
