"""``learnloop export``: a run as a single file."""

from __future__ import annotations

import json as encoder
import shlex
from pathlib import Path

from ..errors import FileError
from ..run import WITH_DATA
from ..train.examples import Examples
from .console import command, console, say, unbroken
from .entry import OK
from .shelf import find, title
from .storage import check_target
from .wording import size


def export(given: str, file: str, store: str | None, *, force: bool, json: bool) -> int:
    """Write a run to a file.

    Raises:
        FileError: if it cannot be written, or is there already and may not be replaced.
    """
    path, run = check_target(Path(file).expanduser()), find(given, store)
    if path.exists() and not force:
        raise FileError(f"{path} is there already. Fix: another name, or --force to replace it.")
    run.save(path)
    bytes, whole = path.stat().st_size, run.examples is not None and _is_small(run.task.data)
    if json:
        print(encoder.dumps({
            "command": "export", "run": title(run, given), "digest": run.digest, "saved": str(path.absolute()),
            "bytes": bytes, "data_kept": whole,
        }))  # fmt: skip
        return OK
    out = console()
    say(out, title(run, given), f"{path}, {size(bytes)}", "with its data" if whole else "without its data: they are large")
    unbroken(out, "digest", run.digest)
    out.print()
    command(out, "put it into another store", shlex.join(["learnloop", "import", str(path)]))
    return OK


def _is_small(examples: Examples) -> bool:
    """Whether a file holds the data."""
    arrays = (examples.X, examples.labels, examples.Y, examples.weights)
    return sum(values.nbytes for values in arrays if values is not None) <= WITH_DATA
