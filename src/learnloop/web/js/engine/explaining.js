// Why something is as it is, asked of runs in the page: changes, neurons, checks, lives. One question, one answer.

import { Course } from "./course.js";
import { View } from "./arena.js";
import { insightsOf } from "./looking.js";
import { explainChange } from "../explain/change.js";
import { checkGradient } from "../explain/check.js";
import { curveOf } from "../explain/curve.js";
import { Description } from "../explain/description.js";
import { Moment } from "../explain/moment.js";
import { explainNeuron } from "../explain/neuron.js";
import { Life } from "../explain/life.js";

/**
 * @typedef {import("./arena.js").Arena} Arena
 * @typedef {import("./machine.js").Machine} Machine
 * @typedef {{course: Course, fast: Machine, glass: Machine}} At  a run with the machines that can visit it
 *
 * @typedef {object} Pushed  what an update did to one weight of a neuron
 * @property {string} parameter
 * @property {number[]} place
 * @property {number} before
 * @property {number} after
 */

/** Milliseconds after which a long answer lets others ask. */
const PIECE = 20;

export class Explaining {
  /** @type {Map<string, Description>} */
  #descriptions = new Map();
  /** @type {WeakMap<Course, ReturnType<typeof dataOf>>} */
  #data = new WeakMap();
  /** The life that is wanted now: an older one stops. */
  #wanted = 0;
  /** The run whose insights are wanted. */
  #searched = 0;

  /** @param {(event: any) => void} tell @param {() => Promise<void>} breathe */
  constructor(tell, breathe) {
    this.tell = tell;
    this.breathe = breathe;
  }

  /** @param {any} given @param {At} at @returns {any} */
  answer(given, at) {
    switch (given.what) {
      case "change":
        return explainChange(this.#moment(at, given.update), given.parameter, given.place);
      case "check":
        return checkGradient(this.#moment(at, given.update), given.parameter, given.place);
      case "neuron":
        return this.#neuron(given, at);
      case "value":
        return this.#value(given, at);
      case "life":
        return this.#life(given, at);
      case "insights":
        return this.#insights(at);
      case "quiet":
        return { stopped: ++this.#wanted };
      case "stop":
        return { stopped: [++this.#wanted, ++this.#searched] };
      default:
        throw new TypeError(`nothing is known about ${given.what}`);
    }
  }

  /** @param {At} at */
  #description({ course }) {
    const { digest, dtype, program } = course.kit.header;
    const key = `${digest} ${dtype}`;
    const found = this.#descriptions.get(key) ?? new Description(program);
    this.#descriptions.set(key, found);
    return found;
  }

  /** An update, done again with everything kept. @param {At} at @param {number} update */
  #moment(at, update) {
    const { course, fast, glass } = at;
    const start = course.goTo(fast, update);
    course.replay(glass, update, start);
    const old = glass.opened(start);
    const fixed = new Set(course.kit.header.fixed);
    return this.#read(at, update, (tensor) => (fixed.has(tensor) ? old.view(tensor) : undefined));
  }

  /** What the glass machine holds after an update. @param {At} at @param {number} update @param {(tensor: string) => View|undefined} before */
  #read(at, update, before) {
    const { course, glass } = at;
    const description = this.#description(at);
    const data = this.#data.get(course) ?? dataOf(course, description);
    this.#data.set(course, data);
    const arena = glass.arena;
    const count = Math.min(course.batch, course.data.learn.length - (update % course.perEpoch) * course.batch);
    const rows = /** @type {Int32Array} */ (arena.view("row", count).data.slice(0, count));
    return new Moment({ description, before, arena, data, rows, update, epoch: Math.floor(update / course.perEpoch), seed: course.seed, dtype: course.kit.header.dtype });
  }

  /**
   * A neuron for a row; the first of the batch, where the row is not in it.
   * @param {{update: number, layer: string, unit: number, row: number|null}} given
   * @param {At} at
   */
  #neuron({ update, layer, unit, row }, at) {
    const moment = this.#moment(at, update);
    const rows = Array.from(moment.rows);
    const position = Math.max(0, row === null ? 0 : rows.indexOf(row));
    const neuron = explainNeuron(moment, layer, unit, position);
    const { watched } = moment.description.layer(layer);
    const above = watched?.above ? moment.read(watched.above, [position, unit]) : null;
    const met = row === null || rows[position] === row ? null : this.#met(row, update, at);
    return { neuron, rows, position, met, above, curve: curveOf(moment, layer, unit, position), pushed: pushedOf(moment, neuron, at) };
  }

  /** The update of this epoch that a row is in; null for rows that are not learnt from. @param {number} row @param {number} update @param {At} at */
  #met(row, update, { course, fast }) {
    const epoch = Math.floor(update / course.perEpoch);
    const place = fast.order(epoch).indexOf(row);
    const found = epoch * course.perEpoch + Math.floor(place / course.batch);
    return place < 0 || found >= course.updates ? null : found;
  }

