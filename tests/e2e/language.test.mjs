// The language of the page: by a link, by the browser, by choice; what is said in it, and what is not.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { byId, open, result, slide, text, until } from "./harness.mjs";

const CATALOG = "**/languages/de.txt";
const FOLDER = new URL("../../languages/de/", import.meta.url);

/** Options of a page in a browser that prefers these languages, which notes what the page fetches and each word of its button to share. */
function speaking(...languages) {
  const fetched = [], said = [];
  const routes = async (page) => {
    page.on("request", (request) => fetched.push(request.url()));
    await page.exposeFunction("tellWord", (word) => said.push(word));
    await page.addInitScript((languages) => {
      Object.defineProperty(Navigator.prototype, "languages", { get: () => languages, configurable: true });
      let last;
      new MutationObserver(() => {
        const word = document.querySelector("#pg-share, [data-testid=open-page]")?.textContent;
        if (word !== undefined && word !== last) window.tellWord(last = word);
      }).observe(document, { childList: true, subtree: true, characterData: true });
    }, languages);
  };
  return { fetched, said, options: { editor: false, routes } };
}

const language = (page) => page.locator("html").getAttribute("lang");

for (const [path, languages, tag, word] of [
  ["", ["en-US"], "en", "Share"],
  ["", ["de-AT", "en"], "de", "Teilen"],
  ["", ["fr", "de"], "de", "Teilen"],
  ["", ["fr", "it"], "en", "Share"],
  ["#lang=de", ["en-US"], "de", "Teilen"],
  ["#lang=en", ["de"], "en", "Share"],
  ["#lang=tlh", ["de"], "en", "Share"],
  ["embed.html#lang=de", ["en-US"], "de", "Im Playground öffnen"],
  ["embed.html", ["en-US"], "en", "Open in the playground"],
]) {
  test(`the page at "${path}" speaks ${tag} from its first picture on in a browser for ${languages}`, async (t) => {
    const { fetched, said, options } = speaking(...languages);
    const page = await open(t, { ...options, path });
    assert.equal(await language(page), tag);
    await until(async () => assert.deepEqual(said, [word]));
    assert.equal(fetched.some((url) => url.includes("/languages/")), tag !== "en");
    assert.equal(await result(page), 2000);
  });
}

test("S50 in German times have a comma on the page and on paper, and a point in what is saved", async (t) => {
  const saved = async (path) => {
    const page = await open(t, { path, editor: false });
    await byId(page, "share").click();
    const files = { svg: await page.evaluate(() => window.__playground.svg()) };
    for (const kind of ["json", "events", "csv", "trace", "mermaid", "markdown", "play", "text"]) {
      const [download] = await Promise.all([page.waitForEvent("download"), byId(page, `share-${kind}`).click()]);
      files[kind] = readFileSync(await download.path(), "utf8");
    }
    await page.keyboard.press("Escape");
    return { page, files };
  };
  const german = await saved("#example=sub-second&lang=de");
  const english = await saved("#example=sub-second&lang=en");
  assert.deepEqual(german.files, english.files);
  assert.match(german.files.text, /0\.8 s/u);

  const { page } = german;
  assert.match(await byId(page, "result").textContent(), /0,8\s+s/u);
  assert.match(await byId(page, "timeline").textContent(), /0,8/u);
  for (const view of ["timeline", "result"]) assert.doesNotMatch(await byId(page, view).textContent(), /\d\.\d/u);
  await byId(page, "panel-table").click();
  await until(async () => assert.match(await byId(page, "table").textContent(), /0,8/u));
  assert.doesNotMatch(await byId(page, "table").textContent(), /\d\.\d/u);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.match(await page.locator(".pg-paper h1").textContent(), /0,8 s$/u);
});

test("the language is chosen in the settings, keeps the page as it is, and holds for the next visit", async (t) => {
  const page = await open(t, { editor: false });
  await slide(page, "parent", 4);
  await byId(page, "view-slots").click();
  const before = await text(page);
  const choose = async (tag) => {
    await byId(page, "open-settings").click();
    assert.deepEqual(await byId(page, "language").locator("option").allInnerTexts(), ["English", "Deutsch"]);
    await byId(page, "language").selectOption({ label: tag === "de" ? "Deutsch" : "English" });
    await page.waitForFunction((tag) => document.documentElement.lang === tag && window.__playground !== undefined, tag);
    await page.evaluate(() => window.__playground.ready);
  };
  await choose("de");
  assert.equal(await byId(page, "share").textContent(), "Teilen");
  assert.deepEqual([await text(page), await byId(page, "view-slots").getAttribute("aria-checked")], [before, "true"]);
  await page.goto(page.url().split("#")[0]);
  await page.waitForFunction(() => window.__playground !== undefined);
  await until(async () => assert.equal(await byId(page, "share").textContent(), "Teilen"));
  await choose("en");
  assert.equal(await byId(page, "share").textContent(), "Share");
  assert.equal(await text(page), before);
});

