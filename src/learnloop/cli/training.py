"""``learnloop train``: from a name to a saved run."""

from __future__ import annotations

import json as encoder
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from .. import api
from ..compile import find_toolchain, native_target
from ..data import datasets
from ..errors import Diverged, FileError
from ..run import Run
from ..train.metrics import confusion
from ..train.progress import Silent
from . import storage
from .choices import Choices, Plan, settle
from .entry import DIVERGED, INTERRUPTED, OK, complain
from .prepare import Prepared, prepare
from .progress import Patient
from .room import check_room

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Outcome:
    """What a training gave.

    Attributes:
        run: the run.
        metrics: {"train": {...}, "test": {...}}; empty for a run that diverged.
        confusion: rows of each class taken for each class; None where there are none.
        diverged: the error that ended it, or None.
    """

    run: Run
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)
    confusion: Array | None = None
    diverged: Diverged | None = None


def train(name: str, chosen: dict[str, Any], out: str | None, *, json: bool, quiet: bool) -> int:
    """Train as the command line says; returns the exit code.

    Args:
        name: of the data set.
        chosen: the fields of :class:`Choices`.
        out: the file to write; None for one in the data folder.
        json: whether stdout belongs to a machine.
        quiet: whether nothing is shown.
    """
    choices = Choices(name, **chosen)
    data = datasets.load(name)
    plan = settle(choices, data)
    check_room(plan)
    find_toolchain(), native_target()  # what is missing shall be told first
    prepared = prepare(data, choices.test, choices.seed)
    place = storage.prepare_folder() if out is None else storage.check_target(Path(out))
    before, after = (_nothing, _nothing) if quiet else _report(json)
    before(prepared, plan)
    outcome = _learn(plan, prepared, Silent() if quiet else Patient())
    path = place / storage.file_name(data.name, outcome.run.digest) if out is None else place
    try:
        outcome.run.save(path)
    except FileError:
        after(prepared, plan, outcome, None)  # the numbers shall not be lost as well
        raise
    after(prepared, plan, outcome, path)
    if json:
        print(encoder.dumps(_summary(prepared, plan, outcome, path)), flush=True)
    if outcome.diverged is not None:
        complain(_diverged(outcome.diverged, plan))
        return DIVERGED
    return INTERRUPTED if outcome.run.interrupted else OK


def _report(json: bool) -> tuple[Callable[..., None], Callable[..., None]]:
    """How to tell people, before and after: what that takes is imported only where there is somebody to tell."""
    from . import report
    from .console import console

    people = console(json=json)
    return partial(report.before, people), partial(report.after, people)


def _nothing(*_: Any) -> None:
    """Tell nobody."""


def _diverged(error: Diverged, plan: Plan) -> str:
    """The error with what mends it on a command line."""
    found = str(error).split(" Fix: ")[0]
    clip = " or --clip-norm 1" if plan.choices.clip_norm is None else ""
    return f"{found} Fix: --learning-rate {plan.smaller_rate():g}{clip}. The run is saved up to the last finite loss."


def _learn(plan: Plan, prepared: Prepared, shown: Silent) -> Outcome:
    given = prepared.train
    try:
        run = api.train(
            plan.network, prepared.X[given], prepared.y[given], loss=plan.loss, optimizer=plan.optimizer,
            progress=shown, **plan.train,
        )  # fmt: skip
    except Diverged as error:
        return Outcome(error.run, diverged=error)
    rows = given if run.rows is None else given[run.rows]
    measured = {name: run.evaluate(prepared.X[part], prepared.y[part])
                for name, part in (("train", rows), ("test", prepared.test))}  # fmt: skip
    guesses = run.predict(prepared.X[prepared.test])
    truth = prepared.y[prepared.test]
    if prepared.target_scale is None:
        return Outcome(run, measured, confusion(truth, guesses, len(prepared.data.target_names)))
    measured["test"]["rmse"] = float(np.sqrt(np.mean((guesses - truth) ** 2))) * prepared.target_scale.scale[0]
    return Outcome(run, measured)


def _summary(prepared: Prepared, plan: Plan, outcome: Outcome, path: Path) -> dict[str, Any]:
    """What ``--json`` prints: plain data, null for what is no finite number."""
    run, data = outcome.run, prepared.data
    matrix, held = outcome.confusion, 0 if run.held_out is None else len(run.held_out)
    facts = {
        "command": "train", "data": data.name, "task": data.task, "rows": len(data.X), "columns": data.X.shape[1],
        "train_rows": len(prepared.train) - held, "validation_rows": held, "test_rows": len(prepared.test),
        "metrics": outcome.metrics,
        "history": list(run.history), "confusion": None if matrix is None else matrix.tolist(),
        "updates": run.updates, "seconds": run.seconds, "threads_used": run.threads_used, "target": run.target,
        "digest": run.digest, "saved": str(path.absolute()), "interrupted": run.interrupted,
        "diverged": None if outcome.diverged is None else outcome.diverged.update, "options": plan.options,
    }  # fmt: skip
    finite: dict[str, Any] = _finite(facts)
    return finite


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_finite(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
