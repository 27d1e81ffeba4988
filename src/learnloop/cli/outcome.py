"""What came of a training: its run, how well it does, and whether it could be recorded."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..carrying import diverged
from ..data import Prepared
from ..errors import Diverged, RecordError, StoreError, UnknownRun
from ..recording import gone
from ..run import Run
from ..train.metrics import confusion
from .entry import DIVERGED, FILES, INTERRUPTED, OK, complain

Array = np.ndarray[Any, np.dtype[Any]]
METRICS = "metrics"
"""Under which the store has them among the facts of a run."""


@dataclass(frozen=True)
class Outcome:
    """What a training gave.

    Attributes:
        run: the run.
        metrics: {"train": {...}, "test": {...}}; empty for a run that diverged, or without rows to test on.
        confusion: rows of each class taken for each class; None where there are none.
        diverged: the error that ended it, or None.
        trouble: what kept it from being recorded whole, or None.
    """

    run: Run
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)
    confusion: Array | None = None
    diverged: Diverged | None = None
    trouble: StoreError | None = None

    @property
    def id(self) -> str | None:
        """What the whole run is called in the store; None where it is not there."""
        return None if self.trouble is not None else self.run.id

    @property
    def code(self) -> int:
        """The exit code."""
        if self.trouble is not None:
            return FILES
        if self.diverged is not None:
            return DIVERGED
        return INTERRUPTED if self.run.interrupted else OK


def attempt(train: Callable[[], Run], prepared: Callable[[Run], Prepared | None]) -> Outcome:
    """Train, measure on the rows to test on, and keep what was measured with the run.

    Args:
        train: what gives a run.
        prepared: the data set with its rows to test on, or None.
    """
    trouble: StoreError | None
    run, trouble = _trained(train)
    if run.outcome.divergence is not None:
        return Outcome(run, diverged=diverged(run), trouble=trouble)
    data = prepared(run)
    if data is None:
        return Outcome(run, trouble=trouble)
    metrics, matrix = measure(run, data)
    if trouble is None:
        try:
            keep(run, metrics)
        except StoreError as error:
            trouble = error
    return Outcome(run, metrics, matrix, None, trouble)


def _trained(train: Callable[[], Run]) -> tuple[Run, RecordError | None]:
    """The run, and why it is not recorded whole."""
    try:
        return train(), None
    except Diverged as error:
        return error.run, None
    except RecordError as error:
        return error.run, error


def measure(run: Run, prepared: Prepared) -> tuple[dict[str, dict[str, float]], Array | None]:
    """Metrics on the rows that it learnt from and on those to test on; and which class was taken for which."""
    rows = prepared.train if run.rows is None else prepared.train[run.rows]
    found = {name: run.evaluate(prepared.X[part], prepared.y[part])
             for name, part in (("train", rows), ("test", prepared.test))}  # fmt: skip
    guesses, truth = run.predict(prepared.X[prepared.test]), prepared.y[prepared.test]
    if prepared.target_scale is None:
        return found, confusion(truth, guesses, len(prepared.data.target_names))
    found["test"]["rmse"] = float(np.sqrt(np.mean((guesses - truth) ** 2))) * prepared.target_scale.scale[0]
    return found, None


def keep(run: Run, metrics: dict[str, dict[str, float]]) -> None:
    """Put what was measured beside the run, where lists find it.

    Raises:
        StoreError: if the store cannot be written.
    """
    if run.record is None:
        return
    store, id = run.record
    try:
        if store.is_live(id):  # somebody goes on with it: what was measured is of the past
            return
        with store.claim(id):
            entry = store.entry(id)
            if entry.digest == run.digest:  # nobody has gone on with it
                store.finish(id, run.status, digest=run.digest, facts=entry.facts | {METRICS: finite(metrics)})
    except UnknownRun as error:
        raise gone(store, id) from error


def lament(outcome: Outcome, said: Callable[[Diverged], str]) -> int:
    """Say what went wrong, after everything else was said; the exit code.

    Args:
        outcome: what came of it.
        said: words for a run that diverged.
    """
    if outcome.diverged is not None:
        complain(said(outcome.diverged))
    if outcome.trouble is not None:
        complain(unrecorded(outcome.trouble))
    return outcome.code


def unrecorded(error: StoreError) -> str:
    """Why a run is not in the store, and what to do on a command line."""
    if not isinstance(error, RecordError):
        return str(error)
    why = str(error.__cause__ or error).split(" The run itself is whole")[0]
    return (
        f"{why} The run was trained to its end, and what is shown of it is true, but it is not recorded as a whole. "
        "The same command gives the same bits once that is mended; train --out FILE saves a run elsewhere."
    )


def finite(value: Any) -> Any:
    """Plain data with None for what is no finite number: JSON knows none."""
    if isinstance(value, dict):
        return {k: finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [finite(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def facts(outcome: Outcome) -> dict[str, Any]:
    """What ``--json`` says of any training."""
    run = outcome.run
    return {
        "run": outcome.id, "status": run.status, "updates": run.updates, "planned": run.task.updates,
        "metrics": outcome.metrics, "confusion": None if outcome.confusion is None else outcome.confusion.tolist(),
        "history": list(run.history), "seconds": run.seconds, "threads_used": run.threads_used, "target": run.target,
        "digest": run.digest, "interrupted": run.interrupted,
        "diverged": None if run.outcome.divergence is None else run.outcome.divergence.update,
    }  # fmt: skip
