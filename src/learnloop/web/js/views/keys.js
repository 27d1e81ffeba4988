// The keys of a run: arrows for its time, Space to play, W for the phases of an update.

/** @param {KeyboardEvent} event @param {import("../state/explorer.js").Explorer} explorer */
export function keys(event, explorer) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.altKey || event.ctrlKey || event.metaKey || target.matches("input, select, textarea, [contenteditable]")) return;
  const far = event.shiftKey ? (explorer.state.run?.perEpoch ?? 1) : 1;
  if (event.key === "ArrowRight") explorer.step(far);
  else if (event.key === "ArrowLeft") explorer.step(-far);
  else if (event.key === " " && !target.matches("button, a, summary, [role=tab]")) explorer.state.playing ? explorer.pause() : explorer.play();
  else if (event.key === "w" || event.key === "W") explorer.walk();
  else return;
  event.preventDefault();
}
