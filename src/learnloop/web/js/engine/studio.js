// Everything that the worker does: programs, data, runs, and what is asked about them. Knows nothing of messages.

import { Course } from "./course.js";
import { Kit } from "./kit.js";
import { measure, measured } from "./measure.js";
import { unpack } from "./pack.js";
import { sha256 } from "./sha256.js";
import { parting } from "./parting.js";
import { RemoteCourse } from "./remote.js";
import { picture } from "./picture.js";
import { prepare } from "../data/prepare.js";

/**
 * @typedef {import("./machine.js").Machine} Machine
 * @typedef {import("../data/prepare.js").Source} Source
 * @typedef {import("../data/prepare.js").Wish} Wish
 * @typedef {{fast: Machine, glass: Machine, kit: Kit}} Pair
 */

/** Runs that are kept for comparison; older ones go. */
const KEPT = 4;

export class Studio {
  /** @type {Map<string, Pair>} */
  #kits = new Map();
  /** @type {Map<string, Source>} */
  #sources = new Map();
  /** @type {Map<number, Course>} */
  #runs = new Map();
  #next = 1;
  /** The training that is wanted now: an older one stops. */
  #wanted = 0;

  /**
   * @param {(event: any) => void} tell  progress and measurements, as they come
   * @param {() => Promise<void>} breathe  lets messages in
   */
  constructor(tell, breathe) {
    this.tell = tell;
    this.breathe = breathe;
  }

  /** @type {Promise<import("./explaining.js").Explaining>|null} fetched when the first question is asked */
  #explaining = null;

