// Times and places of a lesson as people say them.

/** @typedef {import("./timeline.js").Index} Index */

/** @param {number} seconds @returns {string} "1:04" */
export function clockTime(seconds) {
  const whole = Math.floor(Math.max(0, seconds) + 1e-6);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** @param {Index} index @param {number} t @param {number} chapter */
export const position = ({ lesson }, t, chapter) => `${clockTime(t)} of ${clockTime(lesson.seconds)}${chapter >= 0 ? `, chapter ${chapter + 1}` : ""}`;

/** The words of each beat, as they are shown. @param {ParentNode} root @returns {Map<string, HTMLElement[]>} */
export function wordsOf(root) {
  const found = new Map();
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-say]"))) {
    const beat = place.dataset.say ?? "";
    const words = /** @type {HTMLElement[]} */ ([...place.querySelectorAll("[data-word]")]);
    found.set(beat, [...(found.get(beat) ?? []), ...words]);
  }
  return found;
}