  /** A number of a parameter before an update. @param {{update: number, parameter: string, place: number[]}} given @param {At} at */
  #value({ update, parameter, place }, { course, fast }) {
    course.goTo(fast, Math.min(update, course.updates));
    const { tensor } = /** @type {any} */ (course.kit.header.parameters.find((p) => p.name === parameter));
    return { value: fast.arena.view(tensor).at(place) };
  }

  /**
   * Every update of a number, told as it goes; gives way, and stops when another one is asked for.
   * @param {{run: number, parameter: string, place: number[]}} given
   * @param {At} at
   */
  async #life({ run, parameter, place }, at) {
    const { course, fast, glass } = at;
    const wanted = ++this.#wanted;
    const description = this.#description(at);
    const { labels } = course.data.examples;
    const life = new Life({ description, name: parameter, place, dtype: course.kit.header.dtype, start: 0, dataRows: course.data.examples.rows, classes: labels ?? classesOf(course) });
    const last = course.updates;
    const kept = life.tensors.filter((tensor) => course.kit.header.fixed.includes(tensor));
    let state = course.goTo(fast, 0);
    for (let update = 0; update < last; ) {
      course.stand(glass, update, state);
      for (const begin = performance.now(); update < last && performance.now() - begin < PIECE; update++) this.#live(life, kept, at, update);
      state = glass.snapshot();
      this.tell({ event: "life", run, parameter, place, done: update, planned: last });
      await this.breathe();
      if (this.#wanted !== wanted) return { given_up: true };
    }
    return life.told();
  }

  /** @param {At} at */
  async #insights(at) {
    const wanted = ++this.#searched;
    let begin = performance.now();
    const pause = async () => {
      if (performance.now() - begin < PIECE) return true;
      await this.breathe();
      begin = performance.now();
      return this.#searched === wanted;
    };
    return insightsOf(at, this.#description(at), (update) => this.#moment(at, update), pause);
  }

  /** One update of a life; the glass machine stands before it. @param {Life} life @param {string[]} kept @param {At} at @param {number} update */
  #live(life, kept, at, update) {
    const arena = at.glass.arena;
    const old = new Map(kept.map((tensor) => [tensor, copied(arena.view(tensor))]));
    at.glass.train(update + 1);
    life.add(this.#read(at, update, (tensor) => old.get(tensor)));
  }
}

/** @param {View} view */
const copied = (view) => new View(view.data.slice(), view.dims, view.strides);

/** Classes where the program reads them as numbers. @param {Course} course */
const classesOf = (course) => (course.classes && course.data.examples.Y ? Int32Array.from(course.data.examples.Y, Math.round) : null);

/** The examples as explanations read them. @param {Course} course @param {Description} description */
function dataOf(course, description) {
  const { X, Y, labels, weights, rows } = course.data.examples;
  const view = (/** @type {string} */ name, /** @type {any} */ values) => {
    if (!values || !description.data.tensors[name]) return null;
    const dims = description.dims(name).map((d) => (typeof d === "number" ? d : rows));
    return new View(values, dims, dims.map((_, d) => dims.slice(d + 1).reduce((a, b) => a * b, 1)));
  };
  return { X: /** @type {View} */ (view("X", X)), Y: view("Y", Y), labels: view("labels", labels), weights: /** @type {View} */ (view("weights", weights)) };
}

/**
 * Every weight of a neuron, and its bias, before and after the update.
 * @param {Moment} moment
 * @param {import("../explain/neuron.js").NeuronData} neuron
 * @param {At} at
 * @returns {(Pushed|null)[]}
 */
function pushedOf(moment, neuron, { course }) {
  const { parameters } = course.kit.header;
  const { description } = moment;
  return neuron.parts.map((part) => {
    const found = /([\w.]+)\[([\d,]+)\]$/.exec(part.source);
    const parameter = found && parameters.find((p) => p.tensor === found[1] || description.symbols.get(p.tensor) === found[1]);
    if (!found || !parameter) return null;
    const place = found[2].split(",").map(Number);
    const next = /** @type {string} */ (description.valueOf.get(parameter.tensor));
    return { parameter: parameter.name, place, before: moment.read(parameter.tensor, place), after: moment.read(next, place) };
  });
}
