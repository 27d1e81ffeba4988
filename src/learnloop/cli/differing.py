"""``learnloop diff``: two runs, what differs, and where they part."""

from __future__ import annotations

import json as encoder

from ..errors import DataError
from ..run import Run
from ..runs import compare
from .compared import facts, side_by_side
from .console import console
from .entry import OK
from .outcome import finite
from .shelf import find, pointed, title, with_data


def diff(a: str, b: str, data: str | None, store: str | None, *, json: bool) -> int:
    """Compare two runs."""
    runs = _ready(find(a, store), data), _ready(find(b, store), data)
    names = title(runs[0], a), title(runs[1], b)
    try:
        found = compare(*runs)
    except DataError:
        for run, name in zip(runs, names, strict=True):
            with_data(run, name, data)  # says how to point to what is missing
        raise
    if json:
        both = {side: facts(run, name) for side, run, name in zip("ab", runs, names, strict=True)}
        print(encoder.dumps(finite({"command": "diff", **both, **found.to_dict()})))
        return OK
    side_by_side(console(), runs, names, found)
    return OK


def _ready(run: Run, data: str | None) -> Run:
    return run if data is None or run.examples is not None else pointed(run, data)
