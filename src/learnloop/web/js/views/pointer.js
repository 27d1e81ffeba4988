// Whether the pointer itself moved: what slides under it when the page is laid out anew is not pointed at.

export class Pointer {
  #at = [NaN, NaN];
  #still = false;

  /** @param {(event: PointerEvent) => void} freed  when it moves again */
  constructor(freed) {
    const note = (/** @type {PointerEvent} */ event) => {
      const held = this.#still;
      const free = this.moved(event);
      this.#at = [event.clientX, event.clientY];
      if (held && free) freed(event);
    };
    document.addEventListener("pointermove", note, { capture: true, passive: true });
    document.addEventListener("pointerdown", note, { capture: true, passive: true });
  }

  /** From now on it counts once it has moved. */
  hold() {
    this.#still = true;
  }

  /** @param {PointerEvent} event */
  moved({ clientX, clientY }) {
    const [x, y] = this.#at;
    if (this.#still && Math.hypot(clientX - x, clientY - y) >= 1) this.#still = false;
    return !this.#still;
  }
}
