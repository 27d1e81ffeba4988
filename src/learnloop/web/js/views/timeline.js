// Loss and accuracy over the updates: the curve is the scrubber.

import { themed as colour } from "../draw/colour.js";
import { html } from "../draw/dom.js";
import { LINES, qualityName } from "../draw/lines.js";
import { pins as pinned } from "./pins.js";
import { count, percent, short } from "../draw/format.js";
import { sizeOf } from "../draw/size.js";
import { smooth } from "../draw/smooth.js";
import { timelineLegend } from "./timeline-legend.js";
import { timelineValues } from "./timeline-values.js";

/** @typedef {import("../state/explorer.js").State} State */

const PAD = { left: 58, right: 62, top: 12, bottom: 18 };
/** A ghost that is longer than the run by more than this is cut where the run ends. */
const LONGER = 1.5;

/** @param {import("../state/explorer.js").Explorer} explorer */
export function timeline(explorer) {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const pins = pinned(explorer, { extent, place: (share, width) => PAD.left + share * (width - PAD.left - PAD.right) });
  const [legend, values] = [timelineLegend(), timelineValues()];
  const slider = html("div", { class: "timeline-slider", role: "slider", tabindex: 0, "aria-label": "Update", "aria-orientation": "horizontal" }, canvas);
  const element = html("section", { class: "timeline panel", "aria-label": "Loss and accuracy over the updates" }, legend.element, html("div", { class: "timeline-plot" }, slider, values.element, pins.marks, pins.said), pins.all);
  let held = false;
  let pointed = /** @type {State["run"]} */ (null);

  /** The update at the pointer. @param {PointerEvent} event */
  function pointedAt(event) {
    const { run, ghost } = explorer.state;
    const box = slider.getBoundingClientRect();
    const left = event.clientX - box.left;
    const share = (left - PAD.left) / (box.width - PAD.left - PAD.right);
    return run && { run, left, width: box.width, update: Math.max(0, Math.min(run.updates, Math.round(share * extent(run, ghost)))) };
  }

  /** @param {PointerEvent} event */
  function seek(event) {
    const found = pointedAt(event);
    if (found) explorer.seek(found.update);
  }

  /** @param {PointerEvent} event */
  function tell(event) {
    const found = pointedAt(event);
    if (event.pointerType === "touch" || !found) return values.hide();
    pointed = found.run;
    values.show(found.run, found.update, Math.max(PAD.left, Math.min(found.width - PAD.right, found.left)), found.width);
  }

  slider.addEventListener("pointerdown", (event) => {
    held = true;
    explorer.pause();
    slider.setPointerCapture(event.pointerId);
    seek(event);
  });
  slider.addEventListener("pointermove", (event) => {
    if (held) seek(event);
    tell(event);
  });
  slider.addEventListener("pointerleave", values.hide);
  slider.addEventListener("pointerup", () => (held = false));
  slider.addEventListener("pointercancel", () => (held = false));
  slider.addEventListener("keydown", (event) => {
    const { run } = explorer.state;
    if (!run) return;
    const step = { PageUp: Math.ceil(run.updates / 10), PageDown: -Math.ceil(run.updates / 10) }[event.key];
    if (step) explorer.step(step);
    else if (event.key === "Home") explorer.seek(0);
    else if (event.key === "End") explorer.seek(run.updates);
    else return;
    event.preventDefault();
  });

  const size = sizeOf(slider, () => explorer.refresh());

  /** @param {State} state */
  function update(state) {
    const { run, cursor } = state;
    if (!run) return;
    const at = Math.floor(cursor);
    Object.entries({ "aria-valuemin": 0, "aria-valuemax": run.updates, "aria-valuenow": at, "aria-valuetext": words(state) }).forEach(([k, v]) => slider.setAttribute(k, String(v)));
    draw(canvas, size, state);
    legend.update(state);
    pins.update(state);
    if (run !== pointed) values.hide();
  }

  return { element, update, destroy() {} };
}

/** @param {State} state */
export function words({ run, cursor }) {
  if (!run) return "";
  const at = Math.floor(cursor);
  const loss = run.losses[Math.min(at, run.updates - 1)];
  return `update ${count(at)} of ${count(run.updates)}, epoch ${Math.min(Math.floor(at / run.perEpoch) + 1, Math.ceil(run.planned / run.perEpoch))}${loss === undefined ? "" : `, loss ${short(loss)}`}`;
}

/**
 * How many updates the axis is long.
 * @param {import("../state/explorer.js").Shown} run
 * @param {import("../state/explorer.js").Shown|null} ghost
 */
function extent(run, ghost) {
  const length = run.remote ? run.planned : run.updates;
  const before = ghost && ghost.updates <= LONGER * length ? ghost.updates : 0;
  return Math.max(run.updates, before, 1);
}

