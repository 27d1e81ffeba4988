// Loss and accuracy of a run as one SVG: what the timeline shows, to be kept.

import { svg } from "./dom.js";
import { count, percent, short } from "./format.js";
import { LINES, qualityName } from "./lines.js";

const [WIDTH, HEIGHT] = [860, 340];
const PAD = { left: 64, right: 64, top: 40, bottom: 46 };
const MOST_POINTS = 600;

/** @typedef {import("../state/explorer.js").Shown} Shown */

/**
 * @param {Shown} run
 * @param {string} title
 */
export function curves(run, title) {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const classes = run.data.task === "classification";
  const most = highest(run);
  const x = (/** @type {number} */ u) => PAD.left + (u / Math.max(1, run.updates)) * (WIDTH - PAD.left - PAD.right);
  const y = (/** @type {number} */ share) => HEIGHT - PAD.bottom - Math.max(0, Math.min(1, share)) * (HEIGHT - PAD.top - PAD.bottom);
  const line = (/** @type {(number[])[]} */ points, /** @type {import("./lines.js").Line} */ { colour: name, dash }) =>
    svg("polyline", { points: points.filter(([, v]) => Number.isFinite(v)).map(([u, v]) => `${x(u).toFixed(1)},${y(v).toFixed(1)}`).join(" "), fill: "none", stroke: colour(name), "stroke-width": 2, "stroke-dasharray": dash.join(" ") || null });
  const marks = (/** @type {(mark: any) => number} */ value) => run.marks.map((mark) => [mark.update, value(mark)]);
  return svg(
    "svg", { xmlns: "http://www.w3.org/2000/svg", width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "font-family": "system-ui, sans-serif", "font-size": 12 },
    svg("title", {}, title), svg("rect", { width: WIDTH, height: HEIGHT, fill: colour("--panel") }),
    svg("text", { x: PAD.left, y: 22, fill: colour("--text"), "font-size": 15, "font-weight": 600 }, title),
    ...axes(run, { x, y, most, colour, classes }),
    line(batches(run).map(([u, v]) => [u, v / most]), LINES.batch),
    line(marks((m) => m.test.loss / most), LINES.test),
    line(marks((m) => m.test.quality), LINES.quality),
    ...legend([["batch loss", LINES.batch], ["test loss", LINES.test], [qualityName(run), LINES.quality]], colour),
  );
}

/** Means of stretches, no more than can be told apart. @param {Shown} run @returns {number[][]} */
function batches(run) {
  const stretch = Math.max(1, Math.ceil(run.updates / MOST_POINTS));
  return Array.from({ length: Math.ceil(run.updates / stretch) }, (_, k) => {
    const part = Array.from(run.losses.subarray(k * stretch, (k + 1) * stretch));
    return [k * stretch + part.length / 2, part.reduce((a, b) => a + b, 0) / part.length];
  });
}

/** @param {Shown} run */
const highest = (run) => 1.05 * Math.max(1e-12, ...batches(run).map(([, v]) => v).filter(Number.isFinite));

/** @param {Shown} run @param {any} plot */
function axes(run, { x, y, most, colour, classes }) {
  const quiet = { fill: colour("--quiet") };
  const rules = [0, 0.5, 1].flatMap((share) => [
    svg("line", { x1: PAD.left, x2: WIDTH - PAD.right, y1: y(share), y2: y(share), stroke: colour("--line") }),
    svg("text", { x: PAD.left - 8, y: y(share) + 4, "text-anchor": "end", ...quiet }, short(share * most, 2)),
    svg("text", { x: WIDTH - PAD.right + 8, y: y(share) + 4, ...quiet }, classes ? percent(share) : short(share)),
  ]);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * run.updates)).map((u) => svg("text", { x: x(u), y: HEIGHT - PAD.bottom + 18, "text-anchor": "middle", ...quiet }, count(u)));
  return [...rules, ...ticks, svg("text", { x: WIDTH / 2, y: HEIGHT - 10, "text-anchor": "middle", ...quiet }, "update")];
}

/** @param {[string, import("./lines.js").Line][]} entries @param {(name: string) => string} colour */
function legend(entries, colour) {
  return entries.flatMap(([label, { colour: name, dash }], k) => {
    const left = WIDTH - PAD.right - 130 * (entries.length - k);
    return [
      svg("line", { x1: left, x2: left + 30, y1: 18, y2: 18, stroke: colour(name), "stroke-width": 2, "stroke-dasharray": dash.join(" ") || null }),
      svg("text", { x: left + 36, y: 22, fill: colour(name), "font-weight": 600 }, label),
    ];
  });
}
