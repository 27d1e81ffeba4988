"""Charts of characters: a series as a line with numbers on its axes, and signed bars, at most so many columns wide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from rich.cells import cell_len, set_cell_size
from rich.text import Text

from ..runs.plots.colours import NEGATIVE, POSITIVE
from .curve import ASCII, BLOCKS
from .entry import printable
from .wording import signed

Array = np.ndarray[Any, np.dtype[Any]]
WIDTH = 80
NARROWEST = 24
NUMBER = 10
"""Columns of the longest number, -1.23e+100."""
DECADES = 30.0
"""Positive series whose values differ by more than this factor are drawn on a logarithmic scale."""
LINES = {"flat": "─", "down": "│", "rise": "╯╭", "fall": "╮╰", "axis": "┤", "corner": "└", "zero": "┈"}
PLAIN_LINES = {"flat": "-", "down": "|", "rise": "'.", "fall": ".'", "axis": "|", "corner": "+", "zero": "."}
BARS, PLAIN_BARS = ("█", "▐", "▌", "│"), ("#", "", "", "|")
"""A whole cell, half of one at the left end, half of one at the right end, the zero line."""


def sparkline(values: Sequence[float] | Array, width: int, blocks: bool) -> str:
    """A series in one line, on a linear scale; a place without a finite value is blank.

    Args:
        values: the series; each character stands for the mean of its part.
        width: how many characters at most.
        blocks: whether more than ASCII can be shown.

    >>> sparkline([0, 1, 2, 3, 2, 1, 0], 7, blocks=True)
    '▁▃▆█▆▃▁'
    """
    marks = BLOCKS if blocks else ASCII
    parts = _parts(values, min(width, len(values)))
    low, span = _range(parts)
    share = np.where(np.isfinite(parts), (parts - low) / span, -1)
    return "".join(" " if s < 0 else marks[round(float(s) * (len(marks) - 1))] for s in share)


def line_chart(
    values: Sequence[float] | Array, *, width: int = WIDTH, height: int = 8, blocks: bool = True,
    updates: tuple[int, int] | None = None, logarithmic: bool | None = None,
) -> list[Text]:  # fmt: skip
    """A series as a line, with its numbers on the left and its updates below: a loss, the life of a weight.

    Args:
        values: the series; each column stands for the mean of its part, or for the value nearest to it.
        width: columns at most, numbers included.
        height: lines of the line.
        blocks: whether more than ASCII can be shown.
        updates: the first and the last update; None to count from 0.
        logarithmic: the scale; None to choose.

    Returns:
        The lines; none for a series without a finite value.

    >>> for line in line_chart([4, 3, 2, 1], width=24, height=4, blocks=False):
    ...     print(line.plain.rstrip())
    4 |---.
      |   '--.
      |      '--.
    1 |         '--
      +------------
       0          3
    """
    series = np.asarray(values, np.float64)
    if not np.isfinite(series).any():
        return []
    log = _wants_log(series) if logarithmic is None else logarithmic
    marks, height = LINES if blocks else PLAIN_LINES, max(2, height)
    parts = _scaled(_parts(series, columns(width)), log)
    rows, numbers = _draw(parts, height, marks, not log), _labels(_range(parts), height, log)
    left = max(map(len, numbers)) + 2
    drawn = [
        Text.assemble((f"{number:>{left - 2}} {marks['axis']}", "dim"), (row, POSITIVE))
        for number, row in zip(numbers, rows, strict=True)
    ]
    first, last = updates or (0, len(series) - 1)
    return [*drawn, *_below(first, last, left, len(parts), marks)]


def columns(width: int) -> int:
    """How many columns the line itself has."""
    return max(NARROWEST, width) - NUMBER - 2


def signed_bars(values: Sequence[tuple[str, float]], *, width: int = WIDTH, blocks: bool = True) -> list[Text]:
    """Numbers with a sign as bars to the left and to the right of one line: pushes by class, by row.

    Args:
        values: what each is called, and its number.
        width: columns at most.
        blocks: whether more than ASCII can be shown.

    >>> for line in signed_bars([("row 3", 2.0), ("row 41", -1.0)], width=30, blocks=False):
    ...     print(line.plain.rstrip())
    row 3   +2          |########
    row 41  -1      ####|
    """
    if not values:
        return []
    room = max(NARROWEST, width)
    names = [printable(name) for name, _ in values]
    numbers = [signed(value, "+.3g") for _, value in values]
    digits = max(map(len, numbers))
    label = min(max(map(cell_len, names)), max(4, room - digits - 4 - 9))
    half = (room - label - digits - 5) // 2
    sizes = [abs(value) for _, value in values if math.isfinite(value)]
    most = max([*sizes, 0.0]) or 1.0
    return [
        Text.assemble(set_cell_size(name, label), "  ", f"{number:<{digits}}", "  ", *_bar(value / most, half, blocks))
        for name, number, (_, value) in zip(names, numbers, values, strict=True)
    ]


def _wants_log(series: Array) -> bool:
    known = series[np.isfinite(series)]
    return bool(known.min() > 0 and known.max() > DECADES * known.min())


def _scaled(parts: Array, log: bool) -> Array:
    """On a logarithmic scale, values that have no logarithm lie where the smallest one that has lies."""
    if not log or not (parts > 0).any():
        return parts
    scaled: Array = np.log(np.maximum(parts, parts[parts > 0].min()))
    return scaled


def _parts(values: Sequence[float] | Array, count: int) -> Array:
    """So many numbers for a series: means of its parts, or each value several times."""
    series = np.asarray(values, np.float64)
    if len(series) <= count:
        return series[np.arange(count) * len(series) // max(count, 1)]
    return np.array([_mean(part) for part in np.array_split(series, count)])


def _mean(part: Array) -> float:
    known = part[np.isfinite(part)]
    return float(known.mean()) if len(known) else math.nan


def _range(parts: Array) -> tuple[float, float]:
    """The lowest value, and the span above it, which is never 0."""
    known = parts[np.isfinite(parts)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    return low, high - low if high > low else 1.0


def _labels(scale: tuple[float, float], height: int, log: bool) -> list[str]:
    """Numbers at the top, in the middle of a high chart, and at the bottom."""
    low, span = scale
    at = {0: low + span, height - 1: low} | (
        {height // 2: low + span * (1 - height // 2 / (height - 1))} if height > 4 else {}
    )
    return [_short(math.exp(at[k]) if log else at[k]) if k in at else "" for k in range(height)]


def _short(value: float) -> str:
    return f"{value:.3g}"


def _draw(parts: Array, height: int, marks: dict[str, str], zero: bool) -> list[str]:
    """The line in a grid of characters, top first; neighbours on different levels are joined."""
    low, span = _range(parts)
    grid = [[" "] * len(parts) for _ in range(height)]
    if zero and low < 0 < low + span:
        grid[height - 1 - round(-low / span * (height - 1))] = [marks["zero"]] * len(parts)
    before = None
    for column, value in enumerate(parts.tolist()):
        if not math.isfinite(value):
            before = None
            continue
        here = height - 1 - round((value - low) / span * (height - 1))
        _join(grid, column, here if before is None else before, here, marks)
        before = here
    return ["".join(row) for row in grid]


def _join(grid: list[list[str]], column: int, before: int, here: int, marks: dict[str, str]) -> None:
    """One column: flat, or from the level before to its own."""
    if before == here:
        grid[here][column] = marks["flat"]
        return
    for row in range(min(before, here), max(before, here)):
        grid[row][column] = marks["down"]
    turns = marks["rise" if here < before else "fall"]
    grid[before][column], grid[here][column] = turns[0], turns[1]


def _below(first: int, last: int, left: int, columns: int, marks: dict[str, str]) -> list[Text]:
    begin, end = str(first), str(last)
    between = " " * max(1, columns - len(begin) - len(end))
    numbers = f"{begin}{between}{end}" if first != last else begin
    return [
        Text(" " * (left - 1) + marks["corner"] + marks["flat"] * columns, "dim"),
        Text(" " * left + numbers, "dim"),
    ]


def _bar(share: float, half: int, blocks: bool) -> list[tuple[str, str]]:
    """A bar to one side of the zero line, in halves of a cell where they can be shown."""
    whole, left_half, right_half, zero = BARS if blocks else PLAIN_BARS
    if not math.isfinite(share):
        return [(" " * half + zero, "dim")]
    halves = round(abs(share) * half * 2) if blocks else 2 * round(abs(share) * half)
    full, odd = divmod(halves, 2)
    if share < 0:
        bar = (left_half if odd else "") + whole * full
        return [(" " * (half - full - odd), ""), (bar, NEGATIVE), (zero, "dim")]
    return [(" " * half, ""), (zero, "dim"), (whole * full + (right_half if odd else ""), POSITIVE)]
