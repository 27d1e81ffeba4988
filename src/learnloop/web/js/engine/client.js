// The page's side of the worker: a call is a promise; events go to whoever listens.

/** @typedef {(event: any) => void} Listener */

export class Client {
  /** @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void}>} */
  #open = new Map();
  #next = 1;
  /** @type {Set<Listener>} */
  #listeners = new Set();
  /** @type {Worker} */
  #worker;

  /**
   * @param {Worker|URL|string} worker  that runs worker.js, or where that is
   * @param {(error: Error) => void} lost  the worker crashed
   */
  constructor(worker, lost) {
    this.#worker = worker instanceof Worker ? worker : new Worker(worker, { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#hear(data);
    this.#worker.onerror = (event) => {
      const error = new Error(event.message || "the worker could not be started");
      for (const { reject } of this.#open.values()) reject(error);
      this.#open.clear();
      lost(error);
    };
  }

  /** @param {any} data */
  #hear(data) {
    if (data.event) return this.#listeners.forEach((listener) => listener(data));
    const call = this.#open.get(data.id);
    this.#open.delete(data.id);
    if (data.error !== undefined) call?.reject(new Error(data.error));
    else call?.resolve(data.answer);
  }

  /**
   * @param {string} method
   * @param {any} given
   * @returns {Promise<any>}
   */
  call(method, given = {}) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, given });
    });
  }

  /** @param {Listener} listener */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** End the worker; what is open is never answered. */
  close() {
    this.#worker.terminate();
  }
}
