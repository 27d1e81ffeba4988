"""A change as a sum that fits the width of a terminal; its numbers still add up digit by digit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from ..runs.change import Change
from ..runs.render import Line, sheet

INDENT = 4


def change_lines(change: Change, width: int) -> list[str]:
    """What ``str(change)`` says, in lines of at most so many columns."""
    whole = str(change).split("\n")
    if max(map(len, whole)) <= width:
        return whole
    shown = sheet(change)
    numbers = max(len(line.number) for line in shown.lines)
    labels = max(width - INDENT - 2 - numbers, 20)
    labels = min(labels, max(len(line.label) for line in shown.lines))
    moved = f"  {shown.before} -> {shown.after}  change {shown.change}"
    found = [f"{change.name} at update {change.update}:{moved}"]
    if len(found[0]) > width:
        found = [f"{change.name} at update {change.update}:", *_folded(moved.strip(), width, 2)]
    for k, line in enumerate(shown.lines):
        found += _line(line, "  = " if k == 0 else " " * INDENT, labels, numbers)
    found += _folded(shown.verdict, width, 2)
    for note in shown.notes:
        found += _folded(f"({note})", width, INDENT)
    return found


def _line(line: Line, begin: str, labels: int, numbers: int) -> Iterator[str]:
    """The label, over several lines where it is long, with the number at the end of the last."""
    *others, last = textwrap.wrap(line.label, labels, break_on_hyphens=False) or [""]
    for k, part in enumerate(others):
        yield f"{begin if k == 0 else ' ' * INDENT}{part}"
    yield f"{' ' * INDENT if others else begin}{last:<{labels}}  {line.number:>{numbers}}"


def _folded(text: str, width: int, indent: int) -> list[str]:
    blank = " " * indent
    return textwrap.wrap(text, width, initial_indent=blank, subsequent_indent=blank, break_on_hyphens=False)
