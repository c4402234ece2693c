/** The tagger: entities in texts, and tags of tokenized sentences: `nertagger/runtime/tagger.py`. */

import { openDecoder, readTags } from "./decoding/decoder.js";
import { writeTags } from "./decoding/spans.js";
import { DataError, ModelFileError } from "./errors.js";
import { readModel } from "./modelfile/modelFile.js";
import { Engine } from "./runtime/engine.js";
import { countCharacters, hasSurrogates } from "./text/characters.js";
import { segment } from "./text/segment.js";
import { PROFILES } from "./text/tokenizer.js";

/** @typedef {import("./text/tokenizer.js").Words} Sentence the words of a sentence, and the UTF-16 offset of each */
/**
 * @typedef {object} Entity
 * @property {string} label
 * @property {number} start of its first character in the text
 * @property {number} end after its last character
 * @property {string} text
 * @property {number} confidence the probability that exactly these tokens are an entity of this label
 */
/** @typedef {{ text: string, entities: Entity[] }} Document a tagged text */
/**
 * @typedef {object} TagOptions
 * @property {number} [minConfidence] entities of lower confidence are left out; 0 if not given
 * @property {"utf-16" | "code-points"} [offsets] what `start` and `end` count: UTF-16 units, as `slice` does (the
 *   default), or code points, as Python does
 */

// Texts are read ahead up to this many tokens or texts, to batch sentences of similar length.
const WINDOW_TOKENS = 1 << 14;
const WINDOW_TEXTS = 1 << 11;

export class Tagger {
  #engine;
  #decoder;
  #profile;

  /**
   * Use `load` instead.
   * @param {string[]} tags
   * @param {Engine} engine
   * @param {import("./decoding/decoder.js").Decoder} decoder
   * @param {import("./text/tokenizer.js").Profile} profile
   */
  constructor(tags, engine, decoder, profile) {
    this.#engine = engine;
    this.#decoder = decoder;
    this.#profile = profile;
    /** The labels that entities can have. @type {readonly string[]} */
    this.labels = [...new Set(tags.slice(1).map((tag) => tag.slice(2)))];
  }

  /**
   * Return the tagger in the bytes of a model file.
   * @param {Uint8Array} content
   * @param {import("./runtime/session.js").Runtime} runtime
   */
  static async open(content, runtime) {
    const model = await readModel(content);
    const tags = readTags(model.vocabulary);
    const profile = model.vocabulary.tokenizer?.profile ?? "general"; // older models had no other
    if (!PROFILES.includes(profile)) {
      throw new ModelFileError(
        `the model's tokenizer is ${profile}, expected one of ${PROFILES.join(", ")}; upgrade this module`,
      );
    }
    return new Tagger(tags, await Engine.open(runtime, model, tags.length), openDecoder(model, tags), profile);
  }

  /**
   * Return a text with its entities, in order.
   * @param {string} text
   * @param {TagOptions} [options]
   * @returns {Promise<Document>}
   */
  async tag(text, options) {
    const [document] = await this.#tagWindow([this.#segmented(text)], options);
    return document;
  }

  /**
   * Yield each text with its entities, in order; a bounded number of texts is read ahead.
   * @param {Iterable<string> | AsyncIterable<string>} texts
   * @param {TagOptions} [options]
   * @returns {AsyncGenerator<Document>}
   */
  async *pipe(texts, options) {
    if (typeof texts === "string") throw new DataError("got a text, expected several; a single one is for tag");
    let window = [];
    let tokens = 0;
    for await (const text of texts) {
      const segmented = this.#segmented(text);
      window.push(segmented);
      tokens += segmented.sentences.reduce((sum, { words }) => sum + words.length, 0);
      if (tokens >= WINDOW_TOKENS || window.length >= WINDOW_TEXTS) {
        yield* await this.#tagWindow(window, options);
        window = [];
        tokens = 0;
      }
    }
    yield* await this.#tagWindow(window, options);
  }

  /**
   * Return the IOB2 tags of sentences that are given as lists of words.
   * @param {string[][]} sentences
   * @returns {Promise<string[][]>}
   */
  async tagTokens(sentences) {
    if (!Array.isArray(sentences) || !sentences.every(isListOfWords)) {
      throw new DataError("expected a list of sentences, each a list of words");
    }
    const emissions = await this.#engine.run(sentences);
    return sentences.map((words, i) => writeTags(words.length ? this.#decoder.spans(emissions[i]) : [], words.length));
  }

  /**
   * Return the sentences of a text as they are tagged.
   * @param {string} text
   * @returns {Sentence[]}
   */
  segment(text) {
    return segment(text, this.#profile);
  }

  /** @param {string} text */
  #segmented(text) {
    if (typeof text !== "string") throw new DataError(`got ${text === null ? null : typeof text}, expected a text`);
    return { text, sentences: this.segment(text) };
  }

  /**
   * @param {{ text: string, sentences: Sentence[] }[]} window
   * @param {TagOptions} [options]
   * @returns {Promise<Document[]>}
   */
  async #tagWindow(window, { minConfidence = 0, offsets = "utf-16" } = {}) {
    const emissions = await this.#engine.run(window.flatMap(({ sentences }) => sentences.map(({ words }) => words)));
    let number = 0;
    return window.map(({ text, sentences }) => {
      const found = sentences.flatMap((sentence) => this.#entities(text, sentence, emissions[number++]));
      const entities = found.filter(({ confidence }) => confidence >= minConfidence);
      return { text, entities: offsets === "code-points" ? inCodePoints(text, entities) : entities };
    });
  }

  /** @param {string} text @param {Sentence} sentence @param {Float32Array} emissions @returns {Entity[]} */
  #entities(text, { words, starts }, emissions) {
    return this.#decoder.predictions(emissions).map(({ label, first, stop, confidence }) => {
      const start = starts[first];
      const end = starts[stop - 1] + words[stop - 1].length;
      return { label, start, end, text: text.slice(start, end), confidence };
    });
  }
}

/**
 * Return entities in order with offsets in code points.
 * @param {string} text
 * @param {Entity[]} entities
 */
function inCodePoints(text, entities) {
  if (!hasSurrogates(text)) return entities;
  let unit = 0;
  let point = 0;
  return entities.map((entity) => {
    const start = point + countCharacters(text.slice(unit, entity.start));
    unit = entity.end;
    point = start + countCharacters(entity.text);
    return { ...entity, start, end: point };
  });
}

/** @param {unknown} words */
const isListOfWords = (words) => Array.isArray(words) && words.every((word) => typeof word === "string");
