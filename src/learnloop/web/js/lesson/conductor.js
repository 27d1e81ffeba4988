// Plays a lesson: moves its time, stops where something is asked, and tells everybody where it stands.

import { SilentClock } from "./clock.js";
import { lastOf, stateAt } from "./timeline.js";

/**
 * @typedef {import("./clock.js").Clock} Clock
 * @typedef {import("./timeline.js").Index} Index
 * @typedef {import("./timeline.js").Ask} Ask
 *
 * @typedef {object} Now
 * @property {number} t
 * @property {import("./timeline.js").Moment} moment
 * @property {boolean} playing
 * @property {boolean} started  whether anybody played or went anywhere
 * @property {boolean} ended
 * @property {boolean} whole  whether everything is shown, drawn or not
 * @property {Ask|null} asking  what the voice waits for
 * @property {number} rate
 * @property {string} trouble  what is wrong with the sound
 * @property {number} moves  how often somebody played or went elsewhere
 */

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];
/** Whoever goes back a chapter within so many seconds of its beginning wants the one before. */
const BEGINNING = 2;
/** Seconds before an ask at which the voice waits: what comes behind it has not begun. */
const BEFORE = 0.001;

export class Conductor {
  /** @type {Set<(now: Now) => void>} */
  #listeners = new Set();
  /** @type {Set<(text: string) => void>} */
  #hearers = new Set();
  #frame = 0;
  #last = 0;
  #said = -1;
  /** @type {{started: boolean, ended: boolean, whole: boolean, asking: Ask|null, trouble: string, moves: number}} */
  #state = { started: false, ended: false, whole: false, asking: null, trouble: "", moves: 0 };

  /** @param {Index} index @param {Clock} clock */
  constructor(index, clock) {
    this.index = index;
    this.clock = clock;
    this.seconds = index.lesson.seconds;
  }

  /** @returns {Now} */
  get now() {
    const t = this.#state.ended ? this.seconds : this.clock.time;
    return { ...this.#state, t, moment: stateAt(this.index, t), playing: this.clock.playing, rate: this.clock.rate };
  }

  /** @param {(now: Now) => void} listener */
  follow(listener) {
    this.#listeners.add(listener);
    listener(this.now);
  }

  /** What shall be spoken by whoever reads the page aloud. @param {(text: string) => void} hearer */
  hear(hearer) {
    this.#hearers.add(hearer);
  }

  /** @param {string} text */
  say(text) {
    for (const hearer of this.#hearers) hearer(text);
  }

  /** Tell everybody; one who fails does not stop the others. */
  tell() {
    const { now } = this;
    for (const listener of this.#listeners) {
      try {
        listener(now);
      } catch (error) {
        this.#listeners.delete(listener);
        console.error(error);
      }
    }
  }

  async play() {
    if (this.#state.ended || this.clock.time >= this.seconds) this.#go(0);
    this.#last = this.#state.asking?.start ?? this.clock.time; // the same ask stops nobody twice
    Object.assign(this.#state, { started: true, asking: null, moves: this.#state.moves + 1 });
    try {
      await this.clock.play();
    } catch (error) {
      if (/** @type {any} */ (error)?.name === "AbortError") return; // paused before it began
      this.silence(error);
      await this.clock.play();
    }
    this.tick();
  }

  /** The sound cannot be had: the words go on without it, and the page says so. @param {unknown} reason */
  silence(reason) {
    if (!this.clock.sound) return;
    const { time, playing, rate } = this.clock;
    this.clock.pause();
    this.clock = new SilentClock(this.seconds);
    this.clock.rate = rate;
    this.clock.seek(time);
    if (playing) this.clock.play().then(() => this.tick());
    const allowed = /** @type {any} */ (reason)?.name !== "NotAllowedError";
    this.#state.trouble = `${allowed ? "The sound of this page cannot be played here" : "This browser did not let the page play its sound"}: the words go on in silence.`;
    this.say(this.#state.trouble);
    this.tell();
  }

  pause() {
    if (!this.clock.playing) return;
    this.clock.pause();
    cancelAnimationFrame(this.#frame);
    this.say("Paused.");
    this.tell();
  }

  toggle() {
    if (this.clock.playing) this.pause();
    else this.play();
  }

  /** @param {number} t  in seconds */
  seek(t) {
    Object.assign(this.#state, { started: true, asking: null, moves: this.#state.moves + 1 });
    this.#go(t);
    this.tell();
  }

  /** @param {number} t */
  #go(t) {
    const to = Math.max(0, Math.min(this.seconds, t));
    this.#state.ended = to >= this.seconds;
    if (this.#state.ended) this.clock.pause();
    this.clock.seek(to);
    this.#last = to;
    this.#tellChapter();
  }

  /** The chapter is spoken when it becomes another one. */
  #tellChapter() {
    const { chapters } = this.index;
    const here = lastOf(chapters, this.#last);
    if (here !== this.#said && here >= 0) this.say(`Chapter ${here + 1}: ${chapters[here].title}`);
    this.#said = here;
  }

  /** @param {number} seconds  either way */
  by(seconds) {
    this.seek(this.now.t + seconds);
  }

  /** The next chapter, the one before, or this one from its beginning. @param {1|-1} step */
  chapter(step) {
    const { chapters } = this.index;
    const { t } = this.now;
    const here = Math.max(0, lastOf(chapters, t));
    const far = step < 0 && t - chapters[here].start > BEGINNING ? 0 : step;
    this.seek(here + far >= chapters.length ? this.seconds : chapters[Math.max(0, here + far)].start);
  }

  /** @param {number} rate */
  hurry(rate) {
    this.clock.rate = rate;
    this.tell();
  }

  /** Slower or faster by one. @param {1|-1} step */
  pace(step) {
    const k = RATES.indexOf(this.clock.rate) + step;
    if (k < 0 || k >= RATES.length) return;
    this.hurry(RATES[k]);
    this.say(`${RATES[k]} times as fast.`);
  }

  /** @param {boolean} whole */
  show(whole) {
    this.#state.whole = whole;
    this.tell();
  }

  /** A frame, and those that follow while it plays; also news of the sound, as a page in the background has no frames. */
  tick() {
    cancelAnimationFrame(this.#frame);
    this.check();
    if (this.clock.playing) this.#frame = requestAnimationFrame(() => this.tick());
  }

  /** What happened since the last look. */
  check() {
    const t = this.clock.time;
    if (this.clock.playing) this.#goneOn();
    const { asks } = this.index;
    const ask = asks[lastOf(asks, this.#last) + 1];
    if (this.clock.playing && ask && ask.start <= t) this.#stop(ask);
    else if (t >= this.seconds && !this.#state.ended) this.#end();
    else this.#last = Math.max(this.#last, t);
    this.#tellChapter();
    this.tell();
  }

  /** Keys of the system play the sound, too. */
  #goneOn() {
    this.#last = Math.max(this.#last, this.#state.asking?.start ?? 0);
    Object.assign(this.#state, { started: true, asking: null });
  }

  /** The voice waits. @param {Ask} ask */
  #stop(ask) {
    this.clock.pause();
    this.clock.seek(ask.start - BEFORE);
    this.#last = ask.start - BEFORE;
    this.#state.asking = ask;
    this.say(`Your turn: ${ask.text}`);
  }

  #end() {
    this.clock.pause();
    this.#last = this.seconds;
    this.#state.ended = true;
    this.say("The lesson is over.");
  }
}
