/**
 * The output layers of a model, a CRF or a softmax: `nertagger/decoding/outputs.py` and `nertagger/runtime/decoder.py`.
 */

import { ModelFileError } from "../errors.js";
import { floats } from "../modelfile/tensors.js";
import { LogMatrix, spanPosteriors } from "./forwardBackward.js";
import { readSpans } from "./spans.js";
import { maskedTransitions, SparseMatrix } from "./transitions.js";
import { argmax, viterbi } from "./viterbi.js";

const TAG = /^(?:O|[BIES]-.+)$/su;

/** @typedef {import("./spans.js").Span & { confidence: number }} Prediction */
/** @typedef {(emissions: Float32Array) => import("./spans.js").Span[]} SpanReader */
/**
 * @typedef {object} Decoder decodes the emissions of a sentence that is not empty, (T, K)
 * @property {SpanReader} spans returns the entities of the best tag sequence
 * @property {(emissions: Float32Array) => Prediction[]} predictions returns them with their exact posteriors
 */

/**
 * Return the tags of a model.
 * @param {Record<string, any>} vocabulary
 * @returns {string[]}
 */
export function readTags({ tags }) {
  const isValid = Array.isArray(tags) && tags[0] === "O" && tags.every((tag) => TAG.test(tag));
  if (!isValid) throw new ModelFileError("vocabulary.json: the tags are not BIOES tags, O first");
  return tags;
}

/**
 * Return the decoder of a model.
 * @param {import("../modelfile/modelFile.js").ModelFile} model
 * @param {string[]} tags
 * @returns {Decoder}
 */
export function openDecoder({ vocabulary, tensors }, tags) {
  if (vocabulary.output === "softmax") return softmaxDecoder(tags);
  if (vocabulary.output !== "crf") {
    throw new ModelFileError(`vocabulary.json: the output is ${vocabulary.output}, expected crf or softmax`);
  }
  const size = tags.length;
  const between = floats(tensors, "crf/transitions", [size, size]);
  return crfDecoder(
    tags,
    maskedTransitions(tags, between, floats(tensors, "crf/start", [size]), floats(tensors, "crf/end", [size])),
  );
}

/** @param {string[]} tags @param {import("./transitions.js").Transitions} transitions @returns {Decoder} */
function crfDecoder(tags, transitions) {
  const { between, size } = transitions;
  const reached = new SparseMatrix(between, size, true);
  const matrices = { onwards: new LogMatrix(between, size, true), back: new LogMatrix(between, size, false) };
  const pathOf = (/** @type {Float32Array} */ emissions) => viterbi(emissions, transitions, reached);
  const spansOf = (/** @type {Int32Array} */ path) => readSpans(Array.from(path, (tag) => tags[tag]));
  return {
    spans: (emissions) => spansOf(pathOf(emissions)),
    predictions: (emissions) => {
      const path = pathOf(emissions);
      const spans = spansOf(path);
      if (!spans.length) return []; // needs no sums
      const posterior = spanPosteriors(emissions, path, transitions, matrices);
      return spans.map((span) => ({ ...span, confidence: posterior(span.first, span.stop) }));
    },
  };
}

/**
 * The tags of tokens are independent, and emissions their log-probabilities.
 * @param {string[]} tags
 * @returns {Decoder}
 */
function softmaxDecoder(tags) {
  const size = tags.length;
  const pathOf = (/** @type {Float32Array} */ emissions) =>
    Array.from({ length: emissions.length / size }, (_, t) => argmax(size, (tag) => emissions[t * size + tag]));
  const spansOf = (/** @type {number[]} */ path) => readSpans(path.map((tag) => tags[tag]));
  return {
    spans: (emissions) => spansOf(pathOf(emissions)),
    predictions: (emissions) => {
      const path = pathOf(emissions);
      return spansOf(path).map((span) => {
        let sum = 0;
        for (let t = span.first; t < span.stop; t++) sum += emissions[t * size + path[t]];
        return { ...span, confidence: Math.exp(Math.min(sum, 0)) };
      });
    },
  };
}
