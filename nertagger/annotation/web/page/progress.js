// The view of the learning curve, with what more sentences would bring, and of the training.

import { get, post } from "./api.js";
import { button, counted, find, make, makeSvg, number } from "./dom.js";
import { guarded } from "./problems.js";
import { refresh, state } from "./state.js";

const WIDEST = 640;
const HEIGHT = 300;
const LEFT = 44;
const RIGHT = 16;
const BOTTOM = 50;
const TOP = 28;

let aim = 0;

export async function showProgress(view) {
  const draw = guarded(async () => {
    const found = await get("learning", aim ? { aim } : {});
    const last = found.points[found.points.length - 1];
    if (!aim && last) {
      aim = Math.min(0.95, Math.ceil((last.f1 + 0.02) * 20) / 20);
      await draw();
      return;
    }
    view.replaceChildren(
      make("section", { class: "card" }, make("h2", {}, "Learning curve"), ...curve(found, last, draw)),
      make("section", { class: "card" }, make("h2", {}, "Training"), ...training()),
      last ? make("section", { class: "card" }, make("h2", {}, "By label"), byLabel(last)) : "",
    );
  });
  await draw();
  const listener = (before) => {
    const changed = !before || JSON.stringify(before.training) !== JSON.stringify(state.project.training);
    if (changed && !view.contains(document.activeElement)) draw();
  };
  state.listeners.add(listener);
  return () => state.listeners.delete(listener);
}

function curve(found, last, draw) {
  if (!last) {
    return [make("p", {}, "Too early to say: the first point is measured at 50 answers, by cross-validation on the sentences that were drawn at random.")];
  }
  const input = make("input", { type: "number", min: "1", max: "99", value: String(Math.round(100 * aim)), "aria-label": "F1 to reach", onchange: (event) => {
    aim = Math.min(Math.max(Number(event.target.value) / 100, 0.01), 0.99);
    draw();
  } });
  return [
    make("p", {}, make("b", {}, `F1 ${percent(last.f1)}`), ` (95 % interval ${percent(last.low)} to ${percent(last.high)}), by cross-validation on ${counted(last.sample, "sentence")} drawn at random, trained on ${number(last.sentences)}.`),
    chart(found),
    make("p", {}, "To reach F1 ", input, ": ", make("span", { role: "status" }, describe(found.forecast, last))),
  ];
}

function describe(forecast, last) {
  if (!forecast) return "";
  if (forecast.reason) return `${forecast.reason}.`;
  if (last.low > forecast.f1 || forecast.more === 0) return "reached, as far as can be said.";
  return `about ${counted(rounded(forecast.more), "more sentence")} (80 % interval ${number(rounded(forecast.low))} to ${number(rounded(forecast.high))}).`;
}

function rounded(value) {
  const step = 10 ** Math.max(Math.floor(Math.log10(Math.max(value, 1))) - 1, 0);
  return Math.round(value / step) * step;
}

function percent(value) {
  return (100 * value).toFixed(1);
}

function chart({ points, law }) {
  const width = Math.min(Math.max(find("view").clientWidth - 60, 280), WIDEST); // so that its text has the size of the page's
  const sizes = [...points, ...law].map((one) => one.sentences);
  const most = Math.max(...sizes);
  const least = Math.min(...points.map((one) => one.sentences));
  const span = Math.log(most / least) || 1;
  const x = (size) => LEFT + ((width - LEFT - RIGHT) * Math.max(Math.log(size / least), 0)) / span;
  const y = (f1) => TOP + (HEIGHT - BOTTOM - TOP) * (1 - f1);
  const line = (list, of) => list.map((one, place) => `${place ? "L" : "M"}${x(one.sentences).toFixed(1)} ${y(of(one)).toFixed(1)}`).join(" ");
  const shown = law.filter((one) => one.sentences >= least && one.f1 >= 0);
  const text = `F1 ${points.map((one) => `${percent(one.f1)} at ${one.sentences} sentences`).join(", ")}`;
  const drawing = makeSvg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, class: "chart", role: "img", "aria-label": text });
  for (const f1 of [0, 0.25, 0.5, 0.75, 1]) {
    drawing.append(makeSvg("line", { x1: LEFT, x2: width - RIGHT, y1: y(f1), y2: y(f1), class: "grid" }),
      makeSvg("text", { x: LEFT - 8, y: y(f1) + 4, "text-anchor": "end" }, String(100 * f1)));
  }
  for (const size of ticks(least, most)) {
    drawing.append(makeSvg("text", { x: x(size), y: HEIGHT - 30, "text-anchor": "middle" }, number(size)));
  }
  drawing.append(makeSvg("text", { x: LEFT, y: 12 }, "F1"), makeSvg("text", { x: width - RIGHT, y: HEIGHT - 8, "text-anchor": "end" }, "sentences trained on"));
  if (shown.length) drawing.append(makeSvg("path", { d: line(shown, (one) => one.f1), class: "law" }));
  for (const point of points) {
    drawing.append(makeSvg("line", { x1: x(point.sentences), x2: x(point.sentences), y1: y(point.low), y2: y(point.high), class: "interval" }),
      makeSvg("circle", { cx: x(point.sentences), cy: y(point.f1), r: 4.5, class: "point" }));
  }
  return drawing;
}

function ticks(least, most) {
  const found = [least];
  for (let size = least * 2; size <= most; size *= 2) found.push(size);
  return found;
}

function byLabel(last) {
  const rows = Object.entries(last.labels).map(([label, one]) => make("tr", {},
    make("th", { scope: "row" }, make("span", { class: "swatch", hue: state.hues.get(label) ?? 0 }), label),
    make("td", {}, percent(one.f1)), make("td", {}, `${percent(one.low)} to ${percent(one.high)}`), make("td", {}, String(one.gold))));
  return make("div", { class: "scroll" }, make("table", {}, make("thead", {}, make("tr", {}, ["Label", "F1", "95 % interval", "Entities"].map((text) => make("th", { scope: "col" }, text)))), make("tbody", {}, rows)));
}

function training() {
  const { training: last, model, read_only: isReadOnly } = state.project;
  const isRunning = last && last.state === "running";
  const does = guarded(async (action) => { await post("training", { action }); await refresh(); });
  const what = isRunning ? `${last.stage}, ${Math.round(100 * last.done)} %` : last ? `The last training: ${last.state}${last.message ? ` (${last.message})` : ""}` : "No model has been trained yet.";
  return [
    model ? make("p", {}, model.sentences ? `The model that proposes was trained on ${counted(model.sentences, "answer")} in ${Math.round(model.seconds)} seconds: models/` : "The model that proposes: ", make("code", {}, model.file)) : "",
    make("p", { role: "status" }, what),
    isRunning ? make("progress", { max: 1, value: last.done, "aria-label": "Training" }) : "",
    make("div", { class: "row" }, isRunning ? button("Stop", () => does("stop")) : button("Train now", () => does("start"), { disabled: isReadOnly })),
  ];
}
