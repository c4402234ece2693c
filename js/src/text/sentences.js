/** Sentences of raw text, as ranges of its tokens: `nertagger/text/tokenization/sentences.py`, function by function. */

import { characterAt, countCharacters, isAlpha, isAscii, isDigit, isLower, stepBack, trimEnd } from "./characters.js";
import { FIRST_CASELESS, isShortForm, isUrduLetter } from "./shortForms.js";
import * as tables from "./tables.js";

/** @typedef {"close" | "line" | "joined" | "face" | "wide"} Kind what ends the sentence */
/**
 * @typedef {object} Candidate where a sentence may end
 * @property {Kind} kind
 * @property {number} first where the mark begins
 * @property {number} end where the mark ends, with what belongs to it
 * @property {number} after where the next token may begin
 * @property {string} stop the marks after the first one
 * @property {string} close the quotation marks and brackets after the marks
 */
/**
 * @typedef {object} Place what is known at a candidate
 * @property {string} text
 * @property {number[]} starts of the tokens
 * @property {number} begun where the current sentence begins
 */

const ASCII_CANDIDATES = new RegExp(tables.ASCII_CANDIDATES, "gu");
const CANDIDATES = new RegExp(tables.CANDIDATES, "gu");
const BLANK_LINE = new RegExp(tables.BLANK_LINE, "u");
const LINE_BREAK = new RegExp(`[${tables.LINE_BREAKS}]`, "u");
const LIST_ITEM = new RegExp(tables.LIST_ITEM, "uy");
const ELLIPSIS = new RegExp(`^(?:${tables.ELLIPSIS})$`, "u");
const WORD = new RegExp(tables.WORD, "gu");
const WORD_HERE = new RegExp(tables.WORD, "uy");
const OPENER = new RegExp(`^[${tables.OPENERS}]`, "u");
const COMMA = new RegExp(`^[${tables.COMMAS}]`, "u");
const CASED_MARK = new RegExp(`^[${tables.CASED_MARKS}]`, "u");
const ALWAYS_FOLLOWED = new Set(tables.ALWAYS_FOLLOWED);
const BEFORE_NUMBERS = new Set(tables.BEFORE_NUMBERS);
const SENTENCE_OPENERS = new Set(tables.SENTENCE_OPENERS);
const KINDS = /** @type {Kind[]} */ (["close", "line", "joined", "face", "wide"]);
const NEARBY = 8; // characters in which the first letter after quotation marks and brackets is searched
const URDU_STOP = "۔";

/**
 * Return the first token of each sentence, in order; none for a text without tokens.
 * @param {string} text
 * @param {number[]} starts the offsets of its tokens
 * @returns {number[]}
 */
export function sentenceStarts(text, starts) {
  if (!starts.length) return [];
  const found = [0];
  let begun = 0;
  for (const match of text.matchAll(isAscii(text) ? ASCII_CANDIDATES : CANDIDATES)) {
    const candidate = readCandidate(match);
    const token = bisect(starts, candidate.after - 1);
    if (token === starts.length) break;
    if (starts[token] === candidate.after && isEnd({ text, starts, begun }, candidate)) {
      if (token > 0) found.push(token);
      begun = candidate.after;
    }
  }
  return found;
}

/** @param {RegExpExecArray} match @returns {Candidate} */
function readCandidate(match) {
  const groups = /** @type {Record<string, string | undefined>} */ (match.groups);
  const kind = /** @type {Kind} */ (KINDS.find((name) => groups[name] !== undefined));
  const first = match.index;
  const end = kind === "line" ? first : first + trimEnd(match[0]).length;
  return { kind, first, end, after: first + match[0].length, stop: groups.stop ?? "", close: groups.close ?? "" };
}

/** Return whether a candidate ends the sentence. @param {Place} place @param {Candidate} candidate */
function isEnd(place, candidate) {
  const { text, starts } = place;
  const { kind, first, end, after } = candidate;
  const gap = text.slice(end, after);
  if (gap !== "" && gap !== " " && (BLANK_LINE.test(gap) || isHardBreak(text, first, gap, after))) return true;
  if (kind === "close") return isEndAtStop(place, candidate);
  if (kind === "joined") return starts[bisect(starts, first) - 1] === first;
  if (kind === "wide") return isEndAtTerminal(place, candidate);
  return kind === "face" && begins(text, after);
}

/** Return whether a mark of another script ends a sentence. @param {Place} place @param {Candidate} candidate */
function isEndAtTerminal({ text, starts, begun }, { first, end, after }) {
  const mark = characterAt(text, first);
  const next = characterAt(text, after);
  const isInNumber = end === after && isDigit(characterAt(text, stepBack(text, first))) && isDigit(next);
  if (isInNumber || COMMA.test(next)) return false;
  if (CASED_MARK.test(mark)) return begins(text, after);
  const position = bisect(starts, first) - 1;
  if (mark === URDU_STOP && isUrduShortForm(text, starts, position, after)) return false;
  return !isItemNumber(wordBefore(text, starts, position), starts[position - 1], begun);
}

