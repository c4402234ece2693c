/** The first eight bytes of BLAKE2b (RFC 7693) of a text, by which words are found in the tables of a model. */

import { hasSurrogates } from "../text/characters.js";

const BLOCK = 128;
const ROUNDS = 12;
const DIGEST = 8;
const PARAMETERS = 0x01010000 ^ DIGEST; // no key, fan-out and depth of 1

// Each 64-bit number is two of 32 bits, the lower half first.
// prettier-ignore
const START = new Int32Array([
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
]);
// prettier-ignore
const SIGMA = new Uint8Array([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
  7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
  9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
  2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
  12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
  13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
  6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
  10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
]);
// The four words that each of the eight mixings of a round changes.
// prettier-ignore
const MIXED = new Uint8Array([
  0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 0, 5, 10, 15, 1, 6, 11, 12, 2, 7, 8, 13, 3, 4, 9, 14,
]);

/** Computes hashes, with arrays of its own that each hash uses again. */
export class Hasher {
  #state = new Int32Array(16);
  #words = new Int32Array(32);
  #message = new Int32Array(BLOCK / 4);
  #bytes = new Uint8Array(this.#message.buffer);

  /**
   * Return the lower and the upper half of the hash of a text, as signed numbers.
   * @param {string} text
   * @returns {[number, number]}
   */
  hash(text) {
    const bytes = encode(text);
    this.#state.set(START);
    this.#state[0] ^= PARAMETERS;
    for (let at = 0; at === 0 || at < bytes.length; at += BLOCK) {
      const end = Math.min(at + BLOCK, bytes.length);
      this.#bytes.fill(0);
      this.#bytes.set(bytes.subarray(at, end));
      this.#compress(end, end === bytes.length);
    }
    return [this.#state[0] | 0, this.#state[1] | 0];
  }

  /**
   * Mix the message into the state.
   * @param {number} count how many bytes have been read
   * @param {boolean} isLast
   */
  #compress(count, isLast) {
    const words = this.#words;
    words.set(this.#state);
    words.set(START, 16);
    words[24] ^= count; // a text is shorter than 2^32 bytes
    if (isLast) {
      words[28] = ~words[28];
      words[29] = ~words[29];
    }
    for (let round = 0; round < ROUNDS; round++) {
      const order = (round % 10) * 16;
      for (let i = 0; i < 16; i += 2) mix(words, this.#message, 2 * i, SIGMA[order + i], SIGMA[order + i + 1]);
    }
    for (let i = 0; i < 16; i++) this.#state[i] ^= words[i] ^ words[i + 16];
  }
}

/**
 * The function G of the RFC.
 * @param {Int32Array} words
 * @param {Int32Array} message
 * @param {number} mixed where the four words are in `MIXED`
 * @param {number} x a number of the message
 * @param {number} y another
 */
function mix(words, message, mixed, x, y) {
  const a = 2 * MIXED[mixed];
  const b = 2 * MIXED[mixed + 1];
  const c = 2 * MIXED[mixed + 2];
  const d = 2 * MIXED[mixed + 3];
  add(words, a, words, b);
  add(words, a, message, 2 * x);
  rotate(words, d, a, 32);
  add(words, c, words, d);
  rotate(words, b, c, 24);
  add(words, a, words, b);
  add(words, a, message, 2 * y);
  rotate(words, d, a, 16);
  add(words, c, words, d);
  rotate(words, b, c, 63);
}

/**
 * Add a number to a word.
 * @param {Int32Array} words
 * @param {number} a where the word is
 * @param {Int32Array} numbers
 * @param {number} b where the number is
 */
function add(words, a, numbers, b) {
  const low = (words[a] + numbers[b]) | 0;
  const carry = low >>> 0 < words[a] >>> 0 ? 1 : 0;
  words[a] = low;
  words[a + 1] = (words[a + 1] + numbers[b + 1] + carry) | 0;
}

/**
 * Set a word to its exclusive or with another, rotated to the right.
 * @param {Int32Array} words
 * @param {number} a where the word is
 * @param {number} b where the other is
 * @param {16 | 24 | 32 | 63} count
 */
function rotate(words, a, b, count) {
  const low = words[a] ^ words[b];
  const high = words[a + 1] ^ words[b + 1];
  if (count === 32) {
    words[a] = high;
    words[a + 1] = low;
  } else if (count === 63) {
    words[a] = (low << 1) | (high >>> 31);
    words[a + 1] = (high << 1) | (low >>> 31);
  } else {
    words[a] = (low >>> count) | (high << (32 - count));
    words[a + 1] = (high >>> count) | (low << (32 - count));
  }
}

const encoder = new TextEncoder();
const LONE_SURROGATE = /\p{Surrogate}/u; // a pair is one character

/**
 * Return a text in UTF-8, in which half a surrogate pair is encoded like a character, as Python's `surrogatepass` does.
 * @param {string} text
 */
function encode(text) {
  if (!hasSurrogates(text) || !LONE_SURROGATE.test(text)) return encoder.encode(text);
  return Uint8Array.from([...text].flatMap(encodeCharacter));
}

/** @param {string} character */
function encodeCharacter(character) {
  const code = /** @type {number} */ (character.codePointAt(0));
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  return isHalf
    ? [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
    : [...encoder.encode(character)];
}
