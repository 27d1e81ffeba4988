// Light or dark, before anything is drawn: a classic script, which the browser waits for. What was chosen goes before
// what the system says; a browser that keeps nothing follows the system.

{
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  /** @returns {string|null} */
  const chosen = () => {
    try {
      return localStorage.getItem("learnloop-theme");
    } catch {
      return null;
    }
  };

  const apply = () => {
    const wanted = chosen();
    root.dataset.theme = wanted === "light" || wanted === "dark" ? wanted : system.matches ? "dark" : "light";
  };

  system.addEventListener("change", apply);
  apply();
}
