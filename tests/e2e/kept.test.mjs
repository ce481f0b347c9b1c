// The text is never lost: a full storage, a frozen tab, a clock that jumps, two tabs, going back, garbage, a start that failed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { launch } from "../../scripts/browser.mjs";
import { address, byId, needs, open, paste, result, state, text, until } from "./harness.mjs";
import { hosts } from "./hosts.mjs";

const KEY = "parallelogram-versions";
const sleeps = (id, seconds) => `id: ${id}\nnamespace: docs\ntasks:\n  - {id: t, type: io.kestra.plugin.core.flow.Sleep, duration: PT${seconds}S}\n`;

/** Types a text and lets it be kept. */
async function write(page, yaml) {
  await paste(page, yaml);
  await until(async () => assert.equal(await text(page), yaml));
  await page.clock.runFor(1000);
}

/** The texts that are kept on the device, latest first. */
const keptTexts = (page) => page.evaluate((key) => JSON.parse(localStorage[key] ?? "[]").map(({ text }) => text), KEY);

/** Sets what storage holds before the page starts, once. */
const stored = (values) => ({
  routes: (page) => page.addInitScript((values) => {
    if (origin === "null" || sessionStorage.wasSet) return;
    for (const [name, value] of values) for (const storage of [localStorage, sessionStorage]) storage.setItem(name, value);
    sessionStorage.wasSet = true;
  }, values),
});

const version = (text, at = 1) => ({ text, fragment: "", at });

test("when storage is full the page says so, and the browser asks before the text is gone", async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    for (let size = 1 << 22; size > 0; size >>= 1) {
      try {
        for (let n = 0; ; n++) localStorage.setItem(`full-${size}-${n}`, "x".repeat(size));
      } catch {
        // No room for one more of this size.
      }
    }
  });
  assert.ok(!(await byId(page, "not-kept").isVisible()));
  await write(page, sleeps("mine", 4));
  assert.ok(await byId(page, "not-kept").isVisible());
  assert.equal(await result(page), 4000);
  // A browser asks for the sake of those who have touched the page.
  await page.locator(".cm-content").click();
  const asked = page.waitForEvent("dialog");
  page.evaluate(() => location.reload());
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload");
  await dialog.dismiss();
  assert.equal(await text(page), sleeps("mine", 4));
});

test("a tab that was frozen goes on where it was, with the text", { skip: needs("frozen tabs") }, async (t) => {
  const page = await open(t);
  const session = await page.context().newCDPSession(page);
  const lifecycle = (state) => session.send("Page.setWebLifecycleState", { state });
  await byId(page, "run").click();
  await page.clock.runFor(500);
  await paste(page, sleeps("mine", 4));
  await lifecycle("frozen");
  await lifecycle("active");
  await until(async () => assert.equal(await result(page), 4000));
  await page.clock.runFor(1000);
  assert.deepEqual(await keptTexts(page), [sleeps("mine", 4)]);
  await page.reload();
  await until(async () => assert.equal(await text(page), sleeps("mine", 4)));
});

test("a clock that jumps ends a run at its end, and merges no versions", async (t) => {
  const page = await open(t);
  await write(page, sleeps("first", 3));
  for (const [day, seconds] of [["2031-01-01", 4], ["2020-01-01", 5], ["2026-01-01", 6]]) {
    await page.clock.setSystemTime(new Date(day));
    await write(page, sleeps("first", seconds));
  }
  assert.deepEqual(await keptTexts(page), [6, 5, 4, 3].map((seconds) => sleeps("first", seconds)));
  await byId(page, "run").click();
  await page.clock.fastForward("10:00:00");
  await until(async () => assert.equal(await state(page), "ended"));
  assert.equal(await byId(page, "playhead").getAttribute("data-ms"), "6000");
});

