"""``learnloop show``: what a run is, and what came of it."""

from __future__ import annotations

import json as encoder
import time
from typing import Any

from rich.text import Text

from ..data import Source
from ..run import Run
from ..store import Entry
from .console import Console, command, console, plain, say, unbroken
from .entry import OK
from .outcome import METRICS, finite
from .result import headline, largest, learning, network_table
from .shelf import find, title
from .suggest import learnloop
from .wording import ago, count, plural
from .words import change_words, optimizer_words, options_words


def show(given: str, store: str | None, *, json: bool) -> int:
    """Show a run."""
    run = find(given, store)
    entry = None if run.record is None else run.record[0].entry(run.record[1])
    if json:
        print(encoder.dumps(_facts(run, given, entry)))
        return OK
    out = console()
    _what(out, run, title(run, given), entry)
    out.print()
    network_table(out, run.network)
    out.print()
    say(out, "learning", plain(f"{optimizer_words(run.optimizer)}, on {run.loss.name}"), options_words(run))
    learning(out, run, chart=True)
    out.print()
    _end(out, run, entry)
    out.print()
    _next(out, run, title(run, given), status(run, entry))
    return OK


def status(run: Run, entry: Entry | None) -> str:
    """How it ended, or that it has not."""
    return run.status if entry is None else entry.status


def tested(entry: Entry | None, which: str = "test") -> dict[str, Any] | None:
    """What was measured on the rows to test on, or on those for "validation"; a store may hold anything."""
    metrics = None if entry is None else entry.facts.get(METRICS)
    test = metrics.get(which) if isinstance(metrics, dict) else None
    if not isinstance(test, dict) or not {"loss"} < set(test) or not {"accuracy", "r2"} & set(test):
        return None
    return test if all(isinstance(v, int | float | None) for v in test.values()) else None


def _what(out: Console, run: Run, name: str, entry: Entry | None) -> None:
    when = "" if entry is None else f", {ago(entry.changed, time.time())}"
    say(out, name, f"{status(run, entry)}{when}", *origin(run))
    out.print()
    source, task = Source.of(run), run.task
    if source is None:
        words = [f"{plural(task.count, 'row')} to learn from, {plural(run.network.inputs, 'column')}"]
    else:
        words = [f"{source.name}: {count(task.count)} rows to learn from, {count(len(source.test))} to test on"]
    there = "kept with the run" if run.examples is not None else "not kept with the run; --data NAME points to them"
    say(out, "data", *words, f"{there}; SHA-256 begins with {run.data_digest[:12]}")


def origin(run: Run) -> list[str]:
    """From which run it came, and how."""
    notes = run.notes
    of = f" of {notes['of']}" if isinstance(notes.get("of"), str) else ""
    at = notes.get("branch") if run.task.start is None else run.task.start.update
    if at is not None:
        return [f"a branch{of} at update {at}"]
    changed, gone = notes.get("again"), run.left_out
    if isinstance(changed, list) and changed:
        return [f"a training{of} again, with {change_words(run, list(map(str, changed)))}"]
    if gone:
        rows = ", ".join(map(str, gone[:10])) + (" ..." if len(gone) > 10 else "")
        return [f"without {'row' if len(gone) == 1 else 'rows'} {rows}{of}"]
    return []


def _end(out: Console, run: Run, entry: Entry | None) -> None:
    divergence, test = run.outcome.divergence, tested(entry)
    if divergence is not None:
        say(out, "result", Text(f"diverged at update {divergence.update}, first in {plain(divergence.layer)}", "bold red"))
    elif test is not None:
        say(out, "result", headline(test))
    unbroken(out, "digest", run.digest)
    if run.record is not None:
        kept = [f"weights before {plural(len(run.digests), 'update')}", f"state before {plural(len(run.checkpoints), 'update')}"]
        say(out, "recorded", f"digests of the {kept[0]}, the {kept[1]}")


def _next(out: Console, run: Run, name: str, ended: str) -> None:
    say(out, "try next")
    middle = str(run.updates // 2)  # at the end a schedule may have come to 0, and nothing moves
    if ended == "interrupted":
        command(out, "go on to the same end", learnloop("resume", name))
    if run.updates:
        command(out, "one update", learnloop("show", name, "--update", middle))
        command(out, "why a weight moved", learnloop("why", name, largest(run), "--update", middle))
    command(out, "whether it can be had again", learnloop("replay", name, "--verify"))


def _facts(run: Run, given: str, entry: Entry | None) -> dict[str, Any]:
    from ..rules import to_data

    metrics = None if entry is None else entry.facts.get(METRICS)
    facts: dict[str, Any] = finite({
        "command": "show", "run": title(run, given), "status": status(run, entry),
        "created": None if entry is None else entry.created, "updates": run.updates, "planned": run.task.updates,
        "updates_per_epoch": run.updates_per_epoch, "network": run.network.to_dict(), "loss": to_data(run.loss),
        "optimizer": to_data(run.optimizer),
        "options": {k: getattr(run.options, k) for k in ("batch_size", "epochs", "seed", "threads", "dtype")},
        "losses": run.losses.tolist(), "history": list(run.history), "metrics": metrics, "digest": run.digest,
        "data_digest": run.data_digest, "data_kept": run.examples is not None, "target": run.target,
        "seconds": run.seconds, "notes": run.notes,
        "branched_at": None if run.task.start is None else run.task.start.update,
    })  # fmt: skip
    return facts
