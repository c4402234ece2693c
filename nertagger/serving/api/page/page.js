// The page: a text is tagged while it is written, and what is found can be filtered, explained and taken along.
import { directionOf, slicer, wellFormed } from "./characters.js";
import { convert, keepToken, labellingsOf, serviceInfo, tagText, takeToken } from "./service.js";
import { readText } from "./files.js";
import { startTheme } from "./theme.js";
import { filterMarks, percent, showDocument, showLabellings, showLegend, showNames } from "./view.js";

const EXAMPLE = `Angela Merkel met Barack Obama in Berlin in 2013. The two spoke for an hour at the Federal Chancellery, said a spokesman for the German government.

Ada Lovelace was born in London, and worked with Charles Babbage on the Analytical Engine. The University of Oxford holds many of her letters.`;
const LIVE_CHARACTERS = 20000; // longer texts are tagged when the button is pressed
const PAUSE_MILLISECONDS = 300;
const LABELLINGS = 8;

const byId = (id) => document.getElementById(id);
const text = byId("text");
const result = byId("result");
const state = { found: null, hidden: new Set(), least: 0, formats: [], request: null, timer: 0, most: Infinity };

const isShown = (entity) => !state.hidden.has(entity.label) && (entity.confidence ?? 1) >= state.least;

function say(message) {
  byId("status").textContent = message;
}

function complain(error) {
  byId("problem").hidden = !error;
  byId("problem").textContent = error ? error.message : "";
  if (error?.status === 401) byId("access").hidden = false;
}

async function attempt(work) {
  try {
    await work();
    complain(null);
    return true;
  } catch (error) {
    if (error.name !== "AbortError") complain(error);
    return false;
  }
}

function tagNow() {
  clearTimeout(state.timer);
  state.request?.abort();
  const content = wellFormed(text.value);
  if (!content.trim()) {
    show(null);
    say("");
    complain(null);
    return Promise.resolve();
  }
  state.request = new AbortController();
  const { signal } = state.request;
  return attempt(async () => {
    say("Finding entities\u2026");
    const begin = performance.now();
    try {
      show(await tagText(content, byId("model").value || null, signal));
    } catch (error) {
      if (!signal.aborted) say("");
      throw error;
    }
    const sentences = state.found.sentences.length;
    const entities = state.found.entities.length;
    say(`${entities} ${entities === 1 ? "entity" : "entities"} in ${sentences} ${sentences === 1 ? "sentence" : "sentences"}, ${Math.round(performance.now() - begin)} ms.`);
  });
}

// Chromium lays out a long field in the direction of each line in quadratic time.
function directText(content) {
  text.dir = content.length <= LIVE_CHARACTERS ? "auto" : directionOf(content);
}

function write(content) {
  clearTimeout(state.timer);
  directText(content);
  text.value = content;
  return tagNow();
}

function tagSoon() {
  clearTimeout(state.timer);
  directText(text.value);
  if (text.value.length <= LIVE_CHARACTERS) state.timer = setTimeout(tagNow, PAUSE_MILLISECONDS);
}

function show(found) {
  state.found = found;
  byId("found").hidden = byId("tools").hidden = !found;
  byId("readings").hidden = true;
  if (!found) return;
  result.dir = directionOf(found.text); // "auto" would be found anew for each of many sentences
  showDocument(result, found);
  refresh();
}

function refresh() {
  const counts = new Map();
  for (const entity of state.found.entities) {
    const count = counts.get(entity.label) ?? { shown: 0, all: 0 };
    count.all += 1;
    count.shown += Number(isShown(entity));
    counts.set(entity.label, count);
  }
  filterMarks(result, isShown);
  showLegend(byId("legend"), counts, state.hidden, (label) => {
    if (!state.hidden.delete(label)) state.hidden.add(label);
    refresh();
  });
  showNames(byId("names"), state.found.entities.filter(isShown), goTo);
}

function goTo(entity) {
  for (const mark of result.querySelectorAll("mark")) {
    mark.classList.toggle("near", mark.entity === entity);
    if (mark.entity === entity) mark.scrollIntoView({ block: "center" });
  }
}

function choose(sentence) {
  for (const other of result.querySelectorAll(".sentence")) {
    const isChosen = other === sentence;
    other.tabIndex = isChosen ? 0 : -1;
    other.setAttribute("aria-expanded", String(isChosen));
  }
  const content = slicer(state.found.text)(Number(sentence.dataset.start), Number(sentence.dataset.end));
  return attempt(async () => {
    const sentences = await labellingsOf(content, byId("model").value || null, LABELLINGS);
    byId("sentence").textContent = content;
    showLabellings(byId("labellings"), sentences);
    byId("readings").hidden = false;
    byId("readings").scrollIntoView({ block: "nearest" });
    sentence.scrollIntoView({ block: "nearest" });
    const best = sentences[0]?.readings?.[0];
    if (best) say(`The most probable labelling has a probability of ${percent(best.probability)}.`);
  });
}

