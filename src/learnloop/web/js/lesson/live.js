// The live parts of a lesson: pictures until the engine is there, and then the run itself.

import { html, set, write } from "../draw/dom.js";
import { count, short } from "../draw/format.js";
import { at } from "../state/scenario.js";
import { differences } from "../state/differences.js";
import { keys } from "../views/keys.js";
import { engine, refusal } from "./engine.js";
import { Lead } from "./lead.js";
import { viewsOf } from "./live-views.js";

/**
 * @typedef {import("./conductor.js").Conductor} Conductor
 * @typedef {import("./conductor.js").Now} Now
 * @typedef {import("./timeline.js").Led} Led
 *
 * @typedef {object} Part
 * @property {HTMLElement} figure
 * @property {number} beat  the number of the one that it is in
 * @property {boolean} near  whether it is in view, or nearly
 * @property {import("../views/when.js").View[]} views
 * @property {HTMLElement} status
 * @property {HTMLButtonElement} back
 */

/** How far below the window the engine is started already. */
const NEAR = "600px";
/** Milliseconds of rest after which parts are drawn again that nobody sees: they may be read aloud. */
const REST = 250;

/** @param {Conductor} conductor @param {ParentNode} root */
export function live(conductor, root) {
  const parts = [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".block-live"))].map((figure) => partOf(conductor, figure));
  /** @type {Lead|null} */
  let lead = null;
  let [asked, moves, resting] = [false, 0, 0];
  /** @type {Part|null} that the reader did something in last */
  let touched = null;
  const watching = new IntersectionObserver((entries) => {
    for (const entry of entries) seen(/** @type {Part} */ (parts.find(({ figure }) => figure === entry.target)), entry.isIntersecting);
  }, { rootMargin: `${NEAR} 0px` });

  const refused = parts.length ? refusal() : "";
  for (const part of parts) refused ? write(part.status, refused) : watching.observe(part.figure);

  /** @param {Part} part @param {boolean} near */
  function seen(part, near) {
    part.near = near;
    if (near) wake();
    if (near && lead) draw(part, lead);
  }

  /** Start the engine, once. */
  async function wake() {
    if (asked || refused || !parts.length) return;
    asked = true;
    try {
      const explorer = await engine((error) => lost(error));
      lead = new Lead(explorer);
      for (const part of parts) fill(part, lead);
      distinguish(root);
      explorer.store.subscribe(() => show());
      update(conductor.now);
      await lead.apply();
      show();
    } catch (error) {
      lost(error);
    }
  }

  /** @param {unknown} error */
  function lost(error) {
    lead = null;
    const why = error instanceof Error ? error.message : String(error);
    for (const part of parts) still(part, `The engine of this part stopped (${why.slice(0, 200)}), so it stays as it was drawn. Reload the page to start it again.`);
  }

  function show() {
    if (!lead) return;
    for (const part of parts) {
      if (part.near) draw(part, lead);
      tell(part, lead);
    }
    clearTimeout(resting);
    resting = window.setTimeout(rest, REST);
  }

  function rest() {
    if (lead) for (const part of parts) if (!part.near) draw(part, lead);
  }

  /** @param {Part} part @param {Lead} leading */
  function fill(part, leading) {
    const { figure } = part;
    const { explorer } = leading;
    part.views = viewsOf(figure.dataset.live ?? "", explorer, () => !leading.leading && touched === part);
    const own = () => {
      touched = part;
      conductor.pause();
      leading.leave();
    };
    const body = html("div", { class: "live", keydown: (/** @type {KeyboardEvent} */ event) => keys(event, explorer) }, ...part.views.map((view) => view.element));
    for (const name of ["pointerdown", "input", "click"]) body.addEventListener(name, own, { capture: true });
    body.addEventListener("keydown", (event) => !["Tab", "Shift", "Control", "Alt", "Meta"].includes(event.key) && own(), { capture: true });
    part.back.addEventListener("click", () => leading.back().then(show));
    const drawn = /** @type {HTMLElement|null} */ (figure.querySelector(".still"));
    if (drawn) drawn.hidden = true;
    figure.querySelector(".live-foot")?.before(body);
  }

  /** @param {Now} now */
  function update(now) {
    if (now.playing) wake();
    if (!lead) return;
    if (now.moves !== moves) lead.leading = true;
    lead.follow(filled(now, parts));
    if (now.moves !== moves) lead.apply();
    moves = now.moves;
  }

  return { update, refresh: () => lead?.explorer.refresh() };
}

