// Where a row is shown: whoever asks for it and whoever shows it know nothing of each other.

const NAME = "learnloop-reveal";

/** Somebody wants to see the row that is looked at on the map. */
export const reveal = () => document.dispatchEvent(new Event(NAME));

/** @param {() => void} show */
export const onReveal = (show) => document.addEventListener(NAME, show);
