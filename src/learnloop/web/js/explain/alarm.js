// When a series of numbers is worth a word: once on the way up, and again only after it came back down.

/** @typedef {import("./description.js").Limit} Limit */

/**
 * Fires once when values are beyond its threshold, and is armed again by values at or below `rearm`; patience, either
 * way, keeps single outliers from it. NaN is neither beyond nor below.
 */
export class Alarm {
  /** @param {Limit} limit */
  constructor({ threshold, rearm, patience }) {
    this.threshold = threshold;
    this.rearm = rearm;
    this.patience = patience;
    this.armed = true;
    this.above = 0;
    this.below = 0;
  }

  /**
   * The next value; whether it fires now.
   * @param {number} value
   */
  see(value) {
    this.below = value <= this.rearm ? this.below + 1 : 0;
    this.armed ||= this.below >= this.patience;
    this.above = this.armed && value > this.threshold ? this.above + 1 : 0;
    const fires = this.above === this.patience;
    this.armed &&= !fires;
    return fires;
  }
}

/**
 * Where the stretches begin that make an alarm fire: their first values, not those at which patience ended.
 * @param {Iterable<number>} values
 * @param {Limit} limit
 */
export function onsets(values, limit) {
  const alarm = new Alarm(limit);
  return [...values].flatMap((value, place) => (alarm.see(value) ? [place - limit.patience + 1] : []));
}
