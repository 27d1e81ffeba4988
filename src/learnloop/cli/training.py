"""``learnloop train``: from a name to a recorded run."""

from __future__ import annotations

import json as encoder
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from .. import api
from ..compile import find_toolchain, native_target
from ..data import Prepared, prepare
from ..errors import Diverged, FileError
from ..run import Run
from ..stored import Store
from ..train.progress import Silent
from . import outcome as ended
from .choices import Choices, Plan, settle
from .given import check_there
from .outcome import Outcome, attempt, finite, lament
from .progress import Patient
from .room import check_room
from .shelf import refused, shelf, usable
from .storage import check_target


@dataclass(frozen=True)
class Keep:
    """Where a run is kept.

    Attributes:
        store: the path of a store; None for the user's own.
        record: whether it is recorded at all.
        out: a single file to write, too, or None.
    """

    store: str | None = None
    record: bool = True
    out: str | None = None

    def check(self) -> tuple[Store | None, Path | None]:
        """Both places, before anything is learnt.

        Raises:
            StoreError, FileError: if one cannot be written.
        """
        place = None if self.out is None else check_target(Path(self.out))
        return usable(shelf(self.store)) if self.record else None, place


def train(name: str, chosen: dict[str, Any], keep: Keep, *, json: bool, quiet: bool) -> int:
    """Train as the command line says; returns the exit code.

    Args:
        name: of the data set, or the path of a file or folder.
        chosen: the fields of :class:`Choices`.
        keep: where the run is kept.
        json: whether stdout belongs to a machine.
        quiet: whether nothing is shown.
    """
    check_there(name)
    choices = Choices(name, **chosen)
    data = choices.data.dataset()
    plan = settle(choices, data)
    check_room(plan)
    find_toolchain(), native_target()  # what is missing shall be told first
    prepared = prepare(data, choices.test, choices.seed)
    store, place = keep.check()
    before, after = (_nothing, _nothing) if quiet else _report(json)
    before(prepared, plan)
    outcome = attempt(partial(_learn, plan, prepared, store, Silent() if quiet else Patient()), lambda _: prepared)
    try:
        path = None if place is None else outcome.run.save(place)
    except FileError:
        after(prepared, plan, outcome, None)  # the numbers shall not be lost as well
        raise
    after(prepared, plan, outcome, path)
    if json:
        print(encoder.dumps(_summary(prepared, plan, outcome, path)), flush=True)
    return lament(outcome, partial(_diverged, plan))


def _report(json: bool) -> tuple[Callable[..., None], Callable[..., None]]:
    """How to tell people, before and after: what that takes is imported only where there is somebody to tell."""
    from . import report
    from .console import console

    people = console(json=json)
    return partial(report.before, people), partial(report.after, people)


def _nothing(*_: Any) -> None:
    """Tell nobody."""


def _diverged(plan: Plan, error: Diverged) -> str:
    """The error with what mends it on a command line."""
    found = str(error).split(" Fix: ")[0]
    clip = " or --clip-norm 1" if plan.choices.clip_norm is None else ""
    return f"{found} Fix: --learning-rate {plan.smaller_rate():g}{clip}. The run is kept up to the last finite loss."


def _learn(plan: Plan, prepared: Prepared, store: Store | None, shown: Silent) -> Run:
    given = prepared.train
    with refused():
        return api.train(
            plan.network, prepared.X[given], prepared.y[given], loss=plan.loss, optimizer=plan.optimizer,
            progress=shown, record=store or False, name=id_name(prepared.data.name), notes=prepared.notes, **plan.train,
        )  # fmt: skip


def id_name(name: str) -> str:
    """What the ids of runs on a data set begin with: its name, without what is odd on a command line.

    >>> id_name("digits"), id_name("my houses (2)")
    ('digits', 'my-houses-2')
    """
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:40] or "data"


def _summary(prepared: Prepared, plan: Plan, outcome: Outcome, path: Path | None) -> dict[str, Any]:
    """What ``--json`` prints: plain data, null for what is no finite number."""
    run, data = outcome.run, prepared.data
    held = 0 if run.held_out is None else len(run.held_out)
    facts = {
        "command": "train", "data": data.name, "task": data.task, "rows": len(data.X), "columns": data.X.shape[1],
        "train_rows": len(prepared.train) - held, "validation_rows": held, "test_rows": len(prepared.test),
        "saved": None if path is None else str(path.absolute()), "options": plan.options,
    }  # fmt: skip
    finished: dict[str, Any] = finite(facts | ended.facts(outcome))
    return finished
