// One hidden layer as a chip, and a choice from a table.

import { html } from "../draw/dom.js";
import { icon } from "../draw/icons.js";

/** Small layers change by one unit, larger ones by eight. @param {number} units @param {1|-1} way */
export function nextWidth(units, way) {
  const step = way > 0 ? (units < 16 ? 1 : 8) : units <= 16 ? 1 : 8;
  return way > 0 || step === 1 ? units + way * step : Math.max(16, units - step);
}

/**
 * @param {object} given
 * @param {any} given.dense
 * @param {number} given.place
 * @param {number} given.most  units
 * @param {string[]} given.names  of activations
 * @param {(changes: any) => void} given.change
 * @param {() => void} given.remove
 */
export function layerChip({ dense, place, most, names, change, remove }) {
  const who = `hidden layer ${place}`;
  const width = (/** @type {number} */ units) => change({ units: Math.max(1, Math.min(most, Math.round(units))) });
  const button = (/** @type {"plus"|"minus"|"close"} */ sign, /** @type {string} */ words, /** @type {() => void} */ click, disabled = false) =>
    html("button", { type: "button", "data-part": `${sign}-${place}`, "aria-label": words, title: words, click, disabled }, icon(sign));
  const field = html("input", { type: "number", class: "number", "data-part": `units-${place}`, min: 1, max: most, value: dense.units, "aria-label": `units of ${who}`, change: () => wide(Number(field.value)) });
  /** @param {number} units */
  function wide(units) {
    if (Number.isInteger(units) && units >= 1 && units <= most) return width(units);
    field.setCustomValidity(`a whole number from 1 to ${most}`);
    field.reportValidity(); // the browser's own bubble, which it reads aloud
    field.setCustomValidity("");
    field.value = String(dense.units);
  }
  return html("li", {}, html("div", { class: "layer-chip", role: "group", "aria-label": who },
    button("minus", `Fewer units in ${who}`, () => width(nextWidth(dense.units, -1)), dense.units <= 1),
    field,
    button("plus", `More units in ${who}`, () => width(nextWidth(dense.units, 1)), dense.units >= most),
    picker("", names, dense.activation?.named ?? "", (name) => change({ activation: { named: name } }), `activation of ${who}`, `activation-${place}`),
    button("close", `Remove ${who}`, remove),
  ));
}

/**
 * A choice from names; one that is not among them is shown, and cannot be chosen again.
 * @param {string} label  "": none is shown
 * @param {string[]} names
 * @param {string} current
 * @param {(name: string) => void} choose
 * @param {string} [spoken]
 * @param {string} [part]  to find it again after it is drawn anew
 */
export function picker(label, names, current, choose, spoken = label, part = label) {
  const own = names.includes(current) ? [] : [html("option", { value: "", selected: true, disabled: true }, current || "of one's own")];
  const options = names.map((name) => html("option", { value: name, selected: name === current }, name.replaceAll("_", " ")));
  const select = html("select", { "aria-label": spoken, "data-part": part, change: () => choose(select.value) }, ...own, ...options);
  return label ? html("label", { class: "picker" }, html("span", { class: "quiet" }, label), select) : select;
}
