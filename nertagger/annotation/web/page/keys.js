// The keys of labels, and the overlay that lists all keys.

import { make, openDialog } from "./dom.js";

const COMMANDS = "aensu";

// Returns [key, label] pairs: a digit for each of the first nine labels, and a free letter of its name.
export function labelKeys(labels) {
  const keys = new Map();
  labels.forEach((label, place) => {
    if (place < 9) keys.set(String(place + 1), label);
    const free = [...label.toLowerCase()].find((letter) => /^[a-z]$/.test(letter) && !COMMANDS.includes(letter) && !keys.has(letter));
    if (free) keys.set(free, label);
  });
  return keys;
}

export function keysOf(label, keys) {
  return [...keys].filter(([, one]) => one === label).map(([key]) => key);
}

export function isTyping(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog, [contenteditable]");
}

export function showKeys(keys) {
  const rows = [
    ["← →", "move over the words"],
    ["Shift + ← →", "widen the selection"],
    ["Tab", "go to the next proposal"],
    ...[...new Set(keys.values())].map((label) => [keysOf(label, keys).join(" or "), `label as ${label}`]),
    ["Enter", "accept the proposal; if none is open, save and continue"],
    ["Shift + Enter or a", "accept all proposals, save and continue"],
    ["Backspace", "reject the proposal, or remove the entity"],
    ["n", "no entities here: save and continue"],
    ["s", "skip: leave it undecided"],
    ["u", "undo: the last change, then the last saved answer"],
    ["e", "label this name everywhere"],
    ["/", "search"],
    ["?", "this list"],
  ];
  openDialog("Keyboard", (close) => [
    make("table", { class: "keys" }, make("tbody", {}, rows.map(([key, text]) => make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, key)), make("td", {}, text))))),
    make("p", {}, "With the mouse: drag over words to select them, drag the edge of an entity to move it."),
    make("button", { type: "button", onclick: close }, "Close"),
  ]);
}
