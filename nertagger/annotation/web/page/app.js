// The frame of the page: the header, the views, and news of the project every two seconds.

import { takeToken } from "./api.js";
import { showBrowse } from "./browse.js";
import { counted, find, number } from "./dom.js";
import { showKeys } from "./keys.js";
import { label } from "./label.js";
import { showProblem, hideProblem } from "./problems.js";
import { showProgress } from "./progress.js";
import { showReview } from "./review.js";
import { showSettings } from "./settings.js";
import { readAnnotator, refresh, setAnnotator, state } from "./state.js";

const VIEWS = { label: label.show, browse: showBrowse, review: showReview, progress: showProgress, settings: showSettings };
const EVERY = 2000;

let leave = null;

async function route() {
  const [name, argument] = location.hash.slice(1).split("/");
  const view = VIEWS[name] ? name : "label";
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  hideProblem();
  if (leave) leave();
  try {
    leave = (await VIEWS[view](find("view"), argument)) || null;
  } catch (error) {
    showProblem(error);
  }
}

function showHeader() {
  const { project } = state;
  const { counts, training, model } = project;
  document.title = `${project.name} – nertagger`;
  find("project").textContent = project.name;
  find("answered").max = Math.max(counts.sentences, 1);
  find("answered").value = counts.answered;
  find("counts").textContent = `${number(counts.answered)} of ${counted(counts.sentences, "sentence")} answered`
    + (counts.skipped ? `, ${number(counts.skipped)} skipped` : "") + (project.read_only ? " · read only" : "");
  find("training").textContent = describeTraining(project, training, model);
  find("training").className = training ? training.state : "";
}

function describeTraining(project, training, model) {
  const parts = [];
  if (model) parts.push(model.sentences ? `model of ${counted(model.sentences, "answer")}` : `model ${model.file.split("/").pop()}`);
  const every = project.settings.train_every;
  const left = Math.max(every - project.new_answers, 0);
  if (training && training.state === "running") parts.push(`${training.stage} ${Math.round(100 * training.done)} %`);
  else if (training && training.state === "failed") parts.push(`training failed: ${training.message}`);
  else if (every) parts.push(`${model ? "next training" : "first model"} after ${counted(left, "more answer")}`);
  return parts.join(" · ") || "no model yet";
}

async function poll() {
  if (!document.hidden) {
    try {
      await refresh();
      if (find("problem").dataset.status === "0") hideProblem();
    } catch (error) {
      showProblem(error);
    }
  }
  setTimeout(poll, EVERY);
}

async function start() {
  takeToken();
  readAnnotator();
  find("annotator").value = state.annotator;
  find("annotator").addEventListener("change", (event) => {
    setAnnotator(event.target.value.trim() || "annotator");
    event.target.value = state.annotator;
    route();
  });
  find("help").addEventListener("click", () => showKeys(state.keys));
  document.addEventListener("keydown", label.onkey);
  addEventListener("hashchange", route);
  state.listeners.add(showHeader);
  try {
    await refresh();
  } catch (error) {
    showProblem(error);
  }
  await route();
  setTimeout(poll, EVERY);
}

start();
