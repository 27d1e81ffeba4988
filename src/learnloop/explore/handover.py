"""Rows and runs as packs: what pages are handed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..data import KEY, Dataset, shuffled
from ..run import Run
from ..train.task import Held
from ..web.pack import pack
from .answers import TooLarge, finite
from .holding import Given, Table
from .limits import PAGE
from .rows import noise

Array = np.ndarray[Any, np.dtype[Any]]
Arrays = dict[str, Array]


def data_pack(table: Table, part: Mapping[str, Any], sample: int | None = None) -> bytes:
    """The rows of the data part of a scenario, before they are split and scaled: pages do that as Python does.

    Args:
        table: the rows.
        part: the data part.
        sample: so many rows at most, chosen at random; None for all.

    Raises:
        TooLarge: for more than a page takes.
    """
    arrays: Arrays = {"X": table.data.unfilled, "y": _little(table.data.y)}
    extra, noisy_target, much = noise(part)
    arrays |= extra
    if table.given is not None:
        arrays = _given(arrays, table.given)
    rows = len(arrays["X"])
    if sample is not None and sample < rows:
        chosen = np.sort(shuffled(rows, 0)[:sample])
        over_rows = {name: values for name, values in arrays.items() if name not in ("learn", "held")}
        arrays = {name: values[chosen] for name, values in over_rows.items()} | {"rows": chosen.astype(np.int32)}
    _check_size(arrays)
    held = None if table.given is None or table.given.held is None else table.given.held.examples
    header = _header(table) | {"rows": rows, "apart": 0 if held is None else held.rows, "noisy_target": noisy_target, "noise": much, "id": part.get("id") or table.data.name}
    return pack(finite(header), arrays)


def _given(arrays: Arrays, given: Given) -> Arrays:
    """With which rows are learnt from, and which are measured: those that lie apart come behind the others."""
    count, held = len(arrays["X"]), given.held
    own: Arrays = dict(arrays)
    if given.weights is not None:
        own["weights"] = given.weights
    if given.rows is not None:
        own["learn"] = given.rows.astype(np.int32)
    if held is not None and held.rows is not None:
        own["held"] = held.rows.astype(np.int32)
    return own if held is None or held.examples is None else _behind(own, held, count)


def _behind(own: Arrays, held: Held, count: int) -> Arrays:
    examples = held.examples
    assert examples is not None
    targets = examples.labels if examples.labels is not None else examples.Y
    assert targets is not None
    y = own["y"]
    weights = own.get("weights", np.ones(count, examples.weights.dtype))
    more = {
        "X": np.concatenate([own["X"], examples.X]), "y": np.concatenate([y, targets.reshape(-1, *y.shape[1:]).astype(y.dtype)]),
        "weights": np.concatenate([weights, examples.weights]),
        "learn": own.get("learn", np.arange(count, dtype=np.int32)),
        "held": np.arange(count, count + examples.rows, dtype=np.int32),
    }  # fmt: skip
    return own | more


def _header(table: Table) -> dict[str, Any]:
    data, known = table.data, table.notes.get(KEY)
    return {
        "kind": "data", "version": 1, "name": data.name, "task": data.task, "origin": table.origin,
        "columns": [{"name": name, "kind": kind} for name, kind in zip(data.feature_names, _kinds(data), strict=True)],
        "targets": list(data.target_names), "said": list(data.notes),
        "image_shape": None if data.image_shape is None else list(data.image_shape), "scale": data.scale,
        "ready": table.given is not None, "description": data.description, "source": data.source, "licence": data.licence,
        "known": known if table.given is not None else None,
    }  # fmt: skip


def _kinds(data: Dataset) -> list[str]:
    """Of the inputs: flags are left as they are, numbers are scaled."""
    if data.encoding is None:
        return ["number"] * len(data.feature_names)
    return ["number" if scaled else "flag" for scaled in data.encoding.scaled]


def _little(values: Array) -> Array:
    """Classes as 32-bit whole numbers, which typed arrays have; numbers as they are."""
    return values.astype(np.int32) if values.dtype.kind in "iub" else values


def _check_size(arrays: Arrays) -> None:
    size = sum(values.nbytes for values in arrays.values())
    if size > PAGE:
        raise TooLarge(
            f"the data have {size >> 20} MiB, and a page takes up to {PAGE >> 20}. Fix: train natively, where the page shows "
            "a sample of the rows; or take fewer rows."
        )


def run_pack(run: Run, status: str, scenario: Mapping[str, Any] | None, refusal: str | None) -> bytes:
    """What is known of a run, and its losses.

    Args:
        run: the run.
        status: how it ended, or "running".
        scenario: what a page computes it from, or None.
        refusal: why there is none.
    """
    divergence = run.outcome.divergence
    header = {
        "kind": "run", "version": 1, "id": run.id, "status": status, "scenario": scenario, "refusal": refusal,
        "network": {"inputs": run.network.inputs, "outputs": run.network.outputs, "text": str(run.network)},
        "loss": run.loss.name, "learning_rate": run.optimizer.schedule.text(),
        "dtype": run.options.dtype, "updates": run.updates, "planned": run.task.updates,
        "updates_per_epoch": run.updates_per_epoch, "first": run.task.first, "stand": run.outcome.stand,
        "history": list(run.history), "digest": run.digest, "digests": run.digests, "data_digest": run.data_digest,
        "program_digest": run.program.digest, "target": run.target, "seconds": run.seconds, "left_out": run.left_out,
        "divergence": None if divergence is None else vars(divergence), "has_data": run.examples is not None,
        "notes": run.notes,
    }  # fmt: skip
    return pack(finite(header), {"losses": run.losses})
