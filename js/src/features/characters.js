/** Characters of words as a padded array of ids: `nertagger/features/characters.py`. */

import { countCharacters } from "../text/characters.js";

const UNKNOWN = 1;
const WORD_START = 2;
const WORD_END = 3;
const FIRST = 4; // the id of the first character of the vocabulary; 0 is padding

export class CharacterEncoder {
  #ids;
  #maxLength;

  /**
   * @param {string[]} characters
   * @param {number} maxLength how many characters of a word are encoded: of a longer one the first and the last
   */
  constructor(characters, maxLength) {
    this.#ids = new Map(characters.map((character, number) => [character, number + FIRST]));
    this.#maxLength = maxLength;
  }

  /**
   * Return the ids of the characters of words, each between two marks, and how many there are for each word.
   * @param {string[]} words
   * @returns {{ ids: Int32Array, width: number }}
   */
  encode(words) {
    const seen = words.map((word) => this.#edges(word));
    const width = Math.max(0, ...seen.map((characters) => characters.length)) + 2;
    const ids = new Int32Array(words.length * width);
    seen.forEach((characters, row) => {
      const codes = characters.map((character) => this.#ids.get(character) ?? UNKNOWN);
      ids.set([WORD_START, ...codes, WORD_END], row * width);
    });
    return { ids, width };
  }

  /** Return the characters of a word that are encoded. @param {string} word */
  #edges(word) {
    const limit = this.#maxLength;
    if (countCharacters(word) <= limit) return [...word];
    const half = limit >> 1;
    const last = [...word.slice(-2 * half)].slice(-half); // a character has at most two UTF-16 units
    return [...[...word.slice(0, 2 * limit)].slice(0, limit - half), ...last];
  }
}
