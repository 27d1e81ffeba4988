// The large view: what the network answers, in the form that suits the data.

import { html, write } from "../draw/dom.js";
import { Scale } from "../draw/colour.js";
import { isClasses } from "../state/answers.js";
import { confusion } from "./confusion.js";
import { gallery } from "./gallery.js";
import { mistakes } from "./mistakes.js";
import { sketchTools } from "./sketch-tools.js";
import { plane } from "./plane.js";
import { onReveal } from "./reveal.js";
import { paintNeuron } from "./stage-neuron.js";
import { tabs } from "./tabs.js";
import { residuals, truth } from "./truth.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 * @typedef {{element: Element, update(state: State): void, destroy(): void}} View
 *
 * @typedef {object} Kind
 * @property {string} id
 * @property {(run: Shown) => string} text
 * @property {(run: Shown) => boolean} suits
 * @property {(explorer: import("../state/explorer.js").Explorer) => View} make
 */

/** @type {Kind[]} */
const KINDS = [
  { id: "map", text: (run) => (run.kit.inputs === 1 ? "Curve" : "Map"), suits: (run) => run.plane !== null, make: plane },
  { id: "gallery", text: () => "Images", suits: (run) => isClasses(run) && Boolean(run.data.image_shape) && !run.plane, make: gallery },
  { id: "confusion", text: () => "Confusion", suits: isClasses, make: confusion },
  { id: "truth", text: () => "Predictions", suits: (run) => !isClasses(run), make: truth },
  { id: "residuals", text: () => "Residuals", suits: (run) => !isClasses(run), make: residuals },
  { id: "mistakes", text: () => "Mistakes", suits: () => true, make: mistakes },
];

/** @param {import("../state/explorer.js").Explorer} explorer */
export function large(explorer) {
  /** @type {Map<string, View>} */
  const made = new Map();
  let wanted = "";
  const bar = tabs("The answers of the network", (id) => {
    wanted = id;
    update(explorer.state);
  });
  const [closer, tools] = [neuronPreview(), sketchTools(explorer)];
  const element = html("section", { class: "large", "aria-label": "What the network answers" }, bar.list, bar.panel, tools.element, closer.element);

  /** @param {string} id */
  function viewOf(id) {
    const known = made.get(id) ?? /** @type {Kind} */ (KINDS.find((kind) => kind.id === id)).make(explorer);
    made.set(id, known);
    return known;
  }

  /** @param {State} state */
  function update(state) {
    const { run, picture } = state;
    if (!run || !picture) return;
    const suiting = KINDS.filter((kind) => kind.suits(run));
    const current = suiting.find((kind) => kind.id === (state.sketch ? "map" : wanted)) ?? suiting[0];
    bar.update(suiting.map((kind) => ({ id: kind.id, text: kind.text(run) })), current.id);
    const view = viewOf(current.id);
    if (bar.panel.firstChild !== view.element) bar.panel.replaceChildren(view.element);
    if (picture.run.examples === run.examples && picture.run.kit === run.kit) view.update(state);
    closer.update(state);
    tools.update(state);
  }

  onReveal(() => {
    if (!explorer.state.run?.plane) return;
    wanted = "map";
    update(explorer.state);
    const { top, bottom } = bar.panel.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) bar.panel.scrollIntoView({ block: "nearest" });
  });
  return { element, update, destroy: () => made.forEach((view) => view.destroy()) };
}

/** A neuron of an image network, large, while the pointer is on it. */
function neuronPreview() {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const caption = html("figcaption");
  const element = html("figure", { class: "closer", hidden: true }, canvas, caption);
  /** @param {State} state */
  function update(state) {
    const { hover, run, picture } = state;
    element.hidden = !(hover?.layer && run && !run.plane && run.data.image_shape && picture.run.kit === run.kit);
    if (element.hidden || !hover || !run) return;
    const column = /** @type {any} */ ({ kind: "layer", layer: hover.layer });
    write(caption, paintNeuron(canvas, state, column, hover.unit, new Scale()));
  }
  return { element, update };
}
