"""``learnloop insights``: what happened during a run, in plain sentences."""

from __future__ import annotations

import json as encoder

from .charts import WIDTH
from .console import command, console, plain
from .entry import OK
from .outcome import finite
from .shelf import find, pointed, title
from .suggest import learnloop


def insights(given: str, data: str | None, store: str | None, *, json: bool) -> int:
    """Tell what happened; a run without its data is judged by its losses alone."""
    run = find(given, store)
    run = run if data is None or run.examples is not None else pointed(run, data)
    found = run.insights()
    if json:
        print(encoder.dumps(finite({"command": "insights", "run": title(run, given), **found.to_dict()})))
        return OK
    out = console()
    for line in found.text(min(out.width, WIDTH)).split("\n"):
        out.print(plain(line), soft_wrap=True)
    if len(found):
        out.print()
        command(out, "look at the first", learnloop("show", title(run, given), "--update", str(found[0].update)))
    return OK
