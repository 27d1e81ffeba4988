"""The confusion matrix: rows are what is true, columns what was answered, and what lies off the diagonal is a mistake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....run import Run
from ..measure import clean, fitted
from ..path import line, rectangle
from ..png import png
from ..scene import WIDE, Drawer, Drawing, Image, Part, Shape, Stroke
from ..shapes import words
from .answers import answers_of
from .curves import predictor_at
from .decision import when_said
from .key import Entry, flowing
from .material import material_of
from .pen import LINE, SMALL, headed, widest
from .scales import shade
from .words import grouped, listed, percent, plural

Array = np.ndarray[Any, np.dtype[Any]]
MOST = 12
"""Classes that are shown at most."""
CELL, WIDEST = 20.0, 440.0
"""Pixels of a cell at least, and of all of them at most."""
LETTERS = "ABCDEFGHIJKL"
"""They stand for names that are too long for a column."""
STRONGEST = 0.5
"""How much of the paper the colour of a full cell covers: the number on it stays readable."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """What is drawn.

    Attributes:
        counts: (classes, classes), truth down, answers across.
        names: of all classes.
        sample: "test" or "training".
        when: "after 1 005 updates".
    """

    counts: Array
    names: tuple[str, ...]
    sample: str
    when: str

    @property
    def right(self) -> int:
        """Rows that were answered rightly."""
        return int(np.trace(self.counts))

    @property
    def total(self) -> int:
        """All rows."""
        return int(self.counts.sum())

    @property
    def head(self) -> str:
        """How many were right."""
        return f"{grouped(self.right)} of {plural(self.total, f'{self.sample} row')} right, {self.when}"

    def most_confused(self, most: int) -> list[int]:
        """So many classes, those with most mistakes in their row and column, in their own order."""
        wrong = self.counts - np.diag(np.diag(self.counts))
        order = np.argsort(-(wrong.sum(axis=0) + wrong.sum(axis=1)), kind="stable")
        return sorted(order[:most].tolist())


def confusion_plot(run: Run, update: int | None = None) -> Drawer:
    """How many rows of each class were taken for which.

    Raises:
        Unfit: for a run without classes.
        DataError: for a run without its data.
    """
    material = material_of(run)
    answers = answers_of(material, predictor_at(run, update))
    counts = answers.counts(len(material.targets))
    names = tuple(clean(name) or f"class {k}" for k, name in enumerate(material.targets))
    matrix = Matrix(counts, names, answers.sample.name, when_said(run, update))
    return lambda width: _draw(matrix, width)


@dataclass(frozen=True)
class Grid:
    """Where the cells are.

    Attributes:
        classes: which are shown.
        left, top: of the first cell.
        cell: pixels of a side.
        heads: what stands above the columns.
        sides: what stands beside the rows.
        coded: whether letters stand for names, which the key has.
    """

    classes: list[int]
    left: float
    top: float
    cell: float
    heads: list[str]
    sides: list[str]
    coded: bool

    @property
    def end(self) -> float:
        """Pixels of all cells on a side."""
        return self.cell * len(self.classes)


def _grid(matrix: Matrix, room: float) -> Grid:
    """As many classes as fit; columns have their names where these fit, else letters."""
    most = min(MOST, len(matrix.names))
    tries = [(count, coded) for count in range(most, 0, -1) for coded in (False, True)]
    fitting = (grid for count, coded in tries if (grid := _try(matrix, room, count, coded)) is not None)
    return next(fitting)


def _try(matrix: Matrix, room: float, count: int, coded: bool) -> Grid | None:
    """A grid of so many classes, or None where it would be too narrow to be read."""
    classes, wide = matrix.most_confused(count), room >= WIDE
    names = [matrix.names[k] for k in classes]
    sides = [f"{LETTERS[k]}  {name}" for k, name in enumerate(names)] if coded else names
    heads = list(LETTERS[:count]) if coded else names
    most = 160.0 if wide else 84.0
    side = min(widest(fitted(name, SMALL, most) for name in sides), most)
    cell = min((room - side - 12) / count, (WIDEST if wide else 264.0) / count, 76.0)
    if not coded and widest(heads) > min(cell - 6, most):
        return None
    digits = widest((grouped(int(count)) for count in matrix.counts.ravel()), bold=True)
    if cell < max(CELL, digits + 3) and count > 1:
        return None
    top = headed(matrix.head, room)[1] + LINE + 26
    return Grid(classes, side + 11, top, cell, heads, [fitted(name, SMALL, side) for name in sides], coded)


def _draw(matrix: Matrix, width: float) -> Drawing:
    grid = _grid(matrix, width)
    counts = matrix.counts[np.ix_(grid.classes, grid.classes)]
    totals = np.maximum(matrix.counts.sum(axis=1)[grid.classes], 1)
    diagonal = np.eye(len(grid.classes), dtype=bool)
    below, end = _below(matrix, grid, width)
    parts = (
        Part("labels", tuple(_labels(matrix, grid, width))),
        Part("right", tuple(_cells(grid, counts, totals, diagonal))),
        Part("wrong", tuple(_cells(grid, counts, totals, ~diagonal))),
        Part("key", tuple(below)),
    )  # fmt: skip
    title = f"What was taken for what: {plural(matrix.total, f'{matrix.sample} row')} {matrix.when}"
    return Drawing(width, end, title, _described(matrix), parts)


def _cells(grid: Grid, counts: Array, totals: Array, chosen: Array) -> list[Shape]:
    """Shades by the share of their row, and counts; of nothing a dot where it is no mistake to be missed."""
    shares = np.where(chosen, counts / totals[:, None], np.nan)
    found: list[Shape] = [Image(grid.left, grid.top, grid.end, grid.end, png(shade(shares, 1 if chosen[0, 0] else 0, STRONGEST)))]
    for row, column in np.argwhere(chosen & (counts > 0)).tolist():
        x, y = grid.left + (column + 0.5) * grid.cell, grid.top + (row + 0.5) * grid.cell + 4.5
        found.append(words(x, y, grouped(int(counts[row, column])), SMALL, "middle", bold=row == column))
    return found


def _labels(matrix: Matrix, grid: Grid, width: float) -> list[Shape]:
    """The frame, names of rows and columns, and what they are."""
    end, count = grid.end, len(grid.classes)
    lines = [rectangle((grid.left, grid.top, grid.left + end, grid.top + end))]
    for k in range(1, count):
        at = k * grid.cell
        lines += [line([(grid.left + at, grid.top), (grid.left + at, grid.top + end)]), line([(grid.left, grid.top + at), (grid.left + end, grid.top + at)])]
    found: list[Shape] = [*headed(matrix.head, width)[0], Stroke("".join(lines), "neutral", 0.5)]
    found.append(words(max(grid.left, 60), grid.top - LINE - 6, "answer →", SMALL, ink="quiet"))
    found.append(words(1, grid.top - LINE - 6, "truth ↓", SMALL, ink="quiet"))
    for k, (head, side) in enumerate(zip(grid.heads, grid.sides, strict=True)):
        middle = (k + 0.5) * grid.cell
        found.append(words(grid.left + middle, grid.top - 6, head, SMALL, "middle"))
        found.append(words(grid.left - 8, grid.top + middle + 4.5, side, SMALL, "end"))
    return found


def _below(matrix: Matrix, grid: Grid, width: float) -> tuple[list[Shape], float]:
    """The names in full where they are cut, and how many classes are not shown."""
    entries = []
    if any(side.endswith("…") for side in grid.sides):
        entries += [Entry(f"{LETTERS[k]}  {matrix.names[of]}") for k, of in enumerate(grid.classes)]
    if len(grid.classes) < len(matrix.names):
        entries.append(Entry(f"the {len(grid.classes)} most confused of {len(matrix.names)} classes", bold=True))
    if not entries:
        return [], grid.top + grid.end + 3
    return flowing(entries, 1, width - 1, grid.top + grid.end + 6)


def _described(matrix: Matrix) -> str:
    said = f"{matrix.when[0].upper()}{matrix.when[1:]}, {grouped(matrix.right)} of {plural(matrix.total, f'{matrix.sample} row')} are answered rightly, {percent(matrix.right / max(matrix.total, 1))}."
    per_class = [
        f"{matrix.names[k][:60]} {int(matrix.counts[k, k])} of {int(matrix.counts[k].sum())}" for k in matrix.most_confused(MOST) if matrix.counts[k].sum()
    ]  # fmt: skip
    said += f" Right of each class: {listed(per_class)}."
    wrong = matrix.counts - np.diag(np.diag(matrix.counts))
    worst = [np.unravel_index(k, wrong.shape) for k in np.argsort(-wrong.ravel(), kind="stable")[:3] if wrong.ravel()[k]]
    if not worst:
        return f"{said} There is no mistake."
    pairs = [f"{matrix.names[t][:60]} taken for {matrix.names[a][:60]} ({int(wrong[t, a])})" for t, a in worst]
    return f"{said} The most frequent mistakes: {listed(pairs)}."
