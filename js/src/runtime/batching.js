/**
 * Batches of sequences of similar length, and windows over long ones: `nertagger/runtime/batching.py`, `windows.py`.
 */

const MARGIN = 512; // tokens further away change an emission by no more than the rounding of float32
/** The most tokens of a sentence that is run in one piece. */
export const LONGEST = 4 * MARGIN;

/**
 * Return the numbers of sequences in batches, longest first, each of at most `budget` positions with padding. A longer
 * sequence is a batch of its own; empty sequences are in no batch.
 * @param {number[]} lengths
 * @param {number} budget
 * @returns {number[][]}
 */
export function lengthBatches(lengths, budget) {
  const order = [...lengths.keys()].filter((i) => lengths[i] > 0).sort((a, b) => lengths[b] - lengths[a]);
  const batches = [];
  for (let begin = 0; begin < order.length; begin += batches[batches.length - 1].length) {
    batches.push(order.slice(begin, begin + Math.max(1, Math.floor(budget / lengths[order[begin]]))));
  }
  return batches;
}

/**
 * @typedef {object} Window the tokens of a sentence that are run, and those of them whose result is kept
 * @property {number} start
 * @property {number} stop
 * @property {number} keepStart
 * @property {number} keepStop
 */

/**
 * Return overlapping windows whose kept parts together cover a sentence; one for a sentence of at most `LONGEST` tokens.
 * @param {number} length
 * @returns {Window[]}
 */
export function windows(length) {
  const found = [];
  for (let kept = 0; kept < length; kept = found[found.length - 1].keepStop) {
    const start = Math.max(Math.min(kept - MARGIN, length - LONGEST), 0);
    const stop = Math.min(start + LONGEST, length);
    found.push({ start, stop, keepStart: kept, keepStop: stop === length ? length : stop - MARGIN });
  }
  return found;
}
