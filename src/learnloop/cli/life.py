"""``learnloop life``: what became of one number, and who pushed it where."""

from __future__ import annotations

import json as encoder

from ..runs import Biography
from .charts import WIDTH, line_chart
from .console import Console, console, draws_blocks, plain, say, show, table
from .entry import OK
from .outcome import finite
from .rowwords import Rows
from .shelf import find, title, with_data
from .sums import fitting
from .why import push
from .words import check_count, weight_place

DOTS = frozenset(map(chr, range(0x2800, 0x2900)))
"""Braille patterns, of which pictures are made."""


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
    told = found.text(min(out.width, WIDTH), strongest=False)  # the table below has them
    for line in fitting(told if draws_blocks(out) else _in_ascii(found, told, out.width), out.width):
        out.print(plain(line), soft_wrap=True)
    _strongest(out, strongest, rows)
    return OK


def _in_ascii(found: Biography, told: str, width: int) -> str:
    """The same with another picture: its own is made of dots that not every terminal has."""
    lines = told.split("\n")
    dotted = [any(c in DOTS for c in line) for line in lines]
    first = dotted.index(True) if any(dotted) else 0
    picture = [line.plain.rstrip() for line in line_chart(found.values, width=min(width, WIDTH), height=5, blocks=False)]
    return "\n".join([*lines[:first], *picture, *(t for t, dots in zip(lines[first:], dotted[first:], strict=True) if not dots)])


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