test("two tabs that change the same text keep both", async (t) => {
  const page = await open(t);
  await write(page, sleeps("mine", 3));
  const other = await page.context().newPage();
  await other.goto(address());
  await other.locator(".cm-content").waitFor();
  await until(async () => assert.equal(await text(other), sleeps("mine", 3)));
  await write(other, sleeps("mine", 4));
  await write(page, sleeps("mine", 5));
  assert.deepEqual((await keptTexts(page)).slice(0, 2), [sleeps("mine", 5), sleeps("mine", 4)]);
  await page.reload();
  await other.reload();
  await until(async () => assert.deepEqual([await text(page), await text(other)], [sleeps("mine", 5), sleeps("mine", 4)]));
});

test("going back to a page that was put aside whole finds it as it was, and it goes on", async (t) => {
  const browser = await launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(address());
  await page.locator(".cm-content").waitFor();
  await paste(page, sleeps("mine", 4));
  await page.evaluate(() => addEventListener("pageshow", ({ persisted }) => (window.wasAside = persisted)));
  await page.goto(address("embed.html"));
  await page.evaluate(() => history.back()); // Playwright's own way back would wait in vain.
  await until(async () => assert.equal(await page.evaluate(() => window.wasAside), true));
  assert.equal(await text(page), sleeps("mine", 4));
  await paste(page, sleeps("mine", 5));
  await until(async () => assert.equal(await result(page), 5000));
  await until(async () => assert.equal((await keptTexts(page))[0], sleeps("mine", 5)));
});

test("going elsewhere and back brings the text back", async (t) => {
  const page = await open(t);
  await paste(page, sleeps("mine", 4));
  await until(async () => assert.equal(await result(page), 4000));
  await page.goto(address("embed.html"));
  await page.evaluate(() => history.back());
  await until(async () => assert.equal(await text(page), sleeps("mine", 4)));
});

const GARBAGE = ["", "x", "null", "5", "[]", "[null]", "[[[]]]", "{}", '{"text":5,"fragment":7}', '[{"text":{},"fragment":""}]', '{"text":"a"}',
  "[".repeat(5000), "\0\ud800", `[${"1,".repeat(50_000)}1]`];

test("garbage in storage is passed over", async (t) => {
  for (const garbage of GARBAGE) {
    const names = [KEY, "parallelogram-starting", "parallelogram.theme", "parallelogram.keys", "parallelogram.names", "parallelogram.hinted"];
    const page = await open(t, { ...stored(names.map((name) => [name, garbage])), editor: false });
    assert.equal(await result(page), 2000, garbage.slice(0, 40));
    await page.context().close();
  }
});

test("versions among garbage are opened and kept", async (t) => {
  const page = await open(t, stored([[KEY, JSON.stringify([null, 5, version(sleeps("mine", 4)), { text: 1 }])]]));
  assert.equal(await text(page), sleeps("mine", 4));
  await write(page, sleeps("new", 5));
  assert.deepEqual(await keptTexts(page), [sleeps("new", 5), sleeps("mine", 4)]);
  const odd = await open(t, { ...stored([[KEY, JSON.stringify({ ...version("\0\u2028: [ {{ %0A"), fragment: "&&c=%&fold=..&t=1e999" })]]), mounted: false });
  for (let n = 0; n < 2; n++) {
    await until(async () => assert.equal(await state(odd), "error"));
    assert.equal(await text(odd), "\0\u2028: [ {{ %0A");
    assert.equal(await byId(odd, "link-notice").count(), 0, "a text with a fault is no failed start");
    await odd.reload();
  }
});

const LINKS = ["%", "%E0%A4%A", "=&=&", "flow=1%00", `flow=1${"_".repeat(999)}`, "flow=1&flow=1", "yaml=%FF", "yaml", "example=%22", "example=__proto__",
  "c=parent:-1,x:1e9,:", "t=-1s", "t=1e999s", "view=nope", "seed=-1", "start=never", "fold=&sel=&heat=,", "in=%7B", "assume=a=b=c", "workers=0&cores=0",
  "executions=99999999", "blackout=5..1", "kestra=9.9", "speed=NaN", "kept=%7B%5B", "\u202e\u0000\ufffd", "a".repeat(60_000)];

