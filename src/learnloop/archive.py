"""Tasks and outcomes as plain data and arrays, both ways: what files and the store keep of a run.

What is read is data: nothing in it is run or imported, and everything is checked before a compiled program, which
trusts labels and row numbers, is given it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from .language import DOUBLE
from .network import Network
from .rules import Loss, Optimizer, from_data, to_data
from .rules.registry import is_number, is_whole, short
from .train.examples import Examples, check_examples, digest_examples
from .train.options import MOST_THREADS, Options
from .train.session import Divergence, Outcome
from .train.task import Held, Start, Task

Array = np.ndarray[Any, np.dtype[Any]]
Arrays = dict[str, Array]
_ENDS = ("stand", "status", "seconds", "threads_used", "target", "compiler")
_STATUSES = ("finished", "interrupted", "diverged", "failed")


def describe_task(task: Task) -> dict[str, Any]:
    """A task without its arrays, as plain data.

    Raises:
        DescriptionError: if it has rules of one's own: data hold no code, so they could not be read back.
    """
    start = task.start
    return {
        "network": task.network.to_dict(), "loss": to_data(task.loss), "optimizer": to_data(task.optimizer),
        "options": asdict(task.options), "count": task.count, "data_digest": task.data_digest,
        "arithmetic": task.arithmetic,
        "held": None if task.held is None else task.held.digest,
        "start": None if start is None else {
            "update": start.update, "history": list(start.history), "parent": describe_task(start.parent),
        },
    }  # fmt: skip


def arrays_of_task(task: Task) -> Arrays:
    """The arrays that are a task's own, besides the data."""
    found = {"rows": task.rows, "held": None if task.held is None else task.held.rows}
    arrays = {name: np.ascontiguousarray(values, np.int64) for name, values in found.items() if values is not None}
    if task.start is None:
        return arrays
    arrays |= {f"start/state/{k}": v for k, v in task.start.state.items()}
    arrays |= {f"start/parent/{k}": v for k, v in arrays_of_task(task.start.parent).items()}
    parent = task.start.parent.examples
    if parent is not None and parent is not task.examples:
        arrays["start/parent/weights"] = parent.weights
    return arrays | {"start/losses": task.start.losses}


def arrays_of_data(task: Task) -> Arrays:
    """The data, held out rows that are not among them included; nothing where they are not at hand."""
    if task.examples is None:
        return {}
    arrays = _of_examples(task.examples)
    if task.held is not None and task.held.examples is not None:
        arrays |= {f"held/{name}": values for name, values in _of_examples(task.held.examples).items()}
    return arrays


def _of_examples(given: Examples) -> Arrays:
    parts = {"X": given.X, "labels": given.labels, "Y": given.Y, "weights": given.weights}
    return {name: values for name, values in parts.items() if values is not None}


def read_task(text: Mapping[str, Any], arrays: Mapping[str, Array], data: Mapping[str, Array]) -> Task:
    """A task from its description and its arrays.

    Args:
        text: what :func:`describe_task` gave.
        arrays: what :func:`arrays_of_task` gave.
        data: what :func:`arrays_of_data` gave; empty where the data are elsewhere.

    Raises:
        KeyError, TypeError, ValueError: if they describe no task.
    """
    loss, optimizer, options = from_data(text["loss"]), from_data(text["optimizer"]), Options(**text["options"])
    network = Network.from_dict(text["network"])
    if options.problems() or not isinstance(loss, Loss) or not isinstance(optimizer, Optimizer):
        raise ValueError(" ".join(options.problems()) or "its loss or its optimizer is none")
    examples = _examples(network, loss, options, data) if data else None
    digest = str(text["data_digest"])
    if examples is not None and digest_examples(examples) != digest:
        raise ValueError("its data do not have the digest of what it learnt from")
    rows = _rows(arrays.get("rows"), examples)
    held = _held(text["held"], arrays, data, network, loss, options, examples)
    arithmetic, count = _count(text["arithmetic"]), _count(text["count"])
    task = Task(network, loss, optimizer, options, count, digest, examples, rows, held, arithmetic=arithmetic)
    if examples is not None and task.count != (examples.rows if rows is None else len(rows)):
        raise ValueError("the number of its rows is not that of its data")
    return task if text["start"] is None else replace(task, start=_start(task, text["start"], arrays))


def _count(given: Any) -> int:
    if not isinstance(given, int) or given < 1:
        raise ValueError(f"it has {given!r} where a number above 0 is expected")
    return given


def _examples(network: Network, loss: Loss, options: Options, data: Mapping[str, Array]) -> Examples:
    targets = data["labels"] if loss.labels else data["Y"]
    return check_examples(network, loss, data["X"], targets, data["weights"], options.dtype)


def _rows(given: Array | None, examples: Examples | None) -> Array | None:
    if given is None:
        return None
    most = None if examples is None else examples.rows
    whole = given.ndim == 1 and given.dtype.kind == "i" and len(given) > 0 and given.min() >= 0
    if not whole or (most is not None and given.max() >= most):
        raise ValueError("its row numbers are none of its data")
    return np.ascontiguousarray(given)


def _held(
    digest: Any, arrays: Mapping[str, Array], data: Mapping[str, Array], network: Network, loss: Loss, options: Options,
    examples: Examples | None,
) -> Held | None:  # fmt: skip
    if digest is None:
        return None
    if not digest:
        return Held(None, _rows(arrays["held"], examples))
    own = _part(data, "held/")
    other = _examples(network, loss, options, own) if own else None
    if other is not None and digest_examples(other) != digest:
        raise ValueError("its validation data do not have the digest that they had")
    return Held(other, None, str(digest))


