// Small signs for buttons, drawn once, so that no font need have them. They say nothing: the button has a name.

import { svg } from "./dom.js";

const PATHS = {
  play: "M5 3.2v9.6l8-4.8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  next: "M5.2 3.4 9.8 8l-4.6 4.6",
  back: "M10.8 3.4 6.2 8l4.6 4.6",
  nextFar: "M3 3.4 7.6 8 3 12.6M8.4 3.4 13 8l-4.6 4.6",
  backFar: "M13 3.4 8.4 8l4.6 4.6M7.6 3.4 3 8l4.6 4.6",
  start: "M3.5 3v10M12.5 3.4 7 8l5.5 4.6z",
  end: "M12.5 3v10M3.5 3.4 9 8l-5.5 4.6z",
  close: "M4 4l8 8M12 4l-8 8",
  moon: "M12.6 10A5.4 5.4 0 0 1 6 3.4 5.4 5.4 0 1 0 12.6 10z",
  share: "M8 10V2.6M5 5.2l3-2.8 3 2.8M3.4 8v5.4h9.2V8",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
};
const FILLED = ["play", "pause", "start", "end"];

/** @param {keyof typeof PATHS} name */
export function icon(name) {
  const how = FILLED.includes(name) ? { fill: "currentColor", stroke: "currentColor", "stroke-width": 1 } : { fill: "none", stroke: "currentColor", "stroke-width": 1.8 };
  return svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", class: "icon", "stroke-linejoin": "round", "stroke-linecap": "round", ...how }, svg("path", { d: PATHS[name] }));
}
