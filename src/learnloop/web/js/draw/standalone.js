// A view as one SVG that stands alone: drawings as shapes, canvases as images, text as text, with the colours of now.

import { svg } from "./dom.js";

const DRAWN = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "visibility", "font-size", "font-weight", "text-anchor"];
const CLEAR = /^(transparent|rgba\(0, 0, 0, 0\))$/;

/** @param {number} n */
const px = (n) => Number(n.toFixed(2));

/**
 * @param {HTMLElement} element
 * @param {string} title
 */
export function standalone(element, title) {
  const box = element.getBoundingClientRect();
  const [width, height] = [Math.ceil(box.width), Math.ceil(box.height)];
  const page = getComputedStyle(document.body).backgroundColor;
  const found = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": "system-ui, sans-serif" }, svg("title", {}, title), svg("rect", { width, height, fill: page }));
  add(found, element, box);
  return found;
}

/** Everything in an element, in the order in which it is painted. @param {Element} into @param {Element} element @param {DOMRect} origin */
function add(into, element, origin) {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  if (style.display === "none" || style.visibility === "hidden" || style.clipPath !== "none" || !box.width || !box.height) return;
  const place = { x: px(box.left - origin.left), y: px(box.top - origin.top), width: px(box.width), height: px(box.height) };
  if (element instanceof SVGSVGElement) return into.append(copied(element, place));
  into.append(...boxed(style, place));
  if (element instanceof HTMLCanvasElement) return into.append(svg("image", { ...place, href: element.toDataURL("image/png"), preserveAspectRatio: "none", "image-rendering": style.imageRendering === "pixelated" ? "pixelated" : null }));
  for (const child of element.childNodes) {
    if (child instanceof Element) add(into, child, origin);
    else if (child instanceof Text) into.append(...written(child, style, origin));
  }
}

/** A background and a border. @param {CSSStyleDeclaration} style @param {{x: number, y: number, width: number, height: number}} place */
function boxed(style, place) {
  const line = style.borderTopStyle === "none" ? 0 : parseFloat(style.borderTopWidth);
  const filled = !CLEAR.test(style.backgroundColor);
  if (!filled && !line) return [];
  const inner = { x: place.x + line / 2, y: place.y + line / 2, width: Math.max(0, place.width - line), height: Math.max(0, place.height - line) };
  const round = style.borderTopLeftRadius.endsWith("%") ? place.width / 2 : parseFloat(style.borderTopLeftRadius);
  return [svg("rect", { ...inner, rx: round, fill: filled ? style.backgroundColor : "none", stroke: line ? style.borderTopColor : "none", "stroke-width": line })];
}

/** A drawing with what its style sheets say written into it. @param {SVGSVGElement} drawing @param {object} place */
function copied(drawing, place) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  const [from, to] = [[drawing, ...drawing.querySelectorAll("*")], [copy, ...copy.querySelectorAll("*")]];
  from.forEach((one, k) => {
    const style = getComputedStyle(one);
    for (const name of ["class", "role", "aria-labelledby", "id", "tabindex"]) to[k].removeAttribute(name);
    if (one instanceof SVGGraphicsElement) for (const name of DRAWN) to[k].setAttribute(name, style.getPropertyValue(name));
  });
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(value));
  return copy;
}

/** A text, line by line as it was broken. @param {Text} text @param {CSSStyleDeclaration} style @param {DOMRect} origin */
function written(text, style, origin) {
  return linesOf(text).map(({ words, box }) => {
    const size = parseFloat(style.fontSize);
    const y = px(box.top - origin.top + box.height / 2 + size * 0.35);
    return svg("text", { x: px(box.left - origin.left), y, fill: style.color, "font-size": style.fontSize, "font-weight": style.fontWeight, textLength: px(box.width), lengthAdjust: "spacingAndGlyphs" }, words);
  });
}

/** @param {Text} text */
function linesOf(text) {
  /** @type {{words: string, box: DOMRect}[]} */
  const found = [];
  const range = document.createRange();
  let first = 0;
  for (const { index } of [...text.data.matchAll(/\S+\s*/g)]) {
    const start = boxOf(range, text, index, index + 1);
    const line = found.at(-1);
    if (!line || Math.abs(line.box.top - start.top) > 2) first = index;
    else found.pop();
    const end = index + (/** @type {RegExpExecArray} */ (/^\S+/.exec(text.data.slice(index)))[0].length);
    found.push({ words: text.data.slice(first, end), box: boxOf(range, text, first, end) });
  }
  return found.filter(({ box }) => box.width > 0);
}

/** @param {Range} range @param {Text} text @param {number} start @param {number} end */
function boxOf(range, text, start, end) {
  range.setStart(text, start);
  range.setEnd(text, end);
  return range.getBoundingClientRect();
}
