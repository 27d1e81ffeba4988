"""What is taken home: a run file, C, a standalone program, a page. The server trains what was not recorded."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..carrying import carry_out
from ..emit import write_standalone
from ..errors import DescriptionError, Diverged, short
from ..run import Run
from ..train.progress import Silent
from ..train.task import Task
from ..web.kit import multiply_adds
from . import scenario as scenarios
from .answers import TooLarge
from .holding import Table
from .limits import EXPORT_WORK, UPLOAD
from .onefile import page_of_run, page_of_scenario

if TYPE_CHECKING:
    from .desk import Desk

PAGE = "learnloop.html"


@dataclass(frozen=True)
class Made:
    """A file to download.

    Attributes:
        name: a name that the server chose.
        kind: its media type.
        content: its bytes.
    """

    name: str
    kind: str
    content: bytes


def export(desk: Desk, given: Mapping[str, Any]) -> Made:
    """A file.

    Args:
        desk: what the server has.
        given: "kind", one of "run", "c", "standalone", "page", "digest"; and "scenario", or "run" for the id of a run.

    Raises:
        DescriptionError: for something else.
        TooLarge: for a training that would take too long.
    """
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in (*_WRITERS, "page"):
        raise DescriptionError(f"kind is {short(kind)}; expected page, {', '.join(_WRITERS)}.")
    if isinstance(given.get("run"), str) and kind == "page":
        return Made(PAGE, "text/html", page_of_run(desk.books.run(given["run"])))
    if isinstance(given.get("run"), str):
        return _WRITERS[kind](desk.books.run(given["run"]))
    scenario = scenarios.read(given.get("scenario"))
    rows = scenarios.ready(scenario, desk.held)
    task = scenarios.to_task(scenario, rows)
    _check_cost(task)
    run = _trained(task, rows.notes)
    return _page(run, scenario, rows.table) if kind == "page" else _WRITERS[kind](run)


def _check_cost(task: Task) -> None:
    work = multiply_adds(task.program) * task.options.batch_size * task.updates
    if work > EXPORT_WORK:
        raise TooLarge(
            f"this training takes {work / 1e9:.0f} thousand million multiply-adds, too many to do again for an export. "
            "Fix: train it natively, then export the recorded run."
        )


def _trained(task: Task, notes: dict[str, Any]) -> Run:
    """The run; one that diverges as far as it came."""
    try:
        return carry_out(task, Silent(), notes=notes)
    except Diverged as error:
        found: Run = error.run
        return found


def _run_file(run: Run) -> Made:
    with tempfile.TemporaryDirectory(prefix="learnloop-export-") as folder:
        return Made("learnloop.run", "application/octet-stream", run.save(Path(folder, "learnloop.run")).read_bytes())


def _c(run: Run) -> Made:
    return Made("network.c", "text/x-c", run.source.encode())


def _standalone(run: Run) -> Made:
    if run.examples is not None and run.examples.X.nbytes > UPLOAD:
        raise TooLarge("the data are too large for an archive. Fix: learnloop emit RUN --target standalone.")
    whole = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="learnloop-export-") as folder, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as file:
        for path in write_standalone(run, folder):
            file.write(path, path.name)
    return Made("learnloop-standalone.zip", "application/zip", whole.getvalue())


def _page(run: Run, scenario: scenarios.Scenario, table: Table) -> Made:
    return Made(PAGE, "text/html", page_of_scenario(run, scenario, table))


def _digest(run: Run) -> Made:
    """The known answer that a page compares its own with."""
    return Made("digest.txt", "text/plain", run.digest.encode())


_WRITERS: dict[str, Callable[[Run], Made]] = {"run": _run_file, "c": _c, "standalone": _standalone, "digest": _digest}
