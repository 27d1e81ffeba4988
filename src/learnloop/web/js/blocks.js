// What a page that is one file holds, in blocks that the browser does not run.

/** @param {string} name of a block */
export const textOf = (name) => document.getElementById(`block-${name}`)?.textContent ?? "";

/** What a block holds, unzipped. @param {string} name @returns {Promise<ArrayBuffer>} */
export async function read(name) {
  const zipped = Uint8Array.from(atob(textOf(name)), (letter) => letter.charCodeAt(0));
  const whole = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(whole).arrayBuffer();
}

/** The engine's worker, made of what lies in the file: no script may come from elsewhere. */
export async function worker() {
  const code = new Blob([await read("worker")], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(code));
}
