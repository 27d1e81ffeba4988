// The player: one bar at the lower edge of the window, with a name for every button.

import { html, set, write } from "../draw/dom.js";
import { icon } from "../draw/icons.js";
import { captions } from "./captions.js";
import { RATES } from "./conductor.js";
import { clockTime, position } from "./words.js";

/**
 * @typedef {import("./conductor.js").Conductor} Conductor
 * @typedef {import("./conductor.js").Now} Now
 */

const STEP = 10;
const NEAR = 5;

/**
 * @param {Conductor} conductor
 * @param {HTMLElement} place  that it fills
 * @param {import("./words.js").Words} words
 * @param {() => void} follow  what happens when somebody wants the page to scroll along again
 */
export function player(conductor, place, words, follow) {
  const text = captions(conductor.index, words);
  const caption = () => {
    text.toggle();
    conductor.tell();
  };
  const controls = buttons(conductor);
  const bar = seekBar(conductor);
  const options = optionsOf(conductor, { on: text.on, caption, follow });
  const asked = turnOf(conductor);
  const trouble = html("p", { class: "player-trouble" });
  const said = html("p", { class: "hidden-text player-said", "aria-live": "polite" });
  const opener = html("button", { type: "button", class: "player-more", "aria-expanded": "false", "aria-controls": "ll-player-options", "aria-label": "Options", title: "Options", click: () => open(opener.getAttribute("aria-expanded") !== "true") }, html("span", { "aria-hidden": "true" }, "•••"));
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", "Player");
  place.classList.add("player");
  place.replaceChildren(
    text.element, trouble, asked.element,
    html("div", { class: "player-row" }, controls.element, bar.time, opener, bar.element, options.element), said,
  );

  /** @param {boolean} wanted */
  function open(wanted) {
    set(opener, { "aria-expanded": String(wanted) });
    place.classList.toggle("opened", wanted);
  }

  /** @param {Now} now */
  function update(now) {
    place.dataset.at = String(now.t);
    place.classList.toggle("playing", now.playing);
    for (const part of [text, controls, bar, options, asked]) part.update(now);
    write(trouble, now.trouble);
    trouble.hidden = !now.trouble;
  }

  conductor.hear((news) => write(said, news));
  return { update, follows: options.follows, captions: caption };
}

/** @param {string} label @param {import("../draw/dom.js").Child} sign @param {() => void} click @param {import("../draw/dom.js").Attributes} [more] */
const button = (label, sign, click, more = {}) => html("button", { type: "button", "aria-label": label, title: label, click, ...more }, sign);

/** @param {Conductor} conductor */
function buttons(conductor) {
  const play = button("Play (Space)", icon("play"), () => conductor.toggle(), { class: "primary player-play" });
  const element = html(
    "div", { class: "player-buttons" },
    button(`Back ${STEP} seconds`, `−${STEP}`, () => conductor.by(-STEP), { class: "number" }), play, button(`On ${STEP} seconds`, `+${STEP}`, () => conductor.by(STEP), { class: "number" }),
  );
  let shown = "";

  /** @param {Now} now */
  function update({ playing, ended, asking }) {
    const label = playing ? "Pause (Space)" : asking ? "Continue (Space)" : ended ? "Play again (Space)" : "Play (Space)";
    if (label === shown) return;
    shown = label;
    set(play, { "aria-label": label, title: label });
    play.replaceChildren(icon(playing ? "pause" : "play"));
  }

  return { element, update };
}

/** The position, and where chapters begin. @param {Conductor} conductor */
function seekBar(conductor) {
  const { index, seconds } = conductor;
  const input = html("input", { type: "range", min: 0, max: seconds, step: "any", value: 0, "aria-label": "Position", input: () => conductor.seek(Number(input.value)), keydown: (/** @type {KeyboardEvent} */ event) => moved(event) });
  const marks = index.chapters.slice(1).map((chapter) => {
    const mark = html("span", { class: "player-mark" });
    mark.style.left = `calc(8px + (100% - 16px) * ${chapter.start / seconds})`; // as far as the knob
    return mark;
  });
  const element = html("div", { class: "player-seek" }, html("div", { class: "player-marks", "aria-hidden": "true" }, ...marks), input);
  const time = html("span", { class: "player-time number", "aria-hidden": "true" });

  /** @param {KeyboardEvent} event */
  function moved(event) {
    const far = { ArrowRight: NEAR, ArrowUp: NEAR, ArrowLeft: -NEAR, ArrowDown: -NEAR, PageUp: STEP, PageDown: -STEP, Home: -Infinity, End: Infinity }[event.key];
    if (far === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    conductor.by(far);
    event.preventDefault();
  }

  /** @param {Now} now */
  function update({ t, moment }) {
    input.value = String(t);
    set(input, { "aria-valuetext": position(index, t, moment.chapter) });
    write(time, `${clockTime(t)} / ${clockTime(seconds)}`);
  }

  return { element, time, update };
}

/** What is chosen now and then. @param {Conductor} conductor @param {{on: () => boolean, caption: () => void, follow: () => void}} does */
function optionsOf(conductor, { on, caption: turn, follow }) {
  const { chapters } = conductor.index;
  const chapter = html("select", { class: "player-chapter", "aria-label": "Chapter", change: () => conductor.seek(chapters[Number(chapter.value)].start) }, ...chapters.map(({ title, start }, k) => html("option", { value: k }, `${k + 1}. ${title} · ${clockTime(start)}`)));
  const rate = html("select", { "aria-label": "Speed of the lesson", change: () => conductor.hurry(Number(rate.value)) }, ...RATES.map((value) => html("option", { value, selected: value === 1 }, `${value}×`)));
  const caption = html("button", { type: "button", class: "player-captions-switch", title: "Captions (c)", click: turn }, "Captions");
  const whole = html("button", { type: "button", click: () => conductor.show(!conductor.now.whole) }, "Show everything");
  const along = html("button", { type: "button", hidden: true, class: "player-follow", click: follow }, "Follow along");
  const element = html(
    "div", { class: "player-options", id: "ll-player-options" },
    html("div", { class: "player-chapters" }, button("Previous chapter (Shift ←)", icon("backFar"), () => conductor.chapter(-1)), chapter, button("Next chapter (Shift →)", icon("nextFar"), () => conductor.chapter(1))),
    rate, caption, whole, along,
  );

  /** @param {Now} now */
  function update(now) {
    if (document.activeElement !== chapter) chapter.value = String(Math.max(0, now.moment.chapter));
    rate.value = String(now.rate);
    set(caption, { "aria-pressed": String(on()) });
    set(whole, { "aria-pressed": String(now.whole) });
  }

  return { element, update, follows: (/** @type {boolean} */ on) => (along.hidden = on) };
}

/** What is asked, and a way on. @param {Conductor} conductor */
function turnOf(conductor) {
  const said = html("span");
  const element = html("div", { class: "player-turn", hidden: true }, said, button("Continue the lesson", "Continue", () => conductor.play(), { class: "primary" }));

  /** @param {Now} now */
  function update({ asking }) {
    element.hidden = !asking;
    if (asking) write(said, `Your turn: ${asking.text}`);
  }

  return { element, update };
}
