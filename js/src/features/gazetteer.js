/**
 * Names in lists as an input of the network: `nertagger/features/gazetteer.py`.
 *
 * A word with the columns of its input that are 1 is a form: what a word of a name is depends on the sentence.
 */

import { ModelFileError } from "../errors.js";
import { normalized } from "../text/spelling.js";
import { listed } from "./vocabulary.js";
import { WordIndex } from "./wordIndex.js";

const MARK = "\0"; // between a word and its columns; a word that contains it has a mark, if need be of no columns
const POSITIONS = 4;
const [BEGIN, INSIDE, END, SINGLE] = [0, 1, 2, 3];
const MOST_LABELS = 30;

/** @typedef {{ first: number, stop: number, marks: number }} Name found in a sentence, and its labels as bits */

/** Return the word of a form. @param {string} form */
export const wordOf = (form) => (form.includes(MARK) ? form.slice(0, form.lastIndexOf(MARK)) : form);

export class Gazetteer {
  #names;
  #firsts;
  #width;

  /**
   * @param {number} labels L
   * @param {(text: string) => number} names returns the labels of a name, as bits; its words are joined by the mark
   * @param {(text: string) => number} firsts returns how many words names have that begin with a word, as bits
   */
  constructor(labels, names, firsts) {
    this.#names = names;
    this.#firsts = firsts;
    this.#width = POSITIONS * labels;
  }

  /** Return the form of each word of a sentence. @param {string[]} words */
  forms(words) {
    const columns = this.#columns(words.map(normalized));
    return words.map((word, place) => {
      const found = columns.get(place);
      return found || word.includes(MARK) ? `${word}${MARK}${found ?? ""}` : word;
    });
  }

  /** Return the input for forms: 1 for each label and position. @type {import("./features.js").Encode} */
  encode = (forms) => {
    const data = new Float32Array(forms.length * this.#width);
    forms.forEach((form, row) => {
      const columns = form.slice(wordOf(form).length + 1).split(",").filter(Boolean);
      for (const column of columns) data[row * this.#width + Number(column)] = 1;
    });
    return { data, shape: [forms.length, this.#width] };
  };

  /** Return the columns of the tokens in names; of overlapping names the longest counts. @param {string[]} words */
  #columns(words) {
    const found = this.#find(words).sort((a, b) => b.stop - b.first - (a.stop - a.first) || a.first - b.first);
    const columns = new Map();
    for (const { first, stop, marks } of found) {
      if (columns.has(first) || columns.has(stop - 1)) continue;
      for (let place = first; place < stop; place++) {
        const position = stop - first === 1 ? SINGLE : place === first ? BEGIN : place === stop - 1 ? END : INSIDE;
        columns.set(place, bits(marks).map((label) => POSITIONS * label + position));
      }
    }
    return columns;
  }

  /** Return every name in a sentence. @param {string[]} words @returns {Name[]} */
  #find(words) {
    return words.flatMap((word, first) =>
      bits(this.#firsts(word))
        .map((length) => first + length)
        .filter((stop) => stop <= words.length)
        .map((stop) => ({ first, stop, marks: this.#names(words.slice(first, stop).join(MARK)) }))
        .filter(({ marks }) => marks),
    );
  }
}

/**
 * Return the names in lists that a model was trained with, null without any.
 * @param {import("../modelfile/modelFile.js").ModelFile} model
 */
export function openGazetteer({ vocabulary, tensors }) {
  const labels = listed(vocabulary, "gazetteer");
  if (!labels) return null;
  if (labels.length > MOST_LABELS) throw new ModelFileError(`the gazetteer has ${labels.length} labels`);
  return new Gazetteer(labels.length, table(tensors, "keys", "marks"), table(tensors, "first_keys", "lengths"));
}

/**
 * Return a function from a text to the number in one tensor beside its key in another, 0 without one.
 * @param {Map<string, import("../modelfile/tensors.js").Tensor>} tensors
 * @param {string} keys
 * @param {string} values
 * @returns {(text: string) => number}
 */
function table(tensors, keys, values) {
  const [known, numbers] = [keys, values].map((name) => tensors.get(`gazetteer/${name}`));
  if (known?.dtype !== "I64" || numbers?.dtype !== "I32" || known.shape[0] !== numbers.shape[0]) {
    throw new ModelFileError(`gazetteer/${keys} and gazetteer/${values} are not a key and a number for each name`);
  }
  const index = new WordIndex(known);
  return (text) => {
    const row = index.exactRow(text);
    return row ? numbers.data[row - 1] : 0;
  };
}

/** Return which bits of a number are set, in rising order. @param {number} number */
function bits(number) {
  const found = [];
  for (let place = 0; place < 31; place++) if ((number >> place) & 1) found.push(place);
  return found;
}
