//! What sharing asks of the browser: packing a text for a link, the clipboard, a picture in pixels.

/** More than any flow that can be read: a link that unpacks to more is none of ours. */
const MOST_BYTES = 4 << 20;

/** @param {ReadableStream<Uint8Array>} stream @returns {Promise<{ bytes: Uint8Array[], whole: boolean }>} all that came before an error */
async function collect(stream) {
  const reader = stream.getReader();
  const bytes = [];
  try {
    for (let size = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return { bytes, whole: true };
      size += value.length;
      if (size > MOST_BYTES) throw new Error("too much");
      bytes.push(value);
    }
  } catch {
    reader.cancel().catch(() => {});
    return { bytes, whole: false };
  }
}

const through = (bytes, transform) => {
  const writer = transform.writable.getWriter();
  // A fault in the bytes is told by the reader's side.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  return collect(transform.readable);
};

/** @param {string} text @returns {Promise<string>} base64url of its raw deflate */
export async function pack(text) {
  const { bytes } = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  let letters = "";
  for (const chunk of bytes) for (const byte of chunk) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} packed as `pack` gives it, or the beginning of that
 * @returns {Promise<string>} the text behind a `1`; what there is of it behind a `0`, when it was cut or is none
 */
export async function unpack(packed) {
  // What no base64url has ends it; one letter alone holds no byte.
  let letters = /^[\w-]*/.exec(packed)[0];
  let whole = letters.length === packed.length;
  if (letters.length % 4 === 1) letters = letters.slice(0, -1);
  const bytes = Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const read = await through(bytes, new DecompressionStream("deflate-raw"));
  whole &&= read.whole;
  const decoder = new TextDecoder();
  // A character that was cut through is left out.
  const text = read.bytes.map((chunk) => decoder.decode(chunk, { stream: true })).join("");
  return `${whole ? 1 : 0}${text}`;
}

/** @param {string} text @returns {Promise<boolean>} whether it is on the clipboard now */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // Not here: a frame, say, or an old browser.
  }
}

/** Saves a picture as a file of the reader's, in pixels, twice as fine as on a plain screen. */
export async function savePng(name, svg) {
  const picture = new Image();
  picture.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth * 2;
  canvas.height = picture.naturalHeight * 2;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(picture.src);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await new Promise((resolve) => canvas.toBlob(resolve, "image/png")));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** @param {string} file @returns {string} the address of a file beside the page */
export const address = (file) => new URL(file, document.baseURI).href;

/** The fragment of the page's address. */
export const fragmentNow = () => location.hash;

/** @param {(fragment: string) => void} call called when the reader goes to another fragment */
export function onFragment(call) {
  addEventListener("hashchange", () => location.hash && call(location.hash));
}

/** A word to developers. */
export const warn = (note) => console.warn(`parallelogram: ${note}`);
