"""The life of one number: its values, and who pushed it where, with a tick that it has to earn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from .change import ROUNDING, Part
from .chart import chart
from .numbers import exact_sum
from .render import WIDTH, Entry, Sum, html, latex, sheet, shortened, table, wrapped

Array = np.ndarray[Any, np.dtype[Any]]
PICTURE, BESIDE = 60, 11
"""Columns of the picture at most, and of the numbers beside it."""
MOST_CLASSES = 10
"""Lines for classes; the others share one."""
KEPT_SPACE = "\u00a0"
"""Where no line is broken."""


@dataclass(frozen=True, eq=False)
class Biography:
    """What became of one number over a stretch of updates, and what pushed it.

    Every update's change is the sum of what the rows of its batch, the weight itself and the optimizer's states gave.
    States are followed back to the rows that they came from, so a row's push counts what momentum made of it later.
    As in :class:`~learnloop.runs.Change` it is a decomposition, not a counterfactual: coefficients that depend on
    gradients are frozen at the values they had; ``frozen`` names them.

    Attributes:
        name: the number, "dense_1.weight[3,7]".
        start, stop: the updates, from start up to stop, which is left out.
        values: before each update and after the last one, (stop - start + 1,).
        by_row: what each row of the data pushed, (rows of the data,); 0.0 for rows that were in no batch.
        by_class: what the rows of each class pushed; empty where targets are no classes.
        others: the parts that are no rows: the weight itself as decay takes it, what states held at the start.
        moved: the change of each update as its own parts add up, (stop - start,).
        allowed: how far the stored change may be from that: roundings, as in a change, and float64's errors here.
        carried: the roundings of states, as far as they came into the number.
        carried_share: the largest part of its bound that a rounding of a state took; at most 1.
        slack: how large all roundings of the run can be together.
        error: how far the float64 numbers here may be off.
        labels: the class of each row of the data, or None.
        frozen: the coefficients that depend on gradients.
        dtype: "float32" or "float64".
    """

    name: str
    start: int
    stop: int
    values: Array
    by_row: Array
    by_class: Mapping[int, float]
    others: tuple[Part, ...]
    moved: Array
    allowed: Array
    carried: float
    carried_share: float
    slack: float
    error: float
    labels: Array | None = None
    frozen: tuple[str, ...] = ()
    dtype: str = "float32"

    def __repr__(self) -> str:
        return f"<Biography of {self.name}, updates {self.start} to {self.stop - 1}, {'✓' if self.ticks else '✗'}>"

    @property
    def before(self) -> float:
        """The value before the first update."""
        return float(self.values[0])

    @property
    def after(self) -> float:
        """The value after the last update."""
        return float(self.values[-1])

    @property
    def change(self) -> Fraction:
        """After minus before, exactly."""
        return Fraction(self.after) - Fraction(self.before)

    @property
    def path(self) -> float:
        """How far it went in all: the sum of the sizes of its changes."""
        return float(abs(np.diff(self.values)).sum())

    @cached_property
    def rounding(self) -> Fraction:
        """What the pushes leave: end minus start is the sum of all parts and this, exactly."""
        return self.change - exact_sum(self.by_row) - sum((p.value for p in self.others), Fraction(0))

    @property
    def bound(self) -> float:
        """How large the rounding can be: the bounds of all changes, carried along with them, and float64's errors."""
        return self.slack + self.error

    @property
    def steps(self) -> Array:
        """The rounding of each update: its stored change minus the sum of its parts, (stop - start,)."""
        return np.diff(self.values) - self.moved

    @cached_property
    def ticks(self) -> bool:
        """Whether the biography is true to the run.

        Each update's change is the sum of its parts, up to a rounding within its bound; the rounding of the whole is
        within its bound; and it is what the roundings of the updates add up to, up to the errors of float64.
        """
        each = bool((abs(self.steps) <= self.allowed).all()) and self.carried_share <= 1
        noted = exact_sum(self.steps) + Fraction(self.carried)
        return each and abs(self.rounding) <= self.bound and abs(self.rounding - noted) <= self.error

    @property
    def parts(self) -> tuple[Part, ...]:
        """All summands: the rows that pushed, the others, the rounding last."""
        rows = (self._row(int(row)) for row in np.flatnonzero(self.by_row))
        return (*rows, *self.others, Part(ROUNDING, self.rounding, ROUNDING, slack=Fraction(self.bound)))

    def _row(self, row: int) -> Part:
        return Part(f"row {row}", Fraction(float(self.by_row[row])), "row", row=row)

    def strongest(self, count: int = 10) -> tuple[Part, ...]:
        """The rows that pushed most, either way.

        Args:
            count: how many.
        """
        order = np.argsort(-abs(self.by_row), kind="stable")[:count]
        return tuple(self._row(int(row)) for row in order if self.by_row[row])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: a receipt.

        The values of rows and other parts are float64, and exact; so are before and after. The rounding is what they
        leave of after minus before: ``exact`` says it without any error, as :class:`fractions.Fraction` reads it.
        """
        names = ("name", "start", "stop", "before", "after", "path", "bound", "ticks", "dtype")
        return {n: getattr(self, n) for n in names} | {
            "change": float(self.change), "parts": [p.to_dict() for p in self.parts], "values": self.values.tolist(),
            "by_class": {str(k): v for k, v in self.by_class.items()}, "frozen": list(self.frozen),
        }  # fmt: skip

    @property
    def told(self) -> Sum:
        """What is printed of it."""
        entries = (*self._pushes(), *(Entry(p.name, p.value) for p in self.others), Entry(ROUNDING, self.rounding))
        when = f"over updates {self.start} to {self.stop - 1}"
        before, after = Fraction(self.before), Fraction(self.after)
        return Sum(
            self.name, when, before, after, entries, Fraction(self.bound), self.ticks, self._verdict(),
            tuple(self._notes()),
        )  # fmt: skip

    def _pushes(self) -> Iterator[Entry]:
        """One line for each class, the strongest first, or one for all rows."""
        if self.labels is None:
            yield Entry(f"{np.count_nonzero(self.by_row)} rows", exact_sum(self.by_row))
            return
        sums = {label: exact_sum(self.by_row[self.labels == label]) for label in self.by_class}
        order = sorted(sums, key=lambda label: -abs(sums[label]))
        yield from (Entry(f"rows of class {label}", sums[label]) for label in order[:MOST_CLASSES])
        if len(order) > MOST_CLASSES:
            left = sum((sums[label] for label in order[MOST_CLASSES:]), Fraction(0))
            yield Entry(f"rows of {len(order) - MOST_CLASSES} other classes", left)

    def _verdict(self) -> str:
        if self.ticks:
            return f"✓ every update adds up; the rounding is within its bound {self.bound:.2g}"
        return f"✗ these pushes do not explain the change; the rounding may be {self.bound:.2g}"

    def _notes(self) -> Iterator[str]:
        if found := self.strongest(5):
            items = (f"{self._of(p)} {float(p):+.4g}" for p in found)
            yield "strongest rows: " + ", ".join(item.replace(" ", KEPT_SPACE) for item in items)
        yield from self._frozen()

    def _frozen(self) -> Iterator[str]:
        if self.frozen:
            yield f"frozen at the values they had, though they depend on gradients: {', '.join(self.frozen)}"

    def _of(self, part: Part) -> str:
        return f"{part.row}" if self.labels is None else f"{part.row} (class {self.labels[part.row or 0]})"

    def latex(self) -> str:
        """The sum as an ``aligned`` block."""
        return latex(self.told)

    def text(self, width: int = WIDTH, *, strongest: bool = True) -> str:
        """What is printed of it.

        Args:
            width: columns at most; the picture gets narrower with them.
            strongest: whether to name the rows that pushed most.
        """
        told = self.told
        shown, name = sheet(told), shortened(f"{self.name} {told.when}", width - 1)
        line = f"{shown.before} -> {shown.after}  change {shown.change}"
        head = [f"{name}:  {line}"] if len(name) + len(line) <= width - 3 else [f"{name}:", f"  {line}"]
        words = told.notes if strongest else [*self._frozen()]
        notes = [part for note in (told.verdict, *words) for part in wrapped(note, width=width)]
        picture = chart(self.values, min(PICTURE, max(width - BESIDE, 10)))
        return "\n".join([*head, *picture, *table(shown), *notes]).replace(KEPT_SPACE, " ")

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        picture = "\n".join(chart(self.values))
        return f"<pre>{picture}</pre>{html(self.told)}"
