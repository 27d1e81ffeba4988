"""A run as files for elsewhere: C with its headers, one standalone C99 file, WebAssembly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from .compile.emission import Recipe, write_c_files, write_executable_sources, write_wasm_files
from .compile.target import STANDALONE
from .errors import FileError, LearnloopError
from .run import Run
from .train.examples import Examples, digest_examples

Array = np.ndarray[Any, np.dtype[Any]]


def recipe(run: Run) -> Recipe:
    """Everything that training the run again needs, as plain numbers and arrays."""
    if run.examples is None:
        raise FileError(
            "the run does not hold its data, which the emitted program learns from. "
            "Fix: emit in the session that trained it, or save runs with data of at most 16 MB."
        )
    if run.task.start is not None:
        raise FileError(
            f"the run is a branch, which goes on from the weights of another run at update {run.task.first}, and an "
            "emitted program begins with its own first weights. Fix: emit the run that it branched from."
        )
    if digest_examples(run.examples) != run.data_digest:
        raise FileError("the data were changed since the run learnt from them. Fix: give back the arrays as they were.")
    rows = np.arange(run.examples.rows, dtype=np.int32) if run.rows is None else run.rows
    return Recipe(
        run.program, run.options.dtype, _arrays(run.examples), np.ascontiguousarray(rows, np.int32),
        run.options.batch_size, run.updates, run.options.seed, run.task.numbers, run.digest,
    )  # fmt: skip


def _arrays(examples: Examples) -> list[Array]:
    targets = examples.labels if examples.labels is not None else examples.Y
    assert targets is not None
    return [examples.X, targets, examples.weights]


def write_c(run: Run, folder: str | Path) -> list[Path]:
    """The C source as it is compiled here, with the headers it includes."""
    with _told():
        return write_c_files(run.source, _folder(folder))


def write_standalone(run: Run, folder: str | Path) -> list[Path]:
    """One C99 file without any library, a main program around it, and the data it learns from.

    ``cc -O2 -ffp-contract=off main.c -o main && ./main`` prints the digest of the run.
    """
    with _told():
        return write_executable_sources(recipe(run), STANDALONE, _folder(folder))


def write_wasm(run: Run, folder: str | Path) -> list[Path]:
    """WebAssembly with fused and with emulated multiply-add, its manifest, the data and a module that trains.

    ``node --experimental-wasm-relaxed-simd train.mjs`` prints the digest of the run.
    """
    with _told():
        return write_wasm_files(recipe(run), _folder(folder))


@contextmanager
def _told() -> Iterator[None]:
    """Say which file could not be written."""
    try:
        yield
    except OSError as error:
        if isinstance(error, LearnloopError) or error.filename is None:
            raise
        raise FileError(f"{error.filename} cannot be written: {error.strerror}. Fix: make room, or choose another folder.") from error


def _folder(folder: str | Path) -> Path:
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise FileError(f"{path} is a file, not a folder. Fix: choose another with --out.") from error
    except OSError as error:
        raise FileError(
            f"the folder {path} cannot be made: {error.strerror}. Fix: choose another with --out."
        ) from error
    return path


__all__ = ["recipe", "write_c", "write_standalone", "write_wasm"]
