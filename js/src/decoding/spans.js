/** Entities as spans of tokens, and as tags: `nertagger/text/schemes.py`. */

/** @typedef {{ label: string, first: number, stop: number }} Span */

/**
 * Return the entities of BIOES tags, valid or not, by the rules of conlleval.
 * @param {string[]} tags
 * @returns {Span[]}
 */
export function readSpans(tags) {
  /** @type {Span[]} */
  const spans = [];
  let label = "";
  let first = 0;
  let before = "O";
  tags.forEach((tag, position) => {
    const prefix = tag[0];
    if ("BSO".includes(prefix) || "ESO".includes(before) || tag.slice(2) !== label) {
      if (label) spans.push({ label, first, stop: position });
      label = tag.slice(2);
      first = position;
    }
    before = prefix;
  });
  if (label) spans.push({ label, first, stop: tags.length });
  return spans;
}

/**
 * Return the IOB2 tags of spans.
 * @param {Span[]} spans
 * @param {number} length how many tokens the sentence has
 */
export function writeTags(spans, length) {
  const tags = Array(length).fill("O");
  for (const { label, first, stop } of spans) {
    tags.fill(`I-${label}`, first, stop);
    tags[first] = `B-${label}`;
  }
  return tags;
}
