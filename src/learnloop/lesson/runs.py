"""The runs of a lesson: trained as its document says, or there already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..carrying import carry_out
from ..compile import generate
from ..compile.target import STANDALONE
from ..errors import Diverged, LearnloopError, short
from ..explore.answers import TooLarge
from ..explore.holding import Holding, Table
from ..explore.onefile import check_work, page_kits, page_rows, page_session
from ..explore.opening import of_task, structure_of, table_of
from ..explore.rows import Ready, make_ready
from ..explore.scenario import Scenario, ready, to_task
from ..run import Run
from ..train.progress import Silent
from ..train.task import Task
from ..web.kit import multiply_adds
from .document.model import Block, Document
from .model import LessonRun
from .problems import LessonError, Place, Problem
from .train_choices import chosen, command
from .train_data import Learnt, named
from .train_values import Values

RUNS, UPDATES, WORK = 8, 500_000, 20_000_000_000
"""Runs of a lesson, updates of a run, and its multiply-adds: what a machine does in seconds."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}", re.ASCII)


def train_runs(
    document: Document, *, store: str | None = None, progress: Silent | None = None, run: Run | None = None,
    folder: Path | None = None,
) -> dict[str, LessonRun]:  # fmt: skip
    """Train what a document asks for.

    Args:
        document: whose ``run`` blocks are carried out.
        store: the path of the store with recorded runs; None for the user's own.
        progress: who tells people; None for nobody.
        run: a run that there is; it takes the place of the first block.
        folder: where the paths in the document begin; None for the folder of the document.

    Returns:
        By name; the first one is "", whatever its own name is. A run that diverged is there as far as it came.

    Raises:
        LessonError: with everything that is wrong with the blocks.
        CompileError: without a working compiler.
    """
    found: list[Problem] = []
    blocks = list(document.runs)[0 if run is None else 1 :]
    names = _names(document.runs, given=run is not None, found=found)
    place = Path(document.path).parent if folder is None else folder
    prepared = [_prepared(Values(block, found), place, store) for block in blocks]
    if found:
        raise LessonError(document.path, found)
    runs = {} if run is None else {"": of_run(run, names[0])}
    for name, each in zip(names[len(runs) :], prepared, strict=True):
        assert each is not None, "what cannot be trained was refused"
        runs["" if not runs else name] = _carried(name, each, progress or Silent())
    return runs


def of_run(run: Run, name: str = "") -> LessonRun:
    """A run that there is, for a lesson; where a page cannot compute it, the reason is in ``refusal``.

    Args:
        run: any run.
        name: what the lesson calls it.
    """
    try:
        structure = structure_of(run)
        check_work(run.task)
        scenario = of_task(run.task, f"run-{run.data_digest[:16]}", structure)
        return LessonRun(name, run, scenario.to_dict(), page_rows(table_of(run), scenario.data))
    except LearnloopError as error:
        return LessonRun(name, run, None, b"", str(error))


def page_blocks_of(found: LessonRun) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What a page computes a run from; the same on every machine.

    Args:
        found: a run that has a scenario.

    Returns:
        What the page opens with, as plain JSON, and its blocks by name: "kit", "kit-emulated", "data", "source".

    Raises:
        CompileError: without a working compiler.
    """
    assert found.scenario is not None, found.refusal
    run = found.run
    source = generate(run.program, STANDALONE, run.options.dtype).text
    return page_session(run, found.scenario), page_kits(structure_of(run)) | {"data": found.rows, "source": source.encode()}


def _names(blocks: tuple[Block, ...], *, given: bool, found: list[Problem]) -> list[str]:
    """The names of all runs, the first of which needs none."""
    if not blocks and not given:
        found.append(Problem(Place(1, 1), "the lesson has no run. Fix: begin with a block such as :::{run} spirals."))
    names: list[str] = []
    for k, block in enumerate(blocks):
        values = Values(block, found)
        name = values.text("name") or ""
        if k == RUNS:
            values.refuse("", f"a lesson has at most {RUNS} runs. Fix: fewer.")
        if name in names and name:
            values.refuse("name", f"the name {short(name)} is given to two runs. Fix: a name of its own for each.")
        elif (name or k) and not _NAME.fullmatch(name):
            got = f"the name {short(name)} is none" if name else "every run but the first needs a name"
            values.refuse("name", f"{got}. Fix: letters, digits and hyphens, such as :name: hot.")
        names.append(name)
    return names or [""]


Prepared = Run | tuple[Task, Scenario, Ready, str, str]


def _prepared(values: Values, folder: Path, store: str | None) -> Prepared | None:
    """What a block asks for, ready to be carried out; None if something is wrong with it."""
    learnt = named(values, folder, store)
    if isinstance(learnt, Run):
        for name in values.block.options:
            if name != "name":
                values.refuse(name, f"the run was trained already, and its {name} cannot be chosen. Fix: leave it out.")
        return learnt if values.sound else None
    scenario = None if learnt is None else chosen(values, learnt)
    if learnt is None or scenario is None:
        return None
    try:
        rows = _rows(learnt, scenario)
        task = to_task(scenario, rows)
        _check(task, values)
    except (LearnloopError, MemoryError) as error:
        values.refuse_all("", error)
        return None
    return task, scenario, rows, command(values, learnt, scenario), learnt.file


def _rows(learnt: Learnt, scenario: Scenario) -> Ready:
    return ready(scenario, Holding()) if learnt.table is None else make_ready(learnt.table, scenario.split)


def _check(task: Task, values: Values) -> None:
    """Refuse a training that takes longer than anybody waits for a lesson."""
    work = multiply_adds(task.program) * task.options.batch_size * task.updates
    if task.updates > UPDATES or work > WORK:
        values.refuse(
            "epochs",
            f"this training has {task.updates} updates with {work / 1e9:.3g} thousand million multiply-adds; a lesson takes "
            f"up to {UPDATES} and {WORK / 1e9:g}. Fix: fewer epochs, units or rows.",
        )


def _carried(name: str, prepared: Prepared, shown: Silent) -> LessonRun:
    if isinstance(prepared, Run):
        return of_run(prepared, name)
    task, scenario, rows, told, file = prepared
    try:
        run = carry_out(task, shown, notes=rows.notes)
    except Diverged as error:
        run = error.run
    return _lesson_run(name, run, scenario, rows.table, told, file)


def _lesson_run(name: str, run: Run, scenario: Scenario, table: Table, told: str, file: str) -> LessonRun:
    plain: Mapping[str, Any] = scenario.to_dict()
    try:
        check_work(run.task)
        return LessonRun(name, run, plain, page_rows(table, scenario.data), "", told, file)
    except TooLarge as error:
        return LessonRun(name, run, None, b"", str(error), told, file)
