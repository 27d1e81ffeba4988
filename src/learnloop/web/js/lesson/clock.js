// What the time of a lesson comes from: its sound, or a silent clock that goes as fast.

/**
 * @typedef {object} Clock
 * @property {boolean} sound  whether anything can be heard
 * @property {number} time  in seconds from the beginning of the lesson
 * @property {boolean} playing
 * @property {() => Promise<void>} play
 * @property {() => void} pause
 * @property {(t: number) => void} seek
 * @property {number} rate
 */

/** A sound that gives the same time for longer than this, in milliseconds, stands still: no word is marked much too early. */
const STUCK = 60;

/** @implements {Clock} */
export class SilentClock {
  sound = false;
  #from = 0;
  /** @type {number|null} */
  #since = null;
  #rate = 1;

  /** @param {number} seconds  that the lesson takes @param {() => number} [now]  milliseconds */
  constructor(seconds, now = () => performance.now()) {
    this.seconds = seconds;
    this.now = now;
  }

  get time() {
    if (this.#since === null) return this.#from;
    return Math.min(this.seconds, this.#from + (this.#rate * (this.now() - this.#since)) / 1000);
  }

  get playing() {
    return this.#since !== null;
  }

  get rate() {
    return this.#rate;
  }

  set rate(rate) {
    this.seek(this.time);
    this.#rate = rate;
  }

  async play() {
    this.#since ??= this.now();
  }

  pause() {
    this.#from = this.time;
    this.#since = null;
  }

  /** @param {number} t */
  seek(t) {
    this.#from = Math.max(0, Math.min(this.seconds, t));
    if (this.#since !== null) this.#since = this.now();
  }
}

/** @implements {Clock} */
export class SoundClock {
  sound = true;
  #rate = 1;
  /** @type {number|null} what was asked for, until the sound is there */
  #wanted = null;
  #seen = { time: -1, at: 0 };

  /** @param {HTMLMediaElement} audio @param {number} seconds @param {() => number} [now]  milliseconds */
  constructor(audio, seconds, now = () => performance.now()) {
    this.audio = audio;
    this.seconds = seconds;
    this.now = now;
    audio.preservesPitch = true;
    for (const name of ["seeked", "playing"]) audio.addEventListener(name, () => (this.#wanted = audio.seeking ? this.#wanted : null));
  }

  get time() {
    if (this.#wanted !== null) return this.#wanted;
    if (this.audio.ended) return this.seconds;
    return Math.min(this.seconds, this.audio.paused ? this.audio.currentTime : this.#smooth());
  }

  /** Some browsers tell the time of a sound in steps: between them it goes on. */
  #smooth() {
    const [time, now] = [this.audio.currentTime, this.now()];
    if (time !== this.#seen.time) this.#seen = { time, at: now };
    return time + (this.#rate * Math.min(STUCK, now - this.#seen.at)) / 1000;
  }

  get playing() {
    return !this.audio.paused && !this.audio.ended;
  }

  get rate() {
    return this.#rate;
  }

  set rate(rate) {
    this.#rate = rate;
    this.audio.defaultPlaybackRate = rate;
    this.audio.playbackRate = rate;
  }

  play() {
    this.#seen = { time: -1, at: 0 };
    return this.audio.play();
  }

  pause() {
    this.audio.pause();
  }

  /** @param {number} t */
  seek(t) {
    this.#wanted = Math.max(0, Math.min(this.seconds, t));
    this.audio.currentTime = this.#wanted;
  }
}
