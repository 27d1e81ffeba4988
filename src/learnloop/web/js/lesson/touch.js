// Whoever does something with the page wants the voice to wait: answers a question, or marks a text.

/** @param {import("./conductor.js").Conductor} conductor @param {ParentNode} root */
export function touch(conductor, root) {
  for (const form of root.querySelectorAll(".block-check")) for (const name of ["pointerdown", "input", "submit"]) form.addEventListener(name, () => conductor.pause());
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (selection && !selection.isCollapsed && selection.toString().trim()) conductor.pause();
  });
}
