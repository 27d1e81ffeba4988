// The size of an element, known without asking the browser to lay the page out: that would cost every frame some milliseconds.

/**
 * @param {Element} element
 * @param {() => void} changed
 * @returns {{width: number, height: number}}  kept up to date
 */
export function sizeOf(element, changed) {
  const size = { width: 0, height: 0 };
  new ResizeObserver(() => {
    Object.assign(size, { width: element.clientWidth, height: element.clientHeight });
    changed();
  }).observe(element);
  return size;
}
