/** Emissions of sentences, in batches of similar length: `nertagger/runtime/engine.py`. */

import { openFeatures } from "../features/features.js";
import { openGazetteer } from "../features/gazetteer.js";
import { ModelFileError } from "../errors.js";
import { lengthBatches, LONGEST, windows } from "./batching.js";
import { openContexts } from "./contexts.js";
import { Session } from "./session.js";
import { WordEncoder } from "./words.js";

const TOKENS_PER_RUN = 1024;

/**
 * @typedef {{ sentence: number, from: number, words: string[], skip: number, keep: number }} Part of a sentence that is run
 * @typedef {{ words: string[], forms: string[] }} Given words, and what the word encoder takes for them
 */

export class Engine {
  #words;
  #network;
  #contexts;
  #gazetteer;
  #tags;
  /** @type {Promise<unknown>} the call before, because the runs of a graph must not overlap */
  #before = Promise.resolve();

  /**
   * @param {WordEncoder} words
   * @param {Session} network
   * @param {import("./contexts.js").Contexts | null} contexts
   * @param {import("../features/gazetteer.js").Gazetteer | null} gazetteer
   * @param {number} tags
   */
  constructor(words, network, contexts, gazetteer, tags) {
    this.#words = words;
    this.#network = network;
    this.#contexts = contexts;
    this.#gazetteer = gazetteer;
    this.#tags = tags;
  }

  /**
   * Open the graphs of a model.
   * @param {import("./session.js").Runtime} runtime
   * @param {import("../modelfile/modelFile.js").ModelFile} model
   * @param {number} tags K
   */
  static async open(runtime, model, tags) {
    const gazetteer = openGazetteer(model);
    const words = new WordEncoder(await Session.open(runtime, model, "words.onnx"), openFeatures(model, gazetteer));
    const network = await Session.open(runtime, model, "network.onnx");
    return new Engine(words, network, await openContexts(runtime, model), gazetteer, tags);
  }

  /**
   * Return the emissions (T, K) of each sentence.
   * @param {string[][]} sentences
   * @returns {Promise<Float32Array[]>}
   */
  run(sentences) {
    const result = this.#before.then(() => this.#run(sentences));
    this.#before = result.catch(() => undefined);
    return result;
  }

  /** @param {string[][]} sentences */
  async #run(sentences) {
    const emissions = sentences.map((words) => new Float32Array(words.length * this.#tags));
    const parts = sentences
      .flatMap(partsOf)
      .map((part) => ({ ...part, forms: this.#gazetteer ? this.#gazetteer.forms(part.words) : part.words }));
    const vectors = await this.#words.lookup(parts.flatMap(({ forms }) => forms));
    for (const batch of lengthBatches(
      parts.map(({ words }) => words.length),
      TOKENS_PER_RUN,
    )) {
      const here = batch.map((number) => parts[number]);
      const scores = await this.#runBatch(here, vectors);
      here.forEach((part, column) => this.#keep(emissions[part.sentence], part, scores, column, here.length));
    }
    return emissions;
  }

  /**
   * Return the emissions (T, B, K) of sentences, longest first.
   * @param {Given[]} given
   * @param {Map<string, Float32Array>} vectors
   */
  async #runBatch(given, vectors) {
    const sentences = given.map(({ words }) => words);
    const count = sentences.length;
    const longest = sentences[0].length;
    const width = /** @type {Float32Array} */ (vectors.get(given[0].forms[0])).length;
    const data = new Float32Array(longest * count * width);
    given.forEach(({ forms }, column) =>
      forms.forEach((form, t) =>
        data.set(/** @type {Float32Array} */ (vectors.get(form)), (t * count + column) * width),
      ),
    );
    const scores = await this.#network.run({
      words: { data, shape: [longest, count, width] },
      lengths: { data: Int32Array.from(sentences, (words) => words.length), shape: [count] },
      ...(await this.#context(sentences)),
    });
    if (scores.length !== longest * count * this.#tags) {
      throw new ModelFileError(`network.onnx gives ${scores.length} emissions, expected ${this.#tags} for each token`);
    }
    return scores;
  }

  /**
   * Return the input of the network from a language model, if there is one.
   * @param {string[][]} sentences
   * @returns {Promise<Record<string, import("../features/features.js").Input>>}
   */
  async #context(sentences) {
    if (!this.#contexts) return {};
    const data = await this.#contexts(sentences);
    const shape = [sentences[0].length, sentences.length, data.length / sentences[0].length / sentences.length];
    return { context: { data, shape } };
  }

  /**
   * Copy the emissions of a part to those of its sentence.
   * @param {Float32Array} emissions
   * @param {Part} part
   * @param {Float32Array} scores (T, B, K)
   * @param {number} column of the part in the batch
   * @param {number} count B
   */
  #keep(emissions, { from, skip, keep }, scores, column, count) {
    const tags = this.#tags;
    for (let t = 0; t < keep; t++) {
      const at = ((t + skip) * count + column) * tags;
      emissions.set(scores.subarray(at, at + tags), (from + t) * tags);
    }
  }
}

/**
 * Return the parts in which a sentence is run: one unless it is very long.
 * @param {string[]} words
 * @param {number} sentence its number
 * @returns {Part[]}
 */
function partsOf(words, sentence) {
  if (words.length <= LONGEST) return [{ sentence, from: 0, words, skip: 0, keep: words.length }];
  return windows(words.length).map(({ start, stop, keepStart, keepStop }) => ({
    sentence,
    from: keepStart,
    words: words.slice(start, stop),
    skip: keepStart - start,
    keep: keepStop - keepStart,
  }));
}
