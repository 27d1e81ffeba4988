// What the colours of the map mean, in numbers.

import { html, write } from "../draw/dom.js";
import { short } from "../draw/format.js";
import { className, isClasses, unscaled } from "../state/answers.js";
import { reach, top } from "./stage-neuron.js";

/** @typedef {import("../state/explorer.js").State} State */

/** How far from the mean the map of a number reaches: no value is off its scale. @param {any} picture */
export const mapReach = (picture) => reach(picture.map) || 1;

export function mapLegend() {
  const [low, high] = [html("span", { class: "number" }), html("span", { class: "number" })];
  const bar = html("span", { class: "legend-bar", "aria-hidden": "true" });
  const element = html("div", { class: "legend map-legend", role: "group", "aria-label": "Colours of the map" }, low, bar, high);

  /** @param {State} state */
  function update(state) {
    const ends = endsOf(state);
    element.hidden = !ends;
    if (!ends) return;
    bar.hidden = ends.length === 1;
    write(low, ends[0]);
    write(high, ends[1] ?? "");
  }

  return { element, update };
}

/** @param {State} state @returns {string[]|null} */
function endsOf(state) {
  const { run, picture, hover } = state;
  if (!run?.plane || run.kit.inputs === 1) return null;
  if (hover?.layer) return endsOfNeuron(state, hover);
  if (hover) return run.plane.domain[hover.unit].map((v) => short(v));
  if (!isClasses(run)) return [-1, 1].map((sign) => short(unscaled(run, sign * mapReach(picture))));
  return run.kit.outputs > 1 ? ["the paler, the less sure"] : [className(run, 0), className(run, 1)];
}

/** @param {State} state @param {import("../state/explorer.js").Neuron} who */
function endsOfNeuron(state, { layer, unit }) {
  const run = /** @type {import("../state/explorer.js").Shown} */ (state.run);
  if (run.kit.layers.at(-1).name === layer && isClasses(run)) return ["0 %", "100 %"];
  const most = top(state, state.picture.layers.find((/** @type {any} */ l) => l.name === layer), unit, "grid");
  return [`−${short(most)}`, `+${short(most)}`];
}
