// State that many look at and few change: whoever subscribed is told once per frame.

/**
 * @template {object} S
 */
export class Store {
  /** @type {Set<(state: S) => void>} */
  #listeners = new Set();
  #due = false;

  /** @param {S} initial */
  constructor(initial) {
    this.state = initial;
  }

  /** Change some of it. @param {Partial<S>} changes */
  set(changes) {
    Object.assign(this.state, changes);
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => this.flush());
  }

  /** Tell now. */
  flush() {
    this.#due = false;
    for (const listener of this.#listeners) listener(this.state);
  }

  /** @param {(state: S) => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
