//! The language of the page, found before anything is drawn: that of the link, else the one chosen on this device, else the first of the
//! browser's that there is. English is written in the code; any other language is a catalog, fetched beside the simulator. A catalog that
//! can't be had leaves the page in English.
{
  /** Those of `src/language.rs`. */
  const LANGUAGES = ["en", "de"];
  const root = document.documentElement;
  /** @param {string} tag */
  const known = (tag) => LANGUAGES.find((one) => one === tag.toLowerCase().split("-")[0]);
  let named = new URLSearchParams(location.hash.slice(1)).get("lang");
  if (!("embed" in root.dataset)) {
    try {
      named ??= localStorage.getItem("parallelogram.lang");
    } catch {
      // Storage may be blocked.
    }
  }
  root.lang = (named === null ? navigator.languages.map(known).find(Boolean) : known(named)) ?? "en";

  /** The translation of each message that has no context and depends on no number. */
  const words = new Map();
  const read = (catalog) => {
    for (const [, text, translation] of catalog.matchAll(/(?<=\n\n)msgid (".+")\nmsgstr (".+")/g)) words.set(JSON.parse(text), JSON.parse(translation));
    return catalog;
  };
  const fetched = async () => {
    try {
      // Hosts compress what they know to be text.
      const response = await fetch(`languages/${root.lang}.txt`);
      if (response.ok) return read(await response.text());
    } catch {
      // No connection.
    }
    root.lang = "en";
    return "";
  };
  globalThis.parallelogramCatalog = root.lang === "en" ? undefined : fetched();
  globalThis.tr = (text, holes = {}) => (words.get(text) ?? text).replace(/\{(\w+)\}/g, (hole, name) => String(holes[name] ?? hole));
}
