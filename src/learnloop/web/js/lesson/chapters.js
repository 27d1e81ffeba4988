// The list of chapters: a link leads to its place in the article, and, once the lesson was started, to its place in time.

/** @param {import("./conductor.js").Conductor} conductor @param {ParentNode} root */
export function chapters(conductor, root) {
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (root.querySelectorAll('#ll-chapters a[href^="#"]'));
  const starts = new Map(conductor.index.chapters.map(({ id, start }) => [id, start]));
  for (const link of links) link.addEventListener("click", () => {
    const start = starts.get(link.dataset.to ?? "");
    if (start !== undefined && conductor.now.started) conductor.seek(start);
  });
  conductor.follow(({ moment, started }) => {
    const here = started ? conductor.index.chapters[moment.chapter]?.id : undefined;
    for (const link of links) here !== undefined && link.dataset.to === here ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current");
  });
}
