/** One spelling for what looks the same: `nertagger/text/spelling.py`. */

const IGNORABLE = /[\u200b\u2060\ufeff\xad\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;
const ASCII = /^[\0-\x7f]*$/;

/**
 * Return a word in Unicode's composed form (NFC), without soft hyphens, marks of direction and the like.
 * @param {string} word
 */
export const normalized = (word) =>
  ASCII.test(word) ? word : word.replace(IGNORABLE, "").normalize("NFC") || word;
