// Around a lesson that is being written: asks what was built last, shows it, and says what is wrong. The lesson itself
// lies in a frame that can do nothing but run its own scripts; where it was being read comes from it in messages.

{
  /** @typedef {{ line: number|null, column: number|null, text: string }} Problem */
  /** @typedef {{ name: string, version: number, building: boolean, seconds: number, problems: Problem[] }} Made */

  const PAUSE = 400; // milliseconds between two questions
  const head = /** @type {HTMLElement} */ (document.querySelector(".watch-head"));
  const frame = /** @type {HTMLIFrameElement} */ (document.getElementById("lesson"));
  const said = /** @type {HTMLElement} */ (document.getElementById("status"));
  const problems = /** @type {HTMLElement} */ (document.getElementById("problems"));
  const title = /** @type {HTMLElement} */ (document.getElementById("name"));

  let shown = 0;
  let told = "";
  /** Where the lesson was being read: an element of it, and how far below the top of the frame. @type {unknown} */
  let place = null;

  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || !data?.learnloop) return;
    if ("place" in data.learnloop) place = data.learnloop.place;
    if (data.learnloop.opened) frame.contentWindow?.postMessage({ learnloop: { go: place } }, "*");
  });

  /** A problem with its place. @param {Problem} problem */
  function item({ line, column, text }) {
    const found = document.createElement("li");
    if (line !== null) {
      const where = document.createElement("b");
      where.textContent = `line ${line}, column ${column}`;
      found.append(where, " ");
    }
    found.append(text);
    return found;
  }

  /** @param {Made} made */
  function statusOf(made) {
    if (made.building) return "Building ...";
    if (made.problems.length) {
      const count = made.problems.length === 1 ? "There is a problem" : `There are ${made.problems.length} problems`;
      return made.version ? `${count}; below is the last page without one.` : `${count}.`;
    }
    return `Built in ${made.seconds.toFixed(1)} s.`;
  }

  /** @param {Made} made */
  function show(made) {
    const text = JSON.stringify(made);
    if (text === told) return;
    told = text;
    title.textContent = made.name;
    document.title = `${made.problems.length ? "Problems: " : ""}${made.name} - learnloop`;
    head.dataset.state = made.building ? "building" : made.problems.length ? "wrong" : "good";
    said.textContent = statusOf(made);
    problems.replaceChildren(...made.problems.map(item));
    problems.hidden = !made.problems.length;
    if (made.version === shown) return;
    shown = made.version;
    frame.hidden = false;
    frame.src = `lesson?${shown}`;
  }

  async function ask() {
    try {
      const answer = await fetch("state");
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
    } catch {
      told = "";
      head.dataset.state = "wrong";
      said.textContent = "learnloop lesson watch has ended; this page is the last that it built.";
    }
    setTimeout(ask, PAUSE);
  }

  document.documentElement.dataset.ready = "yes";
  ask();
}
