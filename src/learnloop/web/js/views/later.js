// A view that is fetched when it is first wanted: what a page opens with stays small.

import { html } from "../draw/dom.js";

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
    element.append(view.element);
    if (last) view.update(last);
  }

  return {
    element,
    update(state) {
      last = state;
      if (view) return view.update(state);
      if (asked || !wanted(state)) return;
      asked = true;
      ask().catch(() => (asked = false)); // a page that lost its server asks again
    },
    destroy: () => view?.destroy(),
  };
}
