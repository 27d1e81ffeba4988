"""A run, or a scenario, as a page that is one file: its programs, its rows and the digest that must come out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..compile.writing import replace
from ..errors import FileError
from ..run import Run
from ..runs.portrait import portrait
from ..train.task import Task
from ..web.export import Page, one_file
from ..web.kit import multiply_adds
from . import limits
from .answers import TooLarge, finite
from .handover import data_pack
from .holding import Table
from .kits import compiled
from .opening import of_task, structure_of, table_of
from .scenario import Scenario, Structure

DATA = 24 << 20
"""Bytes of rows that a file takes."""
WORK = 100_000_000_000
"""Multiply-adds of a training that a page does again whenever it is opened: about a minute."""


def page_of_run(run: Run, *, compact: bool = False) -> bytes:
    """The page of a run.

    Args:
        run: what to show.
        compact: whether to leave out what takes room: for notebooks.

    Raises:
        DescriptionError: if a page cannot compute the run, with the reason.
        TooLarge: if it is too much for a file.
        CompileError: without a working compiler.
    """
    structure = structure_of(run)
    scenario = of_task(run.task, f"run-{run.data_digest[:16]}", structure)
    return _page(run, scenario, table_of(run), compact)


def page_of_scenario(run: Run, scenario: Scenario, table: Table) -> bytes:
    """The page of a scenario, whose data may be ones that come with learnloop: noise and split can be changed, then.

    Args:
        run: what it gives.
        scenario: what to show.
        table: its rows.

    Raises:
        TooLarge, CompileError: as for :func:`page_of_run`.
    """
    return _page(run, scenario, table, False)


def write_page(content: bytes, path: str | Path, what: str = "the page") -> Path:
    """Write a page, or what goes with one; an existing file is replaced at once or not at all.

    Args:
        content: of the file.
        path: where to.
        what: messages call it so.

    Raises:
        FileError: if it cannot be written.
    """
    place = Path(path).expanduser()
    try:
        return replace(place, content)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise FileError(f"{what} cannot be written to {str(place)!r}: {why}. Fix: choose another place, or make room.") from error


def page_blocks(run: Run, scenario: Scenario, table: Table) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What a page computes a run from.

    Args:
        run: what comes out.
        scenario: what it is computed from.
        table: its rows.

    Returns:
        What the page opens with, as plain JSON, and its blocks by name: "kit", "kit-emulated", "data", "source".

    Raises:
        TooLarge, CompileError: as for :func:`page_of_run`.
    """
    check_work(run.task)
    rows = page_rows(table, scenario.data)
    return page_session(run, scenario.to_dict()), page_kits(scenario.structure) | {"data": rows, "source": run.source.encode()}


def page_session(run: Run, scenario: Mapping[str, Any]) -> dict[str, Any]:
    """What a page opens with: a scenario as plain JSON, and the digest that must come out of it."""
    session: dict[str, Any] = finite({
        "opening": {"scenario": scenario, "run": None, "digest": run.digest, "end": run.outcome.stand},
        "limits": limits.described(),
    })  # fmt: skip
    return session


def page_kits(structure: Structure) -> dict[str, bytes]:
    """The programs of a page by the names of their blocks: for hosts with a fused multiply-add, and for those without.

    Raises:
        CompileError: without a working compiler.
    """
    return {"kit": _kit(structure, emulated=False), "kit-emulated": _kit(structure, emulated=True)}


def page_rows(table: Table, part: Mapping[str, Any]) -> bytes:
    """The rows of the data part of a scenario, packed.

    Raises:
        TooLarge: for more than a file takes.
    """
    rows = data_pack(table, part)
    if len(rows) > DATA:
        raise TooLarge(
            f"the rows have {len(rows) >> 20} MiB, and a page that is one file takes up to {DATA >> 20}. "
            "Fix: export a run with fewer rows, or open this one with learnloop explore."
        )
    return rows


def check_work(task: Task) -> None:
    """Refuse a training that a page cannot do again whenever it is opened.

    Raises:
        TooLarge: for that.
    """
    once = multiply_adds(task.program) * task.options.batch_size
    work = once * task.updates
    if work > WORK or once > limits.WORK:
        raise TooLarge(
            f"this training takes {work / 1e9:.0f} thousand million multiply-adds, and a page does it again whenever it is "
            f"opened: up to {WORK / 1e9:.0f}. Fix: export a shorter run, or open this one with learnloop explore."
        )


def _page(run: Run, scenario: Scenario, table: Table, compact: bool) -> bytes:
    session, blocks = page_blocks(run, scenario, table)
    name = table.data.name
    return one_file(Page(
        f"{name} - learnloop", f"A neural network that learns {name} in {run.updates} updates, in this file: every update can be "
        "visited, and every knob trains it again.", session, blocks, portrait(run), compact,
    ))  # fmt: skip


def _kit(structure: Structure, *, emulated: bool) -> bytes:
    return compiled(structure.network, structure.loss, structure.optimizer, structure.dtype, emulated)
