// Commands and code can be copied.

import { copyButton } from "./copying.js";

/** @param {ParentNode} root @param {(news: string) => void} say */
export function copies(root, say) {
  for (const code of root.querySelectorAll(".block-code pre > code, #ll-more pre > code, #ll-more li > code, #ll-more p > code")) {
    const holder = /** @type {HTMLElement} */ (code.parentElement);
    const label = code.closest("#ll-more") ? "Copy the command" : "Copy the code";
    holder.after(copyButton(label, () => code.textContent ?? "", code, say));
  }
}
