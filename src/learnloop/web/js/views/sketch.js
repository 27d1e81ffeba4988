// Points drawn by hand on the map: a click sets one, dragging scatters more.

import { classColour } from "../draw/colour.js";
import { html, svg } from "../draw/dom.js";
import { shape } from "../draw/shapes.js";

const SIZE = 400;
/** Pixels that a drag goes from one point to the next, and how far points scatter around it. */
const [APART, SPREAD] = [13, 9];

/** @typedef {import("../state/explorer.js").State} State */

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {HTMLElement} box  the map
 * @param {SVGElement} over  what is drawn on it
 */
export function sketching(explorer, box, over) {
  const marks = svg("g", {});
  const pad = html("div", { class: "sketch-pad", hidden: true });
  over.append(marks);
  box.append(pad);
  let last = /** @type {[number, number]|null} */ (null);

  /** @param {PointerEvent} event @returns {[number, number]} */
  function spot(event) {
    const frame = box.getBoundingClientRect();
    return [((event.clientX - frame.left) / frame.width) * SIZE, ((event.clientY - frame.top) / frame.height) * SIZE];
  }

  /** @param {number} x @param {number} y */
  function add(x, y) {
    const { sketch, run } = explorer.state;
    if (!sketch || !run?.plane) return;
    const most = explorer.session?.limits.points ?? 1000;
    if (sketch.points.length >= most) return;
    const [across, up] = run.plane.domain;
    const inside = (/** @type {number} */ v) => Math.max(2, Math.min(SIZE - 2, v)) / SIZE;
    const place = [across[0] + inside(x) * (across[1] - across[0]), up[1] - inside(y) * (up[1] - up[0])];
    explorer.set({ sketch: { ...sketch, points: [...sketch.points, { x: place, label: sketch.label }] } });
  }

  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    last = spot(event);
    add(...last);
  });
  pad.addEventListener("pointermove", (event) => {
    const now = spot(event);
    if (!last || Math.hypot(now[0] - last[0], now[1] - last[1]) < APART) return;
    last = now;
    const off = () => (Math.random() - 0.5) * 2 * SPREAD;
    add(now[0] + off(), now[1] + off());
  });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => (last = null));

  /** @type {any} */
  let drawn = null;
  /** @param {State} state */
  function update({ sketch, run }) {
    if (sketch && pad.hidden) requestAnimationFrame(() => box.scrollIntoView({ block: "nearest" }));
    pad.hidden = !sketch;
    box.classList.toggle("sketching", Boolean(sketch));
    if (!run?.plane || drawn === sketch) return;
    drawn = sketch;
    const [across, up] = run.plane.domain;
    marks.replaceChildren(...(sketch?.points ?? []).map(({ x, label }) => {
      const at = [((x[0] - across[0]) / (across[1] - across[0])) * SIZE, ((up[1] - x[1]) / (up[1] - up[0])) * SIZE];
      return svg("path", { d: shape(label, 5), transform: `translate(${at[0].toFixed(1)} ${at[1].toFixed(1)})`, fill: classColour(label), stroke: "var(--text)", "stroke-width": 1.2 });
    }));
  }

  return { update };
}
