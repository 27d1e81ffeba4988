// The life of a weight: its curve over the whole run, and who pushed it: classes, and the strongest rows.

import { html, picture, set, svg } from "../draw/dom.js";
import { count, short } from "../draw/format.js";
import { lifeKey } from "../state/asking.js";
import { measuredOf, outcome, whatifOf, withoutWords } from "../state/whatif.js";
import { bar, figure, Folds, part, rowChip, slot, swatch, tick } from "./card-parts.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 * @typedef {import("../explain/life.js").LifeData} LifeData
 */

const WIDTH = 340;
const HEIGHT = 92;
const PAD = { left: 2, right: 2, top: 8, bottom: 8 };
/** So many rows are told of; of all others there is a sum. */
const STRONGEST = 6;

/** @param {import("../state/explorer.js").Explorer} explorer */
export function lifeOf(explorer) {
  const told = slot(html("div", {}));
  const folds = new Folds();
  let room = 0;
  const cursor = svg("line", { class: "life-cursor", y1: 0, y2: HEIGHT });
  const dot = svg("circle", { class: "life-dot", r: 4 });

  /** @param {State} state */
  function update(state) {
    const { life, run } = state;
    if (!run || !life) return told.fill([], () => []);
    const whatif = whatifOf(state);
    const height = told.element.offsetHeight;
    if (life.data) told.element.style.minHeight = "";
    else if (height > room) told.element.style.minHeight = `${(room = height)}px`; // nothing jumps while it is told anew
    if (life.data) room = 0;
    const old = olderOf(state, explorer);
    told.fill([life.data ?? Math.round(life.share * 25), life.error, state.scenario.without, old, whatif, ...(whatif ? measuredOf(whatif) : [])], () => (life.data ? parts(life.data, run, old, whatif) : [waiting(life)]));
    if (life.data) point(life.data, old, state);
  }

  /** @param {LifeData} life @param {LifeData|null} old @param {State} state */
  function point(life, old, state) {
    const at = Math.min(life.values.length - 1, Math.floor(state.cursor));
    const { x, y } = scales(life, old);
    set(cursor, { x1: x(at).toFixed(1), x2: x(at).toFixed(1) });
    set(dot, { cx: x(at).toFixed(1), cy: y(life.values[at]).toFixed(1) });
  }

  /** @param {LifeData} life @param {Shown} run @param {LifeData|null} old @param {import("../state/explorer.js").WhatIf|null} whatif */
  function parts(life, run, old, whatif) {
    const scale = scales(life, old);
    const drawing = picture(`The life of ${life.name}`, `From ${short(life.before)} to ${short(life.after)} over ${life.stop} updates.`, { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "life" }, zero(scale), old && svg("path", { d: curve(old, scale), class: "life-curve old" }), svg("path", { d: curve(life, scale), class: "life-curve" }), cursor, dot);
    drawing.addEventListener("click", (event) => {
      const box = drawing.getBoundingClientRect();
      explorer.pause();
      explorer.seek(Math.round(((event.clientX - box.left) / box.width) * (life.values.length - 1)));
    });
    const { low, high } = scale;
    return [part(
      "Its whole life",
      html("figure", { class: "life-figure" }, drawing, html("figcaption", { class: "quiet small" }, html("span", {}, `${short(low)} to ${short(high)}`), html("span", {}, `${count(life.stop)} updates; click to go there`)), old && html("p", { class: "small quiet" }, "dashed: with the row that is left out now")),
      html("p", { class: "small" }, figure(life.before, { digits: 5, field: "life.before" }), " → ", figure(life.after, { digits: 5, field: "life.after" }), ` over the run; it travelled ${short(life.path)} in all.`),
      ...pushes(life, run, explorer, folds, whatif),
      tick(life.ticks, life.ticks ? `Every update adds up; the roundings of all updates together are within their bound ${short(life.bound, 2)}.` : `These pushes do not explain the change within ${short(life.bound, 2)}.`),
    )];
  }

  return { element: told.element, update };
}

/** @param {import("../state/asking.js").Lived} life */
function waiting({ share, error }) {
  if (error) return part("Its whole life", html("p", { class: "quiet" }, error));
  return part("Its whole life", html("p", { class: "quiet small" }, "every update is done again …"), html("progress", { max: 1, value: share, "aria-label": "Updates done again" }));
}

/** The life in the run that still had the row, where it was told. @param {State} state @param {import("../state/explorer.js").Explorer} explorer */
function olderOf({ whatif, run, selection }, explorer) {
  return whatif && whatif.run === run ? (explorer.asking.lives.get(lifeKey({ run: whatif.base, selection })) ?? null) : null;
}

