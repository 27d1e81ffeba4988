// What is said, in the article: the word that is spoken is marked, and words lead to their place in the sound.

import { html } from "../draw/dom.js";
import { icon } from "../draw/icons.js";
import { clockTime } from "./words.js";

/**
 * @typedef {import("./conductor.js").Conductor} Conductor
 * @typedef {import("./conductor.js").Now} Now
 */

/** @param {Conductor} conductor @param {ParentNode} root @param {Map<string, HTMLElement[]>} words  of each beat */
export function transcript(conductor, root, words) {
  const says = new Map(conductor.index.says.map((say) => [say.beat, say]));
  /** @type {HTMLElement|null} */
  let marked = null;

  for (const place of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-say]"))) {
    const say = says.get(place.dataset.say ?? "");
    if (!say) continue;
    place.classList.add("speaks");
    place.addEventListener("click", (event) => clicked(conductor, say, words.get(say.beat) ?? [], event));
    place.prepend(fromHere(conductor, say.start));
  }

  /** @param {Now} now */
  function update({ moment, started, ended }) {
    const { spoken } = moment;
    const word = started && !ended && spoken ? (words.get(spoken.beat)?.[spoken.word] ?? null) : null;
    if (word === marked) return;
    marked?.classList.remove("spoken");
    word?.classList.add("spoken");
    marked = word;
  }

  return { update };
}

/** @param {Conductor} conductor @param {number} start */
function fromHere(conductor, start) {
  const label = `Play from here, ${clockTime(start)}`;
  const play = () => {
    conductor.seek(start);
    conductor.play();
  };
  return html("button", { type: "button", class: "from-here number", "aria-label": label, title: label, click: play }, icon("play"), clockTime(start));
}

/** A word that is clicked; links, buttons and the end of a selection are none. @param {Conductor} conductor @param {import("./timeline.js").Say} say @param {HTMLElement[]} words @param {Event} event */
function clicked(conductor, say, words, event) {
  const target = /** @type {Element} */ (event.target);
  if (target.closest("a, button") || !getSelection()?.isCollapsed) return;
  const k = words.indexOf(/** @type {HTMLElement} */ (target.closest("[data-word]")));
  if (k >= 0) conductor.seek(say.words[k]);
}
