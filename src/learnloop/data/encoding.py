"""From columns as people have them to inputs of a network: measured on some rows, kept as plain data, used on others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..errors import DataError, short
from .columns import KINDS, Column

__all__ = ["EncodedColumn", "Encoding"]

Floats = npt.NDArray[np.float64]
_MOST: Final = 1 << 20  # inputs that an encoding from elsewhere may name


@dataclass(frozen=True)
class EncodedColumn:
    """How one column becomes inputs.

    Attributes:
        name: of the column.
        kind: "number", "date", "boolean" or "category".
        fill: what stands for a missing value of a column that is no category.
        categories: each becomes an input that is 1 where the column has it, else 0.
        missing: whether one more input is 1 where the value is missing, else 0.

    >>> EncodedColumn("colour", "category", categories=("blue", "red")).names
    ('colour = blue', 'colour = red')
    """

    name: str
    kind: str
    fill: float = 0.0
    categories: tuple[str, ...] = ()
    missing: bool = False

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise DataError(f"column {short(self.name)} cannot be encoded: {problem}. Fix: make it with Encoding.fit.")

    @classmethod
    def fit(cls, column: Column, rows: npt.NDArray[Any]) -> EncodedColumn:
        """Of a column: its inputs are those that all of its rows need, the fill is measured on some of them."""
        known = column.known
        missing = not bool(known.all())
        if column.kind == "category":
            found = sorted(set(column.values[known].astype(np.int64).tolist()))
            return cls(column.name, column.kind, 0.0, tuple(column.texts[k] for k in found), missing)
        measured = column.values[rows][known[rows]]
        fill = median(measured) if len(measured) and column.kind != "boolean" else 0.0
        return cls(column.name, column.kind, fill, (), missing)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the inputs."""
        own = [f"{self.name} = {text}" for text in self.categories] if self.kind == "category" else [self.name]
        return (*own, *([f"{self.name} is missing"] if self.missing else []))

    @property
    def scaled(self) -> tuple[bool, ...]:
        """Which inputs are numbers to be standardised; those of 0 and 1 are left as they are."""
        return (self.kind in ("number", "date"), *[False] * (len(self.names) - 1))

    def write(self, column: Column, out: Floats, *, filled: bool) -> None:
        """Write the inputs of all rows, (rows, inputs), which are 0 so far."""
        known = column.known
        if self.missing:
            out[:, -1] = ~known
        if self.kind != "category":
            gap = self.fill if filled or self.kind == "boolean" else math.nan
            out[:, 0] = np.where(known, column.values, gap)
            return
        places: dict[str | None, int] = {text: k for k, text in enumerate(self.categories)}
        input_of = np.array([places.get(text, -1) for text in (*column.texts, None)], np.int64)  # the last: missing
        chosen = input_of[column.values.astype(np.int64)]
        rows = np.flatnonzero(chosen >= 0)
        out[rows, chosen[rows]] = 1.0

    def unknown(self, column: Column) -> tuple[str, ...]:
        """Categories in a column that this encoding does not know."""
        if self.kind != "category":
            return ()
        used = {column.texts[int(k)] for k in set(column.values[column.known].tolist())}
        return tuple(text for text in column.texts if text in used - set(self.categories))

    def to_dict(self) -> dict[str, Any]:
        """As plain data; every bit of the fill survives."""
        own: dict[str, Any] = {"categories": list(self.categories)} if self.kind == "category" else {"fill": self.fill}
        return {"name": self.name, "kind": self.kind, **own, "missing": self.missing}


