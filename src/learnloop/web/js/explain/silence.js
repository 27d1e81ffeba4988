// Units that are dead: off for every row over many looks, so that no gradient reaches them any more.

import { Alarm } from "./alarm.js";

/**
 * @typedef {import("./description.js").Limits} Limits
 * @typedef {import("./looks.js").Looks} Looks
 * @typedef {import("./statistics.js").LayerStatistics} LayerStatistics
 * @typedef {import("./statistics.js").UpdateStatistics} UpdateStatistics
 *
 * @typedef {object} Silence
 * @property {number} update  from where on they were off
 * @property {number} until  the update at which they had been off for enough rows
 * @property {number} dead
 * @property {number} units
 * @property {number} rows  for how many rows, at least
 */

/**
 * Each time that enough units of a layer fall silent.
 * @param {Looks} looks
 * @param {string} name  of the layer
 * @param {Limits} limits
 * @param {number} need  rows for which a unit has to be off
 * @returns {Promise<Silence[]>}
 */
export async function silences(looks, name, limits, need) {
  const units = layerIn(looks.all[0], name).off.length;
  const [rows, since] = [new Array(units).fill(0), new Array(units).fill(0)];
  const alarm = new Alarm(limits.alarms.dead_units);
  const found = [];
  for (const [place, seen] of looks.all.entries()) {
    const { off, alive } = layerIn(seen, name);
    for (let unit = 0; unit < units; unit++) {
      if (off[unit] && rows[unit] === 0) since[unit] = place;
      rows[unit] = alive[unit] ? 0 : rows[unit] + (off[unit] ? seen.rows : 0);
    }
    const dead = [...rows.keys()].filter((unit) => rows[unit] >= need);
    if (!alarm.see(dead.length / units)) continue;
    const begins = dead.map((unit) => since[unit]).sort((a, b) => a - b);
    const first = begins[Math.ceil(limits.half * units) - 1];
    const those = dead.filter((unit) => since[unit] <= first);
    const update = await looks.onset(first, (at) => !those.some((unit) => layerIn(at, name).alive[unit]));
    found.push({ update, until: seen.update, dead: those.length, units, rows: Math.min(...those.map((u) => rows[u])) });
  }
  return found;
}

/**
 * @param {UpdateStatistics} seen
 * @param {string} name
 */
export function layerIn(seen, name) {
  return /** @type {LayerStatistics} */ (seen.layers.find((layer) => layer.name === name));
}
