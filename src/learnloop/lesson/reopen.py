"""Going on where a lesson ended: its run in the explorer, and whether its numbers are still those of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..carrying import carry_out
from ..errors import DataError, DescriptionError, Diverged, LearnloopError
from ..explore.desk import Desk
from ..explore.holding import Holding, Table
from ..explore.onefile import check_work
from ..explore.rows import make_ready, read_table
from ..explore.scenario import Scenario, read, to_task
from ..explore.takeover import table_of_pack
from ..run import Run
from ..train.progress import Silent
from .eventlist import KeptRun
from .facts import FactBook
from .model import LessonRun
from .pagefile import KeptLesson, read_kept
from .runs import UPDATES

OF_THE_STORE = ("run.id",)
"""Facts that a run has by where it was recorded, which nobody gets by doing it again."""


@dataclass(frozen=True, eq=False)
class Reopened:
    """What the explorer begins with.

    Attributes:
        scenario: of the lesson's first run; None where only the run itself can be opened.
        table: its rows; None for a data set that comes along.
        run: the run, where there is no scenario.
        differences: what is not as the lesson says, a sentence each.
        unchecked: which runs could not be done again as they were, and why, a sentence each.
        checked: how many numbers of the lesson were held against its runs.
    """

    scenario: Scenario | None
    table: Table | None = None
    run: Run | None = None
    differences: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    checked: int = 0


def open_at(desk: Desk, found: Reopened) -> None:
    """Let an explorer begin with the lesson's run, and with its rows."""
    if found.scenario is None:
        assert found.run is not None, "a lesson is about something"
        desk.open_run(found.run)
        return
    scenario = found.scenario
    if found.table is not None:
        scenario = replace(scenario, data={"kind": "kept", "id": desk.hold(found.table)})
    desk.open_scenario(scenario)


def of_runs(runs: Mapping[str, LessonRun]) -> Reopened:
    """What the explorer begins with, for the runs of a document that was just read."""
    first = runs[""]
    if first.scenario is None:
        return Reopened(None, run=first.run)
    scenario = read(first.scenario)
    return Reopened(scenario, _table(scenario, first.rows))


def of_file(path: Path, progress: Silent | None = None) -> Reopened:
    """The same for a page, or an event list: its runs are trained again, and its numbers compared with them.

    Args:
        path: of a page (HTML) or an event list (JSON), which may be anybody's.
        progress: who tells people about the training; None for nobody.

    Raises:
        FileError: if it cannot be read, was cut off, or is something else.
        DescriptionError, DataError, UnknownName: if its run cannot be done again, with the reason.
    """
    kept = read_kept(path)
    first = kept.events.runs[0]
    scenario = _scenario(first, path)
    table = _table(scenario, _rows(kept, path)) if scenario.data["kind"] == "kept" else None
    return replace(_compared(kept, scenario, table, progress or Silent()), scenario=scenario, table=table)


def _scenario(run: KeptRun, path: Path) -> Scenario:
    """The scenario of the first run.

    Raises:
        DescriptionError: if there is none.
    """
    if run.scenario is None:
        why = run.refusal.split(" Fix: ")[0].rstrip(".") or "nothing in it says how"
        raise DescriptionError(
            f"the run of {path} cannot be done again from the page: {why}. Fix: learnloop explore RUN opens a recorded run, "
            "learnloop lesson open FILE.md the run of a document."
        )
    return read(run.scenario)


def _rows(kept: KeptLesson, path: Path) -> bytes:
    if not kept.rows:
        raise DescriptionError(f"{path} does not hold the rows of its run. Fix: open the page of the lesson, which holds them.")
    return kept.rows


def _table(scenario: Scenario, rows: bytes) -> Table | None:
    return table_of_pack(rows) if scenario.data["kind"] == "kept" else None


def _compared(kept: KeptLesson, scenario: Scenario, table: Table | None, shown: Silent) -> Reopened:
    """What differs between the lesson and its runs, trained again."""
    runs: dict[str, LessonRun] = {}
    said, unchecked = list(_promises(kept)), []
    for known in kept.events.runs:
        try:
            again = runs[known.name] = _again(known, scenario, table, shown)
        except LearnloopError as error:
            unchecked.append(f"{_called(known)} could not be done again as it was, so its numbers were not compared: {error}")
            continue
        digest = again.run.digest
        if digest != known.digest:
            said.append(f"{_called(known)} ends with weights whose SHA-256 begins with {digest[:12]}; the lesson says {known.digest[:12]!a}.")
    facts, strange = _facts(kept, runs)
    return Reopened(None, None, None, (*said, *strange, *FactBook(runs).check(facts)), tuple(unchecked), len(facts))


def _facts(kept: KeptLesson, runs: Mapping[str, LessonRun]) -> tuple[list[Mapping[str, Any]], list[str]]:
    """The facts of runs that were done again, and what is said of those of no run at all."""
    names = {name: run.name for run in kept.events.runs for name in (run.name, run.called) if name or not run.name}
    strange = [fact for fact in kept.events.facts if fact["run"] not in names]
    found = [fact for fact in kept.events.facts if names.get(fact["run"]) in runs and fact["name"] not in OF_THE_STORE]
    return found, [f"{fact['name']} is called a fact of the run {fact['run']!a}, which the lesson does not have." for fact in strange]


def _promises(kept: KeptLesson) -> Iterator[str]:
    if kept.digest and kept.digest != kept.events.runs[0].digest:
        yield "the page promises other weights than its lesson says."


def _called(run: KeptRun) -> str:
    return f"the run {run.name!a}" if run.name else "the run"


def _again(known: KeptRun, first: Scenario, table: Table | None, shown: Silent) -> LessonRun:
    """A run of the lesson, done again; one that diverges as far as it came.

    Raises:
        LearnloopError: if it cannot be, with the reason.
    """
    if known.scenario is None:
        raise DescriptionError(known.refusal or "the page does not say how.")
    scenario = read(known.scenario)
    task_rows = make_ready(_table_of(scenario, first, table), scenario.split)
    task = to_task(scenario, task_rows)
    check_work(task)
    if task.updates > UPDATES:
        raise DataError(f"it has {task.updates} updates; up to {UPDATES} are done again.")
    try:
        run = carry_out(task, shown, notes=task_rows.notes)
    except Diverged as error:
        run = error.run
    if run.updates != known.updates:
        raise DataError(f"it goes on to update {run.updates}, and was stopped at update {known.updates}.")
    return LessonRun(known.called, run, known.scenario, b"")


def _table_of(scenario: Scenario, first: Scenario, table: Table | None) -> Table:
    """The rows of a run: a page keeps those of its first one only."""
    if scenario.data["kind"] != "kept":
        return read_table(scenario.data, Holding())
    if table is None or scenario.data != first.data:
        raise DataError("its rows are not kept with the lesson.")
    return table
