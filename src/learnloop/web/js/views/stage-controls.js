// What the links show, over which range colours are compared, and the legend that says so in numbers.

import { html, svg, write } from "../draw/dom.js";
import { short } from "../draw/format.js";
import { reach } from "./stage-neuron.js";
import { choice } from "./tabs.js";

/** @typedef {import("../state/explorer.js").State} State */

const LINKS = [
  { id: "weight", text: "weight", help: "how strongly a neuron listens to another" },
  { id: "gradient", text: "gradient", help: "how the loss of this batch changes with each weight" },
  { id: "change", text: "change", help: "what this update does to each weight" },
];
const RANGES = [
  { id: "local", text: "neuron", help: "each neuron is compared with its own largest value" },
  { id: "layer", text: "layer", help: "each layer is compared with its own largest value" },
  { id: "network", text: "network", help: "everything is compared with the largest value of all" },
];

/** @param {import("../state/explorer.js").Explorer} explorer */
export function stageControls(explorer) {
  const links = choice("What links show", LINKS, (id) => explorer.set({ links: id }));
  const range = choice("Range of the colours", RANGES, (id) => explorer.set({ range: id }));
  const [low, high] = [html("span", { class: "number" }), html("span", { class: "number" })];
  const each = html("span", { class: "quiet number" });
  const faces = html("p", { class: "quiet number faces" });
  const legend = html("div", { class: "legend", role: "group", "aria-label": "Legend" },
    line("minus"), low, html("span", { class: "legend-bar", "aria-hidden": "true" }), high, line("plus"), each);
  const element = html("div", { class: "stage-controls" },
    html("div", { class: "control" }, html("span", { class: "quiet" }, "links show"), links.element),
    html("div", { class: "control" }, html("span", { class: "quiet" }, "compared within each"), range.element),
    legend, faces);

  /** @param {State} state @param {"weight"|"gradient"|"change"} mode @param {Map<number, number>} tops */
  function update(state, mode, tops) {
    links.update(mode);
    range.update(state.range);
    const most = Math.max(0, ...tops.values());
    const named = [...tops].map(([k, top]) => `±${short(top, 2)} in ${state.run?.kit.layers[k].name}`);
    const single = state.range === "network" || tops.size === 1;
    write(low, single ? `−${short(most, 2)}` : "−");
    write(high, single ? `+${short(most, 2)}` : "+");
    write(each, state.range === "local" ? "each neuron its own" : single ? "" : named.join(", "));
    write(faces, facesOf(state));
  }

  return { element, update };
}

/** What neurons are drawn as, and over which range. @param {State} state */
function facesOf({ run, picture, range }) {
  if (!run) return "";
  if (!run.plane && run.data.image_shape) return "Neurons: the weights of the first layer; beyond it, the mean of the images that a neuron answers most to.";
  const what = run.plane ? (run.kit.inputs > 1 ? "activation over the inputs" : "activation over the input") : "activation for the rows of this batch, side by side";
  const values = (/** @type {any} */ l) => (run.plane ? l.grid : l.activation);
  const layers = picture.layers.filter((/** @type {any} */ l) => l.weight && values(l)).slice(0, -1);
  const tops = layers.map((/** @type {any} */ l) => ({ name: l.name, top: reach(values(l)) }));
  if (range === "local" || !tops.length) return `Neurons: ${what}.`;
  if (range === "network") return `Neurons: ${what}, ±${short(Math.max(...tops.map((/** @type {any} */ t) => t.top)), 2)}.`;
  return `Neurons: ${what}, ${tops.map((/** @type {any} */ t) => `±${short(t.top, 2)} in ${t.name}`).join(", ")}.`;
}

/** A link as the stage draws it. @param {"plus"|"minus"} sign */
function line(sign) {
  const mark = svg("svg", { viewBox: "0 0 30 10", width: 30, height: 10, "aria-hidden": "true", class: "links" }, svg("path", { d: "M2 5H28", class: sign, "stroke-width": 3, fill: "none" }));
  return html("span", { class: "legend-line" }, mark, html("span", { class: "hidden-text" }, sign === "minus" ? "dashed and orange: below zero" : "solid and blue: above zero"));
}
