// The page that is one file: everything it needs lies in it, in blocks that the browser does not run.

import { Enclosed } from "./backend.js";
import { start } from "./start.js";

/** @param {string} name of a block */
const textOf = (name) => document.getElementById(`block-${name}`)?.textContent ?? "";

/** What a block holds, unzipped. @param {string} name @returns {Promise<ArrayBuffer>} */
async function read(name) {
  const zipped = Uint8Array.from(atob(textOf(name)), (letter) => letter.charCodeAt(0));
  const whole = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(whole).arrayBuffer();
}

/** In a notebook, the frame takes the height of what is in it. */
function grow() {
  const tell = () => parent.postMessage({ learnloop: { height: document.body.scrollHeight } }, "*");
  new ResizeObserver(tell).observe(document.body);
}

if (parent !== window && document.documentElement.hasAttribute("data-compact")) grow();
/** The engine's worker, made of what lies in the file: no script may come from elsewhere. */
async function worker() {
  const code = new Blob([await read("worker")], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(code));
}

start(new Enclosed(JSON.parse(textOf("session")), read), worker);
