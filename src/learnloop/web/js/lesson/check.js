// Questions: what was answered is judged here, by the table of the lesson. Nothing is counted, and nothing is kept.

import { html, write } from "../draw/dom.js";

/**
 * @typedef {{choices: boolean[]}|{value: number, tolerance: number, text: string}} Known
 * @typedef {{right: boolean, said: string}} Verdict
 */

/** What was typed, as a number; NaN for none. @param {string} text */
export function typed(text) {
  const plain = text.trim().replace("−", "-").replace(/\s*%$/, "").replace(/[\s\u202f_]/g, "").replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}

/**
 * @param {Known} known
 * @param {number} chosen  which choice, or the number that was typed
 * @returns {Verdict}
 */
export function judge(known, chosen) {
  if ("choices" in known) {
    if (chosen < 0) return { right: false, said: "Choose an answer first." };
    return known.choices[chosen] ? { right: true, said: "Right: the run says so, too." } : { right: false, said: "Not this one. Try again." };
  }
  if (Number.isNaN(chosen)) return { right: false, said: "Type a number first." };
  const { value, tolerance, text } = known;
  const near = (/** @type {number} */ x) => Math.abs(x - value) <= tolerance + 1e-12 * Math.abs(value);
  if (near(chosen) || (text.includes("%") && near(chosen / 100))) return { right: true, said: `Right: it is ${text}.` };
  const scaled = text.includes("%") && Math.abs(value) <= 1 && Math.abs(chosen) > 1 ? chosen / 100 : chosen;
  return { right: false, said: `Not quite: that is ${scaled < value ? "too small" : "too large"}. Try again.` };
}

/** @param {import("./conductor.js").Conductor} conductor @param {HTMLFormElement} form */
export function check(conductor, form) {
  const known = conductor.index.lesson.checks[form.dataset.block ?? ""];
  if (!known) return;
  const verdict = html("p", { class: "verdict" });
  const answer = form.querySelector("details");
  if (answer) answer.hidden = true; // for those without scripts, and for those who tried
  form.append(html("div", { class: "check-row" }, html("button", { type: "submit" }, "Check"), verdict));
  form.addEventListener("input", () => {
    write(verdict, "");
    form.dataset.verdict = "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { right, said } = judge(known, chosenIn(form));
    write(verdict, said);
    form.dataset.verdict = right ? "right" : "wrong";
    if (answer) answer.hidden = false;
    conductor.say(said);
  });
}

/** @param {HTMLFormElement} form */
function chosenIn(form) {
  const radios = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[type=radio]")]);
  if (radios.length) return radios.findIndex((radio) => radio.checked);
  return typed(/** @type {HTMLInputElement|null} */ (form.querySelector("input"))?.value ?? "");
}
