// The sentence that is spoken, with its word marked. It repeats the article for eyes alone.

import { html } from "../draw/dom.js";
import { textOfWord } from "./words.js";

/** @typedef {import("./conductor.js").Now} Now */

/** @param {import("./timeline.js").Index} index @param {import("./words.js").Words} words */
export function captions(index, words) {
  const element = html("p", { class: "player-caption", "aria-hidden": "true", hidden: true });
  let [wanted, shown] = [true, ""];
  /** @type {HTMLElement[]} */
  let spans = [];

  /** @param {string} beat @param {number} sentence */
  function show(beat, sentence) {
    const key = `${beat} ${sentence}`;
    if (key === shown) return;
    shown = key;
    const numbers = index.sentences.get(beat) ?? [];
    const texts = Array.from(words.get(beat) ?? [], textOfWord);
    spans = texts.map((text) => html("span", {}, text)).filter((_, k) => numbers[k] === sentence);
    element.replaceChildren(...spans.flatMap((span, k) => (k ? [" ", span] : [span])));
  }

  /** @param {Now} now */
  function update(now) {
    const { spoken } = now.moment;
    element.hidden = !wanted || !now.started || !spoken || now.ended;
    if (element.hidden || !spoken) return;
    show(spoken.beat, spoken.sentence);
    const first = (index.sentences.get(spoken.beat) ?? []).indexOf(spoken.sentence);
    spans.forEach((span, k) => (span.className = first + k === spoken.word ? "spoken" : ""));
  }

  return {
    element, update, on: () => wanted,
    toggle: () => void (wanted = !wanted),
  };
}
