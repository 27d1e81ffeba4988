"""A sum as lines that fit the width of a terminal; its numbers still add up digit by digit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from ..runs import Change
from ..runs.render import Line, sheet

INDENT = 4


def change_lines(change: Change, width: int) -> list[str]:
    """What ``str(change)`` says, in lines of at most so many columns."""
    whole = str(change).split("\n")
    if max(map(len, whole)) <= width:
        return whole
    told = change.told
    shown = sheet(told)
    found = _head(f"{told.name} {told.when}:", f"{shown.before} -> {shown.after}  change {shown.change}", width)
    numbers = max(len(line.number) for line in shown.lines)
    labels = min(max(width - INDENT - 2 - numbers, 20), max(len(line.label) for line in shown.lines))
    for k, line in enumerate(shown.lines):
        found += _line(line, "  = " if k == 0 else " " * INDENT, labels, numbers)
    found += folded(told.verdict, width, 2)
    for note in told.notes:
        found += folded(f"({note})", width, INDENT)
    return found


def _head(name: str, moved: str, width: int) -> list[str]:
    return [f"{name}  {moved}"] if len(name) + 2 + len(moved) <= width else [name, *folded(moved, width, 2)]


def _line(line: Line, begin: str, labels: int, numbers: int) -> Iterator[str]:
    """The label, over several lines where it is long, with the number at the end of the last."""
    *others, last = textwrap.wrap(line.label, labels, break_on_hyphens=False) or [""]
    for k, part in enumerate(others):
        yield f"{begin if k == 0 else ' ' * INDENT}{part}"
    yield f"{' ' * INDENT if others else begin}{last:<{labels}}  {line.number:>{numbers}}"


def folded(text: str, width: int, indent: int) -> list[str]:
    """Words in lines of at most so many columns."""
    blank = " " * indent
    return textwrap.wrap(text, width, initial_indent=blank, subsequent_indent=blank, break_on_hyphens=False)
