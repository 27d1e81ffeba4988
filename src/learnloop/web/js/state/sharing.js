// Everything that can be taken away of a run, and how each is made.

import { curves } from "../draw/curves.js";
import { keep, png, svgText, textFile } from "../draw/keep.js";
import { standalone } from "../draw/standalone.js";
import { encode } from "./address.js";
import { script, withoutScript } from "./python.js";
import { curvesTable, weightsTable, weightsText } from "./tables.js";

/**
 * @typedef {import("./explorer.js").Shown} Shown
 *
 * @typedef {object} Surroundings
 * @property {import("./scenario.js").Scenario} opening
 * @property {{stage: HTMLElement, large: HTMLElement}} views  "stage" and "plane", as they are shown
 *
 * @typedef {object} Offer
 * @property {string} group
 * @property {string} label
 * @property {(run: Shown) => string} refusal  why it cannot be had now; "" where it can
 * @property {() => Promise<string>} take  what was done, in words
 */

const fine = () => "";
/** @param {Shown} run */
const computedHere = (run) => (run.remote ? "This run is trained by the computer that serves the page: keep the run file instead." : "");

/**
 * @param {import("./explorer.js").Explorer} explorer
 * @param {Surroundings} given
 * @returns {Offer[]}
 */
export function sharing(explorer, given) {
  return [link(explorer, given), ...pictures(explorer, given), ...tables(explorer), ...programs(explorer), ...whole(explorer)];
}

/** @param {import("./explorer.js").Explorer} explorer */
const runOf = (explorer) => /** @type {Shown} */ (explorer.state.run);

/** A name for files: letters and digits. @param {import("./explorer.js").Explorer} explorer @param {string} what */
function nameOf(explorer, what) {
  const data = runOf(explorer).data.name.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
  return `${data || "run"}-${what}`;
}

/** @param {import("./explorer.js").Explorer} explorer @param {Surroundings} given @returns {Offer} */
function link(explorer, { opening }) {
  return {
    group: "Link", label: "Copy the link", refusal: fine,
    async take() {
      const address = location.href.replace(/#.*/, "") + encode(explorer.state, opening);
      try {
        await navigator.clipboard.writeText(address);
      } catch {
        return `This browser does not let pages copy. The link: ${address}`;
      }
      return location.protocol === "file:" ? "Copied. It opens this file at this place, on this machine." : "Copied. It opens the same picture while learnloop explore runs on this machine.";
    },
  };
}

/** @param {import("./explorer.js").Explorer} explorer @param {Surroundings} given @returns {Offer[]} */
function pictures(explorer, { views }) {
  const title = () => `${runOf(explorer).data.name}, update ${Math.floor(explorer.state.cursor)}`;
  /** @type {[string, string, () => SVGSVGElement, (run: Shown) => string][]} */
  const kinds = [
    ["The network", "network", () => standalone(views.stage, title()), fine],
    ["The large view", "map", () => standalone(views.large, title()), fine],
    ["The curves", "curves", () => curves(runOf(explorer), title()), fine],
  ];
  return kinds.flatMap(([label, name, draw, refusal]) => [
    { group: "Pictures", label: `${label} (SVG)`, refusal, take: async () => kept(textFile(svgText(draw()), "image/svg+xml"), nameOf(explorer, `${name}.svg`)) },
    { group: "Pictures", label: `${label} (PNG)`, refusal, take: async () => kept(await png(draw()), nameOf(explorer, `${name}.png`)) },
  ]);
}

/** @param {import("./explorer.js").Explorer} explorer @returns {Offer[]} */
function tables(explorer) {
  const weights = async () => {
    const update = Math.floor(explorer.state.cursor);
    return { update, found: await explorer.client.call("weights", { run: runOf(explorer).id, update }) };
  };
  return [
    { group: "Numbers", label: "The curves (CSV)", refusal: fine, take: async () => kept(textFile(curvesTable(runOf(explorer)), "text/csv"), nameOf(explorer, "curves.csv")) },
    {
      group: "Numbers", label: "The weights here (CSV)", refusal: computedHere,
      take: async () => kept(textFile(weightsTable((await weights()).found), "text/csv"), nameOf(explorer, "weights.csv")),
    },
    {
      group: "Numbers", label: "The weights here (JSON)", refusal: computedHere,
      async take() {
        const { update, found } = await weights();
        const { scenario, kit } = runOf(explorer);
        return kept(textFile(weightsText(found, { update, program: kit.digest, scenario }), "application/json"), nameOf(explorer, "weights.json"));
      },
    },
  ];
}

/** @param {import("./explorer.js").Explorer} explorer @returns {Offer[]} */
function programs(explorer) {
  const { backend } = explorer;
  return [
    {
      group: "Programs", label: "Python that makes this run", refusal: (run) => withoutScript(run.scenario, run.examples),
      async take() {
        const { scenario, examples, data } = runOf(explorer);
        return kept(textFile(script(scenario, examples, data), "text/x-python"), nameOf(explorer, "run.py"));
      },
    },
    { group: "Programs", label: "The C source", refusal: fine, take: async () => kept(await backend.export("c", runOf(explorer).scenario), nameOf(explorer, "network.c")) },
    { group: "Programs", label: "A program without learnloop (zip)", refusal: () => backend.refusal, take: async () => kept(await backend.export("standalone", runOf(explorer).scenario), nameOf(explorer, "standalone.zip")) },
  ];
}

/** @param {import("./explorer.js").Explorer} explorer @returns {Offer[]} */
function whole(explorer) {
  const { backend } = explorer;
  const file = (/** @type {string} */ label, /** @type {string} */ kind, /** @type {string} */ name) => ({
    group: "The whole run", label, refusal: () => backend.refusal,
    take: async () => kept(await backend.export(kind, runOf(explorer).scenario), nameOf(explorer, name)),
  });
  return [file("The run file", "run", "run.run"), file("This page as one file (HTML)", "page", "page.html")];
}

/** @param {Blob} blob @param {string} name */
function kept(blob, name) {
  keep(blob, name);
  return `Saved as ${name}.`;
}
