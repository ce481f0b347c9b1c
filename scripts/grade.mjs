// The reading grade of the English texts of each lesson (Flesch and Kincaid): years of school. None may be above 8.
import { readFileSync, readdirSync } from "node:fs";
import { fleschKincaid } from "flesch-kincaid";
import { syllable } from "syllable";

const MOST = 8;
const FOLDER = new URL("../lessons/", import.meta.url);

/** The grade of a text. A name of a task counts as one syllable. */
function grade(text) {
  const plain = text.replaceAll(/`[^`]*`/gu, "t");
  const words = plain.match(/[\p{L}\p{N}’'-]+/gu);
  const sentences = plain.split(/[.?!:;]+(?:\s|$)/u).filter((part) => /\p{L}/u.test(part));
  return fleschKincaid({ sentence: sentences.length, word: words.length, syllable: words.reduce((n, word) => n + Math.max(1, syllable(word)), 0) });
}

for (const file of readdirSync(FOLDER).sort()) {
  // Each text of a lesson is on one line.
  const texts = [...readFileSync(new URL(file, FOLDER), "utf8").matchAll(/\ben: (.*)$/gmu)].map(([, text]) => (/[.?!:]$/u.test(text) ? text : `${text}.`));
  const grades = texts.map(grade), all = grade(texts.join(" "));
  const hardest = texts[grades.indexOf(Math.max(...grades))];
  const fits = texts.length > 0 && all <= MOST;
  if (!fits) process.exitCode = 1;
  console.log(`${file}: grade ${all.toFixed(1)} of at most ${MOST}; the hardest of ${texts.length} texts, ${Math.max(...grades).toFixed(1)}: ${hardest}`);
}
