// The page scrolls along with the voice, until the reader scrolls.

/**
 * @typedef {import("./conductor.js").Conductor} Conductor
 * @typedef {import("./conductor.js").Now} Now
 */

/** Pixels above the player that the caption takes. */
const CAPTION = 64;
const SCROLLING = ["ArrowUp", "ArrowDown", "PageUp", "PageDown"];

/**
 * @param {Conductor} conductor
 * @param {ParentNode} root
 * @param {(on: boolean) => void} told  hears whether the page follows
 */
export function follow(conductor, root, told) {
  const places = new Map([.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-beat]"))].map((place) => [place.dataset.beat, place]));
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let [following, moves, beat] = [true, 0, -1];
  /** @type {import("./timeline.js").Ask|null} */
  let asking = null;

  /** @param {boolean} on */
  function turn(on) {
    following = on;
    told(on);
  }

  const leave = () => conductor.now.playing && turn(false);
  addEventListener("wheel", leave, { passive: true });
  addEventListener("touchmove", leave, { passive: true });
  addEventListener("keydown", (event) => SCROLLING.includes(event.key) && !event.defaultPrevented && leave());
  addEventListener("pointerdown", (event) => event.target === document.documentElement && leave()); // the scroll bar

  /** @param {Element|null|undefined} place */
  function show(place) {
    if (!place || !following) return;
    const { top, bottom } = place.getBoundingClientRect();
    const room = innerHeight - (document.getElementById("ll-player")?.offsetHeight ?? 0) - CAPTION;
    if (top >= 0 && bottom <= room) return;
    place.scrollIntoView({ behavior: still.matches ? "auto" : "smooth", block: bottom - top > room ? "start" : "center" });
  }

  /** @param {Now} now */
  function update(now) {
    const moved = now.moves !== moves;
    if (moved) turn(true);
    if (now.asking !== asking) {
      asking = now.asking;
      return show(asking && root.querySelector(`[data-block="${CSS.escape(asking.target)}"]`));
    }
    if (!now.started || now.ended || (!moved && now.moment.beat === beat)) return;
    [moves, beat] = [now.moves, now.moment.beat];
    show(placeOf(beat));
  }

  /** @param {number} beat  its number */
  const placeOf = (beat) => places.get(conductor.index.beats[beat]?.id);

  /** @returns {void} */
  function again() {
    turn(true);
    show(placeOf(conductor.now.moment.beat));
  }

  return { update, again };
}
