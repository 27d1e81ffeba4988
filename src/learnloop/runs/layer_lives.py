"""All numbers of a layer over a stretch of updates: how far each went, and who pushed it most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .explain import brackets
from .render import html_rows, shortened, wrapped

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False)
class ParameterLives:
    """What became of every number of a parameter; every array has its dimensions.

    Attributes:
        name: "dense_1.weight".
        before, after: the values at the start and at the end.
        path: the sum of the sizes of all changes.
        by_class: what the rows of each class pushed, (classes, dimensions); (0, dimensions) where targets are no classes.
        row: the row of the data that pushed most, -1 where none did.
        row_push: what it pushed.
        rounding: end minus start minus all pushes.
        bound: how large that can be.
        ticks: which numbers have earned their tick, as for a single biography.
        frozen: the coefficients that depend on gradients.
    """

    name: str
    before: Array
    after: Array
    path: Array
    by_class: Array
    row: Array
    row_push: Array
    rounding: Array
    bound: Array
    ticks: Array
    frozen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """One number in a ranking.

    Attributes:
        name: "dense_1.weight[3,7]".
        before, after: its values at the start and at the end.
        path: how far it went in all.
        strongest_class: whose rows pushed most together, None where targets are no classes.
        class_push: what they pushed.
        strongest_row: the row of the data that pushed most, None where none did.
        row_push: what it pushed.
        ticks: whether its pushes and the rounding add up.
    """

    name: str
    before: float
    after: float
    path: float
    strongest_class: int | None
    class_push: float
    strongest_row: int | None
    row_push: float
    ticks: bool

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True)
class Biographies:
    """The numbers of a layer, those that went furthest first; iterate over it, or take ``ranked()``.

    Attributes:
        layer: its name.
        start, stop: the updates, from start up to stop, which is left out.
        parameters: by last name: "weight", "bias".
    """

    layer: str
    start: int
    stop: int
    parameters: dict[str, ParameterLives]

    @property
    def ticks(self) -> bool:
        """Whether every number has its tick."""
        return all(bool(p.ticks.all()) for p in self.parameters.values())

    def __len__(self) -> int:
        return sum(p.before.size for p in self.parameters.values())

    def __iter__(self) -> Iterator[Outline]:
        return iter(self.ranked())

    def ranked(self, by: str = "change", count: int | None = None) -> list[Outline]:
        """The numbers that went furthest.

        Args:
            by: "change" for end minus start, "path" for the sum of the sizes of all changes.
            count: how many; None for all.
        """
        pairs = [(label, k) for label, p in self.parameters.items() for k in range(p.before.size)]
        sizes = [abs(p.after - p.before) if by == "change" else p.path for p in self.parameters.values()]
        order = np.argsort(-np.concatenate([s.ravel() for s in sizes]), kind="stable")[:count]
        return [self._outline(*pairs[k]) for k in order.tolist()]

    def _outline(self, label: str, index: int) -> Outline:
        p = self.parameters[label]
        place = tuple(int(k) for k in np.unravel_index(index, p.before.shape))
        classes, row = p.by_class.reshape(len(p.by_class), -1)[:, index], int(p.row[place])
        best = int(abs(classes).argmax()) if len(classes) else None
        return Outline(
            name=f"{p.name}{brackets(place)}", before=float(p.before[place]), after=float(p.after[place]),
            path=float(p.path[place]), strongest_class=best, class_push=0.0 if best is None else float(classes[best]),
            strongest_row=None if row < 0 else row, row_push=float(p.row_push[place]), ticks=bool(p.ticks[place]),
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: the ranking."""
        names = list(Outline.__dataclass_fields__)
        rows = [{n: getattr(o, n) for n in names} | {"change": o.change} for o in self]
        return {"layer": self.layer, "start": self.start, "stop": self.stop, "ticks": self.ticks, "numbers": rows}

    def _table(self, count: int) -> list[tuple[str, ...]]:
        head = ("number", "end", "change", "path", "class", "row")
        return [head, *(_cells(o) for o in self.ranked(count=count))]

    def _verdict(self) -> str:
        good = sum(int(p.ticks.sum()) for p in self.parameters.values())
        mark = "✓" if good == len(self) else "✗"
        return f"{mark} {good} of {len(self)} add up: every update, and all pushes with the rounding"

    def _head(self) -> str:
        return f"{shortened(self.layer)} over updates {self.start} to {self.stop - 1}, by how far they went"

    def __str__(self) -> str:
        rows = self._table(10)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [[cell.rjust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
        table = [f"  {row[0].ljust(widths[0])}  {'  '.join(line[1:])}" for row, line in zip(rows, lines, strict=True)]
        note = "class, row: which pushed it most, and how far"
        return "\n".join([self._head(), *table, *wrapped(self._verdict()), *wrapped(note)])

    def _repr_html_(self) -> str:
        head, *rows = self._table(20)
        return html_rows(self._head(), head, rows, (self._verdict(),))


def _cells(o: Outline) -> tuple[str, ...]:
    short = o.name if len(o.name) <= 23 else f"…{o.name[-22:]}"
    by_class = "" if o.strongest_class is None else f"{o.strongest_class} {o.class_push:+.2g}"
    by_row = "" if o.strongest_row is None else f"{o.strongest_row} {o.row_push:+.2g}"
    return short, f"{o.after:.3g}", f"{o.change:+.3g}", f"{o.path:.3g}", by_class, by_row
