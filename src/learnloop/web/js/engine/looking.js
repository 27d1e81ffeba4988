// What a run has to say about itself: its losses, its held-out rows after every epoch, and updates that are visited.

import { measure } from "./measure.js";
import { firstNotFinite } from "../explain/divergence.js";
import { findInsights } from "../explain/insights.js";

/**
 * @typedef {import("./course.js").Course} Course
 * @typedef {import("./explaining.js").At} At
 * @typedef {import("../explain/description.js").Description} Description
 * @typedef {import("../explain/moment.js").Moment} Moment
 */

/**
 * @param {At} at
 * @param {Description} description
 * @param {(update: number) => Moment} visit
 * @param {() => Promise<boolean>} pause  false to stop
 * @returns {Promise<any>}  as Python's Insights.to_dict()
 */
export async function insightsOf(at, description, visit, pause) {
  const { course } = at;
  const stopped = { given_up: true };
  const history = await historyOf(at, pause);
  if (!history) return stopped;
  const known = { losses: course.losses.slice(0, course.updates), perEpoch: course.perEpoch, batchSize: course.batch, rows: course.data.learn.length, history, divergence: divergenceOf(at, visit) };
  const patient = async (/** @type {number} */ update) => {
    if (!(await pause())) throw stopped;
    return visit(update);
  };
  return findInsights(description, known, patient).catch((error) => {
    if (error === stopped) return stopped;
    throw error;
  });
}

/** The held-out loss after every epoch. @param {At} at @param {() => Promise<boolean>} pause */
async function historyOf({ course, fast }, pause) {
  /** @type {Record<string, number>[]} */
  const found = [];
  if (!course.data.test.length) return found;
  for (let epoch = 1; epoch * course.perEpoch <= course.updates; epoch++) {
    if (!(await pause())) return null;
    const stop = epoch * course.perEpoch;
    course.goTo(fast, stop);
    const losses = Array.from(course.losses.subarray(stop - course.perEpoch, stop));
    found.push({ epoch, loss: losses.reduce((a, b) => a + b) / losses.length, validation_loss: measure(course, fast, course.data.test).loss });
  }
  return found;
}

/** Where the first number that is not finite was made. @param {At} at @param {(update: number) => Moment} visit */
function divergenceOf({ course }, visit) {
  if (course.diverged === null) return null;
  const first = firstNotFinite(visit(course.diverged));
  return { update: course.diverged, layer: first?.layer ?? null, tensor: first?.tensor ?? "loss" };
}
