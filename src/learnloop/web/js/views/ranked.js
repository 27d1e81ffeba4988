// All neurons of a layer that is too large for the stage, as a list in an order that one chooses.

import { Scale } from "../draw/colour.js";
import { html, set, write } from "../draw/dom.js";
import { short } from "../draw/format.js";
import { icon } from "../draw/icons.js";
import { paintNeuron } from "./stage-neuron.js";
import { choice } from "./tabs.js";

/** @typedef {import("../state/explorer.js").State} State */

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
    layer = name;
    items = [];
    element.hidden = false;
    update(explorer.state);
    list.querySelector("button")?.focus();
  }

  /** @param {number} unit */
  function item(unit) {
    const canvas = html("canvas", { "aria-hidden": "true" });
    const value = html("span", { class: "number quiet" });
    const button = html("button", { type: "button", click: () => explorer.set({ selection: { kind: "neuron", layer, unit }, hover: null }) }, canvas, html("span", {}, `neuron ${unit}`), value);
    return { unit, button, canvas, value, item: html("li", {}, button) };
  }

  /** @param {State} state */
  function update(state) {
    const found = state.picture?.layers.find((/** @type {any} */ l) => l.name === layer);
    if (element.hidden) return;
    if (!found) return close();
    order.update(by);
    write(title, `${layer}: ${found.width} neurons`);
    if (items.length !== found.width) items = Array.from({ length: found.width }, (_, unit) => item(unit));
    const sizes = sizesOf(found, by);
    if (!state.playing) items.sort((a, b) => sizes[b.unit] - sizes[a.unit] || a.unit - b.unit);
    if (items.some((one, k) => list.children[k] !== one.item)) list.replaceChildren(...items.map((one) => one.item));
    const scale = new Scale();
    for (const { unit, canvas, value, button } of items) {
      paintNeuron(canvas, state, /** @type {any} */ ({ kind: "layer", layer }), unit, scale);
      write(value, short(sizes[unit], 2));
      set(button, { "aria-pressed": String(state.selection?.kind === "neuron" && state.selection.layer === layer && state.selection.unit === unit) });
    }
  }

  return { element, open, update };
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
