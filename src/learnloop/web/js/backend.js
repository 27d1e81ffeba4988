// Where programs and data come from: the local server, or what a file holds.

import { unpack } from "./engine/pack.js";

/**
 * @typedef {object} Kept  rows that the server holds
 * @property {{kind: "kept", id: string}} data
 * @property {string} name
 * @property {"classification"|"regression"} task
 * @property {number} rows
 * @property {string[]} columns
 * @property {string[]} targets
 * @property {import("./state/scenario.js").Scenario} scenario  that suits them
 */

/** What the server refused, in its words. */
export class Refused extends Error {}

/** The server that this page came from: all addresses are relative, so the token in the page's own goes along. */
export class Server {
  /** @param {string} path @param {RequestInit} [how] */
  async #ask(path, how) {
    let answer;
    try {
      answer = await fetch(path, how);
    } catch {
      throw new Refused("The program that serves this page does not answer. Start it again: learnloop explore");
    }
    if (!answer.ok) {
      const said = await answer.json().catch(() => ({}));
      throw new Refused(said.error ?? `The server said ${answer.status}.`);
    }
    return answer;
  }

  /** @param {string} path @param {any} body */
  async #post(path, body) {
    const how = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    return (await this.#ask(path, how)).arrayBuffer();
  }

  /** What to open with. @returns {Promise<any>} */
  async session() {
    return (await this.#ask("session")).json();
  }

  /** @param {import("./state/scenario.js").Scenario} scenario @param {boolean} emulated */
  kit(scenario, emulated) {
    const { network, loss, optimizer, options } = scenario;
    return this.#post("kit", { network, loss, optimizer, dtype: options.dtype, emulated });
  }

  /** @param {import("./state/scenario.js").Scenario} scenario @param {number|null} [sample]  so many rows are enough */
  data(scenario, sample = null) {
    return this.#post("data", { data: scenario.data, sample });
  }

  /**
   * Read a file; its rows are kept under a handle.
   * @param {File} file
   * @param {string} target  the column to predict; "" for the reader's choice
   * @returns {Promise<Kept>}
   */
  async upload(file, target) {
    const query = new URLSearchParams({ name: file.name, ...(target ? { target } : {}) });
    return (await this.#ask(`upload?${query}`, { method: "POST", body: file })).json();
  }

  /**
   * Keep points that were drawn.
   * @param {{x: number[][], y: number[], task: string}} drawn
   * @returns {Promise<Kept>}
   */
  async points(drawn) {
    return JSON.parse(new TextDecoder().decode(await this.#post("points", drawn)));
  }

  /** What Python's run of a scenario ends with. @param {import("./state/scenario.js").Scenario} scenario */
  async digest(scenario) {
    return new TextDecoder().decode(await this.#post("export", { kind: "digest", scenario }));
  }

  /** A run that the server knows. @param {string} id @returns {Promise<any>} header and losses */
  async run(id) {
    return unpack(await (await this.#ask(`runs/${encodeURIComponent(id)}`)).arrayBuffer());
  }

  /** Everything of one update of a run, computed by the server. @param {string} id @param {number} update */
  async moment(id, update) {
    return (await this.#ask(`runs/${encodeURIComponent(id)}/moment/${update}`)).arrayBuffer();
  }
}

/** A page that is one file: it holds one program for each kind of engine, and one set of data. */
export class Enclosed {
  /** @param {any} session @param {(name: string) => ArrayBuffer} read */
  constructor(session, read) {
    this.given = session;
    this.read = read;
  }

  async session() {
    return this.given;
  }

  /** @param {import("./state/scenario.js").Scenario} _ @param {boolean} emulated */
  async kit(_, emulated) {
    return this.read(emulated ? "kit-emulated" : "kit");
  }

  /** Of the run that the file was made of. */
  async digest() {
    return this.given.opening.digest;
  }

  /** @param {import("./state/scenario.js").Scenario} scenario */
  async data(scenario) {
    const bytes = this.read("data");
    if (scenario.data.kind === "kept" && unpack(bytes).header.id !== scenario.data.id) throw new Refused("This file holds other data.");
    return bytes;
  }
}
