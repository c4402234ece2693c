/** Items with ids of their own, from 1 in order, and the id 0 for all others: `nertagger/features/vocabulary.py`. */

import { ModelFileError } from "../errors.js";
import { foldDigits } from "./wordIndex.js";

export class Vocabulary {
  #ids;

  /** @param {string[]} items */
  constructor(items) {
    this.#ids = new Map(items.map((item, number) => [item, number + 1]));
  }

  /** Return the id of an item. @param {string} item */
  id(item) {
    return this.#ids.get(item) ?? 0;
  }

  /** Return the id of a word, of its lower-cased form, of that with digits as 0, or 0. @param {string} word */
  wordId(word) {
    return this.id(word) || this.id(word.toLowerCase()) || this.id(foldDigits(word));
  }
}

/**
 * Return the list of strings at a key of a model's vocabulary, null if there is none.
 * @param {Record<string, any>} vocabulary
 * @param {string} key
 * @returns {string[] | null}
 */
export function listed(vocabulary, key) {
  const items = vocabulary[key] ?? null;
  if (items !== null && !(Array.isArray(items) && items.every((item) => typeof item === "string"))) {
    throw new ModelFileError(`vocabulary.json: ${key} is not a list of strings`);
  }
  return items;
}
