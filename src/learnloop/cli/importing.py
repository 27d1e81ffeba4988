"""``learnloop import``: a run from a single file into the store."""

from __future__ import annotations

import json as encoder
from pathlib import Path

from ..data import Source
from ..run import Run
from ..runfile import load
from .console import command, console, say, unbroken
from .entry import OK
from .outcome import keep, measure
from .resuming import tested
from .shelf import pointed, shelf, usable, with_data
from .storage import readable
from .suggest import learnloop
from .wording import plural


def import_run(file: str, name: str | None, data: str | None, store: str | None, *, json: bool) -> int:
    """Read a file and put its run into the store.

    Raises:
        FileError: if it is no run.
        StoreError: if the store cannot be written.
    """
    path = readable(Path(file))
    run = load(path)
    run = with_data(run, str(path), None) if data is None else pointed(run, data)
    runs = usable(shelf(store))
    id = runs.add(run, name or _name(run))
    there = runs.load(id)
    rows = tested(there)
    if rows is not None and there.outcome.divergence is None:
        keep(there, measure(there, rows)[0])
    if json:
        print(encoder.dumps({"command": "import", "run": id, "status": run.status, "digest": run.digest}))
        return OK
    out = console()
    say(out, "recorded", id)
    say(out, "", f"{run.status}, {plural(run.updates, 'update')}")
    unbroken(out, "digest", run.digest)
    out.print()
    command(out, "look at it", learnloop("show", id))
    return OK


def _name(run: Run) -> str:
    source = Source.of(run)
    return "run" if source is None else source.name
