"""``learnloop emit``: a run as source for elsewhere."""

from __future__ import annotations

import json as encoder
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import DataError, DescriptionError, FileError
from ..run import Run
from .console import command, console, plain, say, show, table, unbroken
from .entry import OK
from .shelf import find, title, with_data
from .wording import count

KINDS = {"c": "write_c", "standalone": "write_standalone", "wasm": "write_wasm"}
"""What can be emitted, and the function of :mod:`learnloop.emit` that does it."""
NEXT = {
    "standalone": ("main.c", "cc -O2 -ffp-contract=off main.c -o main && ./main"),
    "wasm": ("train.mjs", "node --experimental-wasm-relaxed-simd train.mjs"),
}
"""A file that tells that a command works, and the command."""


def emit(given: str, kind: str, out: str | None, data: str | None, store: str | None, *, json: bool) -> int:
    """Write a run as source.

    Args:
        given: the run.
        kind: a key of :data:`KINDS`.
        out: the folder to write to; None for one named after the run.
        data: the built-in data set, for a run that does not hold its data.
        store: the store.
        json: whether to tell machines.

    Raises:
        DescriptionError: for an unknown kind.
        UnknownRun, FileError, StoreError: for a run that cannot be read.
        FileError: for a folder that cannot be written.
    """
    if kind not in KINDS:
        raise DescriptionError(f"--target is {kind!r}; expected {', '.join(KINDS)}.")
    run = find(given, store)
    run = run if data is None else with_data(run, given, data)
    folder = Path(out) if out is not None else Path(f"{run.id or Path(given).stem}-{kind}")
    try:
        written = _writer(kind)(run, folder)
    except (DataError, FileError):
        with_data(run, given, None)  # says how to point to what is missing
        raise
    if json:
        files = [str(file) for file in written]
        print(encoder.dumps({
            "command": "emit", "run": title(run, given), "digest": run.digest, "target": kind, "folder": str(folder),
            "files": files,
        }))  # fmt: skip
    else:
        _tell(kind, run, title(run, given), folder, written)
    return OK


def _writer(kind: str) -> Callable[[Any, Path], list[Path]]:
    from .. import emit as emission

    write: Callable[[Any, Path], list[Path]] = getattr(emission, KINDS[kind])
    return write


def _tell(kind: str, run: Run, name: str, folder: Path, written: list[Path]) -> None:
    out = console()
    say(out, "run", name)
    unbroken(out, "digest", run.digest)
    say(out, "written", f"{folder}")
    body = table("file", "bytes", right=(1,))
    for file in written:
        body.add_row(plain(file.name), count(file.stat().st_size))
    show(out, body)
    if kind in NEXT and NEXT[kind][0] in {file.name for file in written}:
        import shlex

        out.print()
        command(out, "run it", f"cd {shlex.quote(str(folder))} && {NEXT[kind][1]}")
