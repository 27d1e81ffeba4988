// Which line of the timeline is what.

import { LINES, qualityName } from "../draw/lines.js";
import { html, svg, write } from "../draw/dom.js";

/** @typedef {import("../state/explorer.js").State} State */

export function timelineLegend() {
  const names = { batch: "batch loss", test: "test loss", quality: "test accuracy", ghost: "before the change" };
  const entries = Object.entries(names).map(([key, name]) => ({ key, text: html("span", {}, name), line: LINES[/** @type {keyof typeof LINES} */ (key)] }));
  const items = entries.map(({ key, text, line }) => html("li", { class: `line-${key}` }, sample(line), text));
  const element = html("ul", { class: "timeline-legend", "aria-label": "Lines" }, ...items);

  /** @param {State} state */
  function update({ run, ghost }) {
    if (run) write(entries[2].text, qualityName(run));
    items[3].classList.toggle("absent", !ghost); // its place is kept: the chart stays where it is
  }

  return { element, update };
}

/** @param {import("../draw/lines.js").Line} line */
const sample = ({ width, dash }) => svg("svg", { width: 30, height: 8, "aria-hidden": "true" }, svg("line", { x1: 0, x2: 30, y1: 4, y2: 4, "stroke-width": width, "stroke-dasharray": dash.join(" ") || null }));
