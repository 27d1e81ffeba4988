// The numbers of the strongest few links, where they do not cover each other.

import { svg, set } from "../draw/dom.js";
import { short } from "../draw/format.js";
import { heightAt } from "./stage-links.js";

/** @typedef {import("./stage-links.js").Strength} Strength */

const MOST = 6;
const ROOM = { x: 46, y: 15 };

export class Labels {
  group = svg("g", { class: "link-labels", "aria-hidden": "true" });
  /** @type {SVGTextElement[]} */
  #texts = [];

  /** @param {Strength[]} shown @param {(link: import("./stage-links.js").Link) => boolean} faded */
  draw(shown, faded) {
    const chosen = spread(shown.filter(({ link, value }) => value && !faded(link)));
    while (this.#texts.length < MOST) this.#texts.push(this.group.appendChild(svg("text", { "text-anchor": "middle" })));
    this.#texts.forEach((text, k) => {
      const one = chosen[k];
      text.textContent = one ? short(one.value, 2) : "";
      if (one) set(text, { x: one.x.toFixed(1), y: (one.y + 4).toFixed(1) });
    });
  }
}

/** @param {Strength[]} candidates */
function spread(candidates) {
  /** @type {{x: number, y: number, value: number}[]} */
  const found = [];
  const strongest = [...candidates].sort((a, b) => Math.abs(b.share) - Math.abs(a.share) || Math.abs(b.value) - Math.abs(a.value)).slice(0, 6 * MOST);
  for (const { link, value } of strongest) {
    const [x0, x1] = link.gap;
    if (x1 - x0 < ROOM.x) continue;
    const spot = { x: (x0 + x1) / 2, y: heightAt(link, (x0 + x1) / 2), value };
    if (found.every((other) => Math.abs(other.x - spot.x) > ROOM.x || Math.abs(other.y - spot.y) > ROOM.y)) found.push(spot);
    if (found.length === MOST) break;
  }
  return found;
}
