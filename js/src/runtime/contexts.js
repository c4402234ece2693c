/** Contextual embeddings, the states of a language model at each token: `nertagger/features/contextual.py`. */

import { listed, Vocabulary } from "../features/vocabulary.js";
import { ModelFileError } from "../errors.js";
import { Session } from "./session.js";

const LONGEST_TOKEN = 100; // characters; a longer token is represented by its first and last ones, half each
const END_ID = 1; // of the end of a line
const NAMES = ["forward", "backward", "forward_places", "backward_places"];

/** @typedef {(sentences: string[][]) => Promise<Float32Array>} Contexts computes the states (T, B, D) of sentences */

/**
 * Return the language model of a tagger, null if it has none.
 * @param {import("./session.js").Runtime} runtime
 * @param {import("../modelfile/modelFile.js").ModelFile} model
 * @returns {Promise<Contexts | null>}
 */
export async function openContexts(runtime, model) {
  if (!model.members.has("context.onnx")) return null;
  const items = listed(model.vocabulary, "context");
  if (!items) throw new ModelFileError("vocabulary.json lacks the symbols of the language model (context)");
  const symbols = new Vocabulary(items);
  const session = await Session.open(runtime, model, "context.onnx");
  return (sentences) => session.run(contextualInputs(sentences, symbols));
}

/**
 * Return the inputs of both directions for B sentences of at most T tokens and C symbols: the ids in the order in which
 * they are read, (C, B), and where the state of each token is among the C * B ones, (T, B).
 * @param {string[][]} sentences
 * @param {Vocabulary} symbols
 */
function contextualInputs(sentences, symbols) {
  const encoded = sentences.map((words) => encode(words, symbols));
  const count = sentences.length;
  const shape = [Math.max(...encoded.map(({ ids }) => ids.length)), count];
  const tokens = [Math.max(...sentences.map((words) => words.length)), count];
  const arrays = [shape, shape, tokens, tokens].map(([rows]) => new Int32Array(rows * count));
  const [forward, backward, forwardPlaces, backwardPlaces] = arrays;
  encoded.forEach(({ ids, ends, begins }, column) => {
    ids.forEach((id, i) => {
      forward[i * count + column] = id;
      backward[i * count + column] = i ? ids[ids.length - i] : END_ID;
    });
    ends.forEach((end, t) => (forwardPlaces[t * count + column] = end * count + column));
    begins.forEach((begin, t) => (backwardPlaces[t * count + column] = begin * count + column));
  });
  const shapes = [shape, shape, tokens, tokens];
  return Object.fromEntries(NAMES.map((name, i) => [name, { data: arrays[i], shape: shapes[i] }]));
}

/**
 * Return the ids of a sentence, and for each direction the position of the last symbol read of each token.
 * @param {string[]} words
 * @param {Vocabulary} symbols
 */
function encode(words, symbols) {
  const seen = words.map(edges);
  const ids = [END_ID, ...seen.flatMap((word, i) => (i ? [" ", ...word] : word)).map((symbol) => symbols.id(symbol))];
  let end = -1;
  const ends = seen.map((word) => (end += word.length + 1));
  return { ids, ends, begins: ends.map((end, i) => ids.length - 1 - (end - seen[i].length)) };
}

/** Return the characters of a token that are read. @param {string} word */
function edges(word) {
  const characters = [...word];
  const half = LONGEST_TOKEN / 2;
  return characters.length <= LONGEST_TOKEN ? characters : [...characters.slice(0, half), ...characters.slice(-half)];
}