/** @param {Conductor} conductor @param {HTMLElement} figure @returns {Part} */
function partOf(conductor, figure) {
  const beat = /** @type {HTMLElement|null} */ (figure.closest("[data-beat]"))?.dataset.beat;
  const status = html("p", { class: "live-status quiet number" });
  const back = html("button", { type: "button", class: "live-back", hidden: true }, "Back to the lesson's run");
  const foot = html("div", { class: "live-foot" }, status, back);
  const drawn = figure.querySelector(".still");
  if (drawn) drawn.after(foot);
  else figure.prepend(foot);
  return { figure, beat: conductor.index.beats.findIndex(({ id }) => id === beat), near: false, views: [], status, back };
}

/** Several parts have regions of the same name: from the second on they are numbered. @param {ParentNode} root */
function distinguish(root) {
  const known = new Map();
  for (const region of root.querySelectorAll(".live section[aria-label]")) {
    const name = region.getAttribute("aria-label");
    known.set(name, (known.get(name) ?? 0) + 1);
    if (known.get(name) > 1) region.setAttribute("aria-label", `${name}, ${known.get(name)}`);
  }
}

/** The picture at rest is back, with the reason. @param {Part} part @param {string} why */
function still(part, why) {
  part.figure.querySelector(".live")?.remove();
  const drawn = /** @type {HTMLElement|null} */ (part.figure.querySelector(".still"));
  if (drawn) drawn.hidden = false;
  part.views = [];
  part.back.hidden = true;
  delete part.figure.dataset.drawn;
  write(part.status, why);
}

/** What the lesson wants; where it says nothing, the last live part that was reached does. @param {Now} now @param {Part[]} parts @returns {Led} */
function filled({ moment }, parts) {
  const said = (/** @type {"update"|"neuron"} */ name) => {
    const telling = parts.filter(({ figure }) => figure.dataset[name]);
    return (telling.findLast(({ beat }) => beat <= moment.beat) ?? telling[0])?.figure.dataset[name];
  };
  const { update, neuron } = moment.live;
  const rest = said("update");
  return { ...moment.live, update: update ?? (rest === undefined ? null : Number(rest)), neuron: neuron ?? said("neuron") ?? null };
}

/** @param {Part} part @param {Lead} lead */
function draw(part, lead) {
  for (const view of part.views) view.update(lead.explorer.state);
}

/** Which run is shown, where, and whether it has the bits of the run that the lesson was made of. @param {Part} part @param {Lead} lead */
function tell({ figure, status, back }, lead) {
  const { run, picture, answer, busy, error, cursor } = lead.explorer.state;
  const { base } = lead;
  if (!run) return;
  const other = differences(base.scenario, run.scenario).map(({ name, b }) => `${name} ${Number.isNaN(Number(b)) ? b : short(Number(b))}`);
  if (answer && answer.run === base.id) figure.dataset.same = answer.same ? "yes" : "no";
  const proof = figure.dataset.same === "yes" ? "same bits as the native run ✓" : figure.dataset.same === "no" ? "not the bits of the native run ✗" : "";
  write(status, error || busy || [`update ${count(Math.floor(cursor))} of ${count(run.updates)}`, other.length ? `trained here with ${other.join(", ")}` : proof].filter(Boolean).join(" · "));
  if (picture?.run === run) set(figure, { "data-drawn": `${at(run.scenario, run.kit.places.learning_rate ?? []) ?? ""}, ${picture.update}` });
  back.hidden = lead.leading || !lead.astray;
}
