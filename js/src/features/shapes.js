/** Word shapes: the kinds of a word's characters, with long runs shortened: `nertagger/features/shapes.py`. */

const LONGEST = 10;
const RUN = /(.)\1{2,}/gsu;
const KINDS = /** @type {[RegExp, string][]} */ ([
  [/^[\p{Uppercase}\p{Lt}]/u, "X"],
  [/^\p{L}/u, "x"],
  [/^\p{N}/u, "d"],
  [/^\p{M}/u, "m"],
]);

/** @type {Map<string, string>} */
const known = new Map();

/**
 * Return the shape of a word: X for capitals, x for other letters, d for digits; runs are cut at two.
 * @param {string} word
 */
export function wordShape(word) {
  const cut = Array.from(word, kind).join("").replace(RUN, "$1$1");
  return cut.length <= LONGEST ? cut : [...cut].slice(0, LONGEST).join("");
}

/** @param {string} character */
function kind(character) {
  let found = known.get(character);
  if (found === undefined) {
    found = KINDS.find(([expression]) => expression.test(character))?.[1] ?? character;
    known.set(character, found);
  }
  return found;
}
