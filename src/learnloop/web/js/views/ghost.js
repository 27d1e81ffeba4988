// What the run before the last change answered at its end, for a thin line on the map: asked for when all is quiet.

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 */

const QUIET = 260;

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {() => void} ready
 */
export function ghostMap(explorer, ready) {
  let due = 0;
  let asked = /** @type {Shown|null} */ (null);
  /** @type {{run: Shown, values: ArrayLike<number>}|null} */
  let known = null;

  /** @param {Shown} run */
  async function ask(run) {
    try {
      const wants = { map: /** @type {any} */ (run.plane).map.X };
      const picture = await explorer.client.call("look", { run: run.id, update: run.updates, wants });
      if (asked === run) known = { run, values: picture.map };
      ready();
    } catch {
      known = null; // the run is kept no more: there is no line
    }
  }

  /** The map of the ghost, where it is known and of the same plane. @param {State} state */
  function update({ run, ghost, playing }) {
    const fits = ghost && run && ghost.plane && ghost.kit.outputs === run.kit.outputs && ghost.data === run.data;
    if (!fits) return null;
    if (ghost !== asked && !playing) {
      clearTimeout(due);
      asked = ghost;
      due = window.setTimeout(() => ask(ghost), QUIET);
    }
    return known?.run === ghost && ghost.plane === run.plane ? known.values : null;
  }

  return { update };
}
