/** Raw text segmented into sentences and words: `nertagger/text/segment.py`. */

import { sentenceStarts } from "./sentences.js";
import { tokenize } from "./tokenizer.js";

/**
 * Return the sentences of a text, each as its words and the offset of each word.
 * @param {string} text
 * @param {import("./tokenizer.js").Profile} profile
 * @returns {import("./tokenizer.js").Words[]}
 */
export function segment(text, profile) {
  const { words, starts } = tokenize(text, profile);
  const firsts = profile === "general" ? sentenceStarts(text, starts) : generalStarts(text, starts);
  return firsts.map((first, number) => ({
    words: words.slice(first, firsts[number + 1]),
    starts: starts.slice(first, firsts[number + 1]),
  }));
}

/**
 * Return the first token of each sentence, found with the tokens of the general profile: only these distinguish the
 * stop of an abbreviation from that of a sentence.
 * @param {string} text
 * @param {number[]} starts
 */
function generalStarts(text, starts) {
  const general = tokenize(text, "general").starts;
  const begins = new Set(sentenceStarts(text, general).map((token) => general[token]));
  return [...starts.keys()].filter((token) => token === 0 || begins.has(starts[token]));
}
