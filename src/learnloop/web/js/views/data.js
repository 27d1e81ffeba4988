// Where the rows come from: a built-in set, a file of one's own, or points drawn by hand.

import { html, write } from "../draw/dom.js";
import { count } from "../draw/format.js";
import { changed } from "../state/scenario.js";
import { fitted, moved } from "../state/network.js";
import { isClasses } from "../state/answers.js";
import { ownFile } from "./own-file.js";
import { setButtons } from "./set-buttons.js";
import { sketchStart } from "./sketch-tools.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/scenario.js").Scenario} Scenario
 */

/** Options that are knobs, or that say nothing to people who look for other data. */
const ELSEWHERE = ["noise", "seed"];

/** @param {import("../state/explorer.js").Explorer} explorer */
export function data(explorer) {
  const { session } = explorer;
  const [name, facts, about] = [html("b"), html("span", { class: "quiet number" }), html("p", { class: "quiet data-about" })];
  const options = html("div", { class: "data-options" });

  /** Other rows, and a network with the hidden layers that there are. @param {Scenario} suiting */
  const move = (suiting) => explorer.change(moved(suiting, explorer.state.scenario));

  const sets = setButtons(explorer, move);
  const file = ownFile(explorer, async (suiting) => {
    await move(suiting);
    shut(true); // what it made is behind the list
  });
  const more = html("details", { class: "data-more" }, html("summary", {}, "Change the data"), html("div", { class: "data-choices" },
    html("h3", {}, "Built in"), sets.element, html("h3", {}, "Your own table"), file.element, html("h3", {}, "Points by hand"), sketchStart(explorer, async (suiting) => move(suiting))));
  more.addEventListener("toggle", () => more.open && sets.picture());
  const shut = (/** @type {boolean} */ held) => {
    more.open = false;
    if (held) more.querySelector("summary")?.focus();
  };
  more.addEventListener("keydown", (event) => event.key === "Escape" && shut(true));
  document.addEventListener("pointerdown", (event) => more.open && matchMedia("(min-width: 1100px)").matches && !more.contains(/** @type {Node} */ (event.target)) && shut(false));
  const element = html("section", { class: "panel data-panel", "aria-label": "Data" }, html("h2", {}, "Data"), html("p", { class: "data-name" }, name, " ", facts), about, options, session && more);
  let key = "";

  /** @param {any} option @param {Scenario} scenario */
  function optionOf(option, scenario) {
    const now = /** @type {any} */ (scenario.data).options[option.name] ?? option.default;
    const field = html("input", { type: "number", class: "number", min: option.low, max: Number(option.high), step: option.whole ? 1 : "any", value: Number(now), change: () => setOption(option, Number(field.value)) });
    return html("label", { class: "data-option", title: option.meaning }, html("span", {}, option.name), field);
  }

  /** @param {any} option @param {number} value */
  function setOption(option, value) {
    const { scenario } = explorer.state;
    const inside = Math.max(option.low, Math.min(Number(option.high), option.whole ? Math.round(value) : value));
    if (!Number.isFinite(inside)) return;
    const next = changed(scenario, ["data", "options", option.name], inside);
    const classes = option.name === "classes" ? inside : null;
    explorer.change(classes ? fitted(next, { inputs: scenario.network.inputs, classes }, session.rules) : next);
  }

  /** @param {State} state */
  function update(state) {
    const { run, scenario } = state;
    sets.update(state);
    if (state.sketch) more.open = false;
    if (!run) return;
    const now = JSON.stringify([scenario.data, run.data.id]);
    if (now === key) return;
    key = now;
    const header = run.data;
    const kind = isClasses(run) ? `${Math.max(2, header.targets.length)} classes` : `a number`;
    write(name, header.name);
    write(facts, `${count(header.rows)} rows, ${count(header.columns.length)} input${header.columns.length === 1 ? "" : "s"}, ${kind}`);
    write(about, header.description ?? "");
    about.title = header.description ?? "";
    const set = scenario.data.kind === "builtin" ? session?.sets.find((/** @type {any} */ s) => s.name === /** @type {any} */ (scenario.data).name) : null;
    options.replaceChildren(...(set?.options ?? []).filter((/** @type {any} */ o) => !ELSEWHERE.includes(o.name)).map((/** @type {any} */ o) => optionOf(o, scenario)));
  }

  return { element, update, destroy() {} };
}
