// Keys that work everywhere but where a key means something already.

/** @typedef {import("./conductor.js").Conductor} Conductor */

const NEAR = 5;
const FAR = 10;
/** Controls, and parts of the page with keys of their own. */
const TAKEN = "input, select, textarea, [contenteditable], .block-live, .block-check, [role=slider], math[tabindex], [tabindex='0'].scrolls";
/** What Space and Enter press. */
const PRESSED = "button, a, summary, label";

/** @param {Conductor} conductor @param {() => void} captions  turns them on and off */
export function keys(conductor, captions) {
  /** @type {Record<string, () => void>} */
  const does = {
    " ": () => conductor.toggle(), k: () => conductor.toggle(), K: () => conductor.toggle(),
    ArrowLeft: () => conductor.by(-NEAR), ArrowRight: () => conductor.by(NEAR), j: () => conductor.by(-FAR), l: () => conductor.by(FAR),
    "Shift+ArrowLeft": () => conductor.chapter(-1), "Shift+ArrowRight": () => conductor.chapter(1),
    c: captions, C: captions, "<": () => conductor.pace(-1), ">": () => conductor.pace(1), "Shift+<": () => conductor.pace(-1), "Shift+>": () => conductor.pace(1),
    Home: () => conductor.seek(0), End: () => conductor.seek(conductor.seconds),
  };

  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || target.closest(TAKEN)) return;
    if (event.key === " " && target.closest(PRESSED)) return;
    const act = does[event.shiftKey ? `Shift+${event.key}` : event.key] ?? (event.key.length === 1 && event.shiftKey ? does[event.key] : undefined);
    if (!act) return;
    act();
    event.preventDefault();
  });
}
