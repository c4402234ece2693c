// The view for labelling: one sentence in its surroundings, its entities, and the keys.

import { get, post, put } from "./api.js";
import { announce, button, find, keyButton, make, openDialog, short } from "./dom.js";
import { Draft, textOf } from "./draft.js";
import { isTyping, keysOf, showKeys } from "./keys.js";
import { openName } from "./names.js";
import { guarded } from "./problems.js";
import { describeSelection, editableSentence, shownSentence } from "./sentence.js";
import { refresh, state, takeProject } from "./state.js";

const SUGGESTED = "PER, LOC, ORG";

let draft = null;
let shownAt = 0;
let view = null;
let isBusy = false;

function show(sentence) {
  draft = sentence ? new Draft(sentence) : null;
  shownAt = performance.now();
  draw();
  if (draft) announce(describeSelection(draft));
}

function draw() {
  if (!view) return;
  if (!state.project.labels.length && !state.project.read_only) {
    askForLabels();
    return;
  }
  if (!draft) {
    const { counts } = state.project;
    const text = counts.sentences ? "Every sentence is decided." : "This project has no texts yet.";
    view.replaceChildren(make("section", { class: "card empty" }, make("h2", {}, text),
      make("p", {}, "Add texts with: nertagger annotate PROJECT FILE…, or go through doubtful decisions under Review.")));
    return;
  }
  const { sentence } = draft;
  const hadFocus = document.activeElement && document.activeElement.id === "sentence";
  view.replaceChildren(make("div", { class: "work" },
    make("section", { class: "card", "aria-labelledby": "place" },
      make("p", { id: "place", class: "place", "data-sentence": String(sentence.id) }, make("bdi", {}, sentence.source), ` · sentence ${sentence.id}`, drawnNote(sentence), decidedNote(sentence)),
      make("p", { class: "context", dir: "auto" }, sentence.before.trim()),
      editableSentence(draft, state.hues, changed),
      make("p", { class: "context", dir: "auto" }, sentence.after.trim()),
    ),
    make("div", { class: "tools" }, labelBar(), actionBar()),
  ), sidePanel());
  if (hadFocus || document.activeElement === document.body) find("sentence").focus({ preventScroll: true });
}

// Without labels nothing can be answered but "no entities", of which no model learns anything.
function askForLabels() {
  const input = make("input", { id: "labels", value: SUGGESTED, required: true, maxlength: "1000", autocomplete: "off", spellcheck: false });
  const save = guarded(async () => {
    const labels = input.value.split(",").map((one) => one.trim()).filter(Boolean);
    takeProject(await put("settings", { labels }));
    draw();
  });
  view.replaceChildren(make("form", { class: "card empty", onsubmit: (event) => { event.preventDefault(); save(); } },
    make("h2", {}, "What do you want to label?"),
    make("p", {}, make("label", { for: "labels" }, "Labels of entities, separated by commas; more can be added later.")),
    make("p", { class: "row" }, input, make("button", { class: "main" }, "Start labelling"))));
  input.focus();
  input.select();
}

function drawnNote(sentence) {
  if (!sentence.drawn) return null;
  const why = sentence.drawn === "overlap" ? "asked twice, to measure agreement" : state.project.strategies[sentence.drawn];
  return make("span", { class: "note" }, ` · ${why || sentence.drawn}`);
}

function decidedNote(sentence) {
  if (!sentence.mine) return null;
  return make("span", { class: "note" }, sentence.mine.kind === "skip" ? " · you skipped it" : " · you have answered it");
}

function labelBar() {
  return make("div", { class: "labels", role: "group", "aria-label": "Labels" }, state.project.labels.map(({ name, hue }) => {
    const keys = keysOf(name, state.keys);
    return make("button", { type: "button", class: "label", hue, title: name, onclick: () => act(() => draft.label(name)), "aria-keyshortcuts": keys.join(" ") },
      short(name), keys.length ? make("kbd", { "aria-hidden": "true" }, keys.join(" ")) : null);
  }), button("everywhere…", () => everywhere(), { class: "quiet", "aria-keyshortcuts": "e", title: "Label this name everywhere (e)" }));
}

function actionBar() {
  const open = draft.open.length;
  const read = state.project.read_only;
  const enter = open ? "Accept" : draft.decided.length ? "Save" : "Save: no entities";
  return make("div", { class: "actions", role: "group", "aria-label": "Answer" },
    keyButton(enter, "Enter", () => enterKey(), { class: "main", disabled: read }),
    open ? keyButton("Accept all", "a", () => acceptAll(), { disabled: read }) : null,
    keyButton("Reject", "⌫", () => act(() => draft.reject()), { disabled: !draft.current }),
    keyButton("No entities", "n", () => none(), { disabled: read }),
    keyButton("Skip", "s", () => save("skip"), { disabled: read }),
    keyButton("Undo", "u", () => undo(), { disabled: read }),
  );
}

function sidePanel() {
  const { guidelines } = state.project.settings;
  return make("aside", { class: "side", "aria-label": "Guidelines" },
    make("h2", {}, "Guidelines"),
    guidelines ? make("p", { class: "guidelines", dir: "auto" }, guidelines) : make("p", { class: "note" }, "None yet; write them under Settings."),
    otherAnswers(draft.sentence),
  );
}

function otherAnswers(sentence) {
  if (!sentence.others.length) return null;
  return make("section", {}, make("h2", {}, "Also decided by"), sentence.others.map((one) =>
    make("div", {}, make("h3", {}, make("bdi", {}, one.annotator), one.kind === "skip" ? " (skipped)" : ""),
      shownSentence(sentence, one.entities, state.hues))));
}

