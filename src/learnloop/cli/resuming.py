"""``learnloop resume``: goes on with a run that was interrupted."""

from __future__ import annotations

import json as encoder
from functools import partial
from typing import Any

from ..data import Prepared, Source
from ..errors import DescriptionError, Diverged
from ..run import Run
from ..store import FINISHED, INTERRUPTED, Entry
from ..stored import Store
from ..train.progress import Silent
from . import outcome as ended
from .console import Console, command, console, say
from .outcome import Outcome, attempt, finite, lament
from .progress import Patient
from .result import kept, learning, result
from .shelf import entry_of, is_path, shelf, with_data
from .suggest import learnloop
from .wording import count, plural


def resume(given: str | None, data: str | None, store: str | None, *, json: bool, quiet: bool) -> int:
    """Go on with a run, or with the newest interrupted one.

    Args:
        given: the run; None for the newest interrupted one.
        data: the data set or file, for a run that does not hold its data.
        store: the store.
        json: whether stdout belongs to a machine.
        quiet: whether nothing is shown.
    """
    runs = shelf(store)
    entry = _chosen(runs, given)
    arrays = None if entry.data_kept or entry.status == FINISHED else _arrays(with_data(runs.load(entry.id), entry.id, data))
    people = None if quiet else console(json=json)
    if people is not None:
        _begin(people, runs, entry)
    train = partial(runs.resume, entry.id, data=arrays, progress=Silent() if quiet else Patient())
    outcome = attempt(train, tested)
    if people is not None:
        after(people, outcome)
    if json:
        print(encoder.dumps(finite({"command": "resume", **ended.facts(outcome)})), flush=True)
    return lament(outcome, diverged)


def _chosen(runs: Store, given: str | None) -> Entry:
    if given is None:
        waiting = runs.entries(status=INTERRUPTED)
        if not waiting:
            raise DescriptionError(f"no run in {runs.path} is interrupted. Fix: {learnloop('runs')} lists what there is.")
        return waiting[0]
    if is_path(given):
        raise DescriptionError(f"{given!r} is a file; a run is resumed in the store. Fix: {learnloop('import', given)}")
    return entry_of(given, runs)


def _begin(out: Console, runs: Store, entry: Entry) -> None:
    if entry.status == FINISHED:
        say(out, entry.id, "has finished already: this is what came of it")
    else:
        stand = [update for update in runs.checkpoints(entry.id) if update <= entry.done]
        at = f" from update {count(stand[-1])}" if stand else ""
        say(out, entry.id, f"goes on{at}, {count(entry.done)} of {plural(entry.planned, 'update')} were done")
    out.print()


def _arrays(run: Run) -> tuple[Any, ...]:
    """What the run learns from, as it was checked."""
    found = run.task.data
    return found.X, found.labels if found.labels is not None else found.Y, found.weights


def tested(run: Run) -> Prepared | None:
    """The rows to test on, where the notes of the run know them."""
    source = Source.of(run)
    return None if source is None else source.tested(run)


def after(out: Console, outcome: Outcome) -> None:
    """What came of it."""
    known = tested(outcome.run) if outcome.metrics else None
    learning(out, outcome.run)
    out.print()
    result(out, outcome, None if known is None else known.data)
    out.print()
    kept(out, outcome)
    if outcome.run.interrupted and outcome.id is not None:
        out.print()
        say(out, "try next")
        command(out, "go on to the same end", learnloop("resume", outcome.id))


def diverged(error: Diverged) -> str:
    """The error without what only Python could do."""
    found = str(error).split(" The error's .run ")[0]
    return f"{found} The run is kept up to the last finite loss."