test("without its catalog the page is in English, and whole", async (t) => {
  for (const refuse of [(route) => route.abort(), (route) => route.fulfill({ status: 404, body: "not found" })]) {
    const page = await open(t, { path: "#lang=de", editor: false, expectErrors: true, routes: (page) => page.route(CATALOG, refuse) });
    assert.equal(await language(page), "en");
    assert.equal(await byId(page, "share").textContent(), "Share");
    await slide(page, "parent", 6);
    await until(async () => assert.equal(await result(page), 1000));
    assert.deepEqual(page.errors.filter((error) => !error.includes("Failed to load resource")), []);
  }
});

test("lessons, their list, a quiz, the examples and the dialogs are in German", async (t) => {
  const page = await open(t, { path: "#lesson=window&lang=de", editor: false });
  const said = (id) => byId(page, id).innerText();
  await byId(page, "course").waitFor();
  assert.match(await said("course"), /Die Grenze ist ein Fenster, kein Schub[^]*drei Plätze/u);
  await byId(page, "course-leave").click();
  await byId(page, "examples").click();
  assert.match(await byId(page, "example-graham").innerText(), /Grahams Anomalie/u);
  assert.equal(await byId(page, "example-graham").getAttribute("title"), "Ein Platz mehr kann einen Lauf verlängern.");
  await byId(page, "example-parallel").click();
  await byId(page, "examples").click();
  await byId(page, "open-quiz").click();
  await until(async () => assert.match(await said("course"), /Die Gruppe parent hat 3 Plätze und mehr zu tun\.[^]*Wann beginnt t4\?/u));
  await byId(page, "course-leave").click();
  await byId(page, "share").click();
  await until(async () => assert.match(await said("share-note"), /^Wer ihn öffnet, sieht diese Seite/u));
  await page.keyboard.press("Escape");
  await byId(page, "examples").click();
  await byId(page, "open-lessons").click();
  await until(async () => assert.match(await said("lessons"), /^Lektionen[^]*Die Grenze ist ein Fenster/u));
});

test("the element says in the language of its attribute what it says itself, and loads its frame in it", async (t) => {
  // The page's own policy lets no frame in.
  const page = await open(t, { editor: false, expectErrors: true });
  const [button, address] = await page.evaluate(async () => {
    await import("./flow-playground.js");
    const element = document.createElement("flow-playground");
    for (const [name, value] of [["lang", "de"], ["load", "click"], ["yaml", "id: f"], ["title", "Ein Flow"]]) element.setAttribute(name, value);
    const frame = new Promise((resolve) => new MutationObserver(([{ addedNodes: [node] }]) => {
      resolve(node.src);
      element.remove();
    }).observe(element.shadowRoot.querySelector("div"), { childList: true }));
    const { textContent, ariaLabel } = (document.body.append(element), element.shadowRoot.querySelector("button"));
    element.run().catch(() => {});
    return [[textContent, ariaLabel], await frame];
  });
  assert.deepEqual(button, ["Ausführen", "Ausführen: Ein Flow"]);
  assert.match(address, /embed\.html#.*lang=de/u);
});

/** A message with words that are 40 % longer, in other letters; names of holes and what is code stay. */
function pseudo(message) {
  const other = { a: "á", e: "é", i: "í", o: "ó", u: "ú", n: "ñ" };
  const longer = (word) => `${word}${word.slice(0, Math.round(word.length * .4))}`.replace(/[aeioun]/gu, (letter) => other[letter]);
  return message.replace(/\{\w+\}|`[^`]*`|\p{L}+/gu, (part) => (/^[{`]/u.test(part) ? part : longer(part)));
}

/** A catalog of the pseudo-language: all messages of the German one. */
function pseudoCatalog() {
  const files = readdirSync(FOLDER).filter((file) => file !== "element.po").map((file) => readFileSync(new URL(file, FOLDER), "utf8"));
  const value = (entry, keyword) => JSON.parse(new RegExp(`^${keyword} (".*")$`, "mu").exec(entry)?.[1] ?? '""');
  const entries = files.flatMap((file) => file.split("\n\n")).map((entry) => {
    const [one, many] = [value(entry, "msgid"), value(entry, "msgid_plural")];
    if (one === "") return entry.trim();
    const forms = { msgstr: one, "msgstr\\[0\\]": one, "msgstr\\[1\\]": many };
    return Object.entries(forms).reduce((entry, [form, text]) => entry.replace(new RegExp(`^(${form}) .*$`, "mu"), (_, name) => `${name} ${JSON.stringify(pseudo(text))}`), entry.trim());
  });
  return `${entries.join("\n\n")}\n`;
}

