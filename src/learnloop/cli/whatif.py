"""``learnloop without``, ``branch`` and ``again``: what would have come otherwise, by real training."""

from __future__ import annotations

import json as encoder
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..data import Source
from ..errors import DescriptionError, StoreError, UnknownRun
from ..rules import OPTIMIZERS
from ..run import Run
from ..runs import Comparison, compare
from ..train.progress import Silent
from . import outcome as ended
from .choices import NUMBERS, as_typed, check_numbers
from .compared import facts, side_by_side
from .console import Console, console, say
from .outcome import Outcome, attempt, finite, lament
from .progress import Patient
from .result import INTERRUPTED, kept, learning, pace
from .resuming import diverged, tested
from .shelf import find, refused, shelf, title, usable, with_data
from .showing import origin
from .words import optimizer_name, row_list

Train = Callable[..., Run]


@dataclass(frozen=True)
class How:
    """How a new run is made and kept.

    Attributes:
        data: the data set or file, for a run that does not hold its data.
        store: the store.
        no_record: whether the new run is kept nowhere.
        json: whether stdout belongs to a machine.
        quiet: whether nothing is shown.
    """

    data: str | None = None
    store: str | None = None
    no_record: bool = False
    json: bool = False
    quiet: bool = False


def without(given: str, rows: str | None, how: How) -> int:
    """Train without some rows."""
    if rows is None:
        raise DescriptionError("which rows shall be left out? Fix: --rows 17,18, for example.")
    left_out, run = row_list(rows), _ready(given, how)
    return _carry("without", run, given, partial(run.without, left_out), how)


def branch(given: str, at: int | None, changes: Mapping[str, Any], how: How) -> int:
    """Go on otherwise from an update."""
    run = _ready(given, how)
    if at is None:
        raise DescriptionError(f"where shall it branch? Fix: --at K, an update from 0 to {run.updates}.")
    train = partial(run.branch, at + run.updates if at < 0 else at, **_given(changes, run))
    return _carry("branch", run, given, train, how)


def again(given: str, changes: Mapping[str, Any], how: How) -> int:
    """Train again from the beginning with something changed."""
    run = _ready(given, how)
    return _carry("again", run, given, partial(run.again, **_given(changes, run)), how)


def _given(changes: Mapping[str, Any], run: Run) -> dict[str, Any]:
    chosen = {name: value for name, value in changes.items() if value is not None}
    if not chosen:
        raise DescriptionError(
            "nothing is changed. Fix: --learning-rate 0.1, for example; replay computes the same again."
        )
    name = chosen.get("optimizer") or optimizer_name(run.optimizer)
    named: dict[str, Any] = dict(OPTIMIZERS)
    if name in named:
        check_numbers(name, named[name], [number for number in NUMBERS if number in chosen])
    return chosen


def _ready(given: str, how: How) -> Run:
    return with_data(find(given, how.store), given, how.data)


def _carry(verb: str, run: Run, given: str, train: Train, how: How) -> int:
    """Train, record, compare with the original."""
    place = False if how.no_record else usable(shelf(how.store))
    shown = Silent() if how.quiet else Patient()
    name = title(run, given)
    outcome = attempt(partial(_typed, train, record=place, name=_name(run), progress=shown), tested)
    found = _compared(run, outcome)
    if not how.quiet:
        _tell(console(json=how.json), (run, outcome), (name, outcome.id or "the new one"), found)
    if how.json:
        print(encoder.dumps(finite({
            "command": verb, "of": name, **ended.facts(outcome), "original": None if found is None else facts(run, name),
            "comparison": None if found is None else found.to_dict(),
        })), flush=True)  # fmt: skip
    return lament(outcome, diverged)


def _compared(run: Run, outcome: Outcome) -> Comparison | None:
    """Where both part; None where the original is gone with the store that the new run could not be recorded in."""
    try:
        return compare(run, outcome.run)
    except (StoreError, UnknownRun):
        if outcome.trouble is None:
            raise
        return None


def _typed(train: Train, **how: Any) -> Run:
    """Train, with mistakes in the words of the command line."""
    try:
        with refused():
            return train(**how)
    except DescriptionError as error:
        raise DescriptionError([as_typed(problem) for problem in error.problems]) from error


def _name(run: Run) -> str:
    """What the new run is called: as the one that it comes from."""
    if run.record is not None:
        return run.record[0].entry(run.record[1]).name
    source = Source.of(run)
    return "run" if source is None else source.name


def _tell(out: Console, both: tuple[Run, Outcome], names: tuple[str, str], found: Comparison | None) -> None:
    run, outcome = both
    say(out, names[1], *origin(outcome.run), pace(outcome.run), *([INTERRUPTED] if outcome.run.interrupted else []))
    out.print()
    if found is None:
        learning(out, outcome.run)
    else:
        side_by_side(out, (run, outcome.run), names, found)
    out.print()
    kept(out, outcome)
