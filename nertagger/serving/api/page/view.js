// What is shown of a document. Text and labels become text nodes and never markup.
import { slicer } from "./characters.js";
import { hueOf } from "./colours.js";

const LABEL_CHARACTERS = 24; // of a label beside a name; the legend shows all

/** Return an element with a class and children: elements or text. */
export function element(name, { className = "", hue, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (hue !== undefined) made.style.setProperty("--hue", hue);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export const percent = (share) => (share > 0 && share < 0.0005 ? "< 0.1 %" : `${(share * 100).toFixed(share > 0.9995 || share === 0 ? 0 : 1)} %`);

const short = (label) => (label.length > LABEL_CHARACTERS ? `${label.slice(0, LABEL_CHARACTERS - 1)}\u2026` : label);

const labelOf = ({ label }) => element("span", { className: "label", hue: hueOf(label), title: label }, short(label));

/** Show a document: its sentences, which can be chosen, with marked entities. */
export function showDocument(place, found) {
  const part = slicer(found.text);
  const entities = [...found.entities].sort((a, b) => a.start - b.start);
  let next = 0;
  let end = 0;
  const nodes = [];
  (found.sentences ?? []).forEach((sentence, number) => {
    nodes.push(part(end, sentence.start));
    const own = [];
    while (next < entities.length && entities[next].start < sentence.end) own.push(entities[next++]);
    end = Math.max(sentence.end, ...own.map((entity) => entity.end));
    nodes.push(element("span", {
      className: "sentence", role: "button", tabindex: number ? "-1" : "0", "aria-expanded": "false",
      "data-start": sentence.start, "data-end": end,
    }, ...marked(part, own, sentence.start, end)));
  });
  nodes.push(part(end, Infinity));
  place.replaceChildren(...nodes);
}

function marked(part, entities, start, end) {
  const nodes = [];
  let at = start;
  for (const entity of entities) {
    nodes.push(part(at, entity.start));
    const mark = element("mark", { hue: hueOf(entity.label) }, part(entity.start, entity.end), element("b", { dir: "ltr" }, short(entity.label)));
    mark.entity = entity;
    if (entity.confidence !== undefined) {
      mark.classList.add("sure");
      mark.style.setProperty("--sure", entity.confidence);
      const rule = entity.rule ? `, rule: ${entity.rule}` : "";
      mark.title = `${entity.label}, ${percent(entity.confidence)} sure${rule}`;
    }
    nodes.push(element("bdi", {}, mark));
    at = entity.end;
  }
  nodes.push(part(at, end));
  return nodes;
}

/** Mark only those entities for which a function returns true. */
export function filterMarks(place, isShown) {
  for (const mark of place.querySelectorAll("mark")) {
    const on = isShown(mark.entity);
    mark.classList.toggle("off", !on);
    if (on) mark.removeAttribute("role");
    else mark.setAttribute("role", "none");
  }
}

/** Show a button for each label, pressed unless it is hidden, with the numbers of entities shown and found. */
export function showLegend(place, counts, hidden, toggle) {
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.label : null;
  place.replaceChildren(...[...counts].map(([label, { shown, all }]) => {
    const button = element("button", { type: "button", hue: hueOf(label), "aria-pressed": String(!hidden.has(label)), "data-label": label },
      label, element("span", {}, shown === all ? `${all}` : `${shown} of ${all}`));
    button.addEventListener("click", () => toggle(label));
    return button;
  }));
  if (focused !== null) [...place.children].find((button) => button.dataset.label === focused)?.focus();
  if (!counts.size) place.append(element("p", { className: "quiet" }, "No entities were found."));
}

/** Show the distinct names of the entities, the most frequent first. */
export function showNames(place, entities, goTo) {
  const names = new Map();
  for (const entity of entities) {
    const key = JSON.stringify([entity.text, entity.label]);
    if (!names.has(key)) names.set(key, { ...entity, all: [] });
    names.get(key).all.push(entity);
  }
  const sorted = [...names.values()].sort((a, b) => b.all.length - a.all.length).slice(0, 500);
  place.replaceChildren(...sorted.map((name) => {
    let next = 0;
    const button = element("button", { type: "button" },
      element("bdi", { className: "name" }, name.text.replace(/\s+/g, " ")),
      labelOf(name),
      element("span", { className: "count" }, `${name.all.length}`));
    button.addEventListener("click", () => goTo(name.all[next++ % name.all.length]));
    return element("li", {}, button);
  }));
}

/** Show labellings of a sentence, best first, with their probabilities. */
export function showLabellings(place, sentences) {
  const items = sentences.flatMap((sentence) => sentence.readings ?? []);
  place.replaceChildren(...items.map(({ probability, entities }) => {
    const chips = entities.flatMap((entity, number) => [
      number ? " \u00b7 " : "", element("bdi", {}, entity.text.replace(/\s+/g, " ")), " ",
      labelOf(entity),
    ]);
    const bar = element("div", { className: "bar" });
    bar.style.setProperty("--sure", probability);
    return element("li", {}, element("div", {}, element("div", { className: "count" }, percent(probability)), bar),
      element("div", { className: "chips" }, ...(chips.length ? chips : ["no entities"])));
  }));
}
