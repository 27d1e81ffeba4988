// Where a lesson stands at a time. A pure function of its events: to seek and to play come to the same.

/**
 * @typedef {{kind: "say", beat: string, start: number, end: number, words: number[]}} Say
 * @typedef {{kind: "draw"|"point", target: string, start: number, end: number}} Mark
 * @typedef {{kind: "set", name: string, value: any, before: any, start: number, end: number}} Change
 * @typedef {{kind: "ask", target: string, start: number, text: string}} Ask
 * @typedef {{id: string, title: string, start: number, end: number}} Chapter
 * @typedef {{id: string, chapter: string, start: number, end: number}} Beat
 *
 * @typedef {object} Lesson  as block-lesson has it
 * @property {number} version
 * @property {string} title
 * @property {number} seconds
 * @property {string} voice
 * @property {string} silence  why there is no sound; "" where there is
 * @property {Chapter[]} chapters
 * @property {Beat[]} beats
 * @property {(Say|Mark|Change|Ask|{kind: "pause", start: number, end: number})[]} events
 * @property {Record<string, any>} checks  what is right, by block
 *
 * @typedef {object} Index  a lesson whose events are sorted by what asks for them
 * @property {Lesson} lesson
 * @property {Chapter[]} chapters
 * @property {Beat[]} beats
 * @property {Say[]} says
 * @property {Mark[]} draws  the first of each target
 * @property {Mark[]} points
 * @property {Map<string, Change[]>} sets
 * @property {Ask[]} asks
 * @property {Map<string, number[]>} sentences  of each beat: which sentence each word is in
 *
 * @typedef {object} Led  where the lesson leads the live parts; null where it does not
 * @property {number|null} update
 * @property {number|null} learningRate
 * @property {string|null} neuron
 * @property {number|null} row
 *
 * @typedef {object} Moment
 * @property {number} chapter  its number from 0; -1 before the first
 * @property {number} beat  likewise
 * @property {{beat: string, word: number, sentence: number}|null} spoken
 * @property {Map<string, number>} drawn  how far each target of a draw event is, from 0 to 1
 * @property {Set<string>} pointed
 * @property {Led} live
 * @property {Ask|null} ask  the last one that was passed
 */

/** Where a sentence ends; marks that close may follow. */
const ENDS = /[.!?…。！？]["'”’»)\]]*$/u;

/** How many of a sorted list began. @param {{length: number}} list @param {(k: number) => number} start @param {number} t */
function begun(list, start, t) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start(middle) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @template {{start: number}} T @param {T[]} list @param {number} t @returns {number} the last that began, or -1 */
export const lastOf = (list, t) => begun(list, (k) => list[k].start, t) - 1;

/**
 * @param {Lesson} lesson
 * @param {Map<string, string[]>} [texts]  the words of each beat, as they are shown
 * @returns {Index}
 */
export function indexed(lesson, texts = new Map()) {
  const of = (/** @type {string} */ kind) => /** @type {any[]} */ (lesson.events.filter((event) => event.kind === kind)).sort((a, b) => a.start - b.start);
  const firsts = new Map();
  for (const event of of("draw")) if (!firsts.has(event.target)) firsts.set(event.target, event);
  const sentences = new Map([...texts].map(([beat, words]) => [beat, sentencesOf(words)]));
  return { lesson, chapters: lesson.chapters, beats: lesson.beats, says: of("say"), draws: [...firsts.values()], points: of("point"), sets: grouped(of("set")), asks: of("ask"), sentences };
}

/** @param {Change[]} changes @returns {Map<string, Change[]>} */
function grouped(changes) {
  const found = new Map();
  for (const change of changes) found.set(change.name, [...(found.get(change.name) ?? []), change]);
  return found;
}

/** @param {string[]} words @returns {number[]} */
export function sentencesOf(words) {
  let sentence = 0;
  return words.map((_, k) => {
    if (k && ENDS.test(words[k - 1].trim())) sentence += 1;
    return sentence;
  });
}

/** @param {Index} index @param {number} t  in seconds @returns {Moment} */
export function stateAt(index, t) {
  const { chapters, beats, asks, draws, points } = index;
  return {
    chapter: lastOf(chapters, t),
    beat: lastOf(beats, t),
    spoken: spokenAt(index, t),
    drawn: new Map(draws.map((event) => [event.target, share(event, t)])),
    pointed: new Set(points.slice(0, lastOf(points, t) + 1).filter((event) => t < event.end).map((event) => event.target)),
    live: { update: led(index, "update", t), learningRate: led(index, "learning-rate", t), neuron: led(index, "neuron", t), row: led(index, "row", t) },
    ask: asks[lastOf(asks, t)] ?? null,
  };
}

/** How far an event is, from 0 to 1. @param {{start: number, end: number}} event @param {number} t */
function share({ start, end }, t) {
  if (t < start) return 0;
  return t >= end ? 1 : (t - start) / (end - start);
}

/** @param {Index} index @param {number} t */
function spokenAt({ says, sentences }, t) {
  const say = says[lastOf(says, t)];
  if (!say || t >= say.end) return null;
  const word = begun(say.words, (k) => say.words[k], t) - 1;
  return word < 0 ? null : { beat: say.beat, word, sentence: sentences.get(say.beat)?.[word] ?? 0 };
}

/** What the lesson sets something to; a number that runs takes whole steps. @param {Index} index @param {string} name @param {number} t */
function led({ sets }, name, t) {
  const changes = sets.get(name) ?? [];
  const change = changes[lastOf(changes, t)];
  if (!change) return null;
  const { before, value } = change;
  if (t >= change.end || typeof before !== "number" || typeof value !== "number" || before === value) return value;
  return Math.round(before + (value - before) * share(change, t));
}

/** How far a block is drawn by itself. @param {Moment} moment @param {string} block @param {number} beat  the number of the one that it is in */
export const blockShare = (moment, block, beat) => moment.drawn.get(block) ?? (moment.beat >= beat ? 1 : 0);
