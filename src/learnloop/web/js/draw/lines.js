// The lines of a training: the same in the timeline, in its legend and in the picture that is kept. Dashes tell them apart
// without colour, too.

/**
 * @typedef {object} Line
 * @property {string} colour  name of the custom property
 * @property {number} width
 * @property {number[]} dash
 */

/** @type {Record<"batch"|"test"|"quality"|"ghost", Line>} */
export const LINES = {
  batch: { colour: "--text", width: 1.8, dash: [] },
  test: { colour: "--minus-line", width: 1.8, dash: [6, 3] },
  quality: { colour: "--plus-line", width: 2, dash: [10, 3, 2, 3] },
  ghost: { colour: "--line-strong", width: 1.4, dash: [1.5, 2.5] },
};

/** What the right axis measures. @param {{data: {task: string}}} run */
export const qualityName = (run) => (run.data.task === "classification" ? "test accuracy" : "test R²");
