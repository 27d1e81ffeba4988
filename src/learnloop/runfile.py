"""Runs read from single files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from . import archive
from .errors import DescriptionError, FileError, short
from .files import read
from .run import Run

Array = np.ndarray[Any, np.dtype[Any]]


def load(path: str | Path) -> Run:
    """Read a run that :meth:`Run.save` wrote.

    Args:
        path: the file. It is data: nothing in it is run or imported, and everything in it is checked.

    Raises:
        FileError: if it is missing, damaged, or no run.
        DescriptionError: for what is no path.
    """
    if not isinstance(path, str | os.PathLike):
        raise DescriptionError(f"the file is {short(path)}; expected a path, such as 'digits.run'.")
    data, tensors = read(Path(path))
    try:
        return _run(data, tensors)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FileError(
            f"{path} describes no run: {str(error).rstrip('.')}. Fix: save it again with this version."
        ) from error


def _run(data: dict[str, Any], tensors: dict[str, Array]) -> Run:
    def part(kind: str) -> dict[str, Array]:
        return {k.split("/", 1)[1]: v for k, v in tensors.items() if k.startswith(kind + "/")}

    task = archive.read_task(data["task"], part("task"), part("data"))
    run = Run(task, archive.read_outcome(task, data["outcome"], tensors), data["notes"])
    if run.digest != data["digest"]:
        raise ValueError("its weights do not have the digest that it gives")
    return run
