/** The transition scores of a linear-chain CRF: `nertagger/decoding/transitions.py`. */

/**
 * @typedef {object} Transitions the scores of K tags; those that the scheme forbids are minus infinity
 * @property {number} size K
 * @property {Float64Array} between (K, K) [from, to]
 * @property {Float64Array} start
 * @property {Float64Array} end
 */

/**
 * Return the given scores, with minus infinity for what BIOES forbids.
 * @param {string[]} tags
 * @param {Float32Array} between
 * @param {Float32Array} start
 * @param {Float32Array} end
 * @returns {Transitions}
 */
export function maskedTransitions(tags, between, start, end) {
  const size = tags.length;
  const isOpen = tags.map((tag) => tag[0] === "B" || tag[0] === "I");
  const continues = tags.map((tag) => tag[0] === "I" || tag[0] === "E");
  const follows = (/** @type {number} */ from, /** @type {number} */ to) =>
    isOpen[from] ? continues[to] && tags[from].slice(2) === tags[to].slice(2) : !continues[to];
  return {
    size,
    between: Float64Array.from(between, (score, at) => (follows(Math.floor(at / size), at % size) ? score : -Infinity)),
    start: Float64Array.from(start, (score, tag) => (continues[tag] ? -Infinity : score)),
    end: Float64Array.from(end, (score, tag) => (isOpen[tag] ? -Infinity : score)),
  };
}

/** A score or, in log space, a matrix of scores: for each row the columns that are possible, and their scores. */
export class SparseMatrix {
  columns;
  scores;

  /**
   * @param {Float64Array} matrix (K, K)
   * @param {number} size K
   * @param {boolean} isTransposed whether the rows are those of the transposed matrix
   */
  constructor(matrix, size, isTransposed) {
    const at = (/** @type {number} */ row, /** @type {number} */ column) =>
      matrix[isTransposed ? column * size + row : row * size + column];
    const all = [...Array(size).keys()];
    this.columns = all.map((row) => Int32Array.from(all.filter((column) => at(row, column) > -Infinity)));
    this.scores = this.columns.map((columns, row) => Float64Array.from(columns, (column) => at(row, column)));
  }
}