function closeReadings() {
  byId("readings").hidden = true;
  const chosen = result.querySelector('[aria-expanded="true"]');
  chosen?.setAttribute("aria-expanded", "false");
  chosen?.focus({ preventScroll: true });
}

function move(sentence, step) {
  const all = [...result.querySelectorAll(".sentence")];
  const next = all[Math.min(Math.max(all.indexOf(sentence) + step, 0), all.length - 1)];
  for (const other of all) other.tabIndex = other === next ? 0 : -1;
  next.focus();
}

function shownDocument() {
  const { text: content, entities } = state.found;
  return { text: content, entities: entities.filter(isShown) };
}

async function copy() {
  const content = JSON.stringify(shownDocument(), null, 2);
  if (navigator.clipboard) await navigator.clipboard.writeText(content);
  else copyBySelection(content); // browsers offer the clipboard to secure pages only
  say("Copied.");
}

function copyBySelection(content) {
  const area = document.createElement("textarea");
  area.value = content;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

async function download() {
  const format = byId("format").value;
  const blob = await convert(shownDocument(), format, byId("model").value || null);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `tagged${state.formats.find(({ name }) => name === format).suffix}`;
  link.click();
  URL.revokeObjectURL(link.href);
  say(`Downloaded ${link.download}.`);
}

async function open(files) {
  clearTimeout(state.timer); // of what was written before
  const bytes = [...files].reduce((sum, file) => sum + file.size, 0);
  if (bytes > state.most) throw new Error(`got ${bytes.toLocaleString("en")} bytes, expected at most ${state.most.toLocaleString("en")}; nertagger tag reads files of any size`);
  const read = await Promise.all([...files].map(readText));
  await write(read.map(({ content }) => content).join("\n\n"));
  const notes = read.flatMap(({ note }) => note);
  if (notes.length) say([byId("status").textContent, ...notes].join(" "));
}

function option(value, name) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = name;
  return made;
}

function showModel(models) {
  const chosen = models.find(({ name }) => name === byId("model").value);
  byId("labels").textContent = byId("labels").title = chosen ? chosen.labels.join(", ") : "";
}

function describeFormat() {
  byId("format-description").textContent = state.formats.find(({ name }) => name === byId("format").value)?.description ?? "";
}

async function start() {
  const info = await serviceInfo();
  byId("access").hidden = true;
  byId("model").replaceChildren(...info.models.map(({ name }) => option(name, name)));
  state.formats = info.formats;
  state.most = info.max_body_bytes;
  byId("format").replaceChildren(...info.formats.map(({ name, suffix }) => option(name, `${name} (${suffix})`)));
  byId("format").value = "jsonl";
  describeFormat();
  showModel(info.models);
  byId("model").onchange = () => {
    showModel(info.models);
    tagNow();
  };
}

function listen() {
  text.addEventListener("input", tagSoon);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) tagNow();
  });
  byId("tag").addEventListener("click", tagNow);
  byId("example").addEventListener("click", () => {
    write(EXAMPLE);
  });
  byId("clear").addEventListener("click", () => {
    write("");
    text.focus();
  });
  byId("choose").addEventListener("click", () => byId("files").click());
  byId("files").addEventListener("change", (event) => attempt(() => open(event.target.files)));
  byId("confidence").addEventListener("input", (event) => {
    state.least = Number(event.target.value) / 100;
    byId("confidence-shown").textContent = `${event.target.value} %`;
    if (state.found) refresh();
  });
  byId("format").addEventListener("change", describeFormat);
  byId("copy").addEventListener("click", () => attempt(copy));
  byId("download").addEventListener("click", () => attempt(download));
  byId("access").addEventListener("submit", (event) => {
    event.preventDefault();
    keepToken(byId("token").value);
    attempt(start).then((isStarted) => isStarted && tagNow());
  });
  listenToResult();
  byId("close-readings").addEventListener("click", closeReadings);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("readings").hidden) closeReadings();
  });
  listenToDrops(byId("drop"));
}

function listenToResult() {
  const sentenceOf = (event) => event.target.closest(".sentence");
  result.addEventListener("click", (event) => {
    if (sentenceOf(event) && getSelection().isCollapsed) choose(sentenceOf(event));
  });
  result.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    const sentence = sentenceOf(event);
    if (!sentence) return;
    if (event.key === "Enter" || event.key === " ") choose(sentence);
    else if (event.key in steps) move(sentence, steps[event.key]);
    else return;
    event.preventDefault();
  });
}

// Files may be dropped anywhere: beside the field, the browser would leave the page and open them.
function listenToDrops(place) {
  const over = (isOver) => place.classList.toggle("over", isOver);
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return; // text is inserted by the browser
    event.preventDefault();
    over(true);
  });
  addEventListener("dragleave", (event) => over(event.relatedTarget !== null));
  addEventListener("drop", (event) => {
    over(false);
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    attempt(() => open(event.dataTransfer.files));
  });
}

takeToken();
startTheme(byId("theme"), byId("theme-name"));
listen();
attempt(start);
