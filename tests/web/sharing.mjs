// Addresses and scripts as the page makes them: questions on stdin, answers on stdout, as JSON.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const given = JSON.parse(readFileSync(0, "utf8"));
const module = (path) => import(pathToFileURL(join(given.modules, path)));
const { decode, encode } = await module("state/address.js");
const { script, withoutScript } = await module("state/python.js");
const { curvesTable, quoted, weightsTable } = await module("state/tables.js");
const { prepare } = await module("data/prepare.js");
const { computed, sha256 } = await module("engine/sha256.js");
const { unpack } = await module("engine/pack.js");
const { wish } = await module("state/scenario.js");

const STATE = { run: {}, cursor: 0, selection: null, row: null, pinned: null, phase: 0, links: "weight", range: "layer", speed: 0, part: "test" };

const ASKED = {
  encode: ({ state, opening }) => encode({ ...STATE, ...state }, opening),
  decode: ({ fragment, opening }) => decode(fragment, opening),
  sha256: async ({ bytes }) => [await sha256(Uint8Array.from(bytes)), Buffer.from(computed(Uint8Array.from(bytes))).toString("hex")],
  quoted: ({ text }) => quoted(text),
  tables: ({ run, weights }) => [curvesTable(run), weightsTable(weights)],
  script({ path, scenario, labels }) {
    const bytes = readFileSync(path);
    const { header, arrays } = unpack(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const { X, y, base = null, unit_noise = null, learn = null, held = null, weights = null } = arrays;
    const whole = y instanceof BigInt64Array ? Int32Array.from(y, Number) : y;
    const prepared = prepare({ ...header, X, y: whole, base, unit_noise, learn, held, weights }, { ...wish(scenario), labels, dtype: scenario.options.dtype });
    const { examples, ...rest } = prepared;
    const all = { ...examples, ...rest };
    const refusal = withoutScript(scenario, all);
    return refusal ? { refusal } : { text: script(scenario, all, header) };
  },
};

console.log(JSON.stringify(await Promise.all(given.asked.map((question) => ASKED[question.what](question)))));
