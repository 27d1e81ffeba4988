// What the panels compute without a page: node panels.mjs FOLDER.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(join(folder, "questions.json"), "utf8"));
const at = (name) => import(new URL(name, asked.modules));
const { contour } = await at("draw/contour.js");
const { parting } = await at("engine/parting.js");
const { differences } = await at("state/differences.js");
const { fitted, moved, parts } = await at("state/network.js");
const { counts, even, proportions } = await at("views/knob-scales.js");

/** A run whose only weight stands at a number before each update. */
function course({ losses, weights, dims = [1] }) {
  const machine = { update: 0, arena: { view: () => ({ dense: () => Float32Array.of(weights[machine.update]) }) } };
  const kit = { header: { dtype: "float32", parameters: [{ tensor: "w", dims }] } };
  return [{ losses, updates: losses.length, kit, goTo: (of, update) => (of.update = update) }, machine];
}

const scales = { proportions: ([low, high]) => proportions(low, high), even: (given) => even(...given), counts: ([low, high]) => counts(low, high) };

console.log(JSON.stringify({
  parting: asked.parting.map(([a, b]) => parting(...course(a), ...course(b))),
  scales: asked.scales.map(([kind, given]) => scales[kind](given)),
  differences: asked.differences.map(([a, b]) => differences(a, b)),
  moved: asked.moved.map(([suiting, now]) => moved(suiting, now)),
  fitted: asked.fitted.map(([scenario, shape]) => fitted(scenario, shape, asked.rules)),
  parts: asked.parts.map((network) => parts(network)),
  circles: asked.circles.map(([size, radius]) => contour(size, size, (k) => Math.hypot((k % size) - size / 2, Math.floor(k / size) - size / 2) - radius, size)),
}));
