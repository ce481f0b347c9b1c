// The HTML of a figure as nodes of a tree: the figure is made by us, so the little HTML that it uses is all that is read.

/**
 * @typedef {{ name: string, attributes: [string, string][], children: (Element | string)[] }} Element
 */

const TOKEN = /<(?<end>\/?)(?<name>[\w-]+)(?<attributes>[^>]*)>|(?<text>[^<]+)/gu;
const ATTRIBUTE = /([\w-]+)="([^"]*)"/gu;
/** @type {Record<string, string>} */
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"' };
const VOID = ["img"];

/** @param {string} text */
const decoded = (text) => text.replace(/&(?:#(\d+)|(\w+));/gu, (all, code, name) => code ? String.fromCodePoint(Number(code)) : NAMED[name] ?? all);

/**
 * @param {string} html
 * @returns {(Element | string)[]}
 */
export function parsed(html) {
  /** @type {Element[]} */
  const open = [{ name: "", attributes: [], children: [] }];
  for (const { groups } of html.matchAll(TOKEN)) {
    const { end, name, attributes, text } = /** @type {Record<string, string>} */ (groups);
    const parent = /** @type {Element} */ (open.at(-1));
    if (text !== undefined) parent.children.push(decoded(text));
    else if (end) open.pop();
    else {
      /** @type {Element} */
      const element = { name, attributes: [...attributes.matchAll(ATTRIBUTE)].map(([, key, value]) => [key, decoded(value)]), children: [] };
      parent.children.push(element);
      if (!VOID.includes(name)) open.push(element);
    }
  }
  return open[0].children;
}

/**
 * As hast has it.
 *
 * @param {Element | string} node
 * @returns {any}
 */
export function toHast(node) {
  if (typeof node === "string") return { type: "text", value: node };
  const properties = Object.fromEntries(node.attributes.map(([name, value]) => [name === "for" ? "htmlFor" : name, value]));
  return { type: "element", tagName: node.name, properties, children: node.children.map(toHast) };
}

/**
 * As MDX has it, which keeps the names of attributes. What is marked as explicit stays itself: no component takes its place.
 *
 * @param {Element | string} node
 * @returns {any}
 */
export function toJsx(node) {
  if (typeof node === "string") return { type: "text", value: node };
  const attributes = node.attributes.map(([name, value]) => ({ type: "mdxJsxAttribute", name, value }));
  return { type: "mdxJsxFlowElement", name: node.name, attributes, children: node.children.map(toJsx), data: { _mdxExplicitJsx: true } };
}

/**
 * As mdast has it, for what becomes hast.
 *
 * @param {Element | string} node
 * @returns {any}
 */
export function toMdast(node) {
  const { tagName, properties, children, ...text } = toHast(node);
  return tagName ? { type: "parallelogram", data: { hName: tagName, hProperties: properties, hChildren: children } } : text;
}

/**
 * Whether a processor compiles to JavaScript: then its tree may hold JSX, and names of attributes would become those of React.
 *
 * @param {any} processor of unified
 * @param {any} file
 */
export function isMdx(processor, file) {
  const plugins = /** @type {any[]} */ (processor?.attachers ?? []).map(([plugin]) => plugin?.name ?? "");
  return plugins.includes("remarkMarkAndUnravel") || file.extname === ".mdx";
}

/**
 * Adds nodes behind those of a tree for which there are any.
 *
 * @param {any} parent
 * @param {(node: any) => any[]} below
 */
export function addBelow(parent, below) {
  parent.children = parent.children.flatMap((/** @type {any} */ node) => {
    if (node.children) addBelow(node, below);
    return [node, ...below(node)];
  });
}
