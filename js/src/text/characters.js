/** Properties of characters as Python has them, and steps through text by code points. Offsets are UTF-16 units. */

import { DIGITS, SPACES } from "./tables.js";

const SPACE = new RegExp(`[${SPACES}]`, "u");
const LEADING_SPACE = new RegExp(`^[${SPACES}]*`, "u");
const DIGIT_STRING = new RegExp(`^[${DIGITS}]+$`, "u");
const LETTER_STRING = /^\p{L}+$/u;
const LOWERCASE = /^\p{Lowercase}/u;
const ASCII = /^[\0-\x7f]*$/; // eslint-disable-line no-control-regex
const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/** @param {string} text */
export const isAscii = (text) => ASCII.test(text);

/** `str.isdigit` of Python. @param {string} text */
export const isDigit = (text) => DIGIT_STRING.test(text);

/** `str.isalpha` of Python. @param {string} text */
export const isAlpha = (text) => LETTER_STRING.test(text);

/** Whether a character is lower case. @param {string} character */
export const isLower = (character) => LOWERCASE.test(character);

/**
 * Return the length of the white space at the start of a text.
 * @param {string} text
 */
export const leadingSpace = (text) => /** @type {RegExpExecArray} */ (LEADING_SPACE.exec(text))[0].length;

/**
 * Return a text without white space at its end, as `str.rstrip` does.
 * @param {string} text
 */
export function trimEnd(text) {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/**
 * Return whether a UTF-16 unit is white space; all white space is below U+10000.
 * @param {number} code
 */
function isSpace(code) {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  return SPACE.test(String.fromCharCode(code));
}

/**
 * Return the character that begins at an offset.
 * @param {string} text
 * @param {number} offset less than the length of the text
 */
export const characterAt = (text, offset) => String.fromCodePoint(/** @type {number} */ (text.codePointAt(offset)));

/**
 * Return where the character before an offset begins; 0 at the start of the text.
 * @param {string} text
 * @param {number} offset
 */
export function stepBack(text, offset) {
  const previous = Math.max(offset - 1, 0);
  const isPair = previous > 0 && isLowSurrogate(text, previous) && isHighSurrogate(text, previous - 1);
  return isPair ? previous - 1 : previous;
}

/**
 * Return whether a text has characters of two UTF-16 units, or halves of them.
 * @param {string} text
 */
export function hasSurrogates(text) {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= FIRST_SURROGATE && code <= LAST_SURROGATE) return true;
  }
  return false;
}

/**
 * Return how many characters a text has.
 * @param {string} text
 */
export function countCharacters(text) {
  let pairs = 0;
  for (let i = 1; i < text.length; i++) {
    if (isLowSurrogate(text, i) && isHighSurrogate(text, i - 1)) pairs++;
  }
  return text.length - pairs;
}

/** @param {string} text @param {number} offset */
const isHighSurrogate = (text, offset) => (text.charCodeAt(offset) & 0xfc00) === 0xd800;

/** @param {string} text @param {number} offset */
const isLowSurrogate = (text, offset) => (text.charCodeAt(offset) & 0xfc00) === 0xdc00;
