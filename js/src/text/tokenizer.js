/** Words of raw text with their offsets, for each tokenizer profile: `nertagger/text/tokenization/tokenizer.py`. */

import { isAscii, leadingSpace, trimEnd } from "./characters.js";
import { ASCII_TOKEN, CHARACTER_TOKEN, FUSED_WORDS, GENERAL_TOKEN, SPACES_TOKEN, WHITESPACE_TOKEN } from "./tables.js";

/**
 * @typedef {"general" | "whitespace" | "spaces" | "character"} Profile
 * @typedef {{ words: string[], starts: number[] }} Words the words of a text, and the UTF-16 offset of each
 */

/** @type {Record<Profile, string>} */
const TOKENS = {
  general: GENERAL_TOKEN,
  whitespace: WHITESPACE_TOKEN,
  spaces: SPACES_TOKEN,
  character: CHARACTER_TOKEN,
};
const FUSED = new Map(/** @type {[string, number][]} */ (FUSED_WORDS));

/** @type {Map<string, RegExp>} */
const compiled = new Map();

export const PROFILES = /** @type {Profile[]} */ (Object.keys(TOKENS));

/**
 * Return the words of a text and their offsets; every character except white space is in exactly one word.
 * @param {string} text
 * @param {Profile} profile
 * @returns {Words}
 */
export function tokenize(text, profile) {
  // An expression includes the white space after a token, so that offsets are sums of lengths.
  const pieces = text.match(expression(profile === "general" && isAscii(text) ? ASCII_TOKEN : TOKENS[profile])) ?? [];
  const words = [];
  const starts = [];
  let offset = leadingSpace(text);
  for (const piece of pieces) {
    const word = trimEnd(piece);
    const middle = profile === "general" ? FUSED.get(word) : undefined; // "cannot" is two words
    words.push(middle ? word.slice(0, middle) : word);
    starts.push(offset);
    if (middle) {
      words.push(word.slice(middle));
      starts.push(offset + middle);
    }
    offset += piece.length;
  }
  return { words, starts };
}

/**
 * Return the expression of a source, compiled at first use because that takes tens of milliseconds.
 * @param {string} source
 */
function expression(source) {
  const found = compiled.get(source) ?? new RegExp(source, "gu");
  compiled.set(source, found);
  return found;
}
