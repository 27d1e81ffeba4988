// Elements in one call. Text is always set as text, so that names from anywhere stay names.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {Record<string, string|number|boolean|null|undefined|((event: any) => void)>} Attributes
 * @typedef {Node|string|null|undefined|false} Child
 */

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes  null, undefined and false leave one out; functions listen to events
 * @param {Child[]} children
 * @returns {E}
 */
function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 */
export const html = (tag, attributes = {}, ...children) => furnish(document.createElement(tag), attributes, children);

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export const svg = (tag, attributes = {}, ...children) =>
  /** @type {any} */ (furnish(document.createElementNS(SVG, tag), attributes, children));

let names = 0;

/**
 * An SVG that says what it shows, to those who cannot see it.
 * @param {string} title
 * @param {string} description
 * @param {Attributes} [attributes]
 * @param {...Child} children
 */
export function picture(title, description, attributes = {}, ...children) {
  const [t, d] = [`title-${++names}`, `description-${names}`];
  return svg(
    "svg", { role: "img", "aria-labelledby": `${t} ${d}`, ...attributes },
    svg("title", { id: t }, title), svg("desc", { id: d }, description), ...children,
  );
}

/** Set attributes that change; what is the same already costs nothing. @param {Element} element @param {Record<string, string|number>} attributes */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** @param {Node} node @param {string} text */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
