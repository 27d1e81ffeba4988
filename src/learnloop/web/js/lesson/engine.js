// The engine of a lesson: one explorer on the run that lies in the page, for all live parts.

import { Enclosed } from "../backend.js";
import { read, textOf, worker } from "../blocks.js";
import { Client } from "../engine/client.js";
import { fuses, runs } from "../engine/kit.js";
import { Explorer } from "../state/explorer.js";

/** Milliseconds in which the measuring of a new run begins. */
const SETTLED = 60;

/** Why live parts stay pictures, in words; "" where they need not. */
export function refusal() {
  if (!runs()) return "This browser has no WebAssembly with SIMD, so this part stays as it was drawn.";
  const session = sessionOf();
  if (!session.opening?.scenario || !textOf("kit")) return `This part stays as it was drawn: ${reason() || "the page was made without the run."}`;
  return "";
}

/** Why the run was left out of the page, in the words of whoever did. @returns {string} */
const reason = () => JSON.parse(textOf("lesson") || "{}").runs?.[0]?.refusal ?? "";

/** @returns {any} */
const sessionOf = () => JSON.parse(textOf("session") || "{}");

/**
 * Trained, and held against the run that the lesson was made of.
 * @param {(error: Error) => void} lost  the engine stopped
 * @returns {Promise<Explorer>}
 */
export async function engine(lost) {
  const session = sessionOf();
  const { scenario } = session.opening;
  const client = new Client(await worker(), lost);
  const explorer = new Explorer({ client, backend: new Enclosed(session, read), emulated: !fuses(), scenario, session });
  await explorer.change(scenario);
  if (explorer.state.error || !explorer.state.run) throw new Error(explorer.state.error || "nothing was trained");
  await explorer.verify();
  await new Promise((resolve) => setTimeout(resolve, SETTLED));
  return explorer;
}
