// The losses of two runs over their updates, one over the other.

import { themed as colour } from "../draw/colour.js";
import { html } from "../draw/dom.js";
import { count, short } from "../draw/format.js";
import { smooth } from "../draw/smooth.js";

/** @typedef {import("../state/explorer.js").Shown} Shown */

const [PAD, MOST] = [{ left: 44, right: 10, top: 8, bottom: 18 }, 220];

export function curves() {
  const canvas = html("canvas", { role: "img", "aria-label": "The losses of both runs over their updates" });
  const element = html("figure", { class: "curves" }, canvas, html("figcaption", { class: "quiet" }, "batch loss: solid line this run, dashed line the kept run"));

  /** @param {Shown} one @param {Shown} other @param {number} cursor */
  function draw(one, other, cursor) {
    const [width, height] = [element.clientWidth, 120];
    if (!width) return;
    const dots = Math.min(2, devicePixelRatio || 1);
    if (canvas.width !== Math.round(width * dots) || canvas.height !== Math.round(height * dots)) Object.assign(canvas, { width: Math.round(width * dots), height: Math.round(height * dots) });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.setTransform(dots, 0, 0, dots, 0, 0);
    context.clearRect(0, 0, width, height);
    const lines = [smooth(one, MOST), smooth(other, MOST)];
    const top = Math.max(1e-12, ...lines.flat().map(([, v]) => (Number.isFinite(v) ? v : 0)));
    const last = Math.max(one.updates, other.updates, 1);
    const x = (/** @type {number} */ u) => PAD.left + (u / last) * (width - PAD.left - PAD.right);
    const y = (/** @type {number} */ v) => height - PAD.bottom - (Math.min(v, top) / top) * (height - PAD.top - PAD.bottom);
    frame(context, { x, y, top, last });
    stroke(context, lines[1].map(([u, v]) => [x(u), y(v)]), colour("--minus-line"), [6, 4]);
    stroke(context, lines[0].map(([u, v]) => [x(u), y(v)]), colour("--text"), []);
    stroke(context, [[x(cursor), PAD.top], [x(cursor), height - PAD.bottom]], colour("--accent"), []);
  }

  return { element, draw };
}

/** @param {CanvasRenderingContext2D} context @param {number[][]} points @param {string} style @param {number[]} dash */
function stroke(context, points, style, dash) {
  Object.assign(context, { strokeStyle: style, lineWidth: 1.7 });
  context.setLineDash(dash);
  context.beginPath();
  for (const [x, y] of points) if (Number.isFinite(y)) context.lineTo(x, y);
  context.stroke();
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {any} how */
function frame(context, { x, y, top, last }) {
  Object.assign(context, { font: "11px system-ui, sans-serif", fillStyle: colour("--quiet") });
  for (const share of [0, 0.5, 1]) {
    stroke(context, [[x(0), y(share * top)], [x(last), y(share * top)]], colour("--line"), []);
    context.textAlign = "right";
    context.fillText(short(share * top, 2), PAD.left - 5, y(share * top) + 4);
  }
  context.textAlign = "center";
  for (const u of [0, last / 2, last]) context.fillText(count(u), Math.min(x(last) - 14, Math.max(PAD.left + 8, x(u))), y(0) + 14);
}