@dataclass(frozen=True)
class Encoding:
    """How the columns of a table become inputs of a network.

    Numbers and dates stay numbers, what is missing filled by the median; a category becomes one input for each of its
    texts; where values were missing, one more input says so. Scaling comes after it: see `Standardiser`.

    Attributes:
        columns: in the order of the inputs.

    >>> from learnloop.data import datasets
    >>> pets = datasets.from_frame({"kg": [4.0, None, 30.0], "kind": ["cat", "cat", "dog"], "age": [3, 9, 5]}, target="age")
    >>> pets.encoding.names
    ('kg', 'kg is missing', 'kind = cat', 'kind = dog')
    >>> pets.X[1].tolist()
    [17.0, 1.0, 1.0, 0.0]
    """

    columns: tuple[EncodedColumn, ...]

    @classmethod
    def fit(cls, columns: Iterable[Column], rows: npt.NDArray[Any]) -> Encoding:
        """What the columns become; medians are measured on some rows alone, which inputs there are does not depend on them.

        Args:
            columns: of a table, at least one; each has a value somewhere.
            rows: indices of the rows to measure, usually those to learn from.
        """
        return cls(tuple(EncodedColumn.fit(column, rows) for column in columns))

    @property
    def names(self) -> tuple[str, ...]:
        """Of the inputs."""
        return tuple(name for column in self.columns for name in column.names)

    @property
    def scaled(self) -> tuple[bool, ...]:
        """Which inputs are to be standardised."""
        return tuple(flag for column in self.columns for flag in column.scaled)

    @property
    def kinds(self) -> dict[str, Any]:
        """Of the columns, by name."""
        return {column.name: column.kind for column in self.columns}

    def apply(self, columns: Iterable[Column], *, filled: bool = True) -> Floats:
        """The inputs.

        Args:
            columns: of a table; those that the encoding does not know are passed over.
            filled: whether missing numbers are filled; NaN stands for them otherwise.

        Returns:
            float64 (rows, inputs), not scaled.

        Raises:
            DataError: for columns that are not there, or that are of another kind.
        """
        there = {column.name: column for column in columns}
        self.check(there)
        rows = len(there[self.columns[0].name].values)
        out = np.zeros((rows, len(self.names)))
        start = 0
        for column in self.columns:
            width = len(column.names)
            column.write(there[column.name], out[:, start : start + width], filled=filled)
            start += width
        return out

    def check(self, there: Mapping[str, Column]) -> None:
        """Refuse columns that do not fit.

        Raises:
            DataError: all that are missing, in one; the first that is of another kind.
        """
        absent = [column.name for column in self.columns if column.name not in there]
        if absent:
            more = "" if len(absent) <= 10 else f" and {len(absent) - 10} more"
            raise DataError(
                f"the table has no {'column' if len(absent) == 1 else 'columns'} {', '.join(map(short, absent[:10]))}{more}. "
                "Fix: bring all columns that were learnt from, under the same names; values may be missing."
            )
        for column in self.columns:
            if there[column.name].kind != column.kind:
                raise DataError(
                    f"column {short(column.name)} is of the kind {there[column.name].kind}, expected {column.kind}. "
                    "Fix: read it as that kind."
                )

    def unknown(self, columns: Iterable[Column]) -> dict[str, tuple[str, ...]]:
        """Categories that were not in the table: all inputs of such a row are 0.

        Returns:
            column -> its categories, where there are some.
        """
        own = {column.name: column for column in self.columns}
        found = {c.name: own[c.name].unknown(c) for c in columns if c.name in own}
        return {name: texts for name, texts in found.items() if texts}

    def to_dict(self) -> dict[str, Any]:
        """The encoding as plain data for JSON; every bit survives the round trip."""
        return {"columns": [column.to_dict() for column in self.columns]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Encoding:
        """The encoding that `to_dict` wrote.

        Raises:
            DataError: for anything else.

        >>> found = Encoding((EncodedColumn("age", "number", fill=0.1, missing=True),))
        >>> Encoding.from_dict(found.to_dict()) == found
        True
        """
        try:
            columns = tuple(_column(each) for each in data["columns"])
        except (KeyError, TypeError, AttributeError) as error:
            raise DataError(f"this is no encoding ({error}). Fix: pass what to_dict() gave.") from error
        names = [column.name for column in columns]
        width = sum(len(column.names) for column in columns)
        if not 0 < width <= _MOST or len(set(names)) < len(names):
            raise DataError("this is no encoding: no column, too many, or one twice. Fix: pass what to_dict() gave.")
        return cls(columns)


def _column(given: Mapping[str, Any]) -> EncodedColumn:
    return EncodedColumn(
        given["name"], given["kind"], given.get("fill", 0.0), tuple(given.get("categories", ())), given["missing"]
    )


def _problem(column: Any) -> str:
    """What is wrong with a column, or nothing: it may have been read from anywhere."""
    if not isinstance(column.name, str) or not isinstance(column.missing, bool):
        return "its name is no text, or missing is no truth value"
    if column.kind not in KINDS or column.kind == "skip":
        return f"{short(column.kind)} is no kind"
    if not isinstance(column.fill, float) or not math.isfinite(column.fill):
        return f"the fill is {short(column.fill)}, expected a finite float"
    texts = column.categories
    if not all(isinstance(text, str) for text in texts) or len(set(texts)) < len(texts):
        return "categories are no texts, or one is there twice"
    if (column.kind == "category") != bool(texts):
        return "categories belong to the kind category, which needs some"
    return ""


def median(values: Floats) -> float:
    """The middle value, or the mean of both middle ones.

    Args:
        values: at least one, none of them NaN.

    >>> median(np.array([1.0, 9.0, 2.0, 4.0]))
    3.0
    """
    middle = (len(values) - 1) // 2
    both = np.partition(values, sorted({middle, len(values) // 2}))
    low, high = float(both[middle]), float(both[len(values) // 2])
    return low if low == high else low / 2 + high / 2  # their sum could overflow
