// Views that draw again only when something changed that they show: a frame has no time for the same picture twice.

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {{element: Element, update(state: State): void, destroy(): void}} View
 */

/**
 * @template {View} V
 * @param {(state: State) => unknown[]} shown  what it depends on
 * @param {V} view
 * @returns {V}
 */
export function when(shown, view) {
  /** @type {unknown[]} */
  let last = [];
  return {
    ...view,
    update(/** @type {State} */ state) {
      const now = shown(state);
      if (now.length === last.length && now.every((value, k) => Object.is(value, last[k]))) return;
      last = now;
      view.update(state);
    },
  };
}

/** What pictures of the network and of its answers show. @param {State} s */
export const ofPictures = (s) => [
  s.run, s.picture, s.ghost, s.pinned, s.selection, s.hover, s.links, s.range, s.phase, s.playing, s.row, s.part, s.sketch, s.explained, s.refreshed,
];

/** What the curves show; runs in the making grow in place. @param {State} s */
export const ofCurves = (s) => [
  s.run, s.run?.updates, s.run?.marks.length, s.run?.insights, s.ghost, s.ghost?.marks.length, s.pinned, Math.floor(s.cursor), s.refreshed,
];
