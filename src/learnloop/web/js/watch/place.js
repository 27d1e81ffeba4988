// In a lesson that is being written: says where it is being read, and goes there again when it was built anew.

{
  const PARTS = "[data-block], [data-beat], [data-chapter]";
  const PAUSE = 150; // milliseconds without scrolling, after which somebody reads

  /** The innermost part at the top of what is seen: those behind it may be there no more. */
  const current = () => {
    const seen = [...document.querySelectorAll(PARTS)].filter((part) => {
      const { top, bottom } = part.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    });
    const found = seen.findLast((part) => part.getBoundingClientRect().top <= 0) ?? seen[0];
    return found ? { id: found.id, top: found.getBoundingClientRect().top, share: share() } : { id: "", top: 0, share: share() };
  };

  /** How far down the page is. */
  const share = () => scrollY / Math.max(1, document.documentElement.scrollHeight - innerHeight);

  /** @param {{ id: string, top: number, share: number }} place */
  const go = ({ id, top, share: far }) => {
    const part = document.getElementById(id);
    const height = document.documentElement.scrollHeight - innerHeight;
    const down = part ? scrollY + part.getBoundingClientRect().top - top : far * height;
    scrollTo({ top: down, behavior: "instant" });
  };

  let waiting = 0;
  addEventListener("scroll", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => parent.postMessage({ learnloop: { place: current() } }, "*"), PAUSE);
  });
  addEventListener("message", ({ source, data }) => {
    if (source === parent && data?.learnloop?.go) go(data.learnloop.go);
  });
  parent.postMessage({ learnloop: { opened: true } }, "*");
}
