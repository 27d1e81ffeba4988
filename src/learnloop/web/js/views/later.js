// A view that is fetched when it is first wanted: what a page opens with stays small.

import { html } from "../draw/dom.js";

/** Milliseconds before it is asked for again. */
const AGAIN = 2000;

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {{element: Element, update(state: State): void, destroy(): void}} View
 */

/**
 * @param {(state: State) => boolean} wanted
 * @param {() => Promise<View>} fetched
 * @returns {View}
 */
export function later(wanted, fetched) {
  const element = html("div", { class: "later" });
  /** @type {View|null} */
  let view = null;
  let asked = false;
  /** @type {State|null} */
  let last = null;

  async function ask() {
    view = await fetched();
    element.replaceChildren(view.element);
    if (last) view.update(last);
  }

  /** A page that lost its server says so, and asks again when something changes after a while. */
  function lost() {
    element.replaceChildren(html("p", { class: "trouble-text", role: "alert" }, "The program that serves this page does not answer. Start it again: learnloop explore"));
    setTimeout(() => (asked = false), AGAIN);
  }

  return {
    element,
    update(state) {
      last = state;
      if (view) return view.update(state);
      if (asked || !wanted(state)) return;
      asked = true;
      ask().catch(lost);
    },
    destroy: () => view?.destroy(),
  };
}
