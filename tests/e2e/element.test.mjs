// The element in the pages of others: which text it runs, what it says when it can't, and how it fits in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { needs, open, result, until } from "./harness.mjs";
import { hosts } from "./hosts.mjs";

/** A host page, with what its console said. */
async function host(t, path, options = {}) {
  const said = [];
  const page = await open(t, { path: `${await hosts(t)}${path}`, mounted: false, serviceWorkers: "allow", ...options, routes: async (page) => {
    page.on("console", (message) => ["warning", "error"].includes(message.type()) && said.push(message.text()));
    await options.routes?.(page);
  } });
  await page.waitForFunction(() => customElements.get("flow-playground"));
  return { page, said };
}

const frameOf = async (page, selector) => (await page.locator(`${selector} iframe`).elementHandle()).contentFrame();
const events = (page) => page.evaluate(() => window.events.filter(({ name }) => name === "fp-error").map(({ id, code, message }) => ({ id, code, message })));

for (const id of ["lines-as-blocks", "numbers-by-class", "numbers-by-style", "numbers-in-a-table", "marks-of-a-change", "tabs"]) {
  test(`a code block is read as its author wrote it: ${id}`, async (t) => {
    const { page, said } = await host(t, "blocks.html");
    const element = page.locator(`#${id} flow-playground`);
    const makespan = await element.evaluate(async (element) => {
      const ended = new Promise((resolve) => element.addEventListener("fp-ready", () => resolve(element.yaml)));
      element.run();
      return ended;
    });
    assert.doesNotMatch(makespan, /^\d|PT9S|hidden|Copy/mu);
    await until(async () => assert.equal(await result(await frameOf(page, `#${id}`)), 1000));
    assert.deepEqual(said, [], "a healthy page has nothing to warn of");
  });
}

test("an element without a flow keeps its fallback, and says why", async (t) => {
  const { page, said } = await host(t, "blocks.html");
  const messages = {
    "no-source": "This diagram names no flow.",
    "no-id": "The page has no code block with the id “nope”.",
    "no-example": "There is no example `nosuch`.",
    "too-long": "The flow is longer than 256 KB.",
  };
  await page.evaluate(() => (document.getElementById("too-long").yaml = "#".repeat(300_000)));
  for (const [id, message] of Object.entries(messages)) {
    const element = page.locator(`#${id}`);
    await element.getByRole("button").click();
    await element.getByText(message).waitFor();
    assert.equal(await element.getByText("A picture.").isVisible(), true);
    assert.equal(await element.evaluate((element) => element.state), "static");
    assert.equal(await element.locator("iframe").count(), 0);
    assert.match(await element.evaluate((element) => element.svg().catch(({ message }) => message)), new RegExp(message.slice(0, 20), "u"));
  }
  const reported = await events(page);
  for (const [id, message] of Object.entries(messages)) assert.ok(reported.some((event) => event.id === id && event.code === "source" && event.message === message), id);
  assert.ok(said.length >= 4 && said.every((line) => /^(flow-playground: |parallelogram: there is no example)/u.test(line)), said.join("\n"));
});

test("a simulator that can't be loaded says so, and can be tried again", async (t) => {
  let isBroken = true;
  const { page } = await host(t, "blocks.html", { expectErrors: true, routes: (page) => page.route("**/web_bg.wasm", (route) => (isBroken ? route.fulfill({ status: 404, body: "" }) : route.continue())) });
  const element = page.locator("#tabs flow-playground");
  await element.getByRole("button", { name: "Run" }).click();
  await element.getByText("The simulator could not be loaded.").waitFor();
  assert.deepEqual((await events(page)).map(({ code }) => code), ["load"]);
  isBroken = false;
  await element.getByRole("button", { name: "Try again" }).click();
  await until(async () => assert.equal(await result(await frameOf(page, "#tabs")), 1000));
});

test("the theme is that of the page around it, also when that changes", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const { page } = await host(t, "theme.html", { colorScheme });
    await page.evaluate(() => document.getElementById("first").ready);
    const frame = await frameOf(page, "#first");
    const is = (theme) => until(async () => assert.equal(await frame.evaluate(() => document.documentElement.dataset.theme), theme));
    const set = (change) => page.evaluate(change);
    await is("light");
    await set(() => document.documentElement.classList.add("night"));
    await is("dark");
    await set(() => document.documentElement.classList.remove("night"));
    await is("light");
    await set(() => (document.documentElement.dataset.theme = "dark"));
    await is("dark");
    await set(() => document.getElementById("first").setAttribute("theme", "light"));
    await is("light");
    await set(() => document.getElementById("first").removeAttribute("theme"));
    await is("dark");
  }
});

test("nothing moves when the simulator takes the place of the picture", async (t) => {
  const { page } = await host(t, "theme.html");
  await page.locator("#below").scrollIntoViewIfNeeded();
  const top = () => page.locator("#below").evaluate((heading) => Math.round(heading.getBoundingClientRect().top));
  const height = () => page.locator("#second").evaluate((element) => Math.round(element.getBoundingClientRect().height));
  const before = [await top(), await height()];
  await page.evaluate(() => document.getElementById("second").ready);
  await until(async () => assert.equal(await page.locator("#second iframe").isVisible(), true));
  assert.ok(Math.abs(await height() - before[1]) <= 1 && Math.abs(await top() - before[0]) <= 1, `${before} became ${[await top(), await height()]}`);
});

test("S32 without script the text, the picture and the numbers are there", async (t) => {
  const page = await open(t, { path: `${await hosts(t)}figure.html`, mounted: false, javaScriptEnabled: false });
  assert.match(await page.locator("pre").innerText(), /^id: f\n/u);
  const picture = page.getByRole("img", { name: "Timeline of Two tasks: 2.0 s" });
  assert.equal(await picture.isVisible(), true);
  assert.ok(await picture.evaluate((image) => image.complete && image.naturalWidth > 500), "the picture is drawn");
  await page.getByText("Two tasks in numbers: 2.0 s").press("Enter");
  assert.deepEqual(await page.locator("tbody tr").allInnerTexts(), ["a\t0 s\t1.0 s\tSUCCESS", "b\t1.0 s\t2.0 s\tSUCCESS"]);
});

test("print shows the picture, and no buttons", { skip: needs("print media") }, async (t) => {
  const { page } = await host(t, "theme.html");
  await page.locator("#second").scrollIntoViewIfNeeded();
  await page.evaluate(() => document.getElementById("second").ready);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#picture").isVisible(), true);
  assert.equal(await page.locator("#second iframe").isVisible(), false);
  const frame = await frameOf(page, "#first");
  assert.equal(await frame.getByTestId("run").isVisible(), false);
  assert.equal(await frame.getByTestId("open-page").isVisible(), false);
  assert.equal(await frame.getByTestId("result").isVisible(), true);
});
