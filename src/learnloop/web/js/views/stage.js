// The network as one sentence, left to right: data, inputs, layers, output, loss. Every neuron is a picture of what it computes.

import { Scale, themed } from "../draw/colour.js";
import { html, picture as drawing, set, write } from "../draw/dom.js";
import { count, short } from "../draw/format.js";
import { sizeOf } from "../draw/size.js";
import { Pointer } from "./pointer.js";
import { ranked } from "./ranked.js";
import { columnsOf, rankKey, weighty } from "./stage-columns.js";
import { stageControls } from "./stage-controls.js";
import { dataWords, paintData } from "./stage-data.js";
import { Labels } from "./stage-labels.js";
import { arrange } from "./stage-layout.js";
import { Links, linksOf, strengths, MOST } from "./stage-links.js";
import { answersOf, nameTag, say } from "./stage-names.js";
import { paintNeuron } from "./stage-neuron.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 * @typedef {import("./stage-layout.js").Column} Column
 * @typedef {import("./stage-layout.js").Spot} Spot
 */

/** @param {import("../state/explorer.js").Explorer} explorer */
export function stage(explorer) {
  const links = new Links((link) => explorer.set({ selection: { kind: "weight", parameter: link.parameter, place: link.place } }));
  const labels = new Labels();
  const canvas = drawing("The network", "Links between neurons: blue for positive, orange and dashed for negative; the wider, the stronger.", { class: "stage-links" }, links.group, labels.group);
  const neurons = html("div", { class: "stage-neurons", role: "group", "aria-label": "Neurons; arrow keys move between them" });
  const heads = html("div", { class: "stage-heads" });
  const note = html("p", { class: "stage-note quiet" });
  const list = ranked(explorer, () => neurons.querySelector("button")?.focus());
  const board = html("div", { class: "stage" }, heads, canvas, neurons, list.element);
  const controls = stageControls(explorer);
  const element = html("section", { class: "stage-room", "aria-label": "The network" }, board, note, controls.element);
  /** @type {{key: string, rank: string, columns: Column[], all: any[], buttons: Map<string, HTMLButtonElement>, names: {tag: HTMLElement, unit: number}[], data: any}} */
  const here = { key: "", rank: "", columns: [], all: [], buttons: new Map(), names: [], data: null };

  let selected = "";
  const pointer = new Pointer((event) => {
    const { layer, unit } = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest?.(".neuron.layer, .neuron.inputs"))?.dataset ?? {};
    if (layer !== undefined && board.contains(/** @type {Element} */ (event.target))) explorer.set({ hover: { kind: "neuron", layer, unit: Number(unit) } });
  });

  const size = sizeOf(board, () => explorer.refresh());

  /** @param {State} state */
  function update(state) {
    const { run, picture } = state;
    if (!run || !picture || picture.run.kit !== run.kit || picture.run.data !== run.data) return;
    const now = JSON.stringify(state.selection);
    if (now !== selected) pointer.hold(); // what was chosen counts more than what slides under the pointer
    selected = now;
    lay(state);
    const mode = /** @type {"weight"|"gradient"|"change"} */ (state.phase === 3 ? "gradient" : state.phase === 4 ? "change" : state.links);
    const { shown, tops } = strengths(here.all, picture, mode, state.range);
    const faded = fades(state);
    const { selection } = state;
    const chosen = (/** @type {any} */ link) => selection?.kind === "weight" && link.parameter === selection.parameter && String(link.place) === String(selection.place);
    links.draw(shown, faded, chosen);
    labels.draw(shown, faded);
    controls.update(state, mode, tops);
    board.dataset.phase = String(state.phase);
    board.classList.toggle("flowing", state.playing);
    board.classList.toggle("focused", selection !== null);
    const far = farFrom(state, here.columns);
    const scale = new Scale();
    for (const column of here.columns) for (const spot of column.spots) {
      paint(state, column, spot, scale);
      here.buttons.get(keyOf(column, spot))?.classList.toggle("faded", far(column, spot.unit));
    }
    const answers = here.names.length ? answersOf(state) : [];
    for (const { tag, unit } of here.names) say(tag, answers[unit], run, state.row !== null);
    write(note, noteOf(shown.length, here.all.length, here.columns));
    list.update(state);
  }

  /** @param {State} state */
  function lay(state) {
    const run = /** @type {Shown} */ (state.run);
    const { width, height } = size;
    if (!state.playing || !here.rank.startsWith(run.kit.digest)) here.rank = `${run.kit.digest} ${rankKey(state)}`;
    const key = `${here.rank} ${run.data.id} ${width} ${height}`;
    if (key === here.key || !width) return;
    here.key = key;
    set(canvas, { viewBox: `0 0 ${width} ${height}`, width, height });
    here.columns = arrange({ width, height, columns: columnsOf(state, width < 620) });
    here.all = linksOf(here.columns, run.kit);
    heads.replaceChildren(...here.columns.map(headOf));
    build(run, height);
  }

  /** @param {Shown} run @param {number} height */
  function build(run, height) {
    const held = [...here.buttons].find(([, button]) => button === document.activeElement)?.[0];
    here.buttons.clear();
    here.names = [];
    const parts = here.columns.flatMap((column) => {
      const found = column.spots.flatMap((spot) => [buttonOf(column, spot), ...(column.names ? [tagOf(column, spot, run)] : [])]);
      return [...found, ...(column.kind === "data" ? [countsOf(column, run)] : []), ...(column.spots.length < column.units ? [moreOf(column, height)] : [])];
    });
    neurons.replaceChildren(...parts);
    const first = (held && here.buttons.get(held)) || neurons.querySelector("button");
    first?.setAttribute("tabindex", "0");
    if (held) first?.focus({ preventScroll: true });
  }

  /** @param {Column} column @param {Spot} spot @param {Shown} run */
  function tagOf(column, spot, run) {
    const tag = nameTag(column, spot, run);
    if (column.kind === "layer") here.names.push({ tag, unit: spot.unit });
    return tag;
  }

  /** @param {Column} column */
  function headOf(column) {
    const head = html("div", { class: "stage-head" }, column.title);
    Object.assign(head.style, { left: `${column.left + column.width / 2}px`, maxWidth: `${Math.max(58, column.width + 30)}px` });
    return head;
  }

  /** @param {Column} column @param {Shown} run */
  function countsOf(column, run) {
    const [{ x, y, size }] = column.spots;
    const text = html("p", { class: "stage-counts quiet number" }, ...dataWords(run).split(", ").map((line) => html("span", {}, line)));
    Object.assign(text.style, { left: `${x}px`, top: `${y + size / 2 + 6}px`, width: `${column.width + 12}px` });
    return text;
  }

  /** The rest of a layer, as a list. @param {Column} column @param {number} height */
  function moreOf(column, height) {
    const words = column.layer ? `all ${column.units} neurons of ${column.layer}, as a list` : `all ${column.units} inputs, as a list`;
    const more = `+${count(column.units - column.spots.length)} more`;
    const chip = html("button", { type: "button", class: "stage-more number", title: words, "aria-label": `${more}: ${words}`, click: () => list.open(column.layer) }, more);
    Object.assign(chip.style, { left: `${column.left + column.width / 2}px`, top: `${height - 26}px` });
    return chip;
  }

  /** @param {Column} column @param {Spot} spot */
  function buttonOf(column, spot) {
    const who = { kind: /** @type {"neuron"} */ ("neuron"), layer: column.layer, unit: spot.unit };
    const shows = column.kind === "layer" || column.kind === "inputs";
    const hover = (/** @type {boolean} */ on) => () => explorer.set({ hover: on && shows ? who : null });
    const button = html(
      "button",
      {
        class: `neuron ${column.kind}`, type: "button", "data-layer": column.layer, "data-unit": spot.unit, tabindex: -1, pointerenter: (/** @type {PointerEvent} */ event) => pointer.moved(event) && hover(true)(), pointerleave: hover(false),
        focus: hover(true), blur: hover(false), click: () => column.kind === "layer" && explorer.set({ selection: who, hover: null }),
        keydown: (/** @type {KeyboardEvent} */ event) => move(event, column, spot),
      },
      column.kind === "loss" ? html("span", { class: "number" }) : html("canvas", { "aria-hidden": "true" }),
    );
    Object.assign(button.style, { left: `${spot.x - spot.size / 2}px`, top: `${spot.y - spot.size / 2}px`, width: `${spot.size}px`, height: `${spot.size}px` });
    const order = here.columns.indexOf(column);
    button.style.setProperty("--forward", String(order));
    button.style.setProperty("--backward", String(here.columns.length - 1 - order));
    button.dataset.back = String(here.columns.length - 1 - order);
    if (spot.size < 46 && column.kind === "loss") button.classList.add("small");
    here.buttons.set(keyOf(column, spot), button);
    return button;
  }

  /** Arrow keys: up and down in a column, Alt with left and right between columns (left and right are for time). */
  function move(/** @type {KeyboardEvent} */ event, /** @type {Column} */ column, /** @type {Spot} */ spot) {
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

  /** @param {Column} column @param {Spot} spot */
  function focus(column, spot) {
    for (const button of here.buttons.values()) button.tabIndex = -1;
    const button = here.buttons.get(keyOf(column, spot));
    if (!button) return;
    button.tabIndex = 0;
    button.focus();
  }

  /** @param {State} state @param {Column} column @param {Spot} spot @param {Scale} scale */
  function paint(state, column, spot, scale) {
    const button = here.buttons.get(keyOf(column, spot));
    if (!button) return;
    const is = (/** @type {any} */ who) => who?.kind === "neuron" && who.layer === column.layer && who.unit === spot.unit && column.kind === "layer";
    button.classList.toggle("chosen", Boolean(is(state.selection)));
    button.classList.toggle("hovered", Boolean(is(state.hover)));
    const said = draw(state, column, spot, /** @type {any} */ (button.firstChild), scale);
    if (said) set(button, { "aria-label": said, title: said });
  }

  /** @param {State} state @param {Column} column @param {Spot} spot @param {any} face @param {Scale} scale */
  function draw(state, column, spot, face, scale) {
    const run = /** @type {Shown} */ (state.run);
    if (column.kind === "loss") {
      write(face, Math.abs(state.picture.loss) < 0.001 && state.picture.loss ? state.picture.loss.toExponential(1).replace("-", "−") : short(state.picture.loss));
      return `loss of the batch ${short(state.picture.loss)}`;
    }
    if (column.kind !== "data") return paintNeuron(face, state, column, spot.unit, scale);
    const ink = themed("--text");
    if (here.data === run.examples && face.dataset.ink === ink) return "";
    [here.data, face.dataset.ink] = [run.examples, ink];
    return paintData(face, run);
  }

  return { element, update, destroy() {} };
}

