"""``learnloop life``: what became of one number, and who pushed it where."""

from __future__ import annotations

import json as encoder

from .console import Console, console, plain, say, show, table
from .entry import OK
from .outcome import finite
from .rowwords import Rows
from .shelf import find, title, with_data
from .sums import fitting
from .why import push
from .words import check_count, weight_place


def life(given: str, weight: str, most: int, data: str | None, store: str | None, *, json: bool) -> int:
    """Tell the biography of one number of a run."""
    check_count("--rows", most)
    run = find(given, store)
    name, place = weight_place(run, weight)
    run = with_data(run, given, data)
    found, rows = run.biography(name, *place), Rows(run)
    strongest = [(p.row, float(p)) for p in found.strongest(most) if p.row is not None]
    if json:
        pushes = [{**rows.to_dict(row), "value": value} for row, value in strongest]
        facts = {"command": "life", "run": title(run, given), **found.to_dict(), "strongest": pushes}
        print(encoder.dumps(finite(facts)))
        return OK
    out = console()
    for line in fitting(str(found), out.width):
        out.print(plain(line), soft_wrap=True)
    _strongest(out, strongest, rows)
    return OK


def _strongest(out: Console, pushes: list[tuple[int, float]], rows: Rows) -> None:
    if not pushes:
        return
    heads = rows.heads()
    body = table(*heads, "pushed by in all", right=(*range(len(heads) - 1), len(heads)))
    for row, value in pushes:
        body.add_row(*map(plain, rows.cells(row)), push(value))
    out.print()
    say(out, "rows", "those that pushed most, either way")
    out.print()
    show(out, body, indent=2)
