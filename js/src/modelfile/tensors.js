/** Tensors by name from the bytes of a safetensors file: `nertagger/modelfile/tensors.py`. */

import { ModelFileError } from "../errors.js";

/**
 * @typedef {"F64" | "F32" | "F16" | "I64" | "I32" | "I8" | "U8"} Dtype
 * @typedef {Float64Array | Float32Array | Uint16Array | Int32Array | Int8Array | Uint8Array} Data
 */
/**
 * @typedef {object} Tensor
 * @property {Dtype} dtype
 * @property {number[]} shape
 * @property {Data} data of F16 the bits, of I64 the lower and upper half of each number
 */

/** @type {Record<Dtype, [new (buffer: ArrayBuffer, offset: number, length: number) => Data, number]>} */
const TYPES = {
  F64: [Float64Array, 8],
  F32: [Float32Array, 4],
  F16: [Uint16Array, 2],
  I64: [Int32Array, 8],
  I32: [Int32Array, 4],
  I8: [Int8Array, 1],
  U8: [Uint8Array, 1],
};

/**
 * Return the tensors of a safetensors file, as views of it where their offsets allow that.
 * @param {Uint8Array} content
 * @returns {Map<string, Tensor>}
 */
export function readTensors(content) {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const length = content.length < 8 ? Infinity : Number(view.getBigUint64(0, true));
  if (length > content.length - 8) throw new ModelFileError("weights.safetensors is damaged: its header does not fit");
  const header = JSON.parse(new TextDecoder().decode(content.subarray(8, 8 + length)));
  const data = content.subarray(8 + length);
  delete header.__metadata__;
  return new Map(Object.entries(header).map(([name, entry]) => [name, readTensor(name, entry, data)]));
}

/**
 * @param {string} name
 * @param {{ dtype: Dtype, shape: number[], data_offsets: [number, number] }} entry
 * @param {Uint8Array} data
 * @returns {Tensor}
 */
function readTensor(name, { dtype, shape, data_offsets: [begin, end] }, data) {
  const size = shape.reduce((product, axis) => product * axis, 1);
  if (!(dtype in TYPES) || end > data.length || end - begin !== size * TYPES[dtype][1]) {
    throw new ModelFileError(`weights.safetensors is damaged: ${name} (${dtype}, ${shape}) does not fit into it`);
  }
  const [Type, bytes] = TYPES[dtype];
  const part = data.subarray(begin, end);
  const whole = part.byteOffset % bytes ? part.slice() : part; // a view must be aligned
  const count = dtype === "I64" ? 2 * size : size;
  return { dtype, shape, data: new Type(/** @type {ArrayBuffer} */ (whole.buffer), whole.byteOffset, count) };
}

/**
 * Return the float32 tensor of a name.
 * @param {Map<string, Tensor>} tensors
 * @param {string} name
 * @param {number[]} shape
 * @returns {Float32Array}
 */
export function floats(tensors, name, shape) {
  const tensor = tensors.get(name);
  if (tensor?.dtype !== "F32" || String(tensor.shape) !== String(shape) || !tensor.data.every(Number.isFinite)) {
    const got = tensor ? `${tensor.dtype} of shape ${tensor.shape}` : "missing";
    throw new ModelFileError(`${name} is ${got}, expected finite F32 of shape ${shape}`);
  }
  return /** @type {Float32Array} */ (tensor.data);
}

/**
 * Return numbers for bits of float16.
 * @param {Uint16Array} bits
 * @param {Float32Array} numbers as long as `bits`, where the numbers are written
 */
export function readHalves(bits, numbers) {
  for (let i = 0; i < bits.length; i++) numbers[i] = half(bits[i]);
}

/** @param {number} bits */
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
