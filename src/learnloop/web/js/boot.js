// The first script of a page that is one file: makes addresses for the modules that lie in it, and opens it. A classic
// script: it must be in the file itself, where the policy knows it by its hash.

{
  /** @type {Record<string, string>} */
  const addresses = {};
  const imported = /^((?:import|export)\s(?:[\w$\s{},*]+\sfrom\s)?)"(\.[^"\n]+)"/gm;
  for (const block of document.querySelectorAll("script[data-module]")) {
    const path = block.getAttribute("data-module") ?? "";
    const found = (/** @type {string} */ beside) => addresses[new URL(beside, `file:///${path}`).pathname.slice(1)];
    const text = (block.textContent ?? "").replace(imported, (_, head, beside) => `${head}"${found(beside)}"`);
    addresses[path] = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  }
  import(addresses["js/enclosed.js"]).then(({ open }) => open(addresses["js/engine/worker.js"]));
}
