/** Short forms before a full stop in scripts without capitals: `nertagger/text/tokenization/short_forms.py`. */

import { isAlpha } from "./characters.js";
import { CHILLUS, INDIC_FORMS, INDIC_WORDS, URDU_LETTERS, VIRAMAS } from "./tables.js";

const FORMS = new Set(INDIC_FORMS);
const WORDS = new Set(INDIC_WORDS);
const URDU = new Set(URDU_LETTERS);
const MARK = /^\p{M}/u;
const VIRAMA = new RegExp(`^[${VIRAMAS}]`, "u");
const CHILLU_OR_JOINER = new RegExp(`^[${CHILLUS}\u200c\u200d]`, "u");
const FIRST_INDIC = 0x900;
const LAST_INDIC = 0xd7f;
const INDIC_BLOCK = 0x80;

/** The first character of the scripts without capitals: no word before it is a short form. */
export const FIRST_CASELESS = 0x590;

/**
 * Return whether the word before a full stop is an initial, title or abbreviation in a script without capitals.
 * @param {string} word
 */
export function isShortForm(word) {
  const last = word.slice(word.lastIndexOf(".") + 1); // of several, such as "ई.पू"
  const first = last.codePointAt(0) ?? 0;
  if (first >= 0xe01 && first <= 0xe3a) return true; // Thai has the full stop only in abbreviations
  if (!((first >= FIRST_CASELESS && first <= 0x10ff) || (first >= 0x1200 && first <= 0x137f))) return false;
  const folded = inDevanagari(last);
  return FORMS.has(folded) || (isOneSyllable(last) && !WORDS.has(folded));
}

/**
 * Return whether a word is the Urdu name of a Latin letter, as in initials and acronyms.
 * @param {string} word
 */
export const isUrduLetter = (word) => URDU.has(word);

/**
 * Return a word of nine Indian scripts, whose blocks are parallel, in Devanagari and without a final virama.
 * @param {string} word
 */
function inDevanagari(word) {
  const codes = Array.from(word, (character) => {
    const code = /** @type {number} */ (character.codePointAt(0));
    return code >= FIRST_INDIC && code <= LAST_INDIC ? FIRST_INDIC + ((code - FIRST_INDIC) % INDIC_BLOCK) : code;
  });
  const folded = codes.map((code) => String.fromCodePoint(code)).join("");
  return folded.endsWith("\u094d") ? folded.slice(0, -1) : folded;
}

/**
 * Return whether a word is one letter with the marks and consonants that are joined to it.
 * @param {string} word
 */
function isOneSyllable(word) {
  const [first, ...others] = word;
  let joins = false;
  for (const character of others) {
    if (MARK.test(character)) joins = VIRAMA.test(character);
    else if (joins || CHILLU_OR_JOINER.test(character)) joins = false;
    else return false;
  }
  return isAlpha(first);
}
