// Which updates of a run are looked at, and from which update on something has been the case.

import { statisticsOf } from "./statistics.js";
import { roundEven } from "./wording.js";

/**
 * @typedef {import("./moment.js").Moment} Moment
 * @typedef {import("./statistics.js").UpdateStatistics} UpdateStatistics
 * @typedef {(update: number) => Moment|Promise<Moment>} Visit  the moment is read before the next one
 * @typedef {(seen: UpdateStatistics) => boolean} Condition
 */

/**
 * Which updates to look at: all of a short run, else more of them at the beginning, where most happens.
 * @param {number} updates
 * @param {number} looks
 */
export function chosen(updates, looks) {
  if (updates <= looks) return Array.from({ length: updates }, (_, k) => k);
  const shares = Array.from({ length: looks }, (_, k) => (k === looks - 1 ? 1 : k * (1 / (looks - 1))));
  return [...new Set(shares.map((share) => roundEven((updates - 1) * (share * share))))];
}

/** The statistics of some updates of a run, each read once. */
export class Looks {
  /**
   * @param {Visit} visit
   * @param {number[]} updates  in order
   * @param {number} scan  a gap up to which every update in it is visited
   */
  constructor(visit, updates, scan) {
    this.visit = visit;
    this.updates = updates;
    this.scan = scan;
    /** @type {Map<number, UpdateStatistics>} */
    this.seen = new Map();
    /** @type {UpdateStatistics[]} */
    this.all = [];
  }

  /** Look at all of them. */
  async look() {
    for (const update of this.updates) this.all.push(await this.at(update));
    return this;
  }

  /**
   * The statistics of any update.
   * @param {number} update
   */
  async at(update) {
    let found = this.seen.get(update);
    if (!found) {
      found = statisticsOf(await this.visit(update));
      this.seen.set(update, found);
    }
    return found;
  }

  /**
   * The update from which on a condition holds that holds at one look and not at the one before.
   * @param {number} place  which look
   * @param {Condition} holds
   */
  async onset(place, holds) {
    let here = this.updates[place];
    let before = place ? this.updates[place - 1] : -1;
    if (here - before <= this.scan) {
      let first = before + 1;
      for (let update = before + 1; update < here; update++) if (!holds(await this.at(update))) first = update + 1;
      return first;
    }
    while (here - before > 1) {
      const middle = Math.floor((before + here) / 2);
      if (holds(await this.at(middle))) here = middle;
      else before = middle;
    }
    return here;
  }
}
