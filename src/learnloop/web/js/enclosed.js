// The page that is one file: everything it needs lies in it.

import { Enclosed } from "./backend.js";
import { read, textOf, worker } from "./blocks.js";
import { start } from "./start.js";

/** In a notebook, the frame takes the height of what is in it. */
function grow() {
  const tell = () => parent.postMessage({ learnloop: { height: document.body.scrollHeight } }, "*");
  new ResizeObserver(tell).observe(document.body);
}

if (parent !== window && document.documentElement.hasAttribute("data-compact")) grow();
start(new Enclosed(JSON.parse(textOf("session")), read), worker);
