// All neurons of a layer that is too large for the stage, as a list in an order that one chooses.

import { Scale } from "../draw/colour.js";
import { html, set, write } from "../draw/dom.js";
import { count, short } from "../draw/format.js";
import { icon } from "../draw/icons.js";
import { paintNeuron } from "./stage-neuron.js";
import { choice } from "./tabs.js";

/** @typedef {import("../state/explorer.js").State} State */

/** So many are listed. */
const MOST = 200;

const ORDERS = [
  { id: "weight", text: "weight", help: "the length of its weights" },
  { id: "gradient", text: "gradient", help: "the length of their gradient" },
  { id: "activation", text: "activity", help: "the mean size of its activation in this batch" },
];

/** @param {import("../state/explorer.js").Explorer} explorer @param {() => void} closed */
export function ranked(explorer, closed) {
  const title = html("h3");
  const order = choice("Order", ORDERS, (id) => {
    by = id;
    update(explorer.state);
  });
  const list = html("ol", { class: "ranked-list" });
  const shut = html("button", { type: "button", "aria-label": "Close the list", title: "Close (Escape)", click: () => close() }, icon("close"));
  const element = html("section", { class: "ranked panel", hidden: true, "aria-label": "All neurons of a layer" }, html("div", { class: "row" }, title, shut), order.element, list);
  let [layer, by] = ["", "weight"];
  /** @type {{unit: number, button: HTMLButtonElement, item: HTMLElement, canvas: HTMLCanvasElement, value: HTMLElement}[]} */
  let items = [];
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });

  function close() {
    element.hidden = true;
    closed();
  }

  /** @param {string} name */
  function open(name) {
    [layer, by] = [name, name ? by : "weight"];
    items = [];
    element.hidden = false;
    update(explorer.state);
    list.querySelector("button")?.focus();
  }

  /** @param {number} unit @param {string} name */
  function item(unit, name) {
    const canvas = html("canvas", { "aria-hidden": "true" });
    const value = html("span", { class: "number quiet" });
    const button = html("button", { type: "button", title: name, click: () => layer && explorer.set({ selection: { kind: "neuron", layer, unit }, hover: null }) }, canvas, html("span", {}, name), value);
    return { unit, button, canvas, value, item: html("li", {}, button) };
  }

  /** @param {State} state */
  function update(state) {
    if (element.hidden) return;
    const found = layer ? state.picture?.layers.find((/** @type {any} */ l) => l.name === layer) : inputsOf(state);
    if (!found) return close();
    order.element.hidden = !layer;
    order.update(by);
    const which = found.width > MOST ? `the first ${MOST} of ` : "";
    write(title, layer ? `${layer}: ${which}${count(found.width)} neurons` : `${which}${count(found.width)} inputs`);
    if (items.length !== found.width) items = Array.from({ length: found.width }, (_, unit) => item(unit, found.names?.[unit] ?? `neuron ${unit}`));
    const sizes = layer ? sizesOf(found, by) : found.sizes(by);
    if (!state.playing) items.sort((a, b) => sizes[b.unit] - sizes[a.unit] || a.unit - b.unit);
    const listed = items.slice(0, MOST);
    if (listed.some((one, k) => list.children[k] !== one.item) || list.childElementCount !== listed.length) list.replaceChildren(...listed.map((one) => one.item));
    const scale = new Scale();
    for (const { unit, canvas, value, button } of listed) {
      paintNeuron(canvas, state, /** @type {any} */ ({ kind: layer ? "layer" : "inputs", layer }), unit, scale);
      write(value, short(sizes[unit], 2));
      set(button, { "aria-pressed": String(state.selection?.kind === "neuron" && state.selection.layer === layer && state.selection.unit === unit) });
    }
  }

  return { element, open, update };
}

/** The inputs, as if they were a layer: by the weights that they are read with. @param {State} state */
function inputsOf({ run, picture }) {
  const first = picture?.layers.find((/** @type {any} */ l) => l.weight);
  if (!run || !first) return null;
  const sizes = (/** @type {string} */ by) => {
    const found = new Float64Array(run.kit.inputs);
    const values = by === "gradient" ? first.gradient ?? first.weight : first.weight;
    for (let k = 0; k < values.length; k++) found[Math.floor(k / first.width)] += values[k] ** 2;
    return found.map(Math.sqrt);
  };
  return { width: run.kit.inputs, names: run.data.columns.map((/** @type {any} */ c) => c.name), sizes };
}

/** @param {any} layer @param {string} by */
export function sizesOf(layer, by) {
  const sizes = new Float64Array(layer.width);
  const values = layer[by];
  if (!values) return sizes;
  const rows = values.length / layer.width;
  for (let k = 0; k < values.length; k++) sizes[k % layer.width] += by === "activation" ? Math.abs(values[k]) / rows : values[k] ** 2;
  return by === "activation" ? sizes : sizes.map(Math.sqrt);
}
