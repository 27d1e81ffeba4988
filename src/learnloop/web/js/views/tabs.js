// One of several: as tabs over panels, or as buttons of which one is on. Arrow keys move, as everywhere.

import { html, set } from "../draw/dom.js";

/**
 * @typedef {object} Option
 * @property {string} id
 * @property {string} text
 * @property {string} [help]
 */

/**
 * @param {HTMLElement} list
 * @param {(k: number) => void} choose
 */
function arrows(list, choose) {
  list.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const k = buttons.indexOf(/** @type {any} */ (event.target));
    const last = buttons.length - 1;
    const next = { ArrowRight: k < last ? k + 1 : 0, ArrowDown: k < last ? k + 1 : 0, ArrowLeft: k > 0 ? k - 1 : last, ArrowUp: k > 0 ? k - 1 : last, Home: 0, End: last }[event.key];
    if (k < 0 || next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    choose(next);
    buttons[next].focus();
  });
}

let lists = 0;

/** Tabs over a panel that others fill. @param {string} label @param {(id: string) => void} choose */
export function tabs(label, choose) {
  const name = `tabs-${++lists}`;
  const list = html("div", { role: "tablist", "aria-label": label, class: "tabs" });
  const panel = html("div", { role: "tabpanel", id: `${name}-panel`, class: "tab-panel" });
  /** @type {Option[]} */
  let options = [];
  arrows(list, (k) => choose(options[k].id));

  /** @param {Option[]} wanted @param {string} current */
  function update(wanted, current) {
    if (wanted.map((o) => o.id + o.text).join() !== options.map((o) => o.id + o.text).join()) {
      options = wanted;
      list.replaceChildren(...options.map(({ id, text }) => html("button", { role: "tab", type: "button", id: `${name}-${id}`, "aria-controls": panel.id, click: () => choose(id) }, text)));
    }
    list.hidden = options.length < 2;
    [...list.children].forEach((tab, k) => set(tab, { "aria-selected": String(options[k].id === current), tabindex: options[k].id === current ? 0 : -1 }));
    set(panel, { "aria-labelledby": `${name}-${current}` });
  }

  return { list, panel, update };
}

/**
 * Buttons of which one is on.
 * @param {string} label
 * @param {Option[]} options
 * @param {(id: any) => void} choose
 */
export function choice(label, options, choose) {
  const buttons = options.map(({ id, text, help }) => html("button", { role: "radio", type: "button", title: help, "aria-label": help && `${text}: ${help}`, click: () => choose(id) }, text));
  const element = html("div", { role: "radiogroup", "aria-label": label, class: "choice" }, ...buttons);
  arrows(element, (k) => choose(options[k].id));
  /** @param {string} current */
  function update(current) {
    buttons.forEach((button, k) => set(button, { "aria-checked": String(options[k].id === current), tabindex: options[k].id === current ? 0 : -1 }));
  }
  return { element, update };
}
