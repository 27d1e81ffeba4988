// A run that is too large for the page: trained by the server, visited with what the server computes of an update.

import { Arena } from "./arena.js";
import { Course } from "./course.js";
import { unpack } from "./pack.js";

/** Updates that are kept once they were fetched. */
const KEPT = 12;

/**
 * @typedef {object} Visit  one update as the server computed it
 * @property {Uint8Array<ArrayBuffer>} before  the state before it
 * @property {Arena} arena  after it
 * @property {Int32Array} rows
 */

export class RemoteCourse extends Course {
  /** @type {Map<number, Visit>} */
  #visits = new Map();

  /** Updates that must be here before an update is pictured: the last one stands for the end. @param {number} update */
  needed(update) {
    const last = Math.max(0, Math.min(update, this.updates - 1));
    return this.#visits.has(last) ? null : last;
  }

  /** @param {number} update @param {ArrayBuffer} bytes  a pack of the server */
  bring(update, bytes) {
    const { header, arrays } = unpack(bytes);
    const own = new Uint8Array(/** @type {Uint8Array} */ (arrays.arena)).buffer;
    const arena = new Arena(header.layout, own, 0, header.capacity);
    this.#visits.set(update, { before: this.#stateOf(arrays), arena, rows: /** @type {Int32Array} */ (arrays.rows) });
    for (const old of this.#visits.keys()) if (this.#visits.size > KEPT) this.#visits.delete(old);
  }

  /** Parameters and states as a machine keeps them. @param {Record<string, any>} arrays */
  #stateOf(arrays) {
    const { fixed, layouts } = this.kit.header;
    const layout = layouts.fast;
    const start = Math.min(...fixed.map((name) => layout.tensors[name].offset));
    const whole = new Arena(layout, new ArrayBuffer(layout.fixed_bytes), 0, 0);
    for (const name of fixed) whole.view(name).fill(arrays[`before/${name}`]);
    return new Uint8Array(whole.memory, start).slice();
  }

  /** The state after the update, out of its arena. @param {Visit} visit */
  #after({ before, arena }) {
    const { fixed } = this.kit.header;
    const start = Math.min(...fixed.map((name) => arena.layout.tensors[name].offset));
    return new Uint8Array(arena.memory, start, before.length).slice();
  }

  /** @param {number} update */
  #visit(update) {
    const found = this.#visits.get(Math.max(0, Math.min(update, this.updates - 1)));
    if (!found) throw new RangeError(`update ${update} was not fetched`);
    return found;
  }

  /** @override @param {import("./machine.js").Machine} machine @param {number} update */
  goTo(machine, update) {
    this.own(machine);
    const visit = this.#visit(update);
    const state = update < this.updates ? visit.before : this.#after(visit);
    machine.stand(update, state);
    machine.visited = null;
    return state;
  }

  /** @override @param {import("./machine.js").Machine} _ @param {number} update */
  replay(_, update) {
    return this.#visit(update).arena;
  }

  /** @override @param {import("./machine.js").Machine} _ @param {number} update */
  batchRows(_, update) {
    return this.#visit(update).rows.slice();
  }
}
