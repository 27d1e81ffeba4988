"""``learnloop emit``: a run as source for elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import DescriptionError
from .console import command, console, say, show, table
from .entry import OK
from .storage import find
from .wording import count, home_relative

KINDS = {"c": "write_c", "standalone": "write_standalone", "wasm": "write_wasm"}
"""What can be emitted, and the function of :mod:`learnloop.emit` that does it."""
NEXT = {
    "standalone": ("main.c", "cc -O2 -ffp-contract=off main.c -o main && ./main"),
    "wasm": ("train.mjs", "node --experimental-wasm-relaxed-simd train.mjs"),
}
"""A file that tells that a command works, and the command."""


def emit(given: str, kind: str, out: str | None) -> int:
    """Write a saved run as source.

    Args:
        given: the run: a path, or a name in the data folder.
        kind: a key of :data:`KINDS`.
        out: the folder to write to; None for one named after the run.

    Raises:
        DescriptionError: for an unknown kind.
        FileError: for a run that cannot be read, or a folder that cannot be written.
    """
    if kind not in KINDS:
        raise DescriptionError(f"--target is {kind!r}; expected {', '.join(KINDS)}.")
    path = find(given)
    folder = Path(out) if out is not None else Path(f"{path.stem}-{kind}")
    from ..runfile import load

    run = load(path)
    _tell(kind, path, run.digest, folder, _writer(kind)(run, folder))
    return OK


def _writer(kind: str) -> Callable[[Any, Path], list[Path]]:
    from .. import emit as emission

    write: Callable[[Any, Path], list[Path]] = getattr(emission, KINDS[kind])
    return write


def _tell(kind: str, path: Path, digest: str, folder: Path, written: list[Path]) -> None:
    out = console()
    say(out, "run", home_relative(path))
    say(out, "digest", digest)
    say(out, "written", f"{folder}")
    body = table("file", "bytes", right=(1,))
    for file in written:
        body.add_row(file.name, count(file.stat().st_size))
    show(out, body)
    if kind in NEXT and NEXT[kind][0] in {file.name for file in written}:
        import shlex

        out.print()
        command(out, "run it", f"cd {shlex.quote(str(folder))} && {NEXT[kind][1]}")
