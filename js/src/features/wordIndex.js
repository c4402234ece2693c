/** Rows of a table by word, found by hashed keys: `nertagger/features/word_index.py`. */

import { ModelFileError } from "../errors.js";
import { Hasher } from "./blake2b.js";
import { normalized } from "../text/spelling.js";

/** @typedef {import("../modelfile/tensors.js").Tensor} Tensor */

const DIGIT = /\p{Nd}/gu;

/**
 * Return a word in lower case with every digit as 0.
 * @param {string} word
 */
export const foldDigits = (word) => word.toLowerCase().replace(DIGIT, "0");

/** Rows of a table; row 0 is for all words without a row of their own. */
export class WordIndex {
  #hasher = new Hasher();
  #keys;
  #stride;

  /**
   * @param {Tensor} keys of the words in rising order, I64, or their upper halves, I32
   */
  constructor(keys) {
    this.#keys = /** @type {Int32Array} */ (keys.data);
    this.#stride = keys.dtype === "I64" ? 2 : 1;
  }

  /**
   * Return the row of a word, of its usual spelling, of that in lower case, of that with digits as 0, or 0.
   * @param {string} word
   */
  row(word) {
    const usual = normalized(word);
    return (
      this.exactRow(word) ||
      (usual !== word && this.exactRow(usual)) ||
      this.exactRow(usual.toLowerCase()) ||
      this.exactRow(foldDigits(usual))
    );
  }

  /**
   * Return the row of a word as it is spelled, 0 for none.
   * @param {string} word
   */
  exactRow(word) {
    const [lower, upper] = this.#hasher.hash(word);
    const count = this.#keys.length / this.#stride;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(middle, lower, upper) < 0) low = middle + 1;
      else high = middle;
    }
    return low < count && this.#compare(low, lower, upper) === 0 ? low + 1 : 0;
  }

  /**
   * Return whether a key is less than (negative), equal to (0) or greater than the key of these halves.
   * @param {number} place
   * @param {number} lower
   * @param {number} upper
   */
  #compare(place, lower, upper) {
    if (this.#stride === 1) return this.#keys[place] - upper;
    return this.#keys[2 * place + 1] - upper || (this.#keys[2 * place] >>> 0) - (lower >>> 0);
  }
}

/**
 * Return the index with the keys in one tensor, one for each row of another after the first; null without both.
 * @param {Map<string, Tensor>} tensors
 * @param {string} name
 * @param {string} table
 */
export function openIndex(tensors, name, table) {
  const keys = tensors.get(name);
  const rows = tensors.get(table);
  if (!keys && !rows) return null;
  const isKey = keys?.dtype === "I64" || keys?.dtype === "I32";
  if (!keys || !isKey || !rows || keys.shape[0] !== rows.shape[0] - 1) {
    throw new ModelFileError(`${name} does not have one key for each row of ${table} but the first`);
  }
  return new WordIndex(keys);
}
