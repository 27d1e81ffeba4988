"""Single files with arrays, a description as JSON, and one digest over everything: safetensors, never pickle."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from .compile.writing import replace
from .errors import FileError

Array = np.ndarray[Any, np.dtype[Any]]

FORMAT = "learnloop run 2"
LARGEST = 4 << 30
"""Bytes of the largest file that is read."""


def write(path: Path, description: dict[str, Any], tensors: dict[str, Array]) -> Path:
    """Write a file beside its place and rename it: an existing one is replaced at once or not at all.

    Args:
        path: where to.
        description: plain data.
        tensors: arrays by name.

    Raises:
        FileError: if it cannot be written.
    """
    from safetensors.numpy import save

    whole = {name: np.asarray(values, order="C") for name, values in tensors.items()}
    text = json.dumps(description, sort_keys=True)
    blob = save(whole, {"format": FORMAT, "run": text, "sha256": _seal(text, whole)})
    try:
        replace(path, blob)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise FileError(f"the run cannot be written to {str(path)!r}: {why}. Fix: choose another place.") from error
    return path


def pack(tensors: dict[str, Array]) -> bytes:
    """Arrays as the bytes of a safetensors file."""
    from safetensors.numpy import save

    return save({name: np.asarray(values, order="C") for name, values in tensors.items()})


def unpack(blob: bytes) -> dict[str, Array]:
    """The arrays that :func:`pack` was given.

    Raises:
        FileError: if the bytes are damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        return load(blob)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise FileError(f"what was recorded cannot be read: {error}. Fix: check the store.") from error


def _seal(text: str, tensors: dict[str, Any]) -> str:
    total = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        values = tensors[name]
        total.update(f"{name} {values.dtype} {list(values.shape)}".encode())
        total.update(values.tobytes())
    return total.hexdigest()


def read(where: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """The description and the arrays of a file that :func:`write` wrote.

    Raises:
        FileError: if it is missing, damaged, or something else.
    """
    from safetensors import SafetensorError, safe_open

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
    except (
        OSError,
        SafetensorError,
        ValueError,
        KeyError,
        TypeError,
        MemoryError,
        AttributeError,
        RecursionError,
    ) as error:
        raise FileError(f"{where} cannot be read as a run: {error}. Fix: export it again, or run.save it.") from error
    return _opened(where, head, tensors), tensors


def _opened(path: Path, head: dict[str, str], tensors: dict[str, Array]) -> dict[str, Any]:
    if "run" not in head and "format" not in head:
        raise FileError(f"{path} is no run of learnloop: another program wrote it. Fix: give a file that run.save wrote.")
    if head.get("format") != FORMAT:
        raise FileError(
            f"{path} is no run of this version of learnloop: got {head.get('format')!r}, expected {FORMAT!r}."
        )
    text = head.get("run", "")
    if _seal(text, tensors) != head.get("sha256"):
        raise FileError(
            f"{path} is damaged: its contents do not have the digest that they were saved with. Fix: export it again."
        )
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path} describes no run: its description cannot be read.") from error
    if not isinstance(data, dict):
        raise FileError(f"{path} describes no run: its description is no table.")
    return data
