"""``learnloop influence``: the run trained again without each row, and what that changes."""

from __future__ import annotations

import json as encoder
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import DescriptionError
from ..run import Run
from ..runs import Influence
from ..train.progress import Silent
from .console import Console, console, plain, say, show, table
from .entry import INTERRUPTED, OK
from .outcome import finite
from .progress import Patient
from .resuming import tested
from .rowwords import Rows
from .shelf import find, title, with_data
from .wording import plural, signed
from .words import check_count, row_list


@dataclass(frozen=True)
class Question:
    """What is asked of the rows.

    Attributes:
        rows: which, as typed; None for all that the run learnt from.
        measure: what is measured.
        threads: how many trainings at once; None for one on each core.
    """

    rows: str | None
    measure: str
    threads: int | None


def influence(
    given: str, question: Question, most: int, data: str | None, store: str | None, *, json: bool, quiet: bool
) -> int:
    """Leave out each row in turn."""
    check_count("--most", most)
    rows = None if question.rows is None else row_list(question.rows)
    run = with_data(find(given, store), given, data)
    if run.task.start is not None:
        raise DescriptionError(f"{title(run, given)} is a branch. Fix: ask the run that it branched from.")
    place, on = _measured_on(run, question.measure)
    found = run.leave_one_out(
        rows, measure=question.measure, on=on, threads=question.threads, progress=Silent() if quiet else Patient()
    )
    if not quiet:
        _tell(console(json=json), run, found, f"{question.measure} on {place}", most)
    if json:
        print(encoder.dumps(finite(_facts(run, given, found, place))))
    return INTERRUPTED if found.interrupted else OK


def _measured_on(run: Run, measure: str) -> tuple[str, Any]:
    """What the rows are judged by: those to test on, or held out, or all."""
    prepared = tested(run)
    if prepared is None:
        return ("the rows to learn from" if run.task.held is None else "the rows held out"), None
    X, y = prepared.X[prepared.test], prepared.y[prepared.test]
    return "the rows to test on", X if measure in ("probabilities", "outputs") else (X, y)


def _tell(out: Console, run: Run, found: Influence, what: str, most: int) -> None:
    base = f": {float(found.base):.6g}" if found.base.ndim == 0 else ""
    say(
        out, "measure", f"{what}{base}",
        f"{plural(len(found.rows), 'row')} left out, one at a time, each a real training",
        *(["interrupted: the other rows were not reached"] if found.interrupted else []),
    )  # fmt: skip
    rows, places = Rows(run), {int(row): k for k, row in enumerate(found.rows)}
    heads = rows.heads()
    head = "without it" if found.effects.ndim == 1 else "moves it by (norm)"
    for line in _meaning(found, what):
        say(out, "", line)
    body = table(*heads, head, right=(*range(len(heads) - 1), len(heads)))
    for row in found.strongest(most):
        k = places[int(row)]
        effect = signed(float(found.effects[k])) if found.effects.ndim == 1 else f"{found.strength[k]:.6g}"
        body.add_row(*map(plain, rows.cells(int(row))), effect)
    out.print()
    show(out, body, indent=2)


def _meaning(found: Influence, what: str) -> list[str]:
    """What the numbers say, whose sign depends on what is measured."""
    if not len(found.rows):
        return []
    if not np.any(found.strength):
        return ["leaving out any of them changes nothing at all"]
    if found.effects.ndim != 1:
        return []
    helps = "helps" if what.startswith("loss") else "harms"
    return [f"without it: by how much the {what} is higher then; plus means that the row {helps}"]


def _facts(run: Run, given: str, found: Influence, place: str) -> dict[str, Any]:
    rows = Rows(run)
    strength: list[float] = np.asarray(found.strength, np.float64).tolist()
    return {
        "command": "influence", "run": title(run, given), "on": place, **found.to_dict(),
        "effects": [{**rows.to_dict(int(row)), "strength": s} for row, s in zip(found.rows, strength, strict=True)],
    }  # fmt: skip
