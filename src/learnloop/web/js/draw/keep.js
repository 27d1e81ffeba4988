// Files to keep: a blob under a name, a drawing as SVG or as PNG.

/** @param {Blob} blob @param {string} name */
export function keep(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000); // a browser that asks where to reads it later
}

/** @param {string} text @param {string} kind  media type */
export const textFile = (text, kind) => new Blob([text], { type: `${kind};charset=utf-8` });

/** @param {SVGSVGElement} drawing */
export const svgText = (drawing) => new XMLSerializer().serializeToString(drawing);

/** Two pixels for one. @param {SVGSVGElement} drawing @returns {Promise<Blob>} */
export async function png(drawing) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(drawing))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 2 * image.naturalWidth, height: 2 * image.naturalHeight });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("this browser made no picture of it"))), "image/png"));
}
