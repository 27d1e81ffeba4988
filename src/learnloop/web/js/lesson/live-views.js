// What each kind of live part is made of: the explorer's own views.

import { html } from "../draw/dom.js";
import { card } from "../views/card.js";
import { knobs } from "../views/knobs.js";
import { large } from "../views/large.js";
import { stage } from "../views/stage.js";
import { timeline } from "../views/timeline.js";
import { transport } from "../views/transport.js";
import { ofCurves, ofPictures, when } from "../views/when.js";

/**
 * @typedef {import("../state/explorer.js").Explorer} Explorer
 * @typedef {import("../views/when.js").View} View
 * @typedef {(explorer: Explorer, attends: () => boolean) => View[]} Make
 */

/** @type {Record<string, Make>} */
const KINDS = {
  network: (explorer) => [when(ofPictures, stage(explorer)), ...answers(explorer)],
  neuron: (explorer, attends) => [when(ofPictures, stage(explorer)), hint("Choose a neuron: what it does is explained here.", (state) => state.selection === null), card(explorer, attends)],
  timeline: (explorer) => [transport(explorer), when(ofCurves, timeline(explorer))],
  knobs: (explorer) => [knobs(explorer), when(ofCurves, timeline(explorer))], // what a knob does is seen in the curves
};

/** The large picture of what the network answers, where there is one to look at. @param {Explorer} explorer @returns {View[]} */
function answers(explorer) {
  const { run } = explorer.state;
  return run?.plane || run?.data.image_shape ? [when(ofPictures, large(explorer))] : [];
}

/** @param {string} text @param {(state: import("../state/explorer.js").State) => boolean} wanted @returns {View} */
function hint(text, wanted) {
  const element = html("p", { class: "quiet live-hint" }, text);
  return { element, update: (state) => void (element.hidden = !wanted(state)), destroy() {} };
}

/** @param {string} kind @param {Explorer} explorer @param {() => boolean} attends  whether a card may take the focus */
export const viewsOf = (kind, explorer, attends) => (KINDS[kind] ?? KINDS.network)(explorer, attends);
