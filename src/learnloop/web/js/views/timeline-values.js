// The values at the pointer, while a mouse is over the timeline.

import { qualityName } from "../draw/lines.js";
import { html, write } from "../draw/dom.js";
import { count, percent, short } from "../draw/format.js";

/** @typedef {import("../state/explorer.js").Shown} Shown */

export function timelineValues() {
  const hair = html("div", { class: "timeline-hair" });
  const said = html("p", { class: "timeline-values number" });
  const element = html("div", { class: "timeline-pointed", "aria-hidden": "true", hidden: true }, hair, said);

  /** @param {Shown} run @param {number} update @param {number} left  in pixels @param {number} width  of the timeline */
  function show(run, update, left, width) {
    element.hidden = false;
    write(said, values(run, update));
    hair.style.left = `${left}px`;
    const before = left > width / 2;
    said.style.left = before ? "auto" : `${left + 14}px`;
    said.style.right = before ? `${width - left + 14}px` : "auto";
  }

  return { element, show, hide: () => void (element.hidden = true) };
}

/** @param {Shown} run @param {number} wanted */
function values(run, wanted) {
  const update = Math.max(0, Math.min(wanted, run.updates - 1));
  const lines = [`update ${count(update)}`, `batch loss ${short(run.losses[update] ?? NaN)}`];
  const mark = run.marks.reduce((best, m) => (!best || Math.abs(m.update - update) < Math.abs(best.update - update) ? m : best), null);
  if (!mark || Number.isNaN(mark.test.loss)) return lines.join("\n");
  const quality = run.data.task === "classification" ? percent(mark.test.quality) : short(mark.test.quality);
  const where = mark.update === update ? "" : `measured ${mark.update >= run.updates ? "after the last update" : `before update ${count(mark.update)}`}:`;
  return [...lines, where, `test loss ${short(mark.test.loss)}`, `${qualityName(run)} ${quality}`].filter(Boolean).join("\n");
}
