// What leaving a row out did, in words.

import { percent, short } from "../draw/format.js";

/**
 * @typedef {import("./explorer.js").State} State
 * @typedef {import("./explorer.js").Shown} Shown
 * @typedef {import("./explorer.js").WhatIf} WhatIf
 */

/** The what-if of the run that is shown. @param {State} state */
export const whatifOf = ({ whatif, run }) => (whatif && whatif.run === run ? whatif : null);

/** What was measured at the end of both runs, where it was. @param {WhatIf} whatif */
export const measuredOf = ({ base, run }) => [lastMark(base), lastMark(run)];

/** What was measured last, once it is the end of the run. @param {Shown} run */
const lastMark = (run) => run.marks.findLast((/** @type {any} */ m) => m.update === run.updates) ?? null;

/** @param {{scenario: {without: number[]}}} run */
export const withoutWords = ({ scenario }) => `Trained again without ${scenario.without.length === 1 ? "row" : "rows"} ${scenario.without.join(", ")}`;

/** What came of it. @param {WhatIf} whatif */
export function outcome(whatif) {
  const { base, ends } = whatif;
  const [was, is] = measuredOf(whatif);
  const classes = base.data.task === "classification";
  const name = (/** @type {any} */ mark) => (classes ? percent(mark.test.quality) : short(mark.test.quality, 4));
  const said = [];
  if (was && is && Number.isFinite(was.test.quality)) said.push(`${classes ? "Accuracy" : "R²"} on held-out rows: ${name(was)} → ${name(is)}, their loss ${short(was.test.loss, 4)} → ${short(is.test.loss, 4)}`);
  if (ends && Number.isFinite(ends.run)) said.push(`${said.length ? "this" : "This"} weight ends at ${short(ends.run, 5)} instead of ${short(ends.base, 5)}`);
  return said.length ? `${said.join("; ")}.` : "Measuring …";
}
