// Buttons that copy a text, and say whether they could.

import { html, write } from "../draw/dom.js";

/** Milliseconds that "Copied" stands. */
const TOLD = 2000;

/** @param {string} text @returns {Promise<boolean>} */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} label  "Copy the command"
 * @param {() => string} text
 * @param {Element|null} shown  that holds the text: selected where the browser does not copy
 * @param {(news: string) => void} say
 */
export function copyButton(label, text, shown, say) {
  let timer = 0;
  const name = html("span", {}, label);
  return html("button", { type: "button", class: "copy", click: take }, name);

  async function take() {
    const done = await copied(text());
    if (!done && shown) getSelection()?.selectAllChildren(shown);
    const news = done ? "Copied" : shown ? "Selected: copy it with Ctrl+C" : `This browser does not copy. It is: ${text()}`;
    write(name, news);
    say(news);
    clearTimeout(timer);
    timer = window.setTimeout(() => write(name, label), done ? TOLD : 3 * TOLD);
  }
}