  /** A question about why something is as it is: see Explaining. @param {{what: string, run: number}} given */
  async explain(given) {
    this.#explaining ??= import("./explaining.js").then(({ Explaining }) => new Explaining(this.tell, this.breathe));
    const explaining = await this.#explaining.catch(() => {
      this.#explaining = null; // the next question fetches it again
      throw new Error("The program that serves this page does not answer. Start it again: learnloop explore");
    });
    const course = this.#run(given.run);
    const needed = course instanceof RemoteCourse ? this.#missing(course, given) : null;
    if (needed !== null) return { needed };
    return explaining.answer(given, { course, ...this.#pair(course) });
  }

  /** The update that must be fetched before a question about it; whole lives are asked in Python. @param {RemoteCourse} course @param {any} given */
  #missing(course, given) {
    if (given.what === "life") throw new RangeError("The life of a weight of a run that is too large for a page is told in Python: run.biography(...).");
    return typeof given.update === "number" ? course.needed(given.update) : null;
  }

  /** @param {{bytes: ArrayBuffer}} given */
  async kit({ bytes }) {
    const kit = await Kit.open(bytes);
    const { digest, dtype, emulated } = kit.header;
    const key = `${digest} ${dtype} ${emulated}`;
    const known = this.#kits.get(key);
    const [fast, glass] = known ? [known.fast, known.glass] : await Promise.all([kit.machine("fast"), kit.machine("glass")]);
    this.#kits.set(key, { fast, glass, kit }); // the numbers that it was compiled with are its own
    return { kit: key, header: kit.header };
  }

  /** @param {{bytes: ArrayBuffer, id: string}} given  the id is the caller's: the same data under other options are others */
  data({ bytes, id }) {
    const { header, arrays } = unpack(bytes);
    const { X, y, base = null, unit_noise = null, learn = null, held = null, weights = null } = arrays;
    const source = /** @type {any} */ ({ ...header, X, y, base, unit_noise, learn, held, weights });
    if (y instanceof BigInt64Array) source.y = Int32Array.from(y, Number);
    this.#sources.set(id, source);
    return { data: id, header: { ...header, id } };
  }

  /** Programs and data that nobody asks for any more; runs that need them keep them. @param {{kit?: string, data?: string}} given */
  forget({ kit = "", data = "" }) {
    this.#kits.delete(kit);
    this.#sources.delete(data);
    return {};
  }

  /** End the training in progress: what it learnt is not wanted any more. */
  stop() {
    this.#wanted = 0;
    return {};
  }

  /** @param {number} run */
  #run(run) {
    const found = this.#runs.get(run);
    if (!found) throw new RangeError("this run is not kept any more");
    return found;
  }

  /** @type {WeakMap<Course, Pair>} */
  #pairs = new WeakMap();

  /** @param {Course} course @returns {Pair} */
  #pair(course) {
    return /** @type {Pair} */ (this.#pairs.get(course));
  }

  /**
   * Train a run from its beginning to its end.
   * @param {{kit: string, data: string, wish: Omit<Wish, "labels"|"dtype">, plan: import("./course.js").Plan}} given
   */
  async train(given) {
    const { pair, source, prepared } = this.#parts(given);
    const course = new Course(pair.kit, prepared, given.plan, source.task === "classification");
    this.#pairs.set(course, pair);
    const id = this.#next++;
    this.#wanted = id;
    const begin = performance.now();
    const finished = await course.train(pair.fast, async (done) => {
      this.tell({ event: "progress", run: id, done, planned: course.planned });
      await this.breathe();
      return this.#wanted === id;
    });
    if (!finished) return { run: id, given_up: true };
    this.#keep(id, course);
    return { ...this.facts({ run: id }), ms: performance.now() - begin };
  }

  /**
   * A run that the server trains: what is known of it comes in pieces.
   * @param {{kit: string, data: string, wish: Omit<Wish, "labels"|"dtype">, plan: import("./course.js").Plan}} given
   */
  follow(given) {
    const { pair, source, prepared } = this.#parts(given);
    const course = new RemoteCourse(pair.kit, prepared, given.plan, source.task === "classification");
    this.#pairs.set(course, pair);
    const id = this.#next++;
    this.#wanted = id;
    this.#keep(id, course);
    return { ...this.facts({ run: id }), ms: NaN, remote: true };
  }

  /** @param {{run: number, first: number, losses: Float32Array|Float64Array}} given */
  append({ run, first, losses }) {
    this.#remote(run).extend(first, losses);
    return {};
  }

  /** @param {{run: number, update: number, bytes: ArrayBuffer}} given */
  bring({ run, update, bytes }) {
    this.#remote(run).bring(update, bytes);
    return {};
  }

  /** @param {number} run */
  #remote(run) {
    const course = this.#run(run);
    if (!(course instanceof RemoteCourse)) throw new TypeError("this run is trained in the page");
    return course;
  }

  /** @param {{kit: string, data: string, wish: Omit<Wish, "labels"|"dtype">}} given */
  #parts({ kit, data, wish }) {
    const [pair, source] = [this.#kits.get(kit), this.#sources.get(data)];
    if (!pair || !source) throw new RangeError("the program or the data of this run are not here");
    const { labels, dtype, inputs } = pair.kit.header;
    if (inputs !== source.columns.length)
      throw new RangeError(`The network has ${inputs} inputs, and a row of the data has ${source.columns.length} numbers. Fix: a network that fits the data.`);
    return { pair, source, prepared: prepare(source, { ...wish, labels, dtype }) };
  }

  /** @param {number} id @param {Course} course */
  #keep(id, course) {
    this.#runs.set(id, course);
    for (const old of this.#runs.keys()) {
      if (this.#runs.size <= KEPT) break;
      if (!this.#pinned.has(old)) this.#runs.delete(old);
    }
  }

  /** @type {Set<number>} */
  #pinned = new Set();

  /** Keep a run until it is let go. @param {{run: number, pinned: boolean}} given */
  pin({ run, pinned }) {
    if (pinned) this.#pinned.add(this.#run(run) ? run : 0);
    else this.#pinned.delete(run);
    return {};
  }

  /** What a run is, for drawing. @param {{run: number}} given */
  facts({ run }) {
    const course = this.#run(run);
    return {
      run, losses: course.losses.slice(0, course.updates), updates: course.updates, planned: course.planned,
      perEpoch: course.perEpoch, batch: course.batch, diverged: course.diverged,
    };
  }

  /** The examples of a run: what is learnt from and tested on, as people know them and as the program does. @param {{run: number}} given */
  examples({ run }) {
    const { examples, learn, test, origin, raw, scales, target_scale } = this.#run(run).data;
    return { X: examples.X, labels: examples.labels, Y: examples.Y, weights: examples.weights, learn, test, origin, raw, scales, target_scale };
  }

  /** @param {{run: number, update: number, wants: import("./picture.js").Wants}} given */
  look({ run, update, wants }) {
    const course = this.#run(run);
    const needed = course instanceof RemoteCourse ? course.needed(update) : null;
    if (needed !== null) return { needed };
    const { fast, glass } = this.#pair(course);
    return picture(course, fast, glass, Math.min(update, course.updates), wants);
  }

  /**
   * Losses and accuracies along the run, told one by one; gives way to everything else.
   * @param {{run: number}} given
   */
  async measure({ run }) {
    const course = this.#run(run);
    const { fast } = this.#pair(course);
    for (const update of measured(course)) {
      if (!this.#runs.has(run)) return {};
      course.goTo(fast, update);
      const mark = { update, train: measure(course, fast, course.data.learn), test: measure(course, fast, course.data.test) };
      this.tell({ event: "mark", run, mark });
      await this.breathe();
    }
    return {};
  }

  /** Every parameter before an update. @param {{run: number, update: number}} given */
  weights({ run, update }) {
    const course = this.#run(run);
    const { fast } = this.#pair(course);
    course.goTo(fast, update);
    return course.kit.header.parameters.map(({ name, dims, tensor }) => ({ name, dims, values: fast.arena.view(tensor).dense() }));
  }

  /** SHA-256 of the weights before an update, as Python has it. @param {{run: number, update: number}} given */
  async digest({ run, update }) {
    const course = this.#run(run);
    const { fast } = this.#pair(course);
    course.goTo(fast, update);
    const parts = course.kit.header.parameters.map((p) => fast.arena.view(p.tensor).dense().map((x) => (Number.isNaN(x) ? NaN : x)));
    const bytes = new Uint8Array(parts.reduce((total, part) => total + part.byteLength, 0));
    let place = 0;
    for (const part of parts) {
      bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), place);
      place += part.byteLength;
    }
    return { digest: await sha256(bytes) };
  }

  /** Where two runs part; null where they do not. @param {{a: number, b: number}} given */
  parting({ a, b }) {
    const [one, other] = [this.#run(a), this.#run(b)];
    return parting(one, this.#pair(one).fast, other, this.#pair(other).fast);
  }
}
