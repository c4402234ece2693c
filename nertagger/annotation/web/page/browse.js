// The view for looking up sentences: search and filters.

import { get } from "./api.js";
import { button, counted, find, make } from "./dom.js";
import { guarded } from "./problems.js";
import { shownSentence } from "./sentence.js";
import { state } from "./state.js";

const PAGE = 50;
const STATES = [["all", "all sentences"], ["answered", "answered"], ["skipped", "skipped"], ["undecided", "undecided"]];

let wanted = { query: "", label: "", state: "all", annotator: "", source: "" };

export async function showBrowse(view) {
  view.replaceChildren(make("section", { class: "card" }, make("h2", {}, "Sentences"), form(), make("p", { id: "found", role: "status" }), make("ol", { id: "list", class: "list" }), make("p", { id: "more" })));
  await load(0);
  find("query").focus();
}

function form() {
  const change = (name) => (event) => { wanted = { ...wanted, [name]: event.target.value }; load(0); };
  const options = (pairs, chosen) => pairs.map(([value, text]) => make("option", { value, selected: value === chosen }, text));
  const names = (values, all) => [["", all], ...values.map((one) => [one, one])];
  return make("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
    make("label", {}, "Text ", make("input", { id: "query", type: "search", value: wanted.query, maxlength: "500", oninput: change("query") })),
    make("label", {}, "State ", make("select", { onchange: change("state") }, options(STATES, wanted.state))),
    make("label", {}, "Label ", make("select", { onchange: change("label") }, options(names(state.project.settings.labels, "any label"), wanted.label))),
    make("label", {}, "Annotator ", make("select", { onchange: change("annotator") }, options(names(Object.keys(state.project.annotators), "anybody"), wanted.annotator))),
    make("label", {}, "File ", make("select", { id: "sources", onchange: change("source") }, options(names([], "all files"), wanted.source))));
}

let asked = 0;

const load = guarded(async (first) => {
  asked += 1;
  const mine = asked;
  const found = await get("sentences", { ...wanted, first, number: PAGE });
  if (mine !== asked || !find("list")) return; // a later search is under way, or the view was left
  const sources = find("sources");
  if (sources.length === 1) sources.append(...found.sources.map((one) => make("option", { value: one, selected: one === wanted.source }, one)));
  find("found").textContent = `${counted(found.total, "sentence")} found`;
  const rows = found.sentences.map(row);
  if (first) find("list").append(...rows);
  else find("list").replaceChildren(...rows);
  const left = found.total - first - found.sentences.length;
  find("more").replaceChildren(...(left > 0 ? [button(`Show more (${left})`, () => load(first + PAGE))] : []));
});

function row(sentence) {
  const answer = sentence.decisions.find((one) => one.kind === "answer");
  const who = sentence.decisions.map((one) => (one.kind === "skip" ? `skipped by ${one.annotator}` : one.annotator)).join(", ");
  return make("li", {},
    shownSentence(sentence, answer ? answer.entities : [], state.hues),
    make("p", { class: "place" }, make("bdi", {}, sentence.source), " · ", make("bdi", {}, who || "undecided"), " · ",
      make("a", { href: `#label/${sentence.id}`, "aria-label": `Open sentence ${sentence.id}` }, "open")));
}
