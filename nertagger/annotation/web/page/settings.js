// The view of the settings: labels, guidelines, what is asked for next, export and backup.

import { download, put, remove } from "./api.js";
import { button, make } from "./dom.js";
import { guarded } from "./problems.js";
import { refresh, state, takeProject } from "./state.js";

export async function showSettings(view) {
  await refresh();
  const draw = () => showSettings(view);
  const change = guarded(async (changes) => { takeProject(await put("settings", changes)); await draw(); });
  view.replaceChildren(labels(change), guidelines(change), asking(change), names(draw), files());
}

function labels(change) {
  const known = state.project.settings.labels;
  const input = make("input", { maxlength: "60", required: true, "aria-label": "New label" });
  return make("section", { class: "card" }, make("h2", {}, "Labels"),
    make("p", { class: "labels" }, state.project.labels.map(({ name, hue }) => make("span", { class: "label", hue }, name,
      button("×", () => change({ labels: known.filter((one) => one !== name) }), { class: "remove", "aria-label": `Remove ${name}`, title: "Remove", disabled: state.project.read_only })))),
    make("form", { class: "row", onsubmit: (event) => { event.preventDefault(); change({ labels: [...known, input.value.trim()] }); } }, input, make("button", { disabled: state.project.read_only }, "Add label")));
}

function guidelines(change) {
  const area = make("textarea", { rows: "8", maxlength: "100000", "aria-label": "Guidelines" });
  area.value = state.project.settings.guidelines;
  return make("section", { class: "card" }, make("h2", {}, "Guidelines"), make("p", { class: "note" }, "Shown beside every sentence."), area,
    make("div", { class: "row" }, button("Save guidelines", () => change({ guidelines: area.value }), { disabled: state.project.read_only })));
}

function asking(change) {
  const { settings, strategies, read_only: isReadOnly } = state.project;
  const field = (text, node) => make("label", { class: "field" }, make("span", {}, text), node);
  const share = (name) => make("input", { type: "number", min: "0", max: "100", value: String(Math.round(100 * settings[name])), disabled: isReadOnly, onchange: (event) => change({ [name]: Number(event.target.value) / 100 }) });
  return make("section", { class: "card" }, make("h2", {}, "Which sentence comes next"),
    field("Order", make("select", { disabled: isReadOnly, onchange: (event) => change({ strategy: event.target.value }) },
      Object.entries(strategies).map(([name, text]) => make("option", { value: name, selected: name === settings.strategy }, text)))),
    field("Drawn at random, in %", share("random_share")),
    field("Shown to a second annotator, in %", share("overlap")),
    field("Train after this many answers (0: only on request)", make("input", { type: "number", min: "0", value: String(settings.train_every), disabled: isReadOnly, onchange: (event) => change({ train_every: Number(event.target.value) }) })));
}

function names(draw) {
  const found = Object.entries(state.project.names);
  if (!found.length) return "";
  return make("section", { class: "card" }, make("h2", {}, "Names labelled everywhere"), make("ul", { class: "names" }, found.map(([text, label]) =>
    make("li", {}, make("bdi", {}, text), " ", make("span", { class: "label", hue: state.hues.get(label) ?? 0 }, label), " ",
      button("Forget", guarded(async () => { await remove("names", { text }); await draw(); }), { "aria-label": `Forget ${text}`, disabled: state.project.read_only })))));
}

function files() {
  const select = make("select", { "aria-label": "Format" }, state.project.formats.map(({ name, title }) => make("option", { value: name, title, selected: name === "jsonl" }, name)));
  return make("section", { class: "card" }, make("h2", {}, "Export"),
    make("div", { class: "row" }, select, button("Download the decisions", guarded(() => download("export", { format: select.value })))),
    make("p", { class: "note" }, "On the command line the project is a corpus: ", make("code", {}, "nertagger convert PROJECT out.conll"), ", ", make("code", {}, "nertagger train --train PROJECT"), "."),
    make("h2", {}, "Backup"), make("div", { class: "row" }, button("Download the database", guarded(() => download("backup")))));
}
