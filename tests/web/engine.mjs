// Runs as a page trains and visits them, and the data that they learn from: node engine.mjs FOLDER.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(join(folder, "questions.json"), "utf8"));
const at = (name) => import(new URL(name, asked.modules));
const read = (name) => {
  const file = readFileSync(join(folder, name));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
};
const { word, uniform } = await at("data/random.js");
const { shuffled, split } = await at("data/split.js");
const { measured } = await at("data/standardise.js");
const { prepare } = await at("data/prepare.js");
const { Studio } = await at("engine/studio.js");
const { fuses } = await at("engine/kit.js");
const { plan, wish } = await at("state/scenario.js");
const { unpack } = await at("engine/pack.js");
const hex = (numbers) => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString("hex");

const methods = {
  word: ([seed, ...keys]) => [word(BigInt(seed), ...keys), uniform(BigInt(seed), ...keys)],
  shuffled: ({ rows, seed }) => [...shuffled(rows, BigInt(seed))],
  split: ({ rows, share, seed, labels }) => {
    const { train, test } = split(rows, share, BigInt(seed), labels && Int32Array.from(labels));
    return [[...train], [...test]];
  },
  measured: ({ file }) => {
    const { X } = unpack(read(file)).arrays;
    const { mean, scale } = measured((row) => X[row], Int32Array.from(X, (_, k) => k));
    return hex(Float64Array.of(mean, scale));
  },
  prepare: ({ file, wish: wanted }) => {
    const { header, arrays } = unpack(read(file));
    const { X, y, base = null, unit_noise = null, learn: given = null, held = null } = arrays;
    const { examples, learn, test } = prepare({ ...header, X, y, base, unit_noise, learn: given, held, weights: null }, wanted);
    return { X: hex(examples.X), Y: examples.Y && hex(examples.Y), labels: examples.labels && [...examples.labels], weights: [...examples.weights], learn: [...learn], test: [...test] };
  },
  fuses: () => fuses(),
  travel: async ({ runs, visits }) => {
    const studio = new Studio(() => {}, async () => {});
    const known = [];
    for (const { kit, data, scenario } of runs) {
      const opened = await studio.kit({ bytes: read(kit) });
      const held = await studio.data({ id: data, bytes: read(data) });
      known.push(await studio.train({ kit: opened.kit, data: held.data, wish: wish(scenario), plan: plan(scenario, opened.header.places) }));
    }
    const found = [];
    for (const { run, update } of visits) found.push((await studio.digest({ run: known[run].run, update })).digest);
    return { found, runs: known.map(({ updates, diverged, losses }) => ({ updates, diverged, losses: hex(losses) })) };
  },
  maps: async ({ run: { kit, data, scenario }, points }) => {
    const studio = new Studio(() => {}, async () => {});
    const opened = await studio.kit({ bytes: read(kit) });
    studio.data({ id: "rows", bytes: read(data) });
    const { run } = await studio.train({ kit: opened.kit, data: "rows", wish: wish(scenario), plan: plan(scenario, opened.header.places) });
    const map = (Kind) => hex(studio.look({ run, update: 9, wants: { map: Kind.from(points) } }).map);
    return [map(Float32Array), map(Float64Array)];
  },
  measured_run: async ({ kit, data, scenario }) => {
    const marks = [];
    const studio = new Studio((event) => event.mark && marks.push(event.mark), async () => {});
    const opened = await studio.kit({ bytes: read(kit) });
    studio.data({ id: "rows", bytes: read(data) });
    const { run } = await studio.train({ kit: opened.kit, data: "rows", wish: wish(scenario), plan: plan(scenario, opened.header.places) });
    await studio.measure({ run });
    return marks.at(-1);
  },
  kits: async (files) => {
    const studio = new Studio(() => {}, async () => {});
    const found = [];
    for (const file of files) found.push(await studio.kit({ bytes: read(file) }));
    return found.map(({ kit, header }) => [kit, header.emulated]);
  },
};

const answers = [];
for (const [what, given] of asked.questions) answers.push(await methods[what](given));
console.log(JSON.stringify(answers));
