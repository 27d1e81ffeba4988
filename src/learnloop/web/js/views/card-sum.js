// The change of a weight as a sum that is seen to add up: one line for each part, the tick at its end.

import { html } from "../draw/dom.js";
import { short } from "../draw/format.js";
import { fraction, sheet } from "../draw/sheet.js";
import { Rational, sum } from "../explain/rational.js";
import { kindWords } from "../state/words.js";
import { bar, rowChip, figure } from "./card-parts.js";

/**
 * @typedef {import("../explain/change.js").ChangeData} ChangeData
 * @typedef {import("../explain/change.js").PartData} PartData
 *
 * @typedef {object} Group  parts that are one line
 * @property {string} label
 * @property {string} kind
 * @property {Rational} value
 * @property {PartData[]} parts
 */

/** Rows with one coefficient and one source are one line, every other part its own. @param {ChangeData} change @returns {Group[]} */
export function groupsOf(change) {
  /** @type {Map<string, PartData[]>} */
  const found = new Map();
  change.parts.forEach((part, k) => {
    const key = part.kind === "row" ? `${part.coefficient} ${part.source}` : String(k);
    found.set(key, [...(found.get(key) ?? []), part]);
  });
  return [...found.values()].map((parts) => ({ label: labelOf(parts), kind: parts[0].kind, value: sum(parts.map((p) => fraction(p.exact))), parts }));
}

/** @param {PartData[]} parts */
function labelOf([first, ...others]) {
  if (first.kind === "rounding") return "rounding";
  const times = first.coefficient === 1 ? "" : `${short(first.coefficient, 6)} × `;
  if (first.kind !== "row") return `${times}${first.source}`;
  return `${times}sum over ${others.length ? `${others.length + 1} rows` : "1 row"} of ${first.source}`;
}

/** The printed numbers of a change. @param {ChangeData} change @param {Group[]} groups */
export const sheetOf = (change, groups) => sheet({ before: Rational.of(change.before), after: Rational.of(change.after), entries: groups.map((g) => g.value), bound: change.bound, ticks: change.ticks });

/** The lines of the sum. @param {ChangeData} change @param {Group[]} groups @param {import("../draw/sheet.js").Sheet} printed */
export function sumTable(change, groups, printed) {
  const most = Math.max(...groups.map((g) => Math.abs(g.value.toNumber())), Number.MIN_VALUE);
  const line = (/** @type {Group} */ group, /** @type {number} */ k) => {
    const exact = group.value.toString();
    return html(
      "tr", { "data-part": group.label, "data-kind": group.kind },
      html("th", { scope: "row" }, html("span", { class: "formula" }, group.label), html("span", { class: "gloss quiet" }, kindWords(group.kind, change))),
      html("td", { class: "bars" }, bar(group.value.toNumber() / most)),
      html("td", { class: "number", title: `${group.value.toNumber()} = ${exact}`, "data-exact": exact, "data-value": String(group.value.toNumber()) }, printed.numbers[k]),
    );
  };
  const total = html("tr", { class: "total" }, html("th", { scope: "row" }, "the stored change"), html("td"), html("td", { class: "number", title: String(change.change), "data-exact": Rational.of(change.after).minus(Rational.of(change.before)).toString(), "data-value": String(change.change), "data-field": "change" }, printed.change));
  return html("table", { class: "sum" }, html("caption", { class: "hidden-text" }, `What moved ${change.name} in update ${change.update}`), html("tbody", {}, ...groups.map(line), total));
}

/** What each row of the batch pushed, the strongest first. @param {import("../state/explorer.js").Explorer} explorer @param {import("../state/explorer.js").Shown} run @param {PartData[]} parts */
export function rowTable(explorer, run, parts) {
  const sorted = [...parts].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const most = Math.abs(sorted[0]?.value) || 1;
  const line = (/** @type {PartData} */ p) => html(
    "tr", { "data-part": p.name },
    html("th", { scope: "row" }, rowChip(explorer, run, Number(p.row), "sum")),
    html("td", { class: "bars" }, bar(p.value / most)),
    html("td", {}, figure(p.value, { exact: p.exact, sign: true, digits: 4 })),
  );
  return html("table", { class: "sum rows" }, html("caption", { class: "hidden-text" }, "What each row of the batch pushed"), html("tbody", {}, ...sorted.map(line)));
}
