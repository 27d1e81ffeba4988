// The worker: messages in, answers out; the thinking is in the studio.

import { Studio } from "./studio.js";

/** @type {{postMessage(message: any, transfer?: Transferable[]): void, onmessage: ((event: MessageEvent) => void)|null}} */
const scope = /** @type {any} */ (globalThis);

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();
/** Messages that came meanwhile are handled first. */
const breathe = () =>
  new Promise((/** @type {(_: void) => void} */ resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });

const studio = new Studio((event) => scope.postMessage(event), breathe);
const METHODS = ["kit", "data", "train", "follow", "append", "bring", "pin", "forget", "stop", "facts", "examples", "look", "measure", "weights", "digest", "parting", "explain"];

scope.onmessage = async ({ data: { id, method, given } }) => {
  try {
    if (!METHODS.includes(method)) throw new TypeError(`there is no ${method}`);
    scope.postMessage({ id, answer: await /** @type {any} */ (studio)[method](given) });
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
