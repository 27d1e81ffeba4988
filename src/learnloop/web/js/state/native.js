// Follows a training of the server: losses and epochs as they come, and back to it when the connection was lost.

import { unpack } from "../engine/pack.js";

/** Seconds between two tries to come back. */
const AGAIN = 1.5;

export class Native {
  #closed = false;
  /** How often it tried to come back since it last was there. */
  #tries = 0;

  /**
   * @param {import("./explorer.js").Explorer} explorer
   * @param {import("./explorer.js").Shown} run
   */
  constructor(explorer, run) {
    this.explorer = explorer;
    this.run = run;
    /** @type {string} of the run, in the store */
    this.id = "";
    this.ended = false;
    /** Updates that can be visited: what is in the store already. */
    this.kept = 0;
    explorer.set({ busy: "training on the computer that serves this page", progress: 0 });
    this.#open({ start: run.scenario });
  }

  /** @param {any} wish */
  #open(wish) {
    const url = new URL("live", document.baseURI);
    url.protocol = "ws:";
    this.socket = new WebSocket(url);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.socket?.send(JSON.stringify(wish));
    this.socket.onmessage = ({ data }) => (typeof data === "string" ? this.#hear(JSON.parse(data)) : this.#losses(data));
    this.socket.onclose = () => this.#lost();
  }

  /** The connection is gone: say so, and come back. */
  #lost() {
    if (this.#closed || this.ended) return;
    this.#tries += 1;
    const hint = this.#tries > 2 ? " The program that serves this page may have ended: what was learnt is in its store." : "";
    this.explorer.set({ notice: `The connection was lost; trying again.${hint}` });
    setTimeout(() => !this.#closed && this.#open(this.id ? { resume: this.id } : { start: this.run.scenario }), 1000 * AGAIN);
  }

  /** @param {any} said */
  #hear(said) {
    if (this.#closed) return;
    this.explorer.set({ notice: "" });
    if (said.kind === "started" || said.kind === "watching") {
      this.#tries = 0;
      this.id = said.run;
      this.run.planned = said.planned;
    } else if (said.kind === "epoch") this.#epoch(said.record);
    else if (said.kind === "end") this.#end(said);
    else if (said.kind === "error" && this.#tries > 0 && this.id) this.#watch();
    else if (said.kind === "error") this.#fail(said.error);
  }

  /** @param {ArrayBuffer} bytes */
  async #losses(bytes) {
    if (this.#closed) return;
    const { header, arrays } = unpack(bytes);
    const { explorer, run } = this;
    const ended = explorer.state.cursor >= run.updates;
    await explorer.client.call("append", { run: run.id, first: header.first, losses: arrays.losses.slice() });
    const facts = await explorer.client.call("facts", { run: run.id });
    Object.assign(run, { losses: facts.losses, updates: facts.updates });
    this.kept = header.kept;
    explorer.set({ progress: header.done / run.planned, cursor: ended ? run.updates : explorer.state.cursor });
    explorer.look();
  }

  /** What was measured after an epoch. @param {Record<string, number>} record */
  #epoch(record) {
    const quality = record.validation_accuracy ?? record.validation_r2 ?? NaN;
    const update = record.epoch * this.run.perEpoch;
    if (this.run.marks.some((mark) => mark.update === update)) return;
    this.run.marks.push({ update, train: { loss: record.loss, quality: NaN }, test: { loss: record.validation_loss ?? NaN, quality } });
    this.explorer.set({});
  }

  /** @param {any} said */
  #end(said) {
    this.ended = true;
    this.kept = said.done;
    if (said.divergence) this.run.diverged = said.divergence.update;
    this.explorer.set({ busy: "", progress: 0, error: said.error ?? "" });
    this.explorer.look();
  }

  /** The server stopped it with the connection and cannot go on with it: it had ended, or another page goes on with it. */
  #watch() {
    this.#tries = 0;
    this.socket?.send(JSON.stringify({ watch: this.id }));
  }

  /** @param {string} error */
  #fail(error) {
    this.ended = true;
    this.explorer.set({ busy: "", error });
  }

  /** Stop what was started; what it learnt stays in the store. */
  close() {
    this.#closed = true;
    this.socket?.close();
    this.explorer.set({ busy: "", notice: "" });
  }
}