def _part(arrays: Mapping[str, Array], prefix: str) -> Arrays:
    return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}


def _start(task: Task, text: Mapping[str, Any], arrays: Mapping[str, Array]) -> Start:
    inner = _part(arrays, "start/parent/")
    examples = task.examples
    data = {} if examples is None else _of_examples(examples)
    if "weights" in inner and data:
        data["weights"] = inner["weights"]
    if examples is not None and task.held is not None and task.held.examples is not None:
        data |= {f"held/{k}": v for k, v in _of_examples(task.held.examples).items()}
    parent = read_task(text["parent"], inner, data)
    state, losses, update = _part(arrays, "start/state/"), arrays["start/losses"], text["update"]
    check_state(task, state)
    if not is_whole(update) or update != len(losses) or not 0 < update <= min(parent.updates, task.updates):
        raise ValueError("it begins at an update that its parent, or it itself, does not have")
    return Start(update, state, _check_losses(task, losses), _history(text["history"]), parent)


def check_state(task: Task, state: Mapping[str, Array]) -> None:
    """Refuse parameters and states that a program could not start from.

    Raises:
        KeyError, ValueError: if one is missing, or has another shape or type.
    """
    for name, tensor in task.program.fixed.items():
        found, kind = state[name], np.dtype("float64" if tensor.dtype == DOUBLE else task.options.dtype)
        if found.shape != tensor.dims or found.dtype != kind:
            raise ValueError(f"{name} has the shape {found.shape} and the type {found.dtype}")


def _check_losses(task: Task, losses: Array) -> Array:
    if losses.ndim != 1 or losses.dtype != np.dtype(task.options.dtype):
        raise ValueError(f"its losses have the shape {losses.shape} and the type {losses.dtype}")
    return losses


def describe_outcome(outcome: Outcome) -> dict[str, Any]:
    """An outcome without its arrays, as plain data."""
    divergence = None if outcome.divergence is None else asdict(outcome.divergence)
    more = {"history": list(outcome.history), "divergence": divergence, "timed": outcome.timed}
    return {n: getattr(outcome, n) for n in _ENDS} | more


def arrays_of_outcome(outcome: Outcome) -> Arrays:
    """Its losses, weights and states."""
    found = {f"weight/{k}": v for k, v in outcome.weights.items()}
    return found | {f"state/{k}": v for k, v in outcome.state.items()} | {"losses": outcome.losses}


def read_outcome(task: Task, text: Mapping[str, Any], arrays: Mapping[str, Array]) -> Outcome:
    """An outcome from what :func:`describe_outcome` and :func:`arrays_of_outcome` gave.

    Raises:
        KeyError, TypeError, ValueError: if they describe no outcome of the task.
    """
    weights, state = _part(arrays, "weight/"), _part(arrays, "state/")
    whole = dict(state)
    for p in task.program.parameters:
        if p.name not in weights:
            raise ValueError(f"{p.name} is missing")
        whole[p.tensor] = weights[p.name]
    check_state(task, whole)
    losses = _check_losses(task, arrays["losses"])
    _check_end(task, text, len(losses))
    return Outcome(
        losses=losses, weights={p.name: weights[p.name] for p in task.program.parameters},
        state={n: state[n] for n, t in task.program.fixed.items() if t.role == "state"},
        history=_history(text["history"]), divergence=_divergence(text["divergence"]), timed=_timed(text.get("timed")),
        **{n: text[n] for n in _ENDS},
    )  # fmt: skip


def _check_end(task: Task, text: Mapping[str, Any], count: int) -> None:
    """Refuse an end that the task cannot have: threads are started, and updates walked to, as it says."""
    stand, seconds, threads = text["stand"], text["seconds"], text["threads_used"]
    if count > task.updates:
        raise ValueError("it has more losses than updates")
    if not is_whole(stand) or not task.first <= stand <= count:
        raise ValueError(f"it stands at update {short(stand)} and has {count} losses")
    if not is_whole(threads) or not 1 <= threads <= MOST_THREADS:
        raise ValueError(f"it ran on {short(threads)} threads")
    if not is_number(seconds) or text["status"] not in _STATUSES:
        raise ValueError(f"it took {short(seconds)} seconds and ended as {short(text['status'])}")
    if not all(isinstance(text[name], str) for name in ("target", "compiler")):
        raise ValueError("its target or its compiler is no text")


def _history(given: Any) -> tuple[dict[str, float], ...]:
    """What was measured, by epoch."""
    for record in given:
        if not isinstance(record, dict) or "epoch" not in record or not all(map(_is_measure, record.values())):
            raise ValueError("what was measured after an epoch is no table of numbers")
    return tuple(given)


def _is_measure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)  # R2 may be NaN


def _timed(given: Any) -> int | None:
    """How many updates the seconds are for; runs of before do not say."""
    if given is not None and (not is_whole(given) or given < 0):
        raise ValueError(f"its seconds are those of {short(given)} updates")
    return None if given is None else int(given)


def _divergence(given: Any) -> Divergence | None:
    if given is None:
        return None
    found = Divergence(**given)
    if not is_whole(found.update) or not isinstance(found.layer, str) or not isinstance(found.tensor, str):
        raise ValueError("where it diverged makes no sense")
    return found
