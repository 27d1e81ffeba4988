// What is said, in the article: the word that is spoken is marked, and words lead to their place in the sound.

import { html } from "../draw/dom.js";
import { icon } from "../draw/icons.js";
import { clockTime } from "./words.js";

/**
 * @typedef {import("./conductor.js").Conductor} Conductor
 * @typedef {import("./conductor.js").Now} Now
 */

/** @type {HTMLElement[]} */
const NONE = [];

/** @param {Conductor} conductor @param {ParentNode} root @param {import("./words.js").Words} words */
export function transcript(conductor, root, words) {
  const says = new Map(conductor.index.says.map((say) => [say.beat, say]));
  /** @type {HTMLElement[]} */
  let marked = NONE;

  for (const place of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-say]"))) {
    const say = says.get(place.dataset.say ?? "");
    if (!say) continue;
    place.classList.add("speaks");
    place.addEventListener("click", (event) => clicked(conductor, say, event));
    place.prepend(fromHere(conductor, say.start));
  }

  /** @param {Now} now */
  function update({ moment, started, ended }) {
    const { spoken } = moment;
    const word = started && !ended && spoken ? (words.get(spoken.beat)?.[spoken.word] ?? NONE) : NONE;
    if (word === marked) return;
    for (const part of marked) part.classList.remove("spoken");
    for (const part of word) part.classList.add("spoken");
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

/** A word that is clicked; links, buttons and the end of a selection are none. @param {Conductor} conductor @param {import("./timeline.js").Say} say @param {Event} event */
function clicked(conductor, say, event) {
  const target = /** @type {Element} */ (event.target);
  if (target.closest("a, button") || !getSelection()?.isCollapsed) return;
  const word = /** @type {HTMLElement|null} */ (target.closest("[data-word]"))?.dataset.word;
  if (word !== undefined && Number(word) in say.words) conductor.seek(say.words[Number(word)]);
}
