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
 * Prints the run instead of the page.
 *
 * @param {() => string} svg the picture as a file; empty without a run
 * @param {() => string} text the text in the editor
 */
export function printRun(svg, text) {
  const root = document.documentElement;
  /** @type {() => void} */
  let end = () => {};
  addEventListener("beforeprint", () => {
    const picture = svg();
    if (picture === "") return;
    // The policy of the page allows no rules within the picture.
    const [, style = ""] = /<style>(.*?)<\/style>/su.exec(picture) ?? [];
    const drawing = new DOMParser().parseFromString(picture.replace(`<style>${style}</style>`, ""), "image/svg+xml").documentElement;
    const paper = document.createElement("main"), host = document.createElement("div"), code = document.createElement("pre");
    const shadow = host.attachShadow({ mode: "open" }), title = document.createElement("h1");
    title.textContent = drawing.querySelector("title")?.textContent ?? "";
    shadow.adoptedStyleSheets = [sheetOf(style)];
    for (const size of ["width", "height"]) drawing.removeAttribute(size);
    shadow.append(drawing);
    code.textContent = text();
    const legend = document.querySelector(".pg-legend")?.cloneNode(true) ?? "";
    paper.className = "pg-paper";
    paper.append(title, host, legend, code);
    const theme = root.dataset.theme;
    root.dataset.theme = "light";
    document.body.append(paper);
    end = () => {
      paper.remove();
      root.dataset.theme = theme;
    };
  });
  addEventListener("afterprint", () => end());
}
