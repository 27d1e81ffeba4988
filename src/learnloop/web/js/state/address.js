// The state of the page in the fragment of its address: what differs from the session's opening, by name, so that people
// can read it. `#v=1&optimizer.momentum=0.5&at=120&neuron=dense_1:3`. Fragments come from anywhere: each field is checked.

import { differences, placed } from "./paths.js";
import { isScenario, isWhole } from "./plausible.js";

/**
 * @typedef {import("./scenario.js").Scenario} Scenario
 * @typedef {import("./explorer.js").State} State
 * @typedef {Partial<Pick<State, "phase"|"selection"|"row"|"links"|"range"|"speed"|"part">>} Shown
 *
 * @typedef {object} Address
 * @property {Scenario} scenario
 * @property {Scenario|null} pinned  the run that is kept to compare with
 * @property {number|null} cursor  null: where the page would begin
 * @property {Shown} shown
 * @property {string} notice  what of it was ignored; "" for nothing
 */

const VERSION = "1";
const LONGEST = 32768;
const MOST_UPDATES = 2e7;
const REST = 250;
/** @type {Record<string, readonly string[]>} */
const CHOICES = { links: ["weight", "gradient", "change"], range: ["local", "layer", "network"], part: ["test", "train"] };
/** @type {Required<Omit<Shown, "selection"|"row">>} */
const USUAL = { phase: 0, links: "weight", range: "layer", speed: 0, part: "test" };

/** @param {State} state @param {Scenario} opening @returns {string} a fragment with its "#"; "" where nothing differs */
export function encode(state, opening) {
  const found = new URLSearchParams();
  const note = (/** @type {string} */ prefix, /** @type {Scenario} */ scenario) => differences(opening, scenario).forEach(({ path, value }) => found.set(prefix + path.join("."), JSON.stringify(value)));
  note("", state.scenario);
  if (state.pinned) {
    found.set("pin", "1");
    note("pin.", state.pinned.scenario);
  }
  if (state.run) found.set("at", String(Math.floor(state.cursor)));
  const { selection } = state;
  if (selection?.kind === "neuron") found.set("neuron", `${selection.layer}:${selection.unit}`);
  if (selection?.kind === "weight") found.set("weight", `${selection.parameter}:${selection.place.join(",")}`);
  if (state.row !== null) found.set("row", String(state.row));
  for (const [name, usual] of Object.entries(USUAL)) {
    const value = state[/** @type {keyof typeof USUAL} */ (name)];
    if (value !== usual) found.set(name, String(value));
  }
  const text = found.toString().replaceAll("%3A", ":").replaceAll("%2C", ","); // as people would write it
  return text && `#v=${VERSION}&${text}`;
}

/** @param {string} fragment  with or without its "#" @param {Scenario} opening @returns {Address} */
export function decode(fragment, opening) {
  /** @type {Address} */
  const found = { scenario: opening, pinned: null, cursor: null, shown: {}, notice: "" };
  if (fragment.length < 2) return found;
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  if (fragment.length > LONGEST || fields.get("v") !== VERSION) return { ...found, notice: "The address of this page holds nothing that it understands; it shows what it begins with." };
  fields.delete("v");
  if (fields.has("pin")) found.pinned = opening;
  const ignored = [...fields].filter(([name, text]) => !take(found, name, text)).map(([name]) => name);
  if (!isScenario(found.scenario) || (found.pinned && !isScenario(found.pinned))) {
    Object.assign(found, { scenario: opening, pinned: null });
    ignored.push("its changes of the run");
  }
  if (ignored.length) found.notice = `The address of this page has parts that make no sense, and that were ignored: ${ignored.slice(0, 5).join(", ").slice(0, 120)}.`;
  return found;
}

/** One field; false for what makes no sense. @param {Address} into @param {string} name @param {string} text */
function take(into, name, text) {
  const { shown } = into;
  if (Object.hasOwn(CHOICES, name)) return CHOICES[name].includes(text) && Boolean(Object.assign(shown, { [name]: text }));
  if (name === "at") return number(text, MOST_UPDATES, (n) => (into.cursor = n));
  if (name === "phase") return number(text, 4, (n) => (shown.phase = n));
  if (name === "row") return number(text, 1e9, (n) => (shown.row = n));
  if (name === "speed") return number(text, 1e6, (n) => (shown.speed = n));
  if (name === "neuron" || name === "weight") return select(shown, name, text);
  if (name === "pin") return text === "1";
  if (name.startsWith("pin.")) return change(into.pinned, name.slice(4).split("."), text, (scenario) => (into.pinned = scenario));
  return change(into.scenario, name.split("."), text, (scenario) => (into.scenario = scenario));
}

