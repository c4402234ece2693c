// The view for looking over the work: doubtful decisions, and what annotators have decided differently.

import { get, post } from "./api.js";
import { button, counted, make } from "./dom.js";
import { isTyping } from "./keys.js";
import { guarded } from "./problems.js";
import { shownSentence } from "./sentence.js";
import { refresh, state } from "./state.js";

export async function showReview(view) {
  const [doubtful, agreement] = await Promise.all([get("doubtful"), get("agreement")]);
  const rows = doubtful.sentences.map(doubtfulRow);
  const intro = doubtful.total
    ? `${counted(doubtful.total, "decision")} of which a model that had not seen them says otherwise, the surest first.`
    : "None. Decisions are checked by models that have not seen them once there are 50 answers.";
  view.replaceChildren(
    make("section", { class: "card" }, make("h2", {}, "Doubtful decisions"), make("p", {}, intro),
      rows.length ? make("p", { class: "note" }, make("kbd", {}, "↑ ↓"), " move, ", make("kbd", {}, "k"), " keep the decision, ", make("kbd", {}, "Enter"), " take the model’s") : null,
      make("ol", { id: "doubtful", class: "list" }, rows)),
    make("section", { class: "card" }, make("h2", {}, "Agreement"), pairs(agreement.pairs),
      make("ol", { class: "list" }, agreement.sentences.map(disagreement))));
  document.addEventListener("keydown", onkey);
  if (rows.length) rows[0].focus();
  return () => document.removeEventListener("keydown", onkey);
}

function doubtfulRow(sentence) {
  const decision = sentence.decisions.find((one) => one.version === sentence.decision);
  const mine = sentence.decisions.find((one) => one.annotator === state.annotator);
  const decide = (entities) => guarded(async () => {
    await post("decisions", {
      sentence: sentence.id, annotator: state.annotator, version: mine ? mine.version : 0, origin: "review",
      entities: entities.map(({ label, first, stop }) => ({ label, first, stop })),
    });
    const following = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    if (following) following.focus();
    refresh();
  });
  const keep = button("Keep", decide(decision.entities), { "data-action": "keep" });
  const take = button("Take the model’s", decide(sentence.proposals), { "data-action": "take" });
  keep.disabled = take.disabled = state.project.read_only;
  const row = make("li", { tabindex: "0", class: "doubtful" },
    make("p", { class: "place" }, make("b", {}, `${Math.round(100 * sentence.doubt)} % sure`), " · decided by ", make("bdi", {}, decision.annotator), " · ", make("bdi", {}, sentence.source)),
    make("div", { class: "versions" },
      make("div", {}, make("h3", {}, "Decision"), shownSentence(sentence, decision.entities, state.hues)),
      make("div", {}, make("h3", {}, "Model"), shownSentence(sentence, sentence.proposals.map((one) => ({ ...one, state: "proposed" })), state.hues))),
    make("div", { class: "row" }, keep, take, make("a", { href: `#label/${sentence.id}` }, "Open")));
  return row;
}

function onkey(event) {
  if (isTyping(event)) return;
  const row = document.activeElement.closest(".doubtful");
  if (!row || (event.key === "Enter" && event.target !== row)) return;
  const act = {
    ArrowDown: () => row.nextElementSibling && row.nextElementSibling.focus(),
    ArrowUp: () => row.previousElementSibling && row.previousElementSibling.focus(),
    k: () => row.querySelector("[data-action=keep]").click(),
    Enter: () => row.querySelector("[data-action=take]").click(),
  }[event.key];
  if (!act) return;
  act();
  event.preventDefault();
}

function pairs(found) {
  if (!found.length) return make("p", {}, "No sentence has been answered by two people yet.");
  const head = ["Annotators", "Both answered", "Differ", "F1", "Kappa"];
  return make("div", { class: "scroll" }, make("table", {}, make("thead", {}, make("tr", {}, head.map((text) => make("th", { scope: "col" }, text)))),
    make("tbody", {}, found.map((one) => make("tr", {},
      make("td", {}, one.annotators.join(" and ")), make("td", {}, String(one.sentences)), make("td", {}, String(one.differ.length)),
      make("td", {}, (100 * one.f1).toFixed(1)), make("td", {}, one.kappa.toFixed(3)))))));
}

function disagreement(sentence) {
  const answers = sentence.decisions.filter((one) => one.kind === "answer");
  const mine = sentence.decisions.find((one) => one.annotator === state.annotator);
  const row = make("li", {},
    make("p", { class: "place" }, make("bdi", {}, sentence.source)),
    make("div", { class: "versions" }, answers.map((one) => make("div", {},
      make("h3", {}, make("bdi", {}, one.annotator)), shownSentence(sentence, one.entities, state.hues),
      one === mine ? null : button(`Decide as ${one.annotator}`, guarded(async () => {
        await post("decisions", { sentence: sentence.id, annotator: state.annotator, version: mine ? mine.version : 0, origin: "review", entities: one.entities });
        row.remove();
      }), { disabled: state.project.read_only })))),
    make("div", { class: "row" }, make("a", { href: `#label/${sentence.id}` }, "Open")));
  return row;
}