/** @param {HTMLCanvasElement} canvas @param {{width: number, height: number}} box @param {State} state */
function draw(canvas, box, { run, ghost, cursor }) {
  if (!run) return;
  const [width, height, dots] = [box.width, box.height, Math.min(2, devicePixelRatio || 1)];
  if (!width) return;
  if (canvas.width !== Math.round(width * dots)) Object.assign(canvas, { width: Math.round(width * dots), height: Math.round(height * dots) });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(dots, 0, 0, dots, 0, 0);
  context.clearRect(0, 0, width, height);
  const updates = extent(run, ghost);
  const most = ceiling(run, ghost, updates);
  const x = (/** @type {number} */ u) => PAD.left + (u / updates) * (width - PAD.left - PAD.right);
  const y = (/** @type {number} */ share) => height - PAD.bottom - share * (height - PAD.top - PAD.bottom);
  axes(context, { width, height, x, y, most, updates, run });
  const plot = { context, x, y, most, updates };
  if (ghost) losses(plot, ghost, LINES.ghost);
  losses(plot, run, LINES.batch);
  marks(plot, run, (mark) => mark.test.loss / most, LINES.test);
  marks(plot, run, (mark) => Math.max(0, mark.test.quality), LINES.quality);
  const at = x(Math.floor(cursor));
  context.strokeStyle = colour("--accent");
  context.lineWidth = 2;
  stroke(context, [[at, PAD.top - 6], [at, height - PAD.bottom + 4]]);
  context.fillStyle = colour("--accent");
  context.beginPath();
  context.arc(at, PAD.top - 4, 5, 0, 7);
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {number[][]} points */
function stroke(context, points) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

/** The largest loss that is drawn: most of the batches fit. @param {any} run @param {any} ghost @param {number} updates  that are drawn */
function ceiling(run, ghost, updates) {
  const firsts = [run, ghost].filter(Boolean).map((r) => smooth(r, 120).reduce((a, [u, v]) => (u <= updates && Number.isFinite(v) ? Math.max(a, v) : a), 0));
  return Math.max(1e-12, Math.max(...firsts) * 1.05);
}

/** @param {any} plot @param {any} run @param {import("../draw/lines.js").Line} line */
function losses({ context, x, y, most, updates }, run, line) {
  Object.assign(context, { strokeStyle: colour(line.colour), lineWidth: line.width, lineJoin: "round" });
  context.setLineDash(line.dash);
  const points = smooth(run, Math.ceil((240 * run.updates) / Math.min(run.updates, updates)));
  stroke(context, points.filter(([u]) => u <= updates).map(([u, v]) => [x(u), y(Math.min(1.05, v / most))]));
  context.setLineDash([]);
}

/** @param {any} plot @param {any} run @param {(mark: any) => number} share @param {import("../draw/lines.js").Line} line */
function marks({ context, x, y }, run, share, line) {
  const points = run.marks.filter((/** @type {any} */ m) => Number.isFinite(share(m))).map((/** @type {any} */ m) => [x(m.update), y(Math.min(1.05, share(m)))]);
  Object.assign(context, { strokeStyle: colour(line.colour), lineWidth: line.width });
  context.setLineDash(line.dash);
  stroke(context, points);
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {any} plot */
function axes(context, { width, height, x, y, most, updates, run }) {
  const { perEpoch } = run;
  const classes = run.data.task === "classification";
  Object.assign(context, { font: "12px system-ui, sans-serif", fillStyle: colour("--quiet"), strokeStyle: colour("--line"), lineWidth: 1 });
  for (const share of [0, 0.5, 1]) {
    stroke(context, [[PAD.left, y(share)], [width - PAD.right, y(share)]]);
    context.textAlign = "right";
    context.fillText(short(share * most, 2), PAD.left - 6, y(share) + 4);
    context.textAlign = "left";
    context.fillText(classes ? percent(share).replace(" ", "\u202f") : short(share), width - PAD.right + 6, y(share) + 4);
  }
  context.textAlign = "center";
  sideways(context, "loss", 10, (y(0) + y(1)) / 2, -1);
  sideways(context, qualityName(run), width - 10, (y(0) + y(1)) / 2, 1);
  const epochs = updates / perEpoch;
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4].find((s) => epochs / s <= Math.max(3, width / 110)) ?? 2e4;
  for (let e = 0; e <= epochs; e += step) {
    stroke(context, [[x(e * perEpoch), y(0)], [x(e * perEpoch), y(0) + 4]]);
    context.fillText(e ? `epoch ${count(e)}` : "start", Math.max(PAD.left + 14, x(e * perEpoch)), height - 4);
  }
}

/** The title of an axis. @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {1|-1} turn */
function sideways(context, text, x, y, turn) {
  context.save();
  context.translate(x, y);
  context.rotate((turn * Math.PI) / 2);
  context.fillText(text, 0, 4);
  context.restore();
}
