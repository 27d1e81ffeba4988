// Numbers: what is predicted against what is true, and how far off each row is.

import { html, write } from "../draw/dom.js";
import { short } from "../draw/format.js";
import { measured } from "../state/answers.js";
import { scatter } from "./scatter.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 */

/** @param {import("../state/explorer.js").Explorer} explorer */
export const truth = (explorer) => cloud(explorer, {
  title: "Predicted values against true ones", line: "diagonal", names: (target) => [`true ${target}`, "predicted"],
  place: ({ truth, answer }) => [truth, answer],
});

/** @param {import("../state/explorer.js").Explorer} explorer */
export const residuals = (explorer) => cloud(explorer, {
  title: "How far off predictions are", line: "zero", names: (target) => [`predicted ${target}`, "predicted − true"],
  place: ({ answer, off }) => [answer, off],
});

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {object} how
 * @param {string} how.title
 * @param {"diagonal"|"zero"} how.line
 * @param {(target: string) => [string, string]} how.names  of the axes
 * @param {(one: import("../state/answers.js").Measured) => [number, number]} how.place
 */
function cloud(explorer, { title, line, names, place }) {
  const said = html("p", { class: "large-said" });
  const plot = scatter(title, line, (row) => explorer.set({ row }));
  const key = html("p", { class: "quiet truth-key" }, "filled: learnt from, hollow: held out; the line is where a prediction is right");
  const element = html("div", { class: "truth-view" }, said, plot.element, key);
  let drawn = /** @type {any} */ (null);

  /** @param {State} state */
  function update(state) {
    const { run, picture, row } = state;
    if (!run || (drawn?.picture === picture && drawn.row === row && drawn.width === plot.width())) return;
    drawn = { picture, row, width: plot.width() };
    const points = [run.examples.learn, run.examples.test].flatMap((rows, held) =>
      measured(run, picture.predictions, rows).map((one) => ({ row: one.row, held: held === 1, at: place(one), off: one.off })));
    const [x, y] = names(run.data.targets[0] ?? "value");
    plot.draw(points, { x, y, row });
    const test = points.filter((p) => p.held === run.examples.test.length > 0);
    const rms = Math.sqrt(test.reduce((total, p) => total + p.off ** 2, 0) / Math.max(1, test.length));
    write(said, `${run.examples.test.length ? "test" : "train"} rows are off by ${short(rms)} (root mean square)`);
  }

  return { element, update, destroy() {} };
}
