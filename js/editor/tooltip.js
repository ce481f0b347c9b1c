//! Tooltips: lines of text; parts in backticks are shown as code.

/** @param {[kind: string, text: string][]} list */
export function lines(list) {
  const dom = document.createElement("div");
  dom.className = "pg-tooltip";
  dom.append(...list.map(([kind, text]) => line(kind, text)));
  return dom;
}

export function line(kind, text) {
  const dom = document.createElement("div");
  dom.className = `pg-tooltip__${kind}`;
  text.split("`").forEach((part, i) => {
    const words = i % 2 ? document.createElement("code") : document.createTextNode(part);
    if (i % 2) words.textContent = part;
    dom.append(words);
  });
  return dom;
}
