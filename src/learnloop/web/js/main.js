// The page: opens what it is about, and puts the views together.

import { Server } from "./backend.js";
import { Client } from "./engine/client.js";
import { fuses, runs } from "./engine/kit.js";
import { Explorer } from "./state/explorer.js";
import { frame } from "./views/frame.js";
import { html } from "./draw/dom.js";

const place = /** @type {HTMLElement} */ (document.getElementById("explorer"));

/** @param {string} title @param {string} text */
function sorry(title, text) {
  place.replaceChildren(html("main", { class: "sorry" }, html("h1", {}, title), html("p", {}, text)));
}

async function open() {
  if (!runs()) return sorry("This browser cannot train here", "It has no WebAssembly with SIMD. Any Chrome, Edge or Firefox since 2021, or Safari since 2023, has it.");
  const backend = new Server();
  const emulated = !fuses();
  const client = new Client(new URL("./engine/worker.js", import.meta.url), (error) => explorer?.set({ error: `The engine stopped: ${error.message}. Reload the page to start it again.` }));
  /** @type {Explorer|undefined} */
  let explorer;
  try {
    const session = await backend.session();
    const scenario = await opened(session, backend);
    explorer = new Explorer({ client, backend, emulated, scenario, session });
    place.replaceChildren(frame(explorer).element);
    await explorer.rerun();
    document.documentElement.dataset.ready = "yes";
    setTimeout(() => explorer?.verify().catch(() => {}), 1500); // the first picture comes before proofs
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) explorer.play();
  } catch (error) {
    sorry("This page could not be opened", error instanceof Error ? error.message : String(error));
  }
}

/** What the page begins with: a scenario, or that of a run. @param {any} session @param {Server} backend */
async function opened({ opening }, backend) {
  if (opening.scenario) return opening.scenario;
  const { header } = await backend.run(opening.run);
  if (!header.scenario) throw new Error(header.refusal);
  return header.scenario;
}

open();
