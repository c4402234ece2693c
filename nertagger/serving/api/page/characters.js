// Offsets of the service count characters (code points); those of JavaScript count halves of some.

/** Return a function that returns the part of a text between two offsets of the service. */
export function slicer(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (start, end) => text.slice(start, end);
  const places = [0];
  for (const character of text) places.push(places[places.length - 1] + character.length);
  return (start, end) => text.slice(places[start], places[Math.min(end, places.length - 1)]);
}

/** Return the text without halves of characters, which no text in Unicode has. */
export function wellFormed(text) {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

/** Return the direction of a text, "rtl" or "ltr": that of its first letter. */
export function directionOf(text) {
  return /^\P{L}*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text.slice(0, 1000)) ? "rtl" : "ltr";
}
