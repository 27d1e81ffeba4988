// Times and places of a lesson as people say them.

/** @typedef {import("./timeline.js").Index} Index */

/** @param {number} seconds @returns {string} "1:04", "1:02:05" */
export function clockTime(seconds) {
  const whole = Math.floor(Math.max(0, seconds) + 1e-6);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** @param {Index} index @param {number} t @param {number} chapter */
export const position = ({ lesson }, t, chapter) => `${clockTime(t)} of ${clockTime(lesson.seconds)}${chapter >= 0 ? `, chapter ${chapter + 1}` : ""}`;

/**
 * The words of each beat by their numbers. A word that is partly a link or a number lies in several elements.
 * @typedef {Map<string, HTMLElement[][]>} Words
 */

/** @param {ParentNode} root @returns {Words} */
export function wordsOf(root) {
  const found = new Map();
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-say]"))) {
    const words = found.get(place.dataset.say) ?? [];
    found.set(place.dataset.say, words);
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("[data-word]"))) (words[Number(part.dataset.word)] ??= []).push(part);
  }
  return found;
}

/** @param {HTMLElement[]|undefined} word */
export const textOfWord = (word) => (word ?? []).map((part) => part.textContent).join("");

/** @param {Words} words @returns {Map<string, string[]>} */
export const textsOf = (words) => new Map([...words].map(([beat, list]) => [beat, Array.from(list, textOfWord)]));
