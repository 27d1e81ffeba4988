"""Runs as single files: safetensors, with the description as JSON and one digest over everything."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import DescriptionError, FileError, UnknownName
from .network import Network
from .rules import from_data
from .train.examples import Examples

if TYPE_CHECKING:
    from .run import Run

FORMAT = "learnloop run 1"
LARGEST = 4 << 30
"""Bytes of the largest file that is read."""
WITH_DATA = 16 << 20
"""Bytes of data up to which a file holds it."""


def save_run(run: Run, path: Path) -> Path:
    """Write a run; see :meth:`learnloop.run.Run.save`."""
    from safetensors.numpy import save

    tensors: dict[str, Any] = {f"weight/{k}": np.ascontiguousarray(v) for k, v in run.weights.items()}
    tensors |= {f"state/{k}": np.ascontiguousarray(v) for k, v in run.state.items()}
    tensors["losses"] = np.ascontiguousarray(run.losses)
    if run.held_out is not None:
        tensors["held_out"] = np.ascontiguousarray(run.held_out, np.int64)
    if run.examples is not None and _size(run) <= WITH_DATA:
        tensors |= _data(run)
    text = json.dumps(run.describe(), sort_keys=True)
    blob = save(tensors, {"format": FORMAT, "run": text, "sha256": _seal(text, tensors)})
    work = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with work.open("wb") as file:
            file.write(blob)
            file.flush()
            os.fsync(file.fileno())
        work.replace(path)
    except OSError as error:
        work.unlink(missing_ok=True)
        raise FileError(
            f"the run cannot be written to {path}: {error.strerror}. Fix: choose another folder."
        ) from error
    return path


def _size(run: Run) -> int:
    return sum(values.nbytes for values in _data(run).values())


def _data(run: Run) -> dict[str, Any]:
    """What the run learnt from, so that it can be had again from the file alone."""
    assert run.examples is not None
    parts = {"X": run.examples.X, "labels": run.examples.labels, "Y": run.examples.Y, "weights": run.examples.weights}
    parts["rows"] = None if run.rows is None else np.ascontiguousarray(run.rows, np.int32)
    return {f"data/{name}": values for name, values in parts.items() if values is not None}


def _seal(text: str, tensors: dict[str, Any]) -> str:
    total = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        values = tensors[name]
        total.update(f"{name} {values.dtype} {list(values.shape)}".encode())
        total.update(values.tobytes())
    return total.hexdigest()


def load(path: str | Path) -> Run:
    """Read a run that :meth:`learnloop.run.Run.save` wrote.

    Args:
        path: the file. It is data: nothing in it is run or imported.

    Raises:
        FileError: if it is missing, damaged, or no run.
    """
    from safetensors import SafetensorError, safe_open

    where = Path(path)
    if where.is_dir():
        raise FileError(f"{where} is a folder, and a run is one file. Fix: give the path that run.save was given.")
    try:
        if where.stat().st_size > LARGEST:
            raise FileError(f"{where} has more than {LARGEST} bytes: that is no run of learnloop.")
        with safe_open(where, framework="numpy") as file:
            head = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError as error:
        raise FileError(f"there is no file {where}. Fix: give the path that run.save was given.") from error
    except FileError:
        raise
    except (OSError, SafetensorError, ValueError, KeyError, TypeError, MemoryError, AttributeError) as error:
        raise FileError(f"{where} cannot be read as a run: {error}. Fix: save the run again.") from error
    return _unpack(where, head, tensors)


def _unpack(path: Path, head: dict[str, str], tensors: dict[str, Any]) -> Run:
    if head.get("format") != FORMAT:
        raise FileError(
            f"{path} is no run of this version of learnloop: got {head.get('format')!r}, expected {FORMAT!r}."
        )
    text = head.get("run", "")
    if _seal(text, tensors) != head.get("sha256"):
        raise FileError(f"{path} is damaged: its contents do not have the digest that they were saved with.")
    try:
        return _run(json.loads(text), tensors)
    except (KeyError, TypeError, ValueError, AssertionError, DescriptionError, UnknownName) as error:
        raise FileError(
            f"{path} describes no run: {str(error).rstrip('.')}. Fix: save it again with this version."
        ) from error


def _run(data: dict[str, Any], tensors: dict[str, Any]) -> Run:
    from .run import Options, Run

    def part(kind: str) -> dict[str, Any]:
        return {k.split("/", 1)[1]: v for k, v in tensors.items() if k.startswith(kind + "/")}

    network = Network.from_dict(data["network"])
    weights, held = part("weight"), part("data")
    examples = Examples(held["X"], held.get("labels"), held.get("Y"), held["weights"]) if held else None
    return Run(
        network=network, loss=from_data(data["loss"]), optimizer=from_data(data["optimizer"]),
        options=Options(**data["options"]), losses=tensors["losses"], state=part("state"),
        weights={p.name: weights[p.name] for p in network.parameters()}, history=tuple(data["history"]),
        interrupted=data["interrupted"], seconds=data["seconds"], updates_per_epoch=data["updates_per_epoch"],
        held_out=tensors.get("held_out"), target=data["target"], compiler=data["compiler"],
        data_digest=data["data_digest"], threads_used=data["threads_used"], examples=examples, rows=held.get("rows"),
    )  # fmt: skip
