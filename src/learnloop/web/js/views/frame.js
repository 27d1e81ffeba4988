// The page's rooms, and the keys that work everywhere.

import { html, write } from "../draw/dom.js";
import { count } from "../draw/format.js";
import { compare } from "./compare.js";
import { data } from "./data.js";
import { caption } from "./caption.js";
import { keys } from "./keys.js";
import { knobs } from "./knobs.js";
import { large } from "./large.js";
import { later } from "./later.js";
import { share } from "./share.js";
import { stage } from "./stage.js";
import { structure } from "./structure.js";
import { theme } from "./theme.js";
import { timeline } from "./timeline.js";
import { transport } from "./transport.js";
import { ofCurves, ofPictures, when } from "./when.js";
import { without } from "./without.js";

/** @typedef {import("../state/explorer.js").State} State */

/** @param {import("../state/explorer.js").Explorer} explorer @param {import("../state/scenario.js").Scenario} opening */
export function frame(explorer, opening) {
  const panels = { data: data(explorer), structure: structure(explorer), compare: compare(explorer) };
  const why = { caption: caption(explorer), card: later((state) => state.selection !== null, () => import("./card.js").then(({ card }) => card(explorer))), without: without(explorer) };
  const rooms = { stage: when(ofPictures, stage(explorer)), large: when(ofPictures, large(explorer)), timeline: when(ofCurves, timeline(explorer)), transport: transport(explorer), knobs: knobs(explorer) };
  const banner = { theme: theme(explorer), share: share(explorer, { opening, views: { stage: rooms.stage.element, large: rooms.large.element } }) };
  const views = { ...panels, ...why, ...rooms, ...banner };
  const title = html("p", { class: "title" });
  const status = html("p", { class: "status quiet" });
  const trouble = html("p", { class: "trouble", role: "alert" });
  const element = html(
    "div", { class: "explorer" },
    html("header", { class: "banner" }, html("h1", { class: "brand" }, "learnloop"), title, status, banner.theme.element, banner.share.element),
    trouble,
    html("main", { class: "rooms" },
      html("div", { class: "left" }, panels.data.element, views.knobs.element),
      html("div", { class: "middle" }, panels.structure.element, views.stage.element, why.caption.element),
      html("div", { class: "right" }, views.large.element, html("div", { class: "why-room" }, why.without.element, why.card.element)),
      html("div", { class: "dock" }, views.transport.element, views.timeline.element, panels.compare.element),
    ),
  );

  explorer.store.subscribe((state) => {
    for (const view of Object.values(views)) view.update(state);
    element.classList.toggle("carded", Boolean(state.selection) || state.scenario.without.length > 0);
    write(title, state.run ? `${state.run.data.name} · ${state.run.kit.inputs}${state.run.kit.layers.filter((/** @type {any} */ l) => l.parameters.weight).map((/** @type {any} */ l) => `-${l.width}`).join("")}` : "");
    write(status, statusOf(state));
    write(trouble, state.error);
    drawn(element, state);
  });
  document.addEventListener("keydown", (event) => keys(event, explorer));
  return { element };
}

/** Says what is drawn, for measurements and tests: data-drawn="the run's number, update". @param {HTMLElement} element @param {State} state */
function drawn(element, { run, picture }) {
  if (run && picture && picture.run === run) element.dataset.drawn = `${run.id}, ${picture.update}`;
}

/** @param {State} state */
function statusOf({ run, busy, notice, answer }) {
  if (notice || busy || !run || run.remote) return notice || (busy && `${busy} …`);
  const proof = answer?.run !== run.id ? "" : answer.same ? " · same bits as Python ✓" : " · not the bits of Python ✗";
  return `${count(run.updates)} updates in ${run.ms.toFixed(run.ms < 100 ? 1 : 0)} ms${proof}`;
}
