// The network as one sentence, left to right: inputs, layers, output, loss. Every neuron is a picture of what it computes.

import { Scale } from "../draw/colour.js";
import { html, picture as drawing, set, write } from "../draw/dom.js";
import { short } from "../draw/format.js";
import { arrange } from "./stage-layout.js";
import { Links, linksOf, strengths, MOST } from "./stage-links.js";
import { paintNeuron } from "./stage-neuron.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("./stage-layout.js").Column} Column
 */

/** @param {import("../state/explorer.js").Explorer} explorer */
export function stage(explorer) {
  const links = new Links((link) => explorer.set({ selection: { kind: "weight", parameter: link.parameter, place: link.place } }));
  const canvas = drawing("The network", "Links between neurons: blue for positive, orange and dashed for negative; the wider, the stronger.", { class: "stage-links" }, links.group);
  const neurons = html("div", { class: "stage-neurons", role: "group", "aria-label": "Neurons; arrow keys move between them" });
  const heads = html("div", { class: "stage-heads" });
  const note = html("p", { class: "stage-note quiet" });
  const element = html("section", { class: "stage", "aria-label": "The network" }, heads, canvas, neurons, note);
  /** @type {{key: string, columns: Column[], all: any[], buttons: Map<string, HTMLButtonElement>}} */
  const here = { key: "", columns: [], all: [], buttons: new Map() };

  /** @param {State} state */
  function update(state) {
    const { run, picture } = state;
    if (!run || !picture || picture.run.kit !== run.kit) return;
    lay(state);
    const mode = state.phase === 3 ? "gradient" : state.phase === 4 ? "change" : state.links;
    const shown = strengths(here.all, picture, mode, state.range);
    const focus = state.hover ?? (state.selection?.kind === "neuron" ? state.selection : null);
    const near = (/** @type {any} */ link) => (!focus && state.selection ? chosen(link) : !focus || (layerName(link, run) === focus.layer && link.place[1] === focus.unit) || (state.hover !== null && before(link, run) === focus.layer && link.place[0] === focus.unit));
    const chosen = (/** @type {any} */ link) => state.selection?.kind === "weight" && link.parameter === state.selection.parameter && String(link.place) === String(state.selection.place);
    links.draw(shown, (link) => !near(link), chosen);
    element.classList.toggle("focused", state.selection !== null);
    element.dataset.phase = String(state.phase);
    element.classList.toggle("flowing", state.playing);
    const scale = new Scale();
    for (const column of here.columns) for (const spot of column.spots) paint(state, column, spot, scale);
    write(note, noteOf(shown.length, here.all.length, here.columns));
  }

  /** @param {State} state */
  function lay(state) {
    const run = /** @type {import("../state/explorer.js").Shown} */ (state.run);
    const [width, height] = [element.clientWidth, element.clientHeight];
    const key = `${run.kit.digest} ${run.data.id} ${width} ${height}`;
    if (key === here.key || !width) return;
    here.key = key;
    set(canvas, { viewBox: `0 0 ${width} ${height}`, width, height });
    here.columns = arrange({ width, height, columns: columnsOf(run, state.picture) });
    here.all = linksOf(here.columns, run.kit);
    heads.replaceChildren(...here.columns.map(headOf));
    here.buttons.clear();
    neurons.replaceChildren(...here.columns.flatMap((column) => column.spots.map((spot) => buttonOf(column, spot))));
    neurons.querySelector("button")?.setAttribute("tabindex", "0");
  }

  /** @param {Column} column */
  function headOf(column) {
    const head = html("div", { class: "stage-head" }, column.title);
    Object.assign(head.style, { left: `${column.left + column.width / 2}px`, maxWidth: `${Math.max(58, column.width + 30)}px` });
    return head;
  }

  /** @param {Column} column @param {import("./stage-layout.js").Spot} spot */
  function buttonOf(column, spot) {
    const who = { kind: /** @type {"neuron"} */ ("neuron"), layer: column.layer, unit: spot.unit };
    const hover = (/** @type {boolean} */ on) => () => explorer.set({ hover: on && column.kind !== "loss" ? who : null });
    const button = html(
      "button",
      {
        class: `neuron ${column.kind}`, type: "button", "data-layer": column.layer, "data-unit": spot.unit, tabindex: -1, pointerenter: hover(true), pointerleave: hover(false),
        focus: hover(true), blur: hover(false), click: () => column.kind === "layer" && explorer.set({ selection: who, hover: null }),
        keydown: (/** @type {KeyboardEvent} */ event) => move(event, column, spot),
      },
      column.kind === "loss" ? html("span", { class: "number" }) : html("canvas", { "aria-hidden": "true" }),
    );
    const order = here.columns.indexOf(column);
    button.style.setProperty("--forward", String(order));
    button.style.setProperty("--backward", String(here.columns.length - 1 - order));
    Object.assign(button.style, { left: `${spot.x - spot.size / 2}px`, top: `${spot.y - spot.size / 2}px`, width: `${spot.size}px`, height: `${spot.size}px` });
    here.buttons.set(`${column.layer} ${column.kind} ${spot.unit}`, button);
    return button;
  }

  /** Arrow keys: up and down in a column, Alt with left and right between columns (left and right are for time). */
  function move(/** @type {KeyboardEvent} */ event, /** @type {Column} */ column, /** @type {any} */ spot) {
    const c = here.columns.indexOf(column);
    const s = column.spots.indexOf(spot);
    const aside = event.altKey || event.ctrlKey;
    const target = { ArrowDown: column.spots[s + 1], ArrowUp: column.spots[s - 1], Home: here.columns[0].spots[0], End: column.spots.at(-1) }[event.key];
    const other = { ArrowRight: here.columns[c + 1], ArrowLeft: here.columns[c - 1] }[event.key];
    if (target) focus(event.key === "Home" ? here.columns[0] : column, target);
    else if (other && aside) focus(other, nearest(other, spot.y));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Column} column @param {number} y */
  const nearest = (column, y) => column.spots.reduce((best, spot) => (Math.abs(spot.y - y) < Math.abs(best.y - y) ? spot : best));

  /** @param {Column} column @param {any} spot */
  function focus(column, spot) {
    for (const button of here.buttons.values()) button.tabIndex = -1;
    const button = here.buttons.get(`${column.layer} ${column.kind} ${spot.unit}`);
    if (!button) return;
    button.tabIndex = 0;
    button.focus();
  }

  /** @param {State} state @param {Column} column @param {any} spot @param {Scale} scale */
  function paint(state, column, spot, scale) {
    const button = here.buttons.get(`${column.layer} ${column.kind} ${spot.unit}`);
    if (!button) return;
    const { selection, hover, picture } = state;
    const is = (/** @type {any} */ who) => who && who.kind === "neuron" && who.layer === column.layer && who.unit === spot.unit && column.kind === "layer";
    button.classList.toggle("chosen", Boolean(is(selection)));
    button.classList.toggle("hovered", Boolean(is(hover)));
    button.classList.toggle("faded", isFar(state, here.columns, column, spot.unit));
    if (column.kind === "loss") {
      write(/** @type {Node} */ (button.firstChild), short(picture.loss));
      return set(button, { "aria-label": `loss of the batch ${short(picture.loss)}` });
    }
    const said = paintNeuron(/** @type {HTMLCanvasElement} */ (button.firstChild), state, column, spot.unit, scale);
    set(button, { "aria-label": said, title: said });
  }

  new ResizeObserver(() => explorer.set({})).observe(element);
  return { element, update, destroy() {} };
}

