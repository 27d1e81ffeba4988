// The page that the local server hands out.

import { Server } from "./backend.js";
import { start } from "./start.js";

start(new Server(), async () => new Worker(new URL("./engine/worker.js", import.meta.url), { type: "module" }));
