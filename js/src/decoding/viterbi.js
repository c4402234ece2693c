/** The best tag sequence of a linear-chain CRF by the Viterbi algorithm: `nertagger/decoding/viterbi.py`. */

import { SparseMatrix } from "./transitions.js";

/**
 * Return the best tag sequence of a sentence; of equally good ones that with the lowest ids at its end.
 * @param {Float32Array} emissions (T, K)
 * @param {import("./transitions.js").Transitions} transitions
 * @param {SparseMatrix} onwards the transitions, a row for each tag that is reached
 * @returns {Int32Array} T ids of tags
 */
export function viterbi(emissions, { size, between, start, end }, onwards) {
  const length = emissions.length / size;
  const scores = Float64Array.from(emissions); // of the best sequence up to a token that ends in a tag
  for (let tag = 0; tag < size; tag++) scores[tag] += start[tag];
  for (let at = size; at < scores.length; at += size) {
    for (let tag = 0; tag < size; tag++) {
      scores[at + tag] += best(scores, at - size, onwards.columns[tag], onwards.scores[tag]);
    }
  }
  const path = new Int32Array(length);
  path[length - 1] = argmax(size, (tag) => scores[(length - 1) * size + tag] + end[tag]);
  for (let t = length - 2; t >= 0; t--) {
    const next = path[t + 1];
    path[t] = argmax(size, (tag) => scores[t * size + tag] + between[tag * size + next]);
  }
  return path;
}

/**
 * Return the greatest sum of a score and the transition from it.
 * @param {Float64Array} scores
 * @param {number} at where the scores of the token begin
 * @param {Int32Array} tags
 * @param {Float64Array} transitions
 */
function best(scores, at, tags, transitions) {
  let greatest = -Infinity;
  for (let i = 0; i < tags.length; i++) {
    const score = scores[at + tags[i]] + transitions[i];
    if (score > greatest) greatest = score;
  }
  return greatest;
}

/**
 * Return the first of the numbers below `size` with the greatest score.
 * @param {number} size
 * @param {(number: number) => number} score
 */
export function argmax(size, score) {
  let found = 0;
  let greatest = score(0);
  for (let number = 1; number < size; number++) {
    const other = score(number);
    if (other > greatest) {
      greatest = other;
      found = number;
    }
  }
  return found;
}
