// Lists that are sorted anew: at rest at once, while time runs only now and then, so that eyes can follow.

/** @typedef {import("../state/explorer.js").State} State */

const PAUSE = 450;

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {(state: State) => void} draw
 * @returns {(state: State, force: boolean) => void}
 */
export function unhurried(explorer, draw) {
  let last = 0;
  let due = 0;
  let drawn = /** @type {any} */ (null);
  let key = "";
  /** @param {State} state */
  function now(state) {
    clearTimeout(due);
    due = 0;
    [last, drawn] = [performance.now(), state.picture];
    key = `${state.part} ${state.run?.data.id}`;
    if (state.run && state.picture && state.picture.run.examples === state.run.examples) draw(state);
  }
  return (state, force) => {
    if (!force && drawn === state.picture && key === `${state.part} ${state.run?.data.id}`) return;
    const wait = last + (state.playing ? PAUSE : 60) - performance.now();
    if (force || wait <= 0 || key !== `${state.part} ${state.run?.data.id}`) now(state);
    else due ||= window.setTimeout(() => now(explorer.state), wait);
  };
}
