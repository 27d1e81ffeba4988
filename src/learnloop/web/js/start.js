// Opens what a page is about, and puts the views together.

import { Refused } from "./backend.js";
import { Client } from "./engine/client.js";
import { fuses, runs } from "./engine/kit.js";
import { follow, opened } from "./state/address.js";
import { Explorer } from "./state/explorer.js";
import { frame } from "./views/frame.js";
import { html } from "./draw/dom.js";

/** @typedef {import("./backend.js").Backend} Backend */

/** @param {string} title @param {string} text */
function sorry(title, text) {
  const place = /** @type {HTMLElement} */ (document.getElementById("explorer"));
  place.replaceChildren(html("main", { class: "sorry" }, html("h1", {}, title), html("p", {}, text)));
}

/**
 * @param {Backend} backend
 * @param {() => Promise<Worker>} worker  makes the one that runs the engine
 */
export async function start(backend, worker) {
  if (!runs()) return sorry("This browser cannot train here", "It has no WebAssembly with SIMD. Any Chrome, Edge or Firefox since 2021, or Safari since 2023, has it.");
  try {
    await open(backend, worker);
  } catch (error) {
    sorry("This page could not be opened", error instanceof Error ? error.message : String(error));
  }
}

/** @param {Backend} backend @param {() => Promise<Worker>} worker */
async function open(backend, worker) {
  const session = await backend.session();
  const scenario = await scenarioOf(backend, session.opening);
  const client = new Client(await worker(), (error) => explorer.set({ error: `The engine stopped: ${error.message}. Reload the page to start it again.` }));
  const explorer = new Explorer({ client, backend, emulated: !fuses(), scenario, session });
  const place = /** @type {HTMLElement} */ (document.getElementById("explorer"));
  place.replaceChildren(frame(explorer, scenario).element);
  const found = await opened(explorer, scenario, location.hash);
  follow(explorer, scenario);
  document.documentElement.dataset.ready = "yes";
  setTimeout(() => afterwards(explorer), 1500);
  if (!found && !matchMedia("(prefers-reduced-motion: reduce)").matches) explorer.play();
}

/** What the first picture does not wait for: cards, which a page whose server ends shall have, and the known answer. @param {Explorer} explorer */
function afterwards(explorer) {
  for (const part of [import("./views/card.js"), import("./views/share-panel.js")]) part.catch(() => {}); // fetched again when it is opened
  explorer.verify().catch(() => {});
}

/** What to begin with. @param {Backend} backend @param {any} opening */
async function scenarioOf(backend, opening) {
  if (opening.scenario) return opening.scenario;
  const { header } = await backend.run(opening.run);
  if (!header.scenario) throw new Refused(header.refusal);
  return header.scenario;
}