test("garbage in a link leaves a page that works", async (t) => {
  const page = await open(t, { expectErrors: true, editor: false });
  for (const link of LINKS) {
    await page.evaluate((link) => (location.hash = link), link);
    await page.clock.runFor(500);
    assert.match(await state(page), /^(?:idle|paused|ended|error)$/u, link.slice(0, 40));
  }
  await page.evaluate((yaml) => (location.hash = `yaml=${encodeURIComponent(yaml)}`), sleeps("mine", 4));
  await until(async () => assert.equal(await result(page), 4000));
  assert.deepEqual(page.errors, []);
  for (const link of LINKS.filter((_, nth) => nth % 3 === 0)) {
    const page = await open(t, { path: `#${encodeURI(link)}`, mounted: false });
    await until(async () => assert.match(await state(page), /^(?:idle|error)$/u, link.slice(0, 40)));
    await page.context().close();
  }
});

test("garbage in messages is passed over, and what follows is done", async (t) => {
  const page = await open(t, { path: `${await hosts(t)}frame.html`, mounted: false });
  await page.locator("iframe").scrollIntoViewIfNeeded();
  await until(() => assert.ok(page.frames()[1]));
  const frame = page.frames()[1];
  await frame.getByTestId("run").waitFor();
  await page.evaluate((yaml) => {
    const { contentWindow } = document.querySelector("iframe");
    const itself = {};
    itself.itself = itself;
    const odd = [undefined, null, 0, -1, 1n, NaN, "", "x", [], {}, { toString: 1, valueOf: 1 }, itself, new Map(), new ArrayBuffer(8), new Date(NaN)];
    for (const value of odd) contentWindow.postMessage(value, "*");
    for (const type of ["hello", "load", "set", "step", "seek", "get", "run", "play", "pause", "nope", "__proto__"]) {
      for (const value of odd) {
        contentWindow.postMessage({ fp: 1, type, id: value, n: value, ms: value, what: value, yaml: value, c: value, theme: value }, "*");
        contentWindow.postMessage({ fp: value, type: value }, "*");
      }
    }
    contentWindow.postMessage({ fp: 1, type: "load", id: "last", yaml }, "*");
  }, sleeps("mine", 4));
  await until(async () => assert.equal(await result(frame), 4000));
});

test("after a start that failed the next one begins empty and offers the text", async (t) => {
  const mine = "id: mine\nnamespace: docs\ntasks:\n  - {id: t, type: io.kestra.plugin.core.log.Log, message: '{{ [2, 1] | sort | first }}'}\n";
  const noLater = (page) => page.route("**/web_later.wasm", (route) => route.abort());
  const page = await open(t, { mounted: false, expectErrors: true, routes: async (page) => {
    await noLater(page);
    await stored([[KEY, JSON.stringify([version(mine)])]]).routes(page);
  } });
  await byId(page, "crash").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Your text" }).inputValue(), mine);
  await page.unroute("**/web_later.wasm");
  for (let n = 0; n < 2; n++) {
    await page.reload();
    await byId(page, "link-notice").waitFor();
    assert.equal(await result(page), 2000);
    assert.match(await byId(page, "link-notice").innerText(), /^The page did not start with your text/u);
  }
  await byId(page, "link-notice").getByRole("button", { name: "Open it anyway" }).click();
  await until(async () => assert.equal(await text(page), mine));
  await until(async () => assert.notEqual((await page.evaluate((key) => JSON.parse(localStorage[key])[0].at, KEY)), 1));
  await page.reload();
  await until(async () => assert.equal(await text(page), mine));
  assert.equal(await byId(page, "link-notice").count(), 0);
});
