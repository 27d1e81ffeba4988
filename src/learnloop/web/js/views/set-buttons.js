// The built-in data sets, those with two inputs as small pictures.

import { classColour, themed } from "../draw/colour.js";
import { html, set } from "../draw/dom.js";
import { unpack } from "../engine/pack.js";

/** @typedef {import("../state/scenario.js").Scenario} Scenario */

const [SIDE, POINTS] = [64, 160];

/** @param {import("../state/explorer.js").Explorer} explorer @param {(suiting: Scenario) => void} move */
export function setButtons(explorer, move) {
  const known = (explorer.session?.sets ?? []).map((/** @type {any} */ one) => {
    const canvas = one.features.length <= 2 ? html("canvas", { "aria-hidden": "true", width: SIDE, height: SIDE }) : null;
    const size = one.image_shape ? `${one.image_shape.join("×")} images` : `${one.features.length} columns`;
    const face = canvas ?? html("span", { class: "set-size quiet", "aria-hidden": "true" }, size);
    const button = html("button", { type: "button", class: "set-button", title: one.description, click: () => move(one.scenario) }, face, html("span", {}, one.name.replaceAll("_", " ")));
    return { one, canvas, button };
  });
  const element = html("div", { class: "set-buttons" }, ...known.map((/** @type {any} */ { button }) => button));
  let pictured = false;

  /** Fetched when somebody looks. */
  async function picture() {
    if (pictured) return;
    pictured = true;
    for (const { one, canvas } of known) {
      if (!canvas) continue;
      try {
        points(canvas, unpack(await explorer.backend.data(one.scenario, POINTS)));
      } catch {
        pictured = false; // the button works without
      }
    }
  }

  /** @param {import("../state/explorer.js").State} state */
  function update({ scenario }) {
    for (const { one, button } of known) set(button, { "aria-pressed": String(scenario.data.kind === "builtin" && scenario.data.name === one.name) });
  }

  return { element, picture, update };
}

/** @param {HTMLCanvasElement} canvas @param {import("../engine/pack.js").Packed} packed */
function points(canvas, { header, arrays }) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const [X, y] = [/** @type {Float64Array} */ (arrays.X), /** @type {Float64Array} */ (arrays.y)];
  const inputs = header.columns.length;
  const across = spread(X, 0, inputs);
  const up = inputs > 1 ? spread(X, 1, inputs) : spread(y, 0, 1);
  for (let n = 0; n < y.length; n++) {
    context.fillStyle = header.task === "classification" ? classColour(Number(y[n])) : themed("--text");
    context.beginPath();
    context.arc(across(X[n * inputs]), SIDE - up(inputs > 1 ? X[n * inputs + 1] : y[n]), 2, 0, 7);
    context.fill();
  }
}

/** From values to places inside the picture. @param {ArrayLike<number>} values @param {number} first @param {number} step */
function spread(values, first, step) {
  let [low, high] = [Infinity, -Infinity];
  for (let k = first; k < values.length; k += step) [low, high] = [Math.min(low, values[k]), Math.max(high, values[k])];
  return (/** @type {number} */ v) => 4 + ((v - low) / (high - low || 1)) * (SIDE - 8);
}
