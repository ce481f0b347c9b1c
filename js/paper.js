//! What is printed: the picture of the whole run, its legend and its text, in place of the page.

/**
 * A style sheet of the picture, light on paper in any theme.
 *
 * @param {string} style its rules
 */
function sheetOf(style) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style.replaceAll(/\bsvg\{/gu, ":host{"));
  for (let at = sheet.cssRules.length - 1; at >= 0; at--) if (sheet.cssRules[at] instanceof CSSMediaRule) sheet.deleteRule(at);
  return sheet;
}

/**
 * A picture, drawn within the page.
 *
 * @param {string} file the picture as a file
 */
function drawn(file) {
  // The policy of the page allows no rules within the picture.
  const [, style = ""] = /<style>(.*?)<\/style>/su.exec(file) ?? [];
  const drawing = new DOMParser().parseFromString(file.replace(`<style>${style}</style>`, ""), "image/svg+xml").documentElement;
  const host = document.createElement("div"), shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheetOf(style)];
  for (const size of ["width", "height"]) drawing.removeAttribute(size);
  shadow.append(drawing);
  return { host, title: drawing.querySelector("title")?.textContent ?? "" };
}

/**
 * An element with text in it; what is in backticks is set as code.
 *
 * @param {string} name
 * @param {string} text
 */
function element(name, text) {
  const made = document.createElement(name);
  const part = (/** @type {string} */ words, /** @type {number} */ nth) => {
    const node = nth % 2 ? document.createElement("code") : document.createElement("span");
    node.textContent = words;
    return node;
  };
  made.append(...text.split("`").map(part));
  return made;
}

/**
 * The run on paper: its picture, its legend and its text.
 *
 * @param {string} picture
 * @param {string} text
 */
function sheetOfRun(picture, text) {
  const { host, title } = drawn(picture);
  const heading = document.createElement("h1"), code = document.createElement("pre");
  heading.textContent = title;
  code.textContent = text;
  return [heading, host, legend(), code];
}

const legend = () => document.querySelector(".pg-legend")?.cloneNode(true) ?? "";

/**
 * A lesson on paper: what to draw into, and on a page of its own what comes out.
 *
 * @param {{ title: string, idea: string, answers: string, sheets: { flow: string | null, say: string, ask: string, chart: string, answer: string, solution: string }[] }} lesson
 */
function sheetsOfLesson({ title, idea, answers, sheets }) {
  const solution = element("section", "");
  solution.append(element("h1", answers), ...sheets.flatMap(({ ask, answer, solution: picture }) =>
    [element("h2", ask), element("p", answer), drawn(picture).host]), legend());
  return [element("h1", title), element("p", idea), ...sheets.flatMap(({ flow, say, ask, chart }) => {
    const code = document.createElement("pre");
    code.textContent = flow;
    return [...(flow === null ? [] : [code]), element("p", say), element("h2", ask), drawn(chart).host];
  }), solution];
}

/**
 * Prints the run instead of the page, or the lesson under way.
 *
 * @param {() => string} svg the picture as a file; empty without a run
 * @param {() => string} text the text in the editor
 * @param {() => string} handout the lesson as JSON; empty without one
 */
export function printRun(svg, text, handout) {
  const root = document.documentElement;
  /** @type {() => void} */
  let end = () => {};
  addEventListener("beforeprint", () => {
    end();
    const [lesson, picture] = [handout(), svg()];
    if (lesson === "" && picture === "") return;
    const paper = document.createElement("main");
    paper.className = "pg-paper";
    paper.append(...(lesson === "" ? sheetOfRun(picture, text()) : sheetsOfLesson(JSON.parse(lesson))));
    const theme = root.dataset.theme;
    root.dataset.theme = "light";
    document.body.append(paper);
    end = () => {
      paper.remove();
      root.dataset.theme = theme;
      end = () => {};
    };
  });
  addEventListener("afterprint", () => end());
}
