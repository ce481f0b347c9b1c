// Maps and lists as block YAML. Scalars are JSON where a plain one could be read as something else.
const PLAIN = /^[A-Za-z][\w.]*$/;
const WORDS = /^(true|false|null|yes|no|on|off|y|n)$/i;

function scalar(value) {
  return typeof value === "string" && PLAIN.test(value) && !WORDS.test(value) ? value : JSON.stringify(value);
}

function isHolder(value) {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function lines(value, pad) {
  const inner = pad + "  ";
  if (Array.isArray(value)) {
    return value.flatMap((item) => (isHolder(item) ? [`${pad}- ${lines(item, inner).join("\n").trimStart()}`] : [`${pad}- ${scalar(item)}`]));
  }
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .flatMap(([key, item]) => (isHolder(item) ? [`${pad}${scalar(key)}:`, ...lines(item, inner)] : [`${pad}${scalar(key)}: ${scalar(item)}`]));
}

/** A document as text, with a line end. */
export function yaml(document) {
  return lines(document, "").join("\n") + "\n";
}
