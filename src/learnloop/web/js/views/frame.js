// The page's rooms, and the keys that work everywhere.

import { html, write } from "../draw/dom.js";
import { knobs } from "./knobs.js";
import { plane } from "./plane.js";
import { proof } from "./proof.js";
import { share } from "./share.js";
import { stage } from "./stage.js";
import { theme } from "./theme.js";
import { timeline } from "./timeline.js";
import { transport } from "./transport.js";

/** @typedef {import("../state/explorer.js").State} State */

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {{session: any, opening: import("../state/scenario.js").Scenario}} given
 */
export function frame(explorer, given) {
  const rooms = { stage: stage(explorer), plane: plane(explorer), timeline: timeline(explorer), transport: transport(explorer), knobs: knobs(explorer) };
  const sharing = share(explorer, { ...given, views: { stage: rooms.stage.element, plane: rooms.plane.element } });
  const views = { ...rooms, proof: proof(explorer, given), share: sharing, theme: theme(explorer) };
  const notice = html("p", { class: "notice", role: "status" });
  const title = html("p", { class: "title" });
  const status = html("p", { class: "status quiet", role: "status" });
  const trouble = html("p", { class: "trouble", role: "alert" });
  const element = html(
    "div", { class: "explorer" },
    html("header", { class: "banner" }, html("h1", { class: "brand" }, "learnloop"), title, views.proof.element, status, views.theme.element, views.share.element),
    notice,
    trouble,
    html("main", { class: "rooms" },
      html("div", { class: "left" }, views.knobs.element),
      html("div", { class: "middle" }, views.stage.element),
      html("div", { class: "right" }, views.plane.element),
      html("div", { class: "dock" }, views.transport.element, views.timeline.element),
    ),
  );

  explorer.store.subscribe((state) => {
    for (const view of Object.values(views)) view.update(state);
    write(title, state.run ? `${state.run.data.name} · ${state.run.kit.inputs}${state.run.kit.layers.filter((/** @type {any} */ l) => l.parameters.weight).map((/** @type {any} */ l) => `-${l.width}`).join("")}` : "");
    write(status, state.busy ? `${state.busy} …` : state.run && !state.run.remote ? `${state.run.updates} updates in ${state.run.ms.toFixed(1)} ms` : "");
    write(notice, state.notice);
    write(trouble, state.error);
  });
  document.addEventListener("keydown", (event) => keys(event, explorer));
  return { element };
}

/** @param {KeyboardEvent} event @param {import("../state/explorer.js").Explorer} explorer */
function keys(event, explorer) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.altKey || event.ctrlKey || event.metaKey || target.matches("input, select, textarea, [contenteditable]")) return;
  const far = event.shiftKey ? (explorer.state.run?.perEpoch ?? 1) : 1;
  if (event.key === "ArrowRight") explorer.step(far);
  else if (event.key === "ArrowLeft") explorer.step(-far);
  else if (event.key === " " && !target.matches("button, a, summary, [role=tab]")) explorer.state.playing ? explorer.pause() : explorer.play();
  else if (event.key === "w" || event.key === "W") explorer.walk();
  else return;
  event.preventDefault();
}
