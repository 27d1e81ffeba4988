// The article as a board: what is not drawn yet is hidden at its place, and appears stroke by stroke. What an element
// looks like after `render` depends on the moment alone.

import { svg } from "../draw/dom.js";
import { blockShare } from "./timeline.js";

/**
 * @typedef {import("./conductor.js").Now} Now
 * @typedef {import("./timeline.js").Moment} Moment
 *
 * @typedef {object} Drawn  one shape
 * @property {SVGElement} element
 * @property {boolean} stroke  whether it is drawn from its beginning to its end; others fade in
 *
 * @typedef {object} Part  of one of the drawings of a block
 * @property {string} target
 * @property {SVGGElement} group
 * @property {Drawn[]} shapes
 *
 * @typedef {object} Block
 * @property {string} id
 * @property {HTMLElement} element
 * @property {number} beat
 * @property {Part[][]} drawings  wide and narrow
 */

/** Pixels between what is pointed at and the ring around it. */
const ROOM = 5;

/** @param {import("./timeline.js").Index} index @param {ParentNode} root */
export function board(index, root) {
  const blocks = [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-block]"))].map((element) => blockOf(index, element));
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const shown = new Map();

  /** @param {Now} now */
  function render(now) {
    const whole = !now.started || now.ended || now.whole;
    for (const block of blocks) {
      const key = keyOf(block, now, whole, still.matches);
      if (shown.get(block) === key) continue;
      shown.set(block, key);
      renderBlock(block, now.moment, { whole, still: still.matches, pointing: now.started });
    }
  }

  return { update: render, refresh: () => shown.clear() };
}

/** What a block looks like, in a few letters: the same ones cost nothing. @param {Block} block @param {Now} now @param {boolean} whole @param {boolean} still */
function keyOf({ id, beat }, { moment, started }, whole, still) {
  const own = (/** @type {string} */ target) => target === id || target.startsWith(`${id}.`);
  const points = started ? [...moment.pointed].filter(own) : [];
  const draws = whole ? "whole" : [...moment.drawn].filter(([target]) => own(target)).map(([, share]) => share);
  return `${moment.beat >= beat} ${draws} ${points} ${whole} ${still}`;
}

/** @param {import("./timeline.js").Index} index @param {HTMLElement} element @returns {Block} */
function blockOf({ beats }, element) {
  const id = element.dataset.block ?? "";
  const inside = /** @type {HTMLElement|null} */ (element.closest("[data-beat]"))?.dataset.beat;
  const drawings = [...element.querySelectorAll(".drawing > svg")].map((drawing) => [.../** @type {NodeListOf<SVGGElement>} */ (drawing.querySelectorAll("g[data-part]"))].map((group) => partOf(id, group)));
  return { id, element, beat: beats.findIndex((beat) => beat.id === inside), drawings };
}

/** @param {string} id @param {SVGGElement} group @returns {Part} */
function partOf(id, group) {
  const elements = /** @type {SVGElement[]} */ ([...group.querySelectorAll("path, text, image, line, circle, rect, ellipse, polygon")]);
  return { target: `${id}.${group.dataset.part}`, group, shapes: elements.map((element) => ({ element, stroke: isStroke(element) })) };
}

/** A dashed line has its dashes already: it fades in. @param {SVGElement} element */
const isStroke = (element) => element.hasAttribute("pathLength") && ["none", ""].includes(getComputedStyle(element).strokeDasharray);

/** @param {Block} block @param {Moment} moment @param {{whole: boolean, still: boolean, pointing: boolean}} how */
function renderBlock({ id, element, beat, drawings }, moment, { whole, still, pointing }) {
  const settle = (/** @type {number} */ share) => (whole || (still && share > 0) ? 1 : share);
  const own = settle(blockShare(moment, id, beat));
  const begun = own > 0 || [...moment.drawn].some(([target, share]) => share > 0 && target.startsWith(`${id}.`));
  hide(element, !(begun || whole));
  fade(element, drawings.length ? 1 : own);
  element.classList.toggle("pointed", pointing && moment.pointed.has(id));
  for (const parts of drawings) {
    const loose = parts.filter(({ target }) => !moment.drawn.has(target));
    for (const part of parts) {
      const share = moment.drawn.get(part.target) ?? turn(own, loose.indexOf(part), loose.length);
      renderPart(part, settle(share));
      ring(part, pointing && moment.pointed.has(part.target));
    }
  }
}

/** Of several things that happen one after the other, how far one is. @param {number} share  of all @param {number} k @param {number} count */
const turn = (share, k, count) => Math.max(0, Math.min(1, share * count - k));

/** @param {Part} part @param {number} share */
function renderPart({ group, shapes }, share) {
  hide(group, share <= 0);
  shapes.forEach(({ element, stroke }, k) => {
    const own = turn(share, k, shapes.length);
    if (stroke) draw(element, own);
    else fade(element, own);
  });
}

/** A line up to where it is drawn; its ground is filled at the end. @param {SVGElement} element @param {number} share */
function draw(element, share) {
  const open = share < 1;
  put(element, "stroke-dasharray", open ? "1" : "");
  put(element, "stroke-dashoffset", open ? (1 - share).toFixed(4) : "");
  put(element, "fill-opacity", open ? "0" : "");
  hide(element, share <= 0); // a round end would be a dot
}

/** @param {HTMLElement|SVGElement} element @param {number} share */
const fade = (element, share) => put(element, "opacity", share < 1 ? share.toFixed(3) : "");

/** @param {HTMLElement|SVGElement} element @param {boolean} hidden */
const hide = (element, hidden) => put(element, "visibility", hidden ? "hidden" : "");

/** @param {HTMLElement|SVGElement} element @param {string} name @param {string} value */
function put(element, name, value) {
  if (element.style.getPropertyValue(name) === value) return;
  if (value) element.style.setProperty(name, value);
  else element.style.removeProperty(name);
}

/** A ring around a part, above the drawing; it takes no place. @param {Part} part @param {boolean} wanted */
function ring({ group, target }, wanted) {
  group.classList.toggle("pointed", wanted);
  const drawing = /** @type {SVGSVGElement} */ (group.ownerSVGElement);
  const old = [...drawing.querySelectorAll(":scope > .halo")].find((one) => one.getAttribute("data-halo") === target);
  if (!wanted) return old?.remove();
  if (old || !drawing.clientWidth) return;
  const { x, y, width, height } = group.getBBox();
  drawing.append(svg("rect", { class: "halo", "data-halo": target, x: x - ROOM, y: y - ROOM, width: width + 2 * ROOM, height: height + 2 * ROOM, rx: 7 }));
}
