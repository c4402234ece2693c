// A sentence with its entities as elements; with the pointer, tokens are selected and edges of entities dragged.

import { make, short } from "./dom.js";
import { codeUnits, textOf } from "./draft.js";

// Returns the pieces of a sentence: tokens, the characters between them, and entities around them.
export function pieces(sentence, entities, { hues, wrapToken, wrapEntity }) {
  const found = [];
  let place = 0;
  let end = 0;
  const upTo = (stop) => {
    const part = [];
    for (; place < stop; place += 1) {
      const token = sentence.tokens[place];
      part.push(sentence.text.slice(codeUnits(sentence, end), codeUnits(sentence, token.start)));
      part.push(wrapToken(token, place));
      end = token.end;
    }
    return part;
  };
  for (const entity of entities) {
    found.push(...upTo(entity.first));
    const [gap, ...inner] = upTo(entity.stop);
    found.push(gap, wrapEntity(entity, inner, hues.get(entity.label) ?? 0));
  }
  found.push(...upTo(sentence.tokens.length));
  return found;
}

function describe(entity) {
  const sure = entity.confidence === undefined || entity.confidence === null ? "" : ` ${Math.round(100 * entity.confidence)} %`;
  return entity.state === "proposed" ? `${sure}${entity.origin && entity.origin !== "model" ? ` ${entity.origin}` : ""}` : "";
}

// Returns a sentence that is only shown.
export function shownSentence(sentence, entities, hues) {
  return make("p", { class: "sentence small", dir: "auto" }, pieces(sentence, entities, {
    hues,
    wrapToken: (token) => token.text,
    wrapEntity: (entity, inner, hue) =>
      make("mark", { class: `entity ${entity.state || "decided"}`, hue }, inner, make("span", { class: "tag", title: entity.label }, short(entity.label) + describe(entity))),
  }));
}

// Returns the sentence of a draft, to be labelled; `onchange` is called after each change by the pointer.
export function editableSentence(draft, hues, onchange) {
  const { sentence } = draft;
  const [first, stop] = draft.selection;
  const { current } = draft;
  const box = make("div", {
    id: "sentence", class: "sentence", dir: "auto", tabindex: "0", role: "application",
    "aria-label": "Sentence to label. Arrow keys move over the words.",
  });
  const edge = (entity, side) =>
    make("span", { class: `edge ${side}`, "aria-hidden": "true", onpointerdown: (event) => startDrag(event, draft, entity, side, onchange) });
  box.append(...pieces(sentence, draft.entities, {
    hues,
    wrapToken: (token, place) =>
      make("span", { class: `token${first <= place && place < stop ? " selected" : ""}`, "data-token": String(place) }, token.text),
    wrapEntity: (entity, inner, hue) =>
      make("mark", { class: `entity ${entity.state}${entity === current ? " current" : ""}`, hue, "data-label": entity.label },
        edge(entity, "start"), inner, edge(entity, "end"),
        make("span", { class: "tag", title: entity.label }, short(entity.label) + describe(entity))),
  }));
  box.addEventListener("pointerdown", (event) => startSelection(event, draft, onchange));
  return box;
}

export function describeSelection(draft) {
  const [first, stop] = draft.selection;
  const entity = draft.current;
  const what = entity ? `, ${entity.label}, ${entity.state}${describe(entity)}: ${textOf(draft.sentence, entity)}` : "";
  return `${textOf(draft.sentence, { first, stop })}${what}`;
}

function tokenAt(event) {
  const node = document.elementFromPoint(event.clientX, event.clientY);
  const token = node && node.closest("[data-token]");
  return token ? Number(token.dataset.token) : null;
}

// Calls `move` for each token that the pointer reaches until it is released. The elements are made anew meanwhile, so
// that the window is listened to.
function follow(event, move) {
  event.preventDefault();
  event.stopPropagation();
  const moved = (next) => {
    const token = tokenAt(next);
    if (token !== null) move(token);
  };
  const ended = () => {
    removeEventListener("pointermove", moved);
    removeEventListener("pointerup", ended);
    removeEventListener("pointercancel", ended);
  };
  addEventListener("pointermove", moved);
  addEventListener("pointerup", ended);
  addEventListener("pointercancel", ended);
}

function startSelection(event, draft, onchange) {
  const start = tokenAt(event);
  if (start === null || event.button) return;
  draft.select(start, event.shiftKey ? { anchor: draft.anchor } : {});
  const { anchor } = draft;
  follow(event, (token) => {
    if (token === draft.head) return;
    draft.select(token, { anchor });
    onchange();
  });
  onchange();
}

function startDrag(event, draft, entity, side, onchange) {
  let held = entity;
  follow(event, (token) => {
    const before = held;
    held = draft.resize(held, side === "start" ? { first: token } : { stop: token + 1 });
    if (held !== before) {
      draft.select(side === "start" ? held.first : held.stop - 1);
      onchange();
    }
  });
}
