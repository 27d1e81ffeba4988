// Where programs and data come from: the local server, or what a file holds.

import { unpack } from "./engine/pack.js";
import { dataKey, structure } from "./state/scenario.js";

/**
 * @typedef {import("./state/scenario.js").Scenario} Scenario
 *
 * @typedef {object} Backend
 * @property {() => Promise<any>} session  what to open with
 * @property {(scenario: Scenario, emulated: boolean) => Promise<ArrayBuffer>} kit
 * @property {(scenario: Scenario) => Promise<ArrayBuffer>} data
 * @property {(id: string) => Promise<any>} run  what is known of a run
 * @property {(id: string, update: number) => Promise<ArrayBuffer>} moment  everything of one of its updates
 * @property {(kind: string, scenario: Scenario) => Promise<Blob>} export  a file to keep
 * @property {(scenario: Scenario) => Promise<string>} digest  what Python's run ends with
 * @property {number} end  the update that this is before, where it is not the last
 * @property {string} refusal  why there are no exports but the page's own; "" where there are
 */

/**
 * @typedef {object} Kept  rows that the server holds
 * @property {{kind: "kept", id: string}} data
 * @property {string} name
 * @property {"classification"|"regression"} task
 * @property {number} rows
 * @property {string[]} columns
 * @property {string[]} targets
 * @property {import("./state/scenario.js").Scenario} scenario  that suits them
 * @property {string[]} [said]  what was left out, and why
 *
 * @typedef {object} Choice  what is in a file whose target is not chosen yet
 * @property {{name: string, rows: number, columns: {name: string, kind: string}[]}} choose
 */

/** What the server refused, in its words. */
export class Refused extends Error {}

/** The server that this page came from: all addresses are relative, so the token in the page's own goes along. */
export class Server {
  refusal = "";
  end = Infinity;

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
    return this.#ask(path, how);
  }

  /** What to open with. @returns {Promise<any>} */
  async session() {
    return (await this.#ask("session")).json();
  }

  /** @param {Scenario} scenario @param {boolean} emulated */
  async kit(scenario, emulated) {
    const { network, loss, optimizer, options } = scenario;
    return (await this.#post("kit", { network, loss, optimizer, dtype: options.dtype, emulated })).arrayBuffer();
  }

  /** @param {Scenario} scenario @param {number|null} [sample]  so many rows are enough */
  async data(scenario, sample = null) {
    return (await this.#post("data", { data: scenario.data, sample })).arrayBuffer();
  }

  /**
   * Read a file; its rows are kept under a handle.
   * @param {File} file
   * @param {string} target  the column to predict; "" for the reader's choice
   * @returns {Promise<Kept|Choice>}
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
    return (await this.#post("points", drawn)).json();
  }

  /** What Python's run of a scenario ends with. @param {Scenario} scenario */
  async digest(scenario) {
    return (await this.#post("export", { kind: "digest", scenario })).text();
  }

  /** A run that the server knows. @param {string} id @returns {Promise<any>} header and losses */
  async run(id) {
    return unpack(await (await this.#ask(`runs/${encodeURIComponent(id)}`)).arrayBuffer());
  }

  /** Everything of one update of a run, computed by the server. @param {string} id @param {number} update */
  async moment(id, update) {
    return (await this.#ask(`runs/${encodeURIComponent(id)}/moment/${update}`)).arrayBuffer();
  }

  /** @param {string} kind @param {Scenario} scenario */
  async export(kind, scenario) {
    return (await this.#post("export", { kind, scenario })).blob();
  }
}

/** A page that is one file: it holds one program for each kind of engine, and one set of data. */
export class Enclosed {
  refusal = "This page is one file. It needs learnloop: open the run with learnloop explore.";

  /** @param {any} session @param {(name: string) => Promise<ArrayBuffer>} read */
  constructor(session, read) {
    this.given = session;
    this.end = session.opening.end;
    this.read = read;
  }

  async session() {
    return this.given;
  }

  /** Of the run that the file was made of. @param {Scenario} scenario */
  async digest(scenario) {
    if (JSON.stringify(scenario) !== JSON.stringify(this.given.opening.scenario)) throw new Refused("Only the run that this file was made of is known.");
    return this.given.opening.digest;
  }

  /** @param {Scenario} scenario @param {boolean} emulated */
  async kit(scenario, emulated) {
    const bytes = await this.read(emulated ? "kit-emulated" : "kit");
    const { places } = unpack(bytes).header;
    if (structure(scenario, places) !== structure(this.given.opening.scenario, places)) throw new Refused("This change needs another program, and this page holds one. Open the run with learnloop explore to compile others.");
    return bytes;
  }

  /** @param {Scenario} scenario */
  async data(scenario) {
    if (dataKey(scenario) !== dataKey(this.given.opening.scenario)) throw new Refused("This page holds other data. Open the run with learnloop explore to change them.");
    return this.read("data");
  }

  /** @returns {Promise<never>} */
  async run() {
    throw new Refused(this.refusal);
  }

  /** @returns {Promise<never>} */
  async moment() {
    throw new Refused(this.refusal);
  }

  /** @param {string} kind */
  async export(kind) {
    if (kind !== "c") throw new Refused(this.refusal);
    return new Blob([await this.read("source")], { type: "text/x-c" });
  }
}