/**
 * Return whether the stop at a token belongs to an ellipsis or to initials, written as names of letters.
 * @param {string} text
 * @param {number[]} starts
 * @param {number} position
 * @param {number} after
 */
function isUrduShortForm(text, starts, position, after) {
  const before = wordBefore(text, starts, position);
  const second = starts[position] + characterAt(text, starts[position]).length;
  if (text.slice(second, second + 1) === URDU_STOP || isShortForm(before)) return true;
  if (!isUrduLetter(before)) return false;
  if (isUrduLetter(matchAt(WORD_HERE, text, after))) return true;
  const isChained = position > 2 && wordBefore(text, starts, position - 1) === URDU_STOP;
  return isChained && isUrduLetter(wordBefore(text, starts, position - 2));
}

/** Return whether a sentence ends at stops before white space. @param {Place} place @param {Candidate} candidate */
function isEndAtStop({ text, starts, begun }, { first, after, stop, close }) {
  const mark = text[first];
  const doesBegin = begins(text, after);
  if (close || mark === "…" || (mark === "." && stop)) {
    const isOpen = isCaseless(firstLetter(text, after)) && ELLIPSIS.test(mark + stop);
    return doesBegin && !isOpen;
  }
  if (mark !== ".") return true;
  const position = bisect(starts, first) - 1;
  if (starts[position] < first) {
    return doesBegin && isEndAfterShortForm(text, text.slice(starts[position], first), after);
  }
  const before = wordBefore(text, starts, position);
  if (isItemNumber(before, starts[position - 1], begun)) return false;
  if ((before.codePointAt(0) ?? 0) >= FIRST_CASELESS && isShortForm(before)) return false;
  const next = characterAt(text, after);
  if (BEFORE_NUMBERS.has(before) && isDigit(next)) return false;
  const isLong = countCharacters(before) > tables.LONGEST_UNKNOWN_ABBREVIATION;
  return doesBegin || (isLong && isAlpha(before) && isAlpha(next));
}

/**
 * Return whether a usual opening word follows a short form.
 * @param {string} text
 * @param {string} form
 * @param {number} after
 */
function isEndAfterShortForm(text, form, after) {
  return !ALWAYS_FOLLOWED.has(form) && SENTENCE_OPENERS.has(matchAt(WORD, text, after));
}

/**
 * Return whether a word is the number of a list item.
 * @param {string} word
 * @param {number} start
 * @param {number} begun
 */
function isItemNumber(word, start, begun) {
  return isDigit(word) && countCharacters(word) <= tables.LONGEST_ITEM_NUMBER && start === begun;
}

/**
 * Return the token before the one at a position, empty if there is none.
 * @param {string} text
 * @param {number[]} starts
 * @param {number} position
 */
function wordBefore(text, starts, position) {
  return position ? trimEnd(text.slice(starts[position - 1], starts[position])) : "";
}

/**
 * Return whether the white space `gap` breaks the line for another reason than the margin.
 * @param {string} text
 * @param {number} end where the line ends
 * @param {string} gap
 * @param {number} after
 */
function isHardBreak(text, end, gap, after) {
  if (!LINE_BREAK.test(gap)) return false;
  const length = lengthOfLine(text, end);
  if (length > tables.LONGEST_WRAPPED || matchAt(LIST_ITEM, text, after)) return true;
  const next = characterAt(text, after);
  return length < tables.SHORTEST_WRAPPED && (!isLower(next) || isCaseless(next));
}

/**
 * Return how many characters of the line are before `end`, counted up to the longest wrapped line and one.
 * @param {string} text
 * @param {number} end
 */
function lengthOfLine(text, end) {
  let length = 0;
  for (let at = end; at > 0 && length <= tables.LONGEST_WRAPPED; length++) {
    at = stepBack(text, at);
    if (text[at] === "\n") break;
  }
  return length;
}

/** Return whether the text after a candidate can begin a sentence. @param {string} text @param {number} after */
function begins(text, after) {
  const next = characterAt(text, after);
  const first = OPENER.test(next) ? firstLetter(text, after) : next;
  return !COMMA.test(first) && (!isLower(first) || isCaseless(first));
}

/**
 * Return the first character that is no quotation mark or bracket, if there is one nearby.
 * @param {string} text
 * @param {number} after
 */
function firstLetter(text, after) {
  const nearby = [...text.slice(after, after + 2 * NEARBY)].slice(0, NEARBY);
  return nearby.find((character) => !OPENER.test(character)) ?? nearby[0];
}

/** Return whether a letter's script has no capitals at the start of sentences. @param {string} letter */
function isCaseless(letter) {
  if (!isAlpha(letter)) return false;
  return letter.toLowerCase() === letter.toUpperCase() || (letter >= "\u10d0" && letter <= "\u10ff");
}

/**
 * Return what an expression with the flag g or y matches from an offset on, empty if nothing.
 * @param {RegExp} expression
 * @param {string} text
 * @param {number} offset
 */
function matchAt(expression, text, offset) {
  expression.lastIndex = offset;
  return expression.exec(text)?.[0] ?? "";
}

/** Return how many of the rising numbers are at most `value`. @param {number[]} numbers @param {number} value */
function bisect(numbers, value) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
