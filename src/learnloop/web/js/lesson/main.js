// Brings the page of a lesson to life. The article is complete without it: a part that fails leaves the others alone.

import { textOf } from "../blocks.js";
import { theme } from "../views/theme.js";
import { ask } from "./ask.js";
import { board } from "./board.js";
import { check } from "./check.js";
import { chapters } from "./chapters.js";
import { SilentClock, SoundClock } from "./clock.js";
import { Conductor } from "./conductor.js";
import { follow } from "./follow.js";
import { keys } from "./keys.js";
import { live } from "./live.js";
import { copies } from "./more.js";
import { player } from "./player.js";
import { share } from "./share.js";
import { indexed } from "./timeline.js";
import { touch } from "./touch.js";
import { transcript } from "./transcript.js";
import { textsOf, wordsOf } from "./words.js";

/** @typedef {import("./timeline.js").Lesson} Lesson */

/** The event list that this page can play. */
const VERSION = 1;

/** @param {() => void} part */
function attempt(part) {
  try {
    part();
  } catch (error) {
    console.error(error);
  }
}

/** @param {Conductor} conductor */
function listen(conductor) {
  const audio = /** @type {HTMLAudioElement|null} */ (document.getElementById("ll-audio"));
  if (!audio || !conductor.clock.sound) return;
  audio.controls = false;
  audio.addEventListener("error", () => conductor.silence(audio.error));
  if (audio.error) conductor.silence(audio.error);
  for (const name of ["timeupdate", "ended", "pause", "playing"]) audio.addEventListener(name, () => conductor.tick()); // pages in the background have no frames
}

/** @param {Lesson} lesson */
function hydrate(lesson) {
  const root = document;
  const words = wordsOf(root);
  const audio = /** @type {HTMLAudioElement|null} */ (document.getElementById("ll-audio"));
  const clock = audio ? new SoundClock(audio, lesson.seconds) : new SilentClock(lesson.seconds);
  const conductor = new Conductor(indexed(lesson, textsOf(words)), clock);
  const say = (/** @type {string} */ news) => conductor.say(news);
  let redraw = () => {};
  attempt(() => playing(conductor, root, words));
  attempt(() => {
    const drawn = board(conductor.index, root);
    conductor.follow(drawn.update);
    addEventListener("resize", () => {
      drawn.refresh();
      conductor.tell();
    });
  });
  attempt(() => conductor.follow(ask(conductor, root).update));
  attempt(() => {
    const parts = live(conductor, root);
    redraw = parts.refresh;
    conductor.follow(parts.update);
  });
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (root.querySelectorAll("form.block-check"))) attempt(() => check(conductor, form));
  attempt(() => touch(conductor, root));
  attempt(() => chapters(conductor, root));
  attempt(() => copies(root, say));
  attempt(() => share(/** @type {HTMLElement} */ (root.getElementById("ll-share")), lesson.title, say));
  attempt(() => themed(() => redraw()));
  attempt(() => listen(conductor));
}

/** The bar, the marked words, and the page that scrolls along. @param {Conductor} conductor @param {Document} root @param {import("./words.js").Words} words */
function playing(conductor, root, words) {
  const place = /** @type {HTMLElement} */ (root.getElementById("ll-player"));
  const bar = player(conductor, place, words, () => along.again());
  const along = follow(conductor, root, (on) => bar.follows(on));
  for (const part of [bar, transcript(conductor, root, words), along]) conductor.follow(part.update);
  keys(conductor, bar.captions);
}

/** @param {() => void} refresh  what draws with colours */
function themed(refresh) {
  document.querySelector(".lesson-head")?.prepend(theme({ refresh }).element);
}

/** @returns {Lesson} */
function lessonOf() {
  const lesson = JSON.parse(textOf("lesson"));
  if (lesson.version !== VERSION) throw new RangeError(`this page plays lessons of version ${VERSION}, and this one has version ${lesson.version}`);
  return lesson;
}

attempt(() => hydrate(lessonOf()));
document.documentElement.dataset.ready = "yes";
