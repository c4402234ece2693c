/** Exact probabilities of a linear-chain CRF in log space: `nertagger/decoding/forward_backward.py`. */

import { SparseMatrix } from "./transitions.js";

const LEAST_SUM = 1e-280; // beside it, terms too small for a double are negligible

/** A matrix of logarithms; its product with a vector is log(exp(matrix) exp(vector)). */
export class LogMatrix extends SparseMatrix {
  #top;
  #exponentials;
  #shifted;

  /** @param {Float64Array} matrix (K, K) @param {number} size K @param {boolean} isTransposed */
  constructor(matrix, size, isTransposed) {
    super(matrix, size, isTransposed);
    this.#top = matrix.reduce((greatest, score) => Math.max(greatest, score), -Infinity);
    this.#exponentials = this.scores.map((scores) => scores.map((score) => Math.exp(score - this.#top)));
    this.#shifted = new Float64Array(size);
  }

  /**
   * Add the product with a vector to the numbers from `at` on.
   * @param {Float64Array} vector
   * @param {Float64Array} numbers
   * @param {number} at
   */
  addProduct(vector, numbers, at) {
    const shifted = this.#shifted;
    const highest = maximum(vector);
    for (let i = 0; i < vector.length; i++) shifted[i] = Math.exp(vector[i] - highest);
    for (let row = 0; row < vector.length; row++) {
      const columns = this.columns[row];
      const exponentials = this.#exponentials[row];
      let sum = 0;
      for (let i = 0; i < columns.length; i++) sum += exponentials[i] * shifted[columns[i]];
      numbers[at + row] += sum < LEAST_SUM ? this.#smallSum(row, vector) : Math.log(sum) + highest + this.#top;
    }
  }

  /**
   * Return one number of the product, shifted by its own largest term.
   * @param {number} row
   * @param {Float64Array} vector
   */
  #smallSum(row, vector) {
    return logSum(this.scores[row].map((score, i) => score + vector[this.columns[row][i]]));
  }
}

/**
 * Return a function from a span of tokens to the probability that they have exactly the tags of a path.
 * @param {Float32Array} emissions (T, K)
 * @param {Int32Array} path a legal tag sequence
 * @param {import("./transitions.js").Transitions} transitions
 * @param {{ onwards: LogMatrix, back: LogMatrix }} matrices the transitions to each tag, and from each
 * @returns {(first: number, stop: number) => number}
 */
export function spanPosteriors(emissions, path, { size, between, start, end }, { onwards, back }) {
  const forward = Float64Array.from(emissions);
  for (let tag = 0; tag < size; tag++) forward[tag] += start[tag];
  for (let at = size; at < forward.length; at += size) {
    onwards.addProduct(forward.subarray(at - size, at), forward, at);
  }
  const backward = new Float64Array(emissions.length);
  backward.set(end, emissions.length - size);
  const after = new Float64Array(size);
  for (let at = backward.length - 2 * size; at >= 0; at -= size) {
    for (let tag = 0; tag < size; tag++) after[tag] = emissions[at + size + tag] + backward[at + size + tag];
    back.addProduct(after, backward, at);
  }
  const logPartition = logSum(end.map((score, tag) => forward[forward.length - size + tag] + score));
  return (first, stop) => {
    let inside = 0;
    for (let t = first + 1; t < stop; t++)
      inside += emissions[t * size + path[t]] + between[path[t - 1] * size + path[t]];
    const before = forward[first * size + path[first]];
    const last = (stop - 1) * size + path[stop - 1];
    return Math.exp(Math.min(before + inside + backward[last] - logPartition, 0));
  };
}

/** log(sum(exp(scores))); minus infinity where all scores are. @param {Float64Array} scores */
function logSum(scores) {
  const highest = Math.max(maximum(scores), -Number.MAX_VALUE);
  return Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0)) + highest;
}

/** @param {Float64Array} numbers */
function maximum(numbers) {
  let greatest = -Infinity;
  for (let i = 0; i < numbers.length; i++) if (numbers[i] > greatest) greatest = numbers[i];
  return greatest;
}
