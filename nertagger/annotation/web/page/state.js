// What all views share: the project as the program last told it, and who labels.

import { get } from "./api.js";
import { labelKeys } from "./keys.js";

const NAME = "nertagger-annotator";

export const state = { project: null, hues: new Map(), keys: new Map(), annotator: "", listeners: new Set() };

export function takeProject(project) {
  const before = state.project;
  state.project = project;
  state.hues = new Map(project.labels.map((one) => [one.name, one.hue]));
  state.keys = labelKeys(project.labels.map((one) => one.name));
  for (const listener of state.listeners) listener(before);
}

export async function refresh() {
  takeProject(await get("project"));
}

export function readAnnotator() {
  const given = new URLSearchParams(location.search).get("annotator");
  if (given) sessionStorage.setItem(NAME, given); // of this tab alone
  state.annotator = (sessionStorage.getItem(NAME) || localStorage.getItem(NAME) || "annotator").slice(0, 100);
}

export function setAnnotator(name) {
  state.annotator = name;
  sessionStorage.setItem(NAME, name);
  localStorage.setItem(NAME, name);
}
