//! Files that are dropped on the page, or chosen.

/**
 * Calls back with the name and the text of each file that is dropped on the page. A text beyond `most` bytes is not read: it is handed
 * over cut off behind them, which is too long as well.
 *
 * @param {(name: string, text: string) => void} call
 * @param {number} most
 */
export function onDrop(call, most) {
  const has = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
  // In front of the text editor, which would write the file into the text.
  addEventListener("dragover", (event) => has(event) && event.preventDefault(), true);
  addEventListener(
    "drop",
    (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      event.stopPropagation();
      readFile(file, call, most);
    },
    true,
  );
}

/** Calls back with a file that the reader chooses: the first of an input. */
export function readChosen(/** @type {HTMLInputElement} */ input, call, most) {
  const file = input.files?.[0];
  if (file) readFile(file, call, most);
  // The same file can be chosen again.
  input.value = "";
}

const readFile = (/** @type {File} */ file, call, most) =>
  file
    .slice(0, most + 1)
    .text()
    .then((text) => call(file.name, text));
