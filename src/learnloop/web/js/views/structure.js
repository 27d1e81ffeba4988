// What must be compiled: layers, widths, activations, the loss, the optimizer. Every change compiles and trains again.

import { html, set, write } from "../draw/dom.js";
import { icon } from "../draw/icons.js";
import { classCount, isClasses } from "../state/answers.js";
import { dropoutOf, joined, likewise, lossesFor, outputsFor, parts } from "../state/network.js";
import { layerChip, picker } from "./structure-parts.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/scenario.js").Scenario} Scenario
 * @typedef {import("../state/network.js").Parts} Parts
 */

const PRECISIONS = ["float32", "float64"];

/** @param {import("../state/explorer.js").Explorer} explorer */
export function structure(explorer) {
  const rules = explorer.session?.rules ?? null;
  const limits = explorer.session?.limits ?? { layers: 1, units: 1 };
  const chips = html("ol", { class: "layer-chips" });
  const ends = html("div", { class: "row structure-rest" });
  const wait = html("span", { class: "quiet compiling", "aria-hidden": "true" });
  const back = html("button", { type: "button", hidden: true, click: () => explorer.state.run && explorer.change(explorer.state.run.scenario) }, "Back to the network that is shown");
  const element = html("section", { class: "structure", "aria-label": "Structure of the network: a change compiles it again" }, chips, ends, wait, back);
  let key = "";

  /** @param {Partial<Scenario>} changes */
  const change = (changes) => explorer.change({ ...explorer.state.scenario, ...changes });

  /** @param {(hidden: Parts["hidden"]) => Parts["hidden"]} how */
  function reshape(how) {
    const { network } = explorer.state.scenario;
    const known = parts(network);
    if (known) change({ network: joined(network.inputs, { ...known, hidden: how([...known.hidden]) }) });
  }

  /** @param {Parts} known @param {Scenario} scenario */
  function chipsOf(known, scenario) {
    const fixed = (/** @type {string} */ text) => html("li", { class: "layer-chip fixed" }, text);
    // one that looks at all units of a layer belongs at the output
    const names = rules.activations.filter((/** @type {any} */ a) => !a.value?.includes("sum(")).map((/** @type {any} */ a) => a.name);
    const hidden = known.hidden.map(({ dense }, k) => layerChip({
      dense, place: k + 1, most: limits.units, names,
      change: (next) => reshape((all) => all.map((one, i) => (i === k ? { ...one, dense: { ...one.dense, ...next } } : one))),
      remove: () => reshape((all) => all.filter((_, i) => i !== k)),
    }));
    const add = html("button", { type: "button", class: "add-layer", disabled: known.hidden.length + 1 >= limits.layers, title: "Add a hidden layer before the output", click: addLayer }, icon("plus"), "layer");
    const inputs = scenario.network.inputs;
    return [fixed(`${inputs} input${inputs === 1 ? "" : "s"}`), ...hidden, html("li", {}, add), fixed(`${known.output.units} output${known.output.units === 1 ? "" : "s"}`)];
  }

  function addLayer() {
    const suiting = explorer.session?.sets[0]?.scenario.network.layers[0];
    reshape((all) => {
      const last = all.at(-1);
      const dense = likewise(last?.dense ?? { ...suiting, units: 8 });
      return [...all, { dense, dropout: last?.dropout ? { ...last.dropout, name: null } : null }];
    });
  }

  /** @param {Parts|null} known @param {State} state */
  function endsOf(known, { scenario, run }) {
    const classes = run && isClasses(run) ? classCount(run) : 0;
    const pick = (/** @type {any[]} */ table, /** @type {string} */ name) => table.find((one) => one.name === name).rule;
    const named = (/** @type {any[]} */ table, /** @type {any} */ rule) => table.find((one) => one.rule.rule === rule.rule)?.name ?? "";
    const losses = lossesFor(rules, classes);
    const parts = [
      picker("loss", losses.map((l) => l.name), named(rules.losses, scenario.loss), (name) => setLoss(pick(rules.losses, name), classes)),
      picker("optimizer", rules.optimizers.map((/** @type {any} */ o) => o.name), named(rules.optimizers, scenario.optimizer), (name) => change({ optimizer: pick(rules.optimizers, name) })),
      picker("numbers", PRECISIONS, scenario.options.dtype, (dtype) => change({ options: { ...scenario.options, dtype: /** @type {any} */ (dtype) } })),
    ];
    return known?.hidden.length ? [...parts, dropoutBox(known)] : parts;
  }

  /** @param {any} loss @param {number} classes */
  function setLoss(loss, classes) {
    const { network } = explorer.state.scenario;
    const known = parts(network);
    const output = known && { ...known.output, units: outputsFor(rules, loss, classes) };
    change({ loss, network: known ? joined(network.inputs, { ...known, output }) : network });
  }

  /** @param {Parts} known */
  function dropoutBox(known) {
    const on = known.hidden.some(({ dropout }) => dropout);
    const box = html("input", { type: "checkbox", checked: on, change: () => reshape((all) => all.map(({ dense }) => ({ dense, dropout: box.checked ? dropoutOf(rules) : null }))) });
    return html("label", { class: "check" }, box, "dropout");
  }

  /** @param {State} state */
  function update(state) {
    const { scenario, run, busy, error } = state;
    element.hidden = !rules || !run;
    if (!rules || !run) return;
    write(wait, busy === "compiling" ? "compiling …" : "");
    back.hidden = !error || scenario === run.scenario;
    const now = JSON.stringify([scenario.network, scenario.loss, scenario.optimizer.rule, scenario.options.dtype, run.data.id]);
    if (now === key) return;
    const held = /** @type {any} */ (document.activeElement)?.dataset?.part;
    key = now;
    const known = parts(scenario.network);
    chips.replaceChildren(...(known ? chipsOf(known, scenario) : [html("li", { class: "quiet" }, "This network is no plain chain of layers: its numbers can be changed here, its layers in Python.")]));
    ends.replaceChildren(...endsOf(known, state));
    if (held) /** @type {HTMLElement|null} */ (element.querySelector(`[data-part="${held}"]`))?.focus();
    set(element, { "data-layers": known ? known.hidden.length : 0 });
  }

  return { element, update, destroy() {} };
}
