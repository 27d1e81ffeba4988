// The numbers of the strongest few links, where they do not cover each other.

import { svg, set, write } from "../draw/dom.js";
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
    // none is left over: what is drawn tells nothing of what was drawn before
    while (this.#texts.length > chosen.length) this.#texts.pop()?.remove();
    while (this.#texts.length < chosen.length) this.#texts.push(this.group.appendChild(svg("text", { "text-anchor": "middle" })));
    this.#texts.forEach((text, k) => {
      write(text, short(chosen[k].value, 2));
      set(text, { x: chosen[k].x.toFixed(1), y: (chosen[k].y + 4).toFixed(1) });
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
