// Which sign is which class, and what filled, hollow and ringed points mean.

import { pointColour } from "../draw/colour.js";
import { html, svg } from "../draw/dom.js";
import { shape } from "../draw/shapes.js";
import { classCount, className, isClasses } from "../state/answers.js";

const MOST = 10;

/** A point as the map draws it. @param {number} label @param {{held?: boolean, wrong?: boolean}} [how] */
export function sample(label, { held = false, wrong = false } = {}) {
  const colour = label < 0 ? "var(--text)" : pointColour(label);
  const path = svg("path", { d: shape(label, 4), transform: "translate(8 8)", fill: held ? "var(--panel)" : colour, stroke: held ? colour : "var(--panel)", "stroke-width": held ? 2 : 1, class: wrong ? "dot wrong" : "dot" });
  return svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, path);
}

export function classKey() {
  const element = html("ul", { class: "class-key quiet", "aria-label": "Key" });
  let key = "";
  /** @param {import("../state/explorer.js").Shown} run */
  function update(run) {
    const names = isClasses(run) ? Array.from({ length: Math.min(MOST, classCount(run)) }, (_, k) => className(run, k)) : [];
    const tested = run.examples.test.length > 0;
    const now = [...names, tested].join("\n");
    if (now === key) return;
    key = now;
    const items = names.map((name, k) => html("li", {}, sample(k), name));
    if (tested) items.push(html("li", {}, sample(-1), "learnt from"), html("li", {}, sample(-1, { held: true }), "held out"));
    if (names.length) items.push(html("li", {}, sample(0, { wrong: true }), "wrong"));
    element.replaceChildren(...items);
  }
  return { element, update };
}