function changed() {
  draw();
  view.querySelector(`[data-token="${draft.head}"]`)?.scrollIntoView({ block: "nearest" });
  announce(describeSelection(draft));
}

function act(action) {
  if (!draft || isBusy) return;
  action();
  changed();
}

function enterKey() {
  if (draft.accept()) changed();
  else if (draft.open.length) act(() => draft.toNextProposal(-1));
  else save("answer");
}

function acceptAll() {
  draft.acceptAll();
  save("answer");
}

function none() {
  draft.clear();
  save("answer");
}

const save = guarded(async (kind) => {
  if (!draft || isBusy || state.project.read_only) return;
  isBusy = true;
  try {
    await record(kind, draft.sentence.version);
  } finally {
    isBusy = false;
  }
});

async function record(kind, version) {
  const { sentence } = draft;
  const body = {
    sentence: sentence.id,
    annotator: state.annotator,
    kind,
    entities: kind === "answer" ? draft.decided.map(({ label, first, stop }) => ({ label, first, stop })) : [],
    version,
    drawn: sentence.drawn,
    model: sentence.model,
    seconds: (performance.now() - shownAt) / 1000,
  };
  try {
    await post("decisions", body);
  } catch (error) {
    if (error.status !== 409) throw error;
    await resolveConflict(kind, sentence);
    return;
  }
  await next();
  refresh();
}

// Somebody has decided this sentence under the same name, in another window: both are shown, and one is chosen.
async function resolveConflict(kind, sentence) {
  const theirs = await get(`sentences/${sentence.id}`, { annotator: state.annotator });
  const mine = draft.decided;
  openDialog("Decided elsewhere meanwhile", (close) => [
    make("p", {}, "This sentence was decided in another window since it was shown here."),
    make("h3", {}, "There"),
    theirs.mine && theirs.mine.kind === "answer" ? shownSentence(theirs, theirs.mine.entities, state.hues) : make("p", {}, theirs.mine ? "skipped" : "undone"),
    make("h3", {}, "Here"),
    shownSentence(sentence, mine, state.hues),
    make("div", { class: "row" },
      button("Keep theirs", () => { close(); next(); }),
      button("Save mine", guarded(async () => { close(); await record(kind, theirs.version); }))),
  ]);
}

const next = guarded(async () => {
  if (location.hash.startsWith("#label/")) history.replaceState(null, "", "#label");
  const { sentence } = await get("next", { annotator: state.annotator });
  show(sentence);
});

const undo = guarded(async () => {
  if (!draft || draft.undo()) {
    if (draft) { changed(); return; }
  }
  const { sentence } = await post("undo", { annotator: state.annotator });
  if (sentence === null) {
    announce("Nothing to undo");
    return;
  }
  const found = await get(`sentences/${sentence}`, { annotator: state.annotator });
  show({ ...found, others: [] });
  refresh();
});

function everywhere() {
  const entity = draft.current;
  openName(entity ? textOf(draft.sentence, entity) : draft.selectedText, entity ? entity.label : null, reload);
}

const reload = guarded(async () => {
  if (!draft) { await next(); return; }
  const { id, drawn } = draft.sentence;
  const found = await get(`sentences/${id}`, { annotator: state.annotator });
  show({ ...found, drawn, others: drawn === "overlap" ? [] : found.others });
});

// Arrows move as they point: in a sentence from right to left, the left one goes on.
function arrow(step) {
  const isReversed = getComputedStyle(find("sentence")).direction === "rtl";
  return (event) => act(() => draft.move(isReversed ? -step : step, { widen: event.shiftKey }));
}

const PLAIN = {
  ArrowLeft: (event) => arrow(-1)(event),
  ArrowRight: (event) => arrow(1)(event),
  Home: (event) => act(() => draft.select(0, event.shiftKey ? { anchor: draft.anchor } : {})),
  End: (event) => act(() => draft.select(draft.length - 1, event.shiftKey ? { anchor: draft.anchor } : {})),
  Enter: (event) => (event.shiftKey ? acceptAll() : enterKey()),
  Backspace: () => act(() => draft.reject()),
  Delete: () => act(() => draft.reject()),
  Escape: () => act(() => draft.select(draft.head)),
  a: acceptAll,
  n: none,
  s: () => save("skip"),
  e: everywhere,
};

function onkey(event) {
  if (isTyping(event) || !view) return;
  const { key } = event;
  if (key === "?") showKeys(state.keys);
  else if (key === "/") location.hash = "#browse";
  else if (key === "u") undo();
  else if (!draft || !find("sentence")) return;
  else if (key === "Tab" && draft.open.length && !event.shiftKey && event.target.id === "sentence" && draft.open.some((one) => one.first > draft.head)) act(() => draft.toNextProposal(draft.head));
  else if ((key === "Enter" || key === " ") && event.target.closest("button, a")) return;
  else if (PLAIN[key]) PLAIN[key](event);
  else if (state.keys.has(key.toLowerCase())) act(() => draft.label(state.keys.get(key.toLowerCase())));
  else return;
  event.preventDefault();
}

// A new model proposes anew, unless something was changed in the sentence already.
function onproject(before) {
  const model = state.project.model;
  const old = before && before.model;
  if (draft && !draft.isTouched && !isBusy && model && model.number !== (old && old.number)) reload();
}

export const label = {
  onkey,
  show: async (container, number) => {
    view = container;
    container.className = "labelling";
    state.listeners.add(onproject);
    if (number) show(await get(`sentences/${number}`, { annotator: state.annotator }));
    else await next();
    return () => {
      view = null;
      container.className = "";
      container.replaceChildren();
      state.listeners.delete(onproject);
    };
  },
};
