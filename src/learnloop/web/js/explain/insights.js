// Looking over a whole run for what a learner should know: what happened, in sentences that are pinned to updates.

import { onsets } from "./alarm.js";
import { growth, notFinite, overfitting, plateau } from "./courses.js";
import { chosen, Looks } from "./looks.js";
import { watched } from "./watches.js";

/**
 * @typedef {import("./courses.js").Course} Course
 * @typedef {import("./courses.js").Insight} Insight
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./looks.js").Visit} Visit
 */

/**
 * The losses of all updates are read, and the values of some updates, which are visited; what is found between two
 * looks is traced back to the update where it began. The same run always gives the same insights.
 * @param {Description} description
 * @param {Course} course
 * @param {Visit|null} visit  null for a run that is judged by its losses alone
 * @param {number} [count]  at how many updates to look, at most, before anything is traced
 * @returns {Promise<{looked: number, updates: number, insights: Insight[]}>}
 */
export async function findInsights({ limits }, course, visit, count = limits.looks) {
  const updates = course.losses.length;
  const found = [...plateau(course, limits), ...overfitting(course, limits), ...notFinite(course)];
  let looked = 0;
  if (visit && updates) {
    const grown = growth(course);
    const jumps = onsets(grown, limits.alarms.exploding).slice(0, limits.most_jumps);
    const places = [...new Set([...chosen(updates, count), ...jumps])].sort((a, b) => a - b);
    const looks = await new Looks(visit, places, limits.scan).look();
    found.push(...(await watched({ course, looks, growth: grown, limits })));
    looked = looks.seen.size;
  }
  return { looked, updates, insights: found.sort(inOrder) };
}

/**
 * @param {Insight} a
 * @param {Insight} b
 */
function inOrder(a, b) {
  const [one, other] = [a, b].map(({ kind, layer }) => [kind, layer ?? ""]);
  const order = a.update - b.update || compare(one[0], other[0]);
  return order || compare(one[1], other[1]);
}

/**
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