/** @param {any} link @param {any} run */
const layerName = (link, run) => run.kit.layers[link.layer].name;

/** Whether a neuron has no part in what is selected: in a neuron's sum, or at the ends of a weight. @param {State} state @param {Column[]} columns @param {Column} column @param {number} unit */
function isFar({ selection, run }, columns, column, unit) {
  if (!selection || column.kind === "loss") return false;
  const weight = selection.kind === "weight" ? selection : null;
  const layer = selection.kind === "neuron" ? selection.layer : run?.kit.parameters.find((/** @type {any} */ p) => p.name === selection.parameter)?.layer;
  const to = selection.kind === "neuron" ? selection.unit : selection.place.at(-1);
  const target = columns.findIndex((c) => c.kind === "layer" && c.layer === layer);
  const here = columns.indexOf(column);
  if (here === target) return unit !== to;
  if (here !== target - 1) return true;
  return weight !== null && column.kind !== "image" && (weight.place.length !== 2 || unit !== weight.place[0]);
}

/** The layer with weights before the one that a link leads to; "" for the inputs. @param {any} link @param {any} run */
function before(link, run) {
  const weighty = run.kit.layers.filter((/** @type {any} */ l) => l.parameters.weight);
  const k = weighty.indexOf(run.kit.layers[link.layer]);
  return k > 0 ? weighty[k - 1].name : "";
}

/** @param {import("../state/explorer.js").Shown} run @param {any} picture */
function columnsOf(run, picture) {
  const { kit, data } = run;
  const order = (/** @type {number} */ n) => Array.from({ length: n }, (_, k) => k);
  const image = data.image_shape !== null && kit.inputs > 12;
  const inputs = image
    ? { name: "", units: 1, kind: /** @type {const} */ ("image"), title: `${data.image_shape.join(" × ")} pixels`, order: [0] }
    : { name: "", units: kit.inputs, kind: /** @type {const} */ ("inputs"), title: kit.inputs === 1 ? "input" : "inputs", order: order(kit.inputs) };
  const weighty = kit.layers.filter((/** @type {any} */ l) => l.parameters.weight);
  const layers = weighty.map((/** @type {any} */ l, /** @type {number} */ k) => ({
    name: l.name, units: l.width, kind: /** @type {const} */ ("layer"), title: k === weighty.length - 1 ? "output" : `${l.name}`,
    order: ranked(picture.layers[kit.layers.indexOf(l)]),
  }));
  return [inputs, ...layers, { name: "", units: 1, kind: /** @type {const} */ ("loss"), title: "loss", order: [0] }];
}

/** Units by the size of the weights that lead to them, the largest first. @param {any} layer */
function ranked(layer) {
  const sizes = new Float64Array(layer.width);
  if (layer.weight) for (let k = 0; k < layer.weight.length; k++) sizes[k % layer.width] += layer.weight[k] ** 2;
  return Array.from(sizes, (_, k) => k).sort((a, b) => sizes[b] - sizes[a]);
}

/** @param {number} drawn @param {number} all @param {Column[]} columns */
function noteOf(drawn, all, columns) {
  const hidden = columns.filter((c) => c.spots.length < c.units).map((c) => `${c.spots.length} of ${c.units} in ${c.title}`);
  const parts = hidden.length ? [`strongest neurons: ${hidden.join(", ")}`] : [];
  if (all > MOST) parts.push(`the strongest ${drawn} of ${all} links`);
  return parts.join(" · ");
}
