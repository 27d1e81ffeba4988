"""``learnloop why``: why a weight moved, as a sum that adds up."""

from __future__ import annotations

import json as encoder
from typing import Any

from rich.text import Text

from ..runs import Change, Check
from .charts import signed_bars
from .console import Console, console, draws_blocks, plain, say, show, table
from .entry import OK
from .outcome import finite
from .rowwords import Rows
from .shelf import find, title, with_data
from .sums import change_lines
from .wording import count
from .words import check_count, weight_place


def why(
    given: str, weight: str, update: int, most: int, data: str | None, store: str | None, *, check: bool, json: bool
) -> int:
    """Explain the change of one number in one update."""
    check_count("--rows", most)
    run = find(given, store)
    name, place = weight_place(run, weight)
    run = with_data(run, given, data)
    moment, rows = run.at(update=update), Rows(run)
    change = moment.change(name, *place)
    checked = moment.check(name, *place) if check else None
    if json:
        print(encoder.dumps(finite(_facts(title(run, given), change, checked, rows))))
        return OK
    out = console()
    for line in change_lines(change, out.width):
        out.print(plain(line), soft_wrap=True)
    if checked is not None:
        out.print()
        say(out, "check", *_check(checked))
    _strongest(out, change, rows, most)
    return OK


def _check(found: Check) -> list[str | Text]:
    mark = "✓ they agree" if found.agrees else "✗ they differ"
    return [
        f"d(batch loss)/d({found.name})",
        f"backpropagation    {found.backpropagation: .9g}",
        f"finite difference  {found.difference: .9g}",
        Text(f"{mark} within {found.tolerance:.1g}", "green" if found.agrees else "bold red"),
    ]


def _strongest(out: Console, change: Change, rows: Rows, most: int) -> None:
    pushes = [part for part in change.rows[:most] if part.value]
    if not pushes:
        return
    heads = rows.heads()
    body = table(*heads, "pushed by", right=(*range(len(heads) - 1), len(heads)))
    for part in pushes:
        assert part.row is not None
        body.add_row(*map(plain, rows.cells(part.row)), push(float(part)))
    out.print()
    say(out, "rows", f"the strongest of {count(len(change.rows))}")
    out.print()
    show(out, body, indent=2)
    _classes(out, change, rows)


def _classes(out: Console, change: Change, rows: Rows) -> None:
    """What the rows of each class pushed together, as bars."""
    if not rows.has_classes:
        return
    sums: dict[str, float] = {}
    for part in change.rows:
        assert part.row is not None
        sums[rows.target(part.row)] = sums.get(rows.target(part.row), 0.0) + float(part)
    out.print()
    say(out, "classes", "what the rows of each pushed together")
    out.print()
    bars = signed_bars(sorted(sums.items()), width=out.width - 2, blocks=draws_blocks(out))
    for bar in bars:
        show(out, bar, indent=2)


def push(value: float) -> str:
    """A summand with its sign: nine decimals where these show it.

    >>> push(0.0001), push(1e-12), push(-1e20)
    ('+0.000100000', '+1e-12', '-1e+20')
    """
    return f"{value:+.9f}" if 1e-6 <= abs(value) < 1e6 or not value else f"{value:+.6g}"


def _facts(name: str, change: Change, check: Check | None, rows: Rows) -> dict[str, Any]:
    facts = {"command": "why", "run": name, **change.to_dict(), "text": str(change)}
    facts["parts"] = [
        part | ({} if part["row"] is None else rows.to_dict(part["row"])) for part in facts["parts"]
    ]
    facts["strongest"] = [{**rows.to_dict(p.row), "value": float(p)} for p in change.rows[:10] if p.row is not None]
    facts["check"] = None if check is None else {
        "backpropagation": check.backpropagation, "difference": check.difference, "step": check.step,
        "tolerance": check.tolerance, "agrees": check.agrees,
    }  # fmt: skip
    return facts
