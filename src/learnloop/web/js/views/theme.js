// The switch between light and dark; choosing what the system has follows the system again.

import { html, write } from "../draw/dom.js";
import { icon } from "../draw/icons.js";

const KEY = "learnloop-theme";

/** @param {{refresh: () => void}} explorer  or whatever else draws with colours */
export function theme(explorer) {
  const root = document.documentElement;
  const name = html("span", { class: "hidden-text" });
  const element = html("button", { type: "button", class: "theme", click: () => choose(root.dataset.theme === "dark" ? "light" : "dark") }, icon("moon"), name);

  function told() {
    const other = root.dataset.theme === "dark" ? "Light colours" : "Dark colours";
    write(name, other);
    element.title = other;
    explorer.refresh(); // canvases take their colours when they are drawn
  }

  const watching = new MutationObserver(told);
  watching.observe(root, { attributeFilter: ["data-theme"] });
  told();
  return { element, update() {}, destroy: () => watching.disconnect() };
}

/** @param {"light"|"dark"} wanted */
function choose(wanted) {
  document.documentElement.dataset.theme = wanted;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  try {
    if (wanted === system) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, wanted);
  } catch {
    // a browser that keeps nothing: the choice holds for this page
  }
}