/** @param {Column} column @param {Spot} spot */
const keyOf = (column, spot) => `${column.layer} ${column.kind} ${spot.unit}`;

/** Which links step back: those that the neuron under the pointer, or the chosen one, has nothing to do with. @param {State} state */
function fades({ hover, selection, run }) {
  const focus = hover ?? (selection?.kind === "neuron" ? selection : null);
  if (!focus && selection?.kind === "weight") return (/** @type {any} */ link) => link.parameter !== selection.parameter || String(link.place) !== String(selection.place);
  if (!focus) return () => false;
  const layers = weighty(run?.kit).map((/** @type {any} */ l) => l.name);
  return (/** @type {any} */ link) => {
    const name = run?.kit.layers[link.layer].name;
    const before = layers[layers.indexOf(name) - 1] ?? "";
    return !((name === focus.layer && link.place[1] === focus.unit) || (hover !== null && before === focus.layer && link.place[0] === focus.unit));
  };
}

/** Which neurons have no part in what is selected: in the sum of a neuron, or at the ends of a weight. @param {State} state @param {Column[]} columns */
function farFrom({ selection, run }, columns) {
  if (!selection) return () => false;
  const layer = selection.kind === "neuron" ? selection.layer : run?.kit.parameters.find((/** @type {any} */ p) => p.name === selection.parameter)?.layer;
  const to = selection.kind === "neuron" ? selection.unit : selection.place.at(-1);
  const target = columns.findIndex((c) => c.kind === "layer" && c.layer === layer);
  return (/** @type {Column} */ column, /** @type {number} */ unit) => {
    const here = columns.indexOf(column);
    if (column.kind === "loss" || column.kind === "data" || column.kind === "image") return false;
    if (here === target) return unit !== to;
    if (here !== target - 1) return true;
    return selection.kind === "weight" && (selection.place.length !== 2 || unit !== selection.place[0]);
  };
}

/** @param {number} drawn @param {number} all @param {Column[]} columns */
function noteOf(drawn, all, columns) {
  const hidden = columns.filter((c) => c.spots.length < c.units).map((c) => `${c.spots.length} of ${count(c.units)} ${c.layer ? `in ${c.title}` : c.title}`);
  const parts = hidden.length ? [`strongest neurons: ${hidden.join(", ")}`] : [];
  if (all > MOST) parts.push(`strongest links: ${drawn} of ${count(all)}`);
  return parts.join(" · ");
}
