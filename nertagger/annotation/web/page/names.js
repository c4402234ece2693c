// A name that gets a label everywhere: where it occurs is shown first.

import { get, post } from "./api.js";
import { button, counted, make, openDialog } from "./dom.js";
import { guarded } from "./problems.js";
import { shownSentence } from "./sentence.js";
import { refresh, state } from "./state.js";

const SHOWN = 100;

export const openName = guarded(async (text, label, done) => {
  const { places } = await get("names", { text, annotator: state.annotator });
  const select = make("select", { "aria-label": "Label" }, state.project.labels.map(({ name }) => make("option", { value: name, selected: name === label }, name)));
  const answered = places.filter((one) => one.is_answered);
  const open = places.length - answered.length;
  const boxes = answered.slice(0, SHOWN).map((place) => makeRow(place));
  openDialog(`“${text}” everywhere`, (close) => [
    make("p", {}, `Label as `, select, `. It occurs ${counted(places.length, "time")}.`),
    open ? make("p", {}, `It is proposed in ${counted(open, "place")} without an answer of yours.`) : null,
    boxes.length ? make("p", {}, "Change these answers of yours now:") : null,
    make("ul", { class: "places" }, boxes.map(({ row }) => row)),
    answered.length > SHOWN ? make("p", { class: "note" }, `The first ${SHOWN} are listed; the others stay as they are.`) : null,
    make("div", { class: "row" },
      button("Label them", guarded(async () => {
        close();
        const sentences = [...new Set(boxes.filter(({ box }) => box.checked).map(({ place }) => place.sentence))];
        await post("names", { text, label: select.value, annotator: state.annotator, sentences });
        await refresh();
        done();
      }), { class: "main", disabled: state.project.read_only || !state.project.labels.length }),
      button("Cancel", close)),
  ].filter(Boolean));
});

function makeRow(place) {
  const box = make("input", { type: "checkbox", checked: !place.label });
  const entity = { label: place.label || "?", first: place.first, stop: place.stop, state: place.label ? "decided" : "proposed" };
  return { place, box, row: make("li", {}, make("label", {}, box, shownSentence(place, [entity], state.hues))) };
}
