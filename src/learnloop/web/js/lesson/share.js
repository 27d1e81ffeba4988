// Sharing: the system's own way where there is one. A file on a disk has no address that others could open, and says so.

import { html } from "../draw/dom.js";
import { icon } from "../draw/icons.js";
import { copyButton } from "./copying.js";

/** The address that others can open; "" for a file on a disk. */
function address() {
  const known = /** @type {HTMLLinkElement|null} */ (document.querySelector("link[rel=canonical]"))?.href;
  return known || (/^https?:$/.test(location.protocol) ? location.href.replace(/#.*/, "") : "");
}

/** @returns {string} the name of the file on the disk */
function fileName() {
  const last = location.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** @param {HTMLElement} place @param {string} title @param {(news: string) => void} say */
export function share(place, title, say) {
  const url = address();
  const buttons = html("div", { class: "share-row" });
  if (url && "share" in navigator) {
    const send = () => navigator.share({ title, url }).catch(() => {}); // whoever closes the dialogue meant it
    buttons.append(html("button", { type: "button", click: send }, icon("share"), html("span", {}, "Share …")));
  }
  buttons.append(url ? copyButton("Copy the link", () => url, null, say) : copyButton("Copy the name of this file", fileName, null, say));
  place.append(buttons);
}
