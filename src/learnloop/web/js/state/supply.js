// What runs are made of, brought to the worker once: compiled programs, data, and the examples that come of them.

import { planeOf } from "./plane.js";
import { dataKey, structure } from "./scenario.js";

/** @typedef {import("./scenario.js").Scenario} Scenario */

const [MOST_KITS, MOST_DATA] = [16, 8];

export class Supply {
  /** @type {Map<string, {kit: string, header: any, key: string}>} */
  #kits = new Map();
  /** @type {Map<string, {data: string, header: any}>} */
  #data = new Map();
  #examples = { key: "", found: /** @type {any} */ (null), plane: /** @type {any} */ (null) };

  /**
   * @param {import("../engine/client.js").Client} client
   * @param {any} backend  see backend.js
   * @param {(busy: string) => void} wait  says what is waited for
   */
  constructor(client, backend, wait) {
    this.client = client;
    this.backend = backend;
    this.wait = wait;
  }

  /** The program of a scenario; numbers that are given at run time make no other one. @param {Scenario} scenario @param {boolean} emulated */
  async kit(scenario, emulated) {
    const known = [...this.#kits.values()].find((kit) => structure(scenario, kit.header.places) === kit.key);
    if (known) return known;
    this.wait("compiling");
    const kit = await this.client.call("kit", { bytes: await this.backend.kit(scenario, emulated) });
    const found = { ...kit, key: structure(scenario, kit.header.places) };
    this.#kits.set(found.key, found);
    this.#limit(this.#kits, MOST_KITS, ({ kit: name }) => ({ kit: name }));
    this.wait("");
    return found;
  }

  /** @param {Scenario} scenario */
  async data(scenario) {
    const key = dataKey(scenario);
    const found = this.#data.get(key) ?? (await this.client.call("data", { id: key, bytes: await this.backend.data(scenario) }));
    this.#data.set(key, found);
    this.#limit(this.#data, MOST_DATA, ({ data }) => ({ data }));
    return found;
  }

  /** The same as long as the data, the split and the noise are. @param {number} run @param {any} asked @param {any} kit */
  async examples(run, asked, kit) {
    const key = JSON.stringify([asked.data, asked.wish, kit.labels, kit.dtype]);
    if (this.#examples.key !== key) {
      const found = await this.client.call("examples", { run });
      this.#examples = { key, found, plane: planeOf(found) };
    }
    return this.#examples;
  }

  /** Programs are compiled again: for an engine that needs others. */
  clear() {
    this.#kits.clear();
  }

  /**
   * Let the oldest go, here and in the worker; runs that need them keep them.
   * @template T
   * @param {Map<string, T>} known
   * @param {number} most
   * @param {(one: T) => object} named
   */
  #limit(known, most, named) {
    for (const [key, one] of known) {
      if (known.size <= most) return;
      known.delete(key);
      this.client.call("forget", named(one)).catch(() => {});
    }
  }
}
