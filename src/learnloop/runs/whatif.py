"""What would have happened otherwise: the same task but for one thing, to be carried out like any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data.check import check_weights
from ..errors import DataError, DescriptionError, UnknownName
from ..rules import Optimizer
from ..rules.optimizers import as_optimizer
from ..rules.registry import is_whole, plain, short
from ..rules.schedules import Schedule
from ..train.options import Options
from ..train.task import Start, Task

if TYPE_CHECKING:
    from ..run import Run

Array = np.ndarray[Any, np.dtype[Any]]
_OPTIONS = ("batch_size", "epochs", "seed", "threads")


def without_rows(run: Run, rows: Any) -> Task:
    """The same task with weight 0 for some rows: they keep their places, so that nothing else moves.

    A branch goes on from where the run that it branched from would have been without them.

    Args:
        run: with its data at hand.
        rows: rows of the X that was passed.

    Raises:
        DescriptionError: for rows that it does not learn from.
        DataError: if nothing is left to learn from.
    """
    task = run.task
    task.check_data()
    weights = task.data.weights.copy()
    weights[check_rows(task, rows)] = 0
    if not weights[slice(None) if task.rows is None else task.rows].any():
        raise DataError("all rows would be left out, and none is left to learn from. Fix: leave some.")
    less, start = task.weighted(weights), task.start
    if start is None or run.parent is None:
        return less
    before = run.parent.without(rows)
    return replace(less, start=replace(
        start, state=carried(less, before.state_before(start.update), start.parent),
        losses=before.losses[: start.update].copy(), parent=before.task,
    ))  # fmt: skip


def check_rows(task: Task, rows: Any) -> Array:
    """Rows as an array of places in the data.

    Raises:
        DescriptionError: for anything but rows that the task learns from.
    """
    found = rows.tolist() if isinstance(rows, np.ndarray) else rows
    given = [plain(row) for row in (found if isinstance(found, Iterable) and not isinstance(found, str) else [found])]
    count, learnt = task.data.rows, None if task.rows is None else set(task.rows.tolist())
    wrong = [row for row in given if not is_whole(row) or not 0 <= row < count]
    if wrong or not given:
        raise DescriptionError(
            f"rows is {short(wrong[0] if wrong else given)}; expected whole numbers from 0 to {count - 1}."
        )
    held = [] if learnt is None else [row for row in given if row not in learnt]
    if held:
        raise DescriptionError(f"row {held[0]} is held out: the run did not learn from it, so leaving it out moves nothing.")
    return np.array(given, np.int64)


def changed(task: Task, changes: Mapping[str, Any]) -> Task:
    """The same task with other options or another optimizer.

    Args:
        task: with its data at hand.
        changes: ``optimizer``, any field of the optimizer such as ``learning_rate`` or ``momentum``, ``batch_size``,
            ``epochs``, ``seed``, ``threads``, ``sample_weight``.

    Raises:
        UnknownName: for a change of something else.
        DescriptionError: for one that makes no sense.
        DataError: for data that were written to.
    """
    task.check_data()
    known = (*_OPTIONS, "optimizer", "sample_weight", *(f.name for f in fields(_optimizer(task, changes))))
    for name in changes:
        if name not in known:
            raise UnknownName("option", name, known)
    options = replace(task.options, **{k: changes[k] for k in _OPTIONS if k in changes})
    if options.problems():
        raise DescriptionError(options.problems())
    made = replace(task, options=_fitting(options, task), optimizer=_adjusted(_optimizer(task, changes), changes), start=None)
    if "sample_weight" not in changes:
        return made
    given, real = changes["sample_weight"], task.data.weights.dtype
    weights = np.ones(task.data.rows, real) if given is None else check_weights(given, rows=task.data.rows, dtype=real)
    return made.weighted(weights)


def _fitting(options: Options, task: Task) -> Options:
    return replace(options, batch_size=min(options.batch_size, task.count))


def _optimizer(task: Task, changes: Mapping[str, Any]) -> Optimizer:
    return as_optimizer(changes["optimizer"]) if "optimizer" in changes else task.optimizer


def _adjusted(optimizer: Optimizer, changes: Mapping[str, Any]) -> Optimizer:
    """An optimizer with other numbers; a learning rate that is a number keeps the shape of the schedule."""
    own = {f.name: plain(changes[f.name]) for f in fields(optimizer) if f.name in changes}
    rate = own.get("learning_rate")
    if rate is not None and not isinstance(rate, Schedule):
        own["learning_rate"] = optimizer.schedule.at_rate(rate)
    return replace(optimizer, **own)


def branched(run: Run, at: int, changes: Mapping[str, Any]) -> Task:
    """A task that goes on from an update of a run with other options.

    Args:
        run: with its data at hand.
        at: the first update that is done otherwise; the number of updates goes on behind the last.
        changes: as for :func:`changed`, but for the batch size, which says what an update is.

    Raises:
        UnknownName, DescriptionError: for an update or a change that cannot be.
    """
    at = plain(at)
    if not is_whole(at) or not 0 <= at <= run.updates:
        raise DescriptionError(f"at is {short(at)}; expected a whole number from 0 to {run.updates}, the updates of the run.")
    if "batch_size" in changes:
        raise DescriptionError(
            "batch_size cannot change at a branch: it says which rows an update has, and so what the update "
            f"{at} is. Fix: again(batch_size={changes['batch_size']}) trains from the beginning."
        )
    task = changed(run.task, changes)
    if at == 0:
        return task
    if task.updates <= at:
        raise DescriptionError(f"epochs is {task.options.epochs}, which ends before update {at}. Fix: more epochs.")
    history = tuple(h for h in run.history if h["epoch"] * run.updates_per_epoch <= at)
    state = carried(task, run.state_before(at), run.task)
    return replace(task, start=Start(at, state, run.losses[:at].copy(), history, run.task))


def carried(task: Task, state: Mapping[str, Array], before: Task) -> dict[str, Array]:
    """What of a state the changed task goes on with: all of it where both keep the same, else the weights alone.

    The states of another optimizer mean something else, whatever they are called; they begin anew.
    """
    same = {n: (t.dims, t.dtype) for n, t in task.program.fixed.items()}
    if same == {n: (t.dims, t.dtype) for n, t in before.program.fixed.items()} and type(task.optimizer) is type(before.optimizer):
        return dict(state)
    from .travel import first_state

    parameters = {p.tensor for p in task.program.parameters}
    return {n: state[n] if n in parameters else v for n, v in first_state(task).items()}
