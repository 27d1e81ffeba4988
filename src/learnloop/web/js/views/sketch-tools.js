// The tools for points drawn by hand: which class comes next, undo, clear, and training on what is drawn.

import { html, set, write } from "../draw/dom.js";
import { moved } from "../state/network.js";
import { sample } from "./class-key.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/scenario.js").Scenario} Scenario
 */

const CLASSES = 4;
const LEAST = 6;

/** What begins to draw: on the map there is; where there is none, with a set that has one. @param {import("../state/explorer.js").Explorer} explorer @param {(suiting: Scenario) => Promise<void>} move */
export function sketchStart(explorer, move) {
  async function start() {
    explorer.pause();
    if (explorer.state.run?.kit.inputs !== 2) {
      const flat = explorer.session?.sets.find((/** @type {any} */ one) => one.features.length === 2);
      if (flat) await move(flat.scenario);
    }
    explorer.set({ sketch: { label: 0, points: [] }, hover: null });
  }
  return html("button", { type: "button", click: start }, "Draw on the map");
}

/** @param {import("../state/explorer.js").Explorer} explorer */
export function sketchTools(explorer) {
  const pens = Array.from({ length: CLASSES }, (_, label) =>
    html("button", { type: "button", class: "pen", "aria-label": `class ${label}`, click: () => change({ label }) }, sample(label), String(label)));
  const said = html("p", { class: "number", role: "status" });
  const trouble = html("p", { class: "trouble-text", role: "alert" });
  const undo = html("button", { type: "button", click: () => change({ points: points().slice(0, -1) }) }, "Undo");
  const clear = html("button", { type: "button", click: () => change({ points: [] }) }, "Clear");
  const train = html("button", { type: "button", class: "primary", click: send }, "Train on these");
  const stop = html("button", { type: "button", click: () => explorer.set({ sketch: null }) }, "Stop drawing");
  const element = html("section", { class: "sketch-tools", hidden: true, "aria-label": "Draw points" },
    html("div", { class: "row", role: "group", "aria-label": "Class of the next points" }, html("span", { class: "quiet" }, "class"), ...pens),
    html("div", { class: "row" }, undo, clear, stop, train), said, trouble);

  const points = () => explorer.state.sketch?.points ?? [];
  /** @param {Partial<NonNullable<State["sketch"]>>} changes */
  const change = (changes) => explorer.state.sketch && explorer.set({ sketch: { ...explorer.state.sketch, ...changes } });

  async function send() {
    write(trouble, "");
    try {
      const drawn = { x: points().map((p) => p.x), y: points().map((p) => p.label), task: "classification" };
      const kept = await explorer.backend.points?.(drawn);
      if (!kept) return;
      explorer.set({ sketch: null });
      await explorer.change(moved(kept.scenario, explorer.state.scenario));
    } catch (error) {
      write(trouble, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {State} state */
  function update({ sketch }) {
    element.hidden = sketch === null;
    if (!sketch) return;
    const kinds = new Set(sketch.points.map((p) => p.label));
    pens.forEach((pen, label) => set(pen, { "aria-pressed": String(label === sketch.label) }));
    const enough = sketch.points.length >= LEAST && kinds.size > 1;
    write(said, `${sketch.points.length} points${enough ? "" : `: at least ${LEAST}, of two classes, can be learnt from`}`);
    train.disabled = !enough;
    undo.disabled = clear.disabled = sketch.points.length === 0;
  }

  return { element, update };
}
