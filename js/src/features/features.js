/** The input features of words, from a model file: `nertagger/features/features.py`. */

import { ModelFileError } from "../errors.js";
import { CharacterEncoder } from "./characters.js";
import { wordOf } from "./gazetteer.js";
import { wordShape } from "./shapes.js";
import { normalized } from "../text/spelling.js";
import { openVectors } from "./vectors.js";
import { listed, Vocabulary } from "./vocabulary.js";
import { foldDigits, openIndex } from "./wordIndex.js";

/** @typedef {{ data: Float32Array | Int32Array, shape: number[] }} Input an input of a graph */
/** @typedef {(words: string[]) => Input} Encode */
/** @typedef {import("../modelfile/tensors.js").Tensor} Tensor */

/**
 * Return, by the name of each input of `words.onnx`, a function from distinct words to that input.
 * @param {import("../modelfile/modelFile.js").ModelFile} model
 * @param {import("./gazetteer.js").Gazetteer | null} gazetteer whose forms are given in place of words
 * @returns {Map<string, Encode>}
 */
export function openFeatures(model, gazetteer) {
  const features = featuresOfWords(model);
  if (!gazetteer) return features;
  /** @type {Map<string, Encode>} */
  const ofForms = new Map([["gazetteer", gazetteer.encode]]);
  features.forEach((encode, name) => ofForms.set(name, (forms) => encode(forms.map(wordOf))));
  return ofForms;
}

/** @param {import("../modelfile/modelFile.js").ModelFile} model @returns {Map<string, Encode>} */
function featuresOfWords({ vocabulary, tensors }) {
  const features = new Map();
  const words = listed(vocabulary, "words");
  const characters = listed(vocabulary, "characters");
  const shapes = listed(vocabulary, "shapes");
  const index = openIndex(tensors, "word_keys", "word_vectors");
  const table = openVectors(tensors);
  if (index && table) features.set("vectors", vectors(index, table));
  if (words)
    features.set(
      "word_ids",
      ids(new Vocabulary(words), (known, word) => known.wordId(word)),
    );
  if (characters) features.set("characters", spelling(new CharacterEncoder(characters, vocabulary.max_length)));
  if (shapes)
    features.set(
      "shapes",
      ids(new Vocabulary(shapes), (known, word) => known.id(wordShape(word))),
    );
  const shares = tagShares(tensors, vocabulary.tags.length);
  if (shares) features.set("tag_shares", shares);
  return features;
}

/**
 * @param {import("./wordIndex.js").WordIndex} index
 * @param {import("./vectors.js").VectorTable} table
 * @returns {Encode}
 */
function vectors(index, table) {
  return (words) => ({ data: table.lookup(words.map((word) => index.row(word))), shape: [words.length, table.width] });
}

/** @param {Vocabulary} known @param {(known: Vocabulary, word: string) => number} id @returns {Encode} */
function ids(known, id) {
  return (words) => ({ data: Int32Array.from(words, (word) => id(known, normalized(word))), shape: [words.length] });
}

/** @param {CharacterEncoder} encoder @returns {Encode} */
function spelling(encoder) {
  return (words) => {
    const { ids, width } = encoder.encode(words.map(normalized));
    return { data: ids, shape: [words.length, width] };
  };
}

/**
 * Return the frequencies of the tags of words in the training set: `nertagger/features/tag_counts.py`.
 * @param {Map<string, Tensor>} tensors
 * @param {number} tags
 * @returns {Encode | null}
 */
function tagShares(tensors, tags) {
  const index = openIndex(tensors, "tag_keys", "tag_counts");
  if (!index) return null;
  const { dtype, shape, data } = /** @type {Tensor} */ (tensors.get("tag_counts"));
  if (dtype !== "I32" || shape[1] !== tags) {
    throw new ModelFileError(
      `tag_counts is ${dtype} of shape ${shape}, expected I32 with a column for each of ${tags} tags`,
    );
  }
  return (words) => {
    const shares = new Float32Array(words.length * tags);
    words.forEach((word, number) => {
      const row = index.exactRow(foldDigits(normalized(word)));
      const counts = /** @type {Int32Array} */ (data).subarray(row * tags, (row + 1) * tags);
      const total = counts.reduce((sum, count) => sum + count, 1);
      counts.forEach((count, tag) => (shares[number * tags + tag] = count / total));
    });
    return { data: shares, shape: [words.length, tags] };
  };
}
