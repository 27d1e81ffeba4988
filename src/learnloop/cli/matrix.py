"""A confusion matrix as a compact table: empty cells are dots, mistakes stand out."""

from __future__ import annotations

from typing import Any

import numpy as np
from rich.table import Table
from rich.text import Text

from .console import plain, table

WIDEST = 12
"""Classes up to which every cell is shown; beyond, only how often each class was recognised."""
NAME = 20
"""Characters of a class's name."""


def confusion_table(counts: np.ndarray[Any, np.dtype[Any]], names: tuple[str, ...]) -> Table:
    """Truth downwards, predictions to the right.

    Args:
        counts: (classes, classes) rows of each class taken for each class.
        names: of the classes.
    """
    short = [name if len(name) <= NAME else f"{name[: NAME - 2]}.." for name in names]
    cells = range(len(names)) if len(names) <= WIDEST else range(0)
    heads = [_head(short[k], k) for k in cells]
    body = table("truth \\ taken for", *heads, "right", right=range(1, len(heads) + 2))
    for row, name in enumerate(short):
        total = int(counts[row].sum())
        share = f"{counts[row, row] / total:.0%}" if total else "-"
        label = name if name == _head(name, row) else f"{row} {name}"
        body.add_row(plain(label), *(_cell(int(counts[row, k]), k == row) for k in cells), share)
    return body


def _head(name: str, number: int) -> str:
    """A column's head: the name where it is as short as a number, else the number."""
    return name if len(name) <= 2 else str(number)


def _cell(number: int, right: bool) -> Text:
    if not number:
        return Text(".", "dim")
    return Text(str(number), "green" if right else "bold red")