/** @param {LifeData} life @param {LifeData|null} old */
function scales({ values }, old) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of [...values, ...(old?.values ?? [])]) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const span = high - low || 1;
  const x = (/** @type {number} */ update) => PAD.left + (update / Math.max(1, values.length - 1)) * (WIDTH - PAD.left - PAD.right);
  const y = (/** @type {number} */ value) => PAD.top + (1 - (value - low) / span) * (HEIGHT - PAD.top - PAD.bottom);
  return { x, y, low, high };
}

/** Where zero is, if it is on the way. @param {ReturnType<typeof scales>} scale */
function zero({ y, low, high }) {
  return low < 0 && high > 0 ? svg("line", { class: "life-zero", x1: 0, x2: WIDTH, y1: y(0), y2: y(0) }) : null;
}

/** No more points than there are pixels: of each stretch the lowest and the highest. @param {LifeData} life @param {ReturnType<typeof scales>} scale */
function curve({ values }, { x, y }) {
  const stretch = Math.max(1, Math.ceil(values.length / WIDTH));
  let path = "";
  for (let k = 0; k < values.length; k += stretch) {
    const part = values.slice(k, k + stretch);
    const ends = stretch > 1 ? [Math.min(...part), Math.max(...part)] : part;
    for (const value of ends) path += `${path ? "L" : "M"}${x(k).toFixed(1)} ${y(value).toFixed(1)}`;
  }
  return `${path}L${x(values.length - 1).toFixed(1)} ${y(values[values.length - 1]).toFixed(1)}`;
}

/** Classes as bars, then the rows that pushed most. @param {LifeData} life @param {Shown} run @param {import("../state/explorer.js").Explorer} explorer @param {Folds} folds @param {import("../state/explorer.js").WhatIf|null} whatif */
function pushes(life, run, explorer, folds, whatif) {
  const classes = Object.entries(life.by_class).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const others = life.parts.filter((p) => p.kind !== "row" && p.kind !== "rounding");
  const most = Math.max(...classes.map(([, push]) => Math.abs(push)), ...others.map((p) => Math.abs(p.value)), Number.MIN_VALUE);
  const line = (/** @type {import("../draw/dom.js").Child[]} */ name, /** @type {number} */ value, /** @type {string} */ key) => html("tr", { "data-part": key }, html("th", { scope: "row" }, ...name), html("td", { class: "bars" }, bar(value / most)), html("td", {}, figure(value, { sign: true })));
  const byClass = classes.map(([label, push]) => line([swatch(Number(label)), ` ${run.data.targets[Number(label)] ?? `class ${label}`}`], push, `class ${label}`));
  const rest = others.map((p) => line([p.name], p.value, p.name));
  const rows = life.parts.filter((p) => p.kind === "row").sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  return [
    byClass.length + rest.length > 0 && html("table", { class: "sum classes" }, html("caption", {}, classes.length ? "Who pushed it, by class" : "What pushed it beside the rows"), html("tbody", {}, ...byClass, ...rest)),
    whatif && html("p", { class: "outcome small" }, html("b", {}, `${withoutWords(run)}. `), outcome(whatif)),
    strongest(rows.slice(0, STRONGEST), run, explorer),
    rows.length > STRONGEST && folds.fold("more rows", `the next ${Math.min(24, rows.length - STRONGEST)} of ${rows.length} rows`, () => [strongest(rows.slice(STRONGEST, STRONGEST + 24), run, explorer, "Further rows")]),
  ];
}

/** Rows with what they pushed over the run, each to be left out. @param {import("../explain/change.js").PartData[]} rows @param {Shown} run @param {import("../state/explorer.js").Explorer} explorer @param {string} [caption] */
function strongest(rows, run, explorer, caption = "The rows that pushed it most") {
  const most = Math.abs(rows[0]?.value) || 1;
  const out = run.scenario.without;
  const line = (/** @type {any} */ p) => html(
    "tr", { "data-part": p.name },
    html("th", { scope: "row" }, rowChip(explorer, run, p.row, "life")),
    html("td", { class: "bars" }, bar(p.value / most)),
    html("td", {}, figure(p.value, { exact: p.exact, sign: true })),
    html("td", {}, html("button", { type: "button", class: "without", "data-key": `without ${p.row}`, disabled: out.includes(p.row), "aria-label": `Train again without row ${p.row}`, title: "Train again without this row", click: () => explorer.without(p.row) }, "without")),
  );
  return html("table", { class: "sum rows" }, html("caption", {}, caption), html("tbody", {}, ...rows.map(line)));
}

