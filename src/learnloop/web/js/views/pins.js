// What a run has to say about itself, pinned to the updates where it begins.

import { html, write } from "../draw/dom.js";
import { sizeOf } from "../draw/size.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {{kind: string, update: number, epoch: number, layer: string|null, sentence: string, severity: string}} Insight
 */

const SIGNS = { note: "i", warning: "!", problem: "×" };
const SIZE = 24;

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {object} axis
 * @param {(share: number, width: number) => number} axis.place  from the left, in pixels
 * @param {(run: import("../state/explorer.js").Shown, ghost: import("../state/explorer.js").Shown|null) => number} axis.extent  in updates
 */
export function pins(explorer, { place, extent }) {
  const marks = html("div", { class: "pins" });
  const said = html("p", { class: "pin-said", hidden: true });
  const list = html("ol", { class: "insights" });
  const summary = html("summary", {});
  const all = html("details", { class: "fold insights-fold", hidden: true }, summary, list);
  let key = /** @type {unknown[]} */ ([]);

  const size = sizeOf(marks, () => explorer.refresh());

  /** @param {Insight|null} insight @param {number} [left] */
  function say(insight, left = 0) {
    said.hidden = !insight;
    if (!insight) return;
    write(said, `${where(insight)}: ${insight.sentence}`);
    said.style.left = `${Math.max(8, Math.min(left - 150, size.width - 316))}px`;
  }

  /** @param {Insight} insight */
  function go(insight) {
    explorer.pause();
    explorer.seek(insight.update);
  }

  /** @param {State} state */
  function update({ run, ghost }) {
    const found = /** @type {Insight[]} */ (run?.insights?.insights ?? []);
    const { width } = size;
    const updates = run ? extent(run, ghost) : 1;
    const now = [run?.insights, width, updates];
    if (now.every((value, k) => value === key[k])) return;
    key = now;
    say(null);
    all.hidden = !run?.insights;
    write(summary, found.length ? `${found.length} ${found.length === 1 ? "insight" : "insights"} about this run` : "Nothing unusual in this run");
    list.replaceChildren(...found.map((insight) => html("li", { class: insight.severity }, html("button", { type: "button", class: "insight", click: () => go(insight) }, sign(insight), html("span", {}, html("b", {}, where(insight)), ` ${insight.sentence}`)))));
    const [first, last] = [place(0, width), place(1, width) - SIZE]; // beside the labels of the axes, not over them
    let right = -Infinity;
    marks.replaceChildren(...found.map((insight) => {
      const left = Math.min(last, Math.max(first, right, place(insight.update / updates, width) - SIZE / 2));
      right = left + SIZE + 2;
      return pin(insight, left);
    }));
  }

  /** @param {Insight} insight @param {number} left */
  function pin(insight, left) {
    const show = () => say(insight, left);
    const hide = () => say(null);
    const button = html("button", { type: "button", class: `pin ${insight.severity}`, "aria-label": `${where(insight)}: ${insight.sentence}`, pointerenter: show, pointerleave: hide, focus: show, blur: hide, click: () => go(insight) }, sign(insight));
    button.style.left = `${left}px`;
    return button;
  }

  return { marks, said, all, update };
}

/** @param {Insight} insight */
const sign = ({ severity }) => html("span", { class: `pin-sign ${severity}`, "aria-hidden": "true" }, SIGNS[/** @type {keyof typeof SIGNS} */ (severity)] ?? "i");

/** @param {Insight} insight */
const where = ({ update, severity, layer }) => `${severity[0].toUpperCase()}${severity.slice(1)} at update ${update}${layer ? `, ${layer}` : ""}`;
