/** The pretrained word vectors of a model: `nertagger/features/vectors/stored.py`. */

import { ModelFileError } from "../errors.js";
import { floats, readHalves } from "../modelfile/tensors.js";

/** @typedef {import("../modelfile/tensors.js").Tensor} Tensor */

const SCALES_PER_OCTAVE = 9; // of the scales of rows
const LEAST_SCALE = -19;

/** Word vectors, stored in fewer bits than they are used in: float16, or int8 with a scale for each column or row. */
export class VectorTable {
  #numbers;
  #columns;
  #rows;
  /** How many numbers a vector has. */
  width;

  /**
   * @param {Tensor} numbers
   * @param {Float32Array | null} columns the scale of each column
   * @param {Uint8Array | null} rows the code of the scale of each row
   */
  constructor(numbers, columns, rows) {
    this.#numbers = numbers;
    this.#columns = columns;
    this.#rows = rows;
    this.width = numbers.shape[1];
  }

  /**
   * Return the vectors of rows, one after the other.
   * @param {ArrayLike<number>} rows
   */
  lookup(rows) {
    const found = new Float32Array(rows.length * this.width);
    for (let i = 0; i < rows.length; i++) this.#read(rows[i], found.subarray(i * this.width, (i + 1) * this.width));
    return found;
  }

  /** @param {number} row @param {Float32Array} vector */
  #read(row, vector) {
    const stored = this.#numbers.data.subarray(row * this.width, (row + 1) * this.width);
    if (stored instanceof Uint16Array) return readHalves(stored, vector);
    const scale =
      this.#rows && Math.fround(2 ** Math.fround(Math.fround(this.#rows[row] / SCALES_PER_OCTAVE) + LEAST_SCALE));
    for (let i = 0; i < vector.length; i++)
      vector[i] = stored[i] * (scale ?? /** @type {Float32Array} */ (this.#columns)[i]);
  }
}

/**
 * Return the word vectors of a model, null if it has none.
 * @param {Map<string, Tensor>} tensors
 */
export function openVectors(tensors) {
  const table = tensors.get("word_vectors");
  if (!table) return null;
  const rows = tensors.get("word_scales");
  const columns = tensors.has("vector_scales") ? floats(tensors, "vector_scales", table.shape.slice(1)) : null;
  const expected = rows || columns ? "I8" : "F16";
  if (
    table.dtype !== expected ||
    table.shape.length !== 2 ||
    (rows && (rows.dtype !== "U8" || rows.shape[0] !== table.shape[0]))
  ) {
    throw new ModelFileError(`word_vectors is ${table.dtype} of shape ${table.shape}, expected ${expected} (words, D)`);
  }
  return new VectorTable(table, columns, /** @type {Uint8Array | undefined} */ (rows?.data) ?? null);
}