/** The texts in view that are cut where nothing scrolls and no tip has them whole, or that end outside of the window. */
const cutTexts = (page) => page.evaluate(() => {
  const cut = [];
  const modal = [...document.querySelectorAll("dialog[open]")].at(-1);
  const walker = document.createTreeWalker(modal ?? document.body, NodeFilter.SHOW_TEXT);
  const isCut = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(({ width }) => width > 0);
    const [left, right] = [Math.min(...boxes.map((box) => box.left)), Math.max(...boxes.map((box) => box.right))];
    const [top, bottom] = [Math.min(...boxes.map((box) => box.top)), Math.max(...boxes.map((box) => box.bottom))];
    for (let element = node.parentElement; element; element = element.parentElement) {
      const { overflowX, overflowY, position } = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const hides = (overflow) => ["hidden", "clip"].includes(overflow);
      if (hides(overflowX) && (left < box.left - 1 || right > box.right + 1)) return true;
      if (hides(overflowY) && (top < box.top - 3 || bottom > box.bottom + 3)) return true;
      // What scrolls shows it in the end.
      if (overflowX === "auto" || overflowX === "scroll") return false;
      if (position === "fixed") break;
    }
    return left < -1 || right > innerWidth + 1;
  };
  while (walker.nextNode()) {
    const { currentNode: node, currentNode: { parentElement: element, data } } = walker;
    if (!data.trim() || element.closest("script, style, noscript, textarea, select, datalist, .pg-skip") || !element.checkVisibility({ visibilityProperty: true })) continue;
    // For screen readers alone.
    let isUnseen = false;
    for (let at = element; at && !isUnseen; at = at.parentElement) isUnseen = at instanceof HTMLElement && at.offsetWidth <= 1 && getComputedStyle(at).display !== "contents";
    // The menu itself says what it belongs to.
    if (element.closest("[aria-expanded=true]")) continue;
    const tip = element.closest("[data-tip], [title]");
    const isTold = (tip?.dataset.tip || tip?.title || "").includes(data.trim());
    if (!isUnseen && !isTold && isCut(node)) cut.push(`${element.closest("[class]")?.getAttribute("class")}: ${data}`);
  }
  return cut;
});

test("S49 with words that are 40 % longer no text is cut at 320 px", async (t) => {
  const catalog = pseudoCatalog();
  const pseudoPage = (path) => open(t, { path, width: 320, height: 640, editor: false, routes: (page) => page.route(CATALOG, (route) => route.fulfill({ contentType: "text/plain; charset=utf-8", body: catalog })) });
  const page = await pseudoPage("#lang=de");
  assert.match(await page.locator("body").innerText(), /[áéíóúñ]/u);
  const found = {};
  const look = async (view, on = page) => {
    await on.clock.runFor(50);
    const cut = await cutTexts(on);
    if (cut.length) found[view] = cut;
  };
  const close = async () => {
    await page.keyboard.press("Escape");
    await page.clock.runFor(50);
  };

  await look("time");
  await byId(page, "view-slots").click();
  await look("slots");
  await byId(page, "view-gantt").click();
  await byId(page, "row-t4").click();
  await byId(page, "tab-why").click();
  for (const panel of ["details", "curve", "table", "times", "compare"]) {
    const tab = byId(page, `panel-${panel}`);
    if (!await tab.count()) continue;
    await tab.click();
    await look(panel);
  }
  for (const tab of ["log", "flow", "time"]) {
    await byId(page, `tab-${tab}`).click();
    await look(tab);
  }
  await byId(page, "slots-parent").click();
  await byId(page, "task-menu").waitFor();
  await look("the menu of a group");
  await close();
  await byId(page, "examples").click();
  await byId(page, "open-quiz").waitFor();
  await look("the menu of examples");
  await byId(page, "open-lessons").click();
  await byId(page, "lessons").locator("li").first().waitFor();
  await look("the list of lessons");
  await close();
  await byId(page, "open-settings").click();
  await byId(page, "language").waitFor();
  await look("settings");
  await byId(page, "open-settings").click();
  await byId(page, "share").click();
  await byId(page, "share-link").waitFor();
  await look("share");
  await byId(page, "share-embed").click();
  await byId(page, "embed-code").waitFor();
  await look("embed");
  await close();
  await byId(page, "tab-flow").click();
  await byId(page, "versions").click();
  await byId(page, "dialog").last().waitFor();
  await look("versions");
  await close();
  await byId(page, "tab-time").click();
  await byId(page, "examples").click();
  await byId(page, "open-quiz").click();
  await byId(page, "course").waitFor();
  await look("quiz");
  await look("an embed", await pseudoPage("embed.html#lang=de"));
  await look("a lesson", await pseudoPage("#lesson=window&lang=de"));
  assert.deepEqual(found, {});
});
