/** The word encoder of a model, with a cache of the words encoded so far: `nertagger/runtime/words.py`. */

import { ModelFileError } from "../errors.js";
import { lengthBatches } from "./batching.js";

const CHARACTERS_PER_RUN = 1 << 13;
const CACHED_NUMBERS = 1 << 23; // 32 MB of float32
const CACHED_CHARACTERS = 1 << 23; // of the cached words themselves, which can have any length

/** Encodes each distinct word as one vector. Calls must not overlap. */
export class WordEncoder {
  #session;
  #features;
  /** @type {Map<string, Float32Array>} */
  #cache = new Map();
  #characters = 0;
  #numbers = 0;

  /**
   * @param {import("./session.js").Session} session of `words.onnx`
   * @param {Map<string, import("../features/features.js").Encode>} features
   */
  constructor(session, features) {
    const missing = session.inputs.find((name) => !features.has(name));
    if (missing) {
      const remedy = "tag in Python, or upgrade this module";
      throw new ModelFileError(`words.onnx expects the input ${missing}, which this module cannot compute; ${remedy}`);
    }
    this.#session = session;
    this.#features = features;
  }

  /**
   * Return the vectors of words, by word, with those of other words.
   * @param {Iterable<string>} words
   * @returns {Promise<Map<string, Float32Array>>}
   */
  async lookup(words) {
    const distinct = [...new Set(words)];
    if (this.#numbers > CACHED_NUMBERS || this.#characters > CACHED_CHARACTERS) this.#forget();
    const added = distinct.filter((word) => !this.#cache.has(word));
    for (const batch of lengthBatches(
      added.map((word) => Math.max(word.length, 1)),
      CHARACTERS_PER_RUN,
    )) {
      await this.#add(batch.map((number) => added[number]));
    }
    return this.#cache;
  }

  /** @param {string[]} words */
  async #add(words) {
    const inputs = this.#session.inputs.map((name) => [name, this.#encode(name, words)]);
    const vectors = await this.#session.run(Object.fromEntries(inputs));
    const width = vectors.length / words.length;
    words.forEach((word, row) => {
      this.#cache.set(word, vectors.subarray(row * width, (row + 1) * width));
      this.#characters += word.length;
    });
    this.#numbers += vectors.length;
  }

  /** @param {string} name of an input @param {string[]} words */
  #encode(name, words) {
    return /** @type {import("../features/features.js").Encode} */ (this.#features.get(name))(words);
  }

  #forget() {
    this.#cache = new Map();
    this.#characters = this.#numbers = 0;
  }
}
