// The hue of each label, the same as in the pages that the commands write: customary labels have fixed hues.

const CUSTOMARY = [
  ["PER", "PERSON", "PERS"], ["ORG", "ORGANIZATION", "ORGANISATION"], ["LOC", "LOCATION"], ["MISC", "NORP"], ["GPE"],
  ["DATE", "TIM", "TIME"],
];
const hues = new Map();
const taken = new Set();
let others = CUSTOMARY.length;

/** Return the hue of a label in degrees. */
export function hueOf(label) {
  if (!hues.has(label)) {
    let place = CUSTOMARY.findIndex((names) => names.includes(label.toUpperCase()));
    if (place < 0 || taken.has(place)) place = others++;
    taken.add(place);
    hues.set(label, Math.round(210 + 137.508 * place) % 360);
  }
  return hues.get(label);
}
