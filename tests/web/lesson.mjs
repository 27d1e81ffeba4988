// What the player of lessons computes without a page: node lesson.mjs FOLDER.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(join(folder, "questions.json"), "utf8"));
const at = (name) => import(new URL(name, asked.modules));
const { indexed, sentencesOf, stateAt, blockShare } = await at("lesson/timeline.js");
const { SilentClock, SoundClock } = await at("lesson/clock.js");
const { judge, typed } = await at("lesson/check.js");
const { Conductor } = await at("lesson/conductor.js");
const { clockTime } = await at("lesson/words.js");

const texts = (words) => new Map(Object.entries(words ?? {}));
const told = ({ drawn, pointed, ...rest }) => ({ ...rest, drawn: Object.fromEntries(drawn), pointed: [...pointed].sort() });
const states = ({ lesson, words, times, blocks = [] }) => {
  const index = indexed(lesson, texts(words));
  return times.map((t) => {
    const moment = stateAt(index, t);
    return { ...told(moment), blocks: blocks.map(([block, beat]) => blockShare(moment, block, beat)) };
  });
};

let now = 0;
globalThis.requestAnimationFrame = () => 0;
globalThis.cancelAnimationFrame = () => {};

/** A sound that tells its time in steps. */
class Sound extends EventTarget {
  currentTime = 0;
  paused = true;
  ended = false;
  seeking = false;
  constructor(refuse) {
    super();
    this.refuse = refuse;
  }
  async play() {
    if (this.refuse) throw Object.assign(new Error("no"), { name: this.refuse });
    this.paused = false;
  }
  pause() {
    this.paused = true;
  }
}

/** Waits, plays, pauses and seeks; then where it stands after each. */
async function performed({ lesson, sound = null, does }) {
  now = 0;
  const audio = sound && new Sound(sound.refuse);
  const clock = audio ? new SoundClock(audio, lesson.seconds, () => now) : new SilentClock(lesson.seconds, () => now);
  const conductor = new Conductor(indexed(lesson), clock);
  const said = [];
  conductor.hear((text) => said.push(text));
  globalThis.performance.now = () => now;
  const found = [];
  for (const [what, value] of does) {
    if (what === "wait") {
      now += value;
      if (audio && !audio.paused) audio.currentTime += value / 1000;
      conductor.tick();
    } else await conductor[what](value);
    if (audio && what === "seek") audio.dispatchEvent(new Event("seeked"));
    const { t, playing, started, ended, asking, trouble, rate } = conductor.now;
    found.push({ t, playing, started, ended, asking: asking?.text ?? null, trouble, rate });
  }
  return { found, said };
}

/** The time of a sound that is read more often than it is told. */
async function smooth({ steps }) {
  now = 0;
  const audio = new Sound();
  const clock = new SoundClock(audio, 100, () => now);
  await clock.play();
  return steps.map(([wait, time]) => {
    now += wait;
    audio.currentTime = time;
    return clock.time;
  });
}

const answers = [];
for (const one of asked.performed ?? []) answers.push(await performed(one));
console.log(JSON.stringify({
  states: (asked.states ?? []).map(states),
  sentences: (asked.sentences ?? []).map(sentencesOf),
  judged: (asked.judged ?? []).map(([known, chosen]) => judge(known, typeof chosen === "string" ? typed(chosen) : chosen)),
  times: (asked.times ?? []).map(clockTime),
  performed: answers,
  smooth: asked.smooth ? await smooth(asked.smooth) : null,
}));