/** @param {string} text @param {number} most @param {(n: number) => void} set */
function number(text, most, set) {
  const fine = /^\d{1,9}$/.test(text) && isWhole(Number(text), 0, most);
  if (fine) set(Number(text));
  return fine;
}

/** @param {Shown} shown @param {"neuron"|"weight"} kind @param {string} text */
function select(shown, kind, text) {
  const match = /^([^:]{1,200}):(\d{1,7}(?:,\d{1,7}){0,3})$/.exec(text);
  if (!match) return false;
  const place = match[2].split(",").map(Number);
  if (kind === "weight") shown.selection = { kind, parameter: match[1], place };
  else if (place.length === 1) shown.selection = { kind, layer: match[1], unit: place[0] };
  else return false;
  return true;
}

/** @param {Scenario|null} from @param {string[]} path @param {string} text @param {(scenario: Scenario) => void} set */
function change(from, path, text, set) {
  try {
    const value = JSON.parse(text);
    const old = path.reduce((node, key) => /** @type {any} */ (node)?.[key], /** @type {any} */ (from));
    if (old != null && value !== null && typeof old !== typeof value && path.at(-1) !== "seed") return false; // seeds may be texts
    const scenario = placed(from, path, value);
    if (scenario !== null) set(scenario);
    return scenario !== null;
  } catch {
    return false;
  }
}

/** Whether a run has what was selected. @param {import("./explorer.js").Shown} run @param {State["selection"]|undefined} selection */
function has(run, selection) {
  if (!selection) return true;
  if (selection.kind === "neuron") return run.kit.layers.some((/** @type {any} */ l) => l.name === selection.layer && selection.unit < l.width);
  const parameter = run.kit.parameters.find((/** @type {any} */ p) => p.name === selection.parameter);
  return parameter?.dims.length === selection.place.length && selection.place.every((k, d) => k < parameter.dims[d]);
}

/** Train a run, and keep it to compare with. @param {import("./explorer.js").Explorer} explorer @param {Scenario} scenario */
async function pin(explorer, scenario) {
  await explorer.change(scenario);
  const { run } = explorer.state;
  if (!run || run.scenario !== scenario) return;
  await explorer.client.call("pin", { run: run.id, pinned: true });
  explorer.set({ pinned: run });
}

/**
 * Train and show what an address says.
 * @param {import("./explorer.js").Explorer} explorer
 * @param {Scenario} opening
 * @param {string} fragment
 * @returns {Promise<boolean>} whether it says where to stand
 */
export async function opened(explorer, opening, fragment) {
  const found = decode(fragment, opening);
  explorer.set({ notice: found.notice });
  if (found.pinned) await pin(explorer, found.pinned);
  await explorer.change(found.scenario);
  if (explorer.state.error && found.scenario !== opening) {
    explorer.set({ notice: `What the address of this page asks for could not be run, so it shows what it begins with. ${explorer.state.error}` });
    await explorer.change(opening);
  }
  const { run } = explorer.state;
  if (!run) return false;
  const selection = has(run, found.shown.selection) ? (found.shown.selection ?? null) : null;
  const row = (found.shown.row ?? Infinity) < run.examples.origin.length ? (found.shown.row ?? null) : null;
  explorer.set({ ...USUAL, ...found.shown, selection, row });
  if (found.cursor !== null) explorer.seek(found.cursor);
  return found.cursor !== null;
}

/**
 * Keep the address up to date while nothing moves, and follow one that is put in.
 * @param {import("./explorer.js").Explorer} explorer
 * @param {Scenario} opening
 */
export function follow(explorer, opening) {
  let [waiting, written] = [0, location.hash];
  const write = () => {
    const { state } = explorer;
    if (state.playing || state.busy || state.run?.scenario !== state.scenario) return;
    const fragment = encode(state, opening);
    if (fragment === written) return;
    written = fragment;
    try {
      history.replaceState(null, "", fragment || location.href.replace(/#.*/, ""));
    } catch {
      // a frame without an address of its own: there is nothing to keep
    }
  };
  explorer.store.subscribe(() => {
    clearTimeout(waiting);
    waiting = window.setTimeout(write, REST);
  });
  addEventListener("hashchange", () => {
    written = location.hash;
    explorer.pause();
    opened(explorer, opening, location.hash);
  });
}
