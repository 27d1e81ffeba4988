// The card of what is selected: a neuron or one of its weights. It lies beside the network, never over it.

import { html, write } from "../draw/dom.js";
import { icon } from "../draw/icons.js";
import { keyOf, momentOf } from "../state/asking.js";
import { above, neuronName, weightName } from "../state/words.js";
import { neuronCard } from "./card-neuron.js";
import { weightCard } from "./card-weight.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Neuron} Neuron
 * @typedef {import("../state/explorer.js").Weight} Weight
 */

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {() => boolean} [attends]  whether the focus may go along: not where something else than the reader selects
 */
export function card(explorer, attends = () => true) {
  const title = html("h2", { tabindex: -1, class: "card-title" });
  const about = html("p", { class: "quiet small" });
  const network = html("button", { type: "button", class: "linkish", click: () => explorer.set({ selection: null }) }, "network");
  const neuron = html("button", { type: "button", class: "linkish", click: () => explorer.up() });
  const close = html("button", { type: "button", class: "small-button close", "aria-label": "One level up (Escape)", title: "One level up (Escape)", click: () => explorer.up() }, icon("close"));
  const views = { neuron: neuronCard(explorer), weight: weightCard(explorer) };
  const body = html("div", { class: "card-body" });
  const element = html("section", { class: "card panel", "aria-label": "Why it is as it is", hidden: true }, html("nav", { class: "crumbs small", "aria-label": "Where this is" }, network, neuron, close), title, about, body);
  let was = /** @type {Neuron|Weight|null} */ (null);

  /** @param {State} state */
  function update(state) {
    const { selection, run, explained } = state;
    element.hidden = !selection;
    if (JSON.stringify(was) !== JSON.stringify(selection)) turn(state);
    if (!selection || !run) return;
    const upper = above(selection, run.kit);
    neuron.hidden = !upper;
    write(neuron, upper ? neuronName(upper) : "");
    write(title, selection.kind === "neuron" ? capital(neuronName(selection)) : `${selection.parameter}[${selection.place.join(",")}]`);
    write(about, `${selection.kind === "weight" ? `the weight ${weightName(run, selection)}, ` : ""}update ${momentOf(state)}${run.scenario.without.length ? `, without ${run.scenario.without.length === 1 ? "row" : "rows"} ${run.scenario.without.join(", ")}` : ""}`);
    const fresh = explained?.key === keyOf(state);
    element.setAttribute("aria-busy", String(!fresh));
    if (explained) Object.assign(element.dataset, { kind: selection.kind, update: String(explained.update), run: String(explained.run), key: explained.key });
    body.style.visibility = JSON.stringify(explained?.selection) === JSON.stringify(selection) ? "" : "hidden"; // no number of another weight
    views[selection.kind].update(state);
  }

  /** Another level, or another one of it: the focus goes along. @param {State} state */
  function turn({ selection }) {
    const old = was;
    was = selection;
    if (selection) body.replaceChildren(views[selection.kind].element);
    if (!attends() || !navigator.userActivation?.hasBeenActive) return; // the address led here, and nobody is anywhere yet
    if (!old || !selection || selection.kind !== old.kind || element.contains(document.activeElement)) requestAnimationFrame(() => attend(old, selection));
  }

  /** Down to the title of the card, up to what led here. @param {Neuron|Weight|null} old @param {Neuron|Weight|null} now */
  function attend(old, now) {
    const active = document.activeElement;
    const elsewhere = active !== document.body && active !== null && !element.contains(active);
    if (elsewhere && !now) return; // somebody went on meanwhile
    const from = old?.kind === "weight" && now?.kind === "neuron" ? body.querySelector(`[data-parameter="${CSS.escape(old.parameter)}"][data-place="${old.place}"]`) : null;
    const room = element.closest("[data-live]") ?? document; // a lesson has several stages
    const left = !now && old ? room.querySelector(`.stage [data-layer="${CSS.escape(layerOf(old))}"][data-unit="${unitOf(old)}"]`) : null;
    const target = /** @type {HTMLElement|null} */ (from ?? left ?? (now ? title : room.querySelector(".stage .neuron[tabindex='0']")));
    target?.focus({ preventScroll: true });
    if (target === title) show();
  }

  /** In a column that scrolls on its own it does so, below the map that stays; the page keeps still. Elsewhere the page scrolls. */
  function show() {
    const column = /** @type {HTMLElement|null} */ (element.closest(".right"));
    if (!column || getComputedStyle(column).overflowY !== "auto") return element.scrollIntoView({ block: "nearest" });
    const map = column.querySelector(".large");
    const stays = map && getComputedStyle(map).position === "sticky" ? map.getBoundingClientRect().height : 0;
    column.scrollTop += element.getBoundingClientRect().top - column.getBoundingClientRect().top - stays - 8;
  }

  /** @param {Neuron|Weight} selection */
  const layerOf = (selection) => (selection.kind === "neuron" ? selection.layer : explorer.state.run?.kit.parameters.find((/** @type {any} */ p) => p.name === selection.parameter)?.layer ?? "");
  const unitOf = (/** @type {Neuron|Weight} */ selection) => (selection.kind === "neuron" ? selection.unit : selection.place.at(-1));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !explorer.state.selection) return;
    explorer.up();
    event.preventDefault();
  });
  return { element, update, destroy() {} };
}

/** @param {string} text */
const capital = (text) => text[0].toUpperCase() + text.slice(1);
