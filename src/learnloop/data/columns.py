"""Columns of a table as people have them: numbers, dates, booleans, categories; recognised, or taken as one says."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from ..errors import DataError, DataTypeError, short

__all__ = ["KINDS", "Column", "Kind", "Place", "Raw", "column_of", "number_text"]

Kind = Literal["number", "date", "boolean", "category", "skip"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
MISSING: Final = frozenset({"", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?"})
"""What stands for a number that is missing; among categories all but the empty one are names like others."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z?)?\Z", re.ASCII)
MIXED: Final = 0.5
"""From this share of numbers on, a column of texts is taken for numbers with mistakes."""

Place = Callable[[int], str]
"""Where a row is, for messages: "line 7"."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Raw:
    """A column as its frame gives it.

    Attributes:
        name: of the column.
        values: float64 with NaN for what is missing, or a list of any objects.
        kind: what the type of an array says.
        refused: why the column can be no input, or "".
    """

    name: str
    values: Floats | Sequence[Any]
    kind: Kind = "number"
    refused: str = ""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of one kind.

    Attributes:
        name: of the column.
        kind: "number", "date" (days since 1970-01-01), "boolean" (0 and 1) or "category".
        values: float64 (rows,), NaN where missing; of a category the index of its text, -1 where missing.
        texts: the categories in sorted order; () for other kinds.
        chosen: whether the user chose the kind.
    """

    name: str
    kind: Kind
    values: Floats
    texts: tuple[str, ...] = ()
    chosen: bool = False

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Which rows have a value."""
        return self.values >= 0 if self.kind == "category" else ~np.isnan(self.values)

    def take(self, rows: npt.NDArray[Any]) -> Column:
        """The same column with some of its rows."""
        return replace(self, values=self.values[rows])


def column_of(raw: Raw, kind: Kind | None, place: Place) -> Column:
    """A column of the kind that it is, or of the one that is asked for.

    Args:
        raw: as a frame gives it.
        kind: what to take it for; None to recognise it.
        place: where a row is, for messages.

    Raises:
        DataError: infinite numbers, numbers mixed with texts.
        DataTypeError: objects that are neither, or a kind that cannot be made of them.

    >>> column_of(Raw("size", ["1", "2.5", "NA"]), None, str).values
    array([1. , 2.5, nan])
    """
    array = raw.values if isinstance(raw.values, np.ndarray) else None
    if array is None:
        found = _of_objects(raw, kind, place)
    elif kind == "category":
        names = [None if math.isnan(value) else number_text(value) for value in array.tolist()]
        found = _categories(raw.name, names)
    else:
        found = Column(raw.name, raw.kind if kind is None else kind, array)
    _check_numbers(found, place)
    return replace(found, chosen=kind is not None)


def number_text(value: float) -> str:
    """A number as a category is called: whole ones without a point.

    >>> number_text(3.0), number_text(0.5)
    ('3', '0.5')
    """
    return str(int(value)) if abs(value) < 2**53 and value == math.floor(value) else repr(value)


def _check_numbers(column: Column, place: Place) -> None:
    infinite = np.isinf(column.values)
    if infinite.any():
        row = int(np.argmax(infinite))
        raise DataError(
            f"column {short(column.name)} is infinite or beyond float64 in {place(row)}; in all, such values: {int(infinite.sum())}. "
            "Fix: write a finite number, or nothing where it is missing."
        )
    if column.kind == "boolean":
        odd = column.known & (column.values != 0) & (column.values != 1)
        if odd.any():
            row = int(np.argmax(odd))
            raise DataError(
                f"column {short(column.name)} is {column.values[row]:g} in {place(row)}, expected 0, 1, true or false. "
                "Fix: take it as number or category."
            )


def _of_objects(raw: Raw, kind: Kind | None, place: Place) -> Column:
    """A column of texts, of numbers as objects, of both."""
    texts = [_text(value, raw.name, row, place) for row, value in enumerate(raw.values)]
    different = {text for text in texts if text is not None}
    if kind in (None, "date"):
        days = _days(different, raw.name, wanted=kind == "date")
        if days:
            array = np.array([math.nan if text is None else days[text] for text in texts], np.float64)
            return Column(raw.name, "date", array)
    numbers = {text: _number(text) for text in different}
    if kind == "category" or (kind is None and _is_category(raw, texts, numbers, place)):
        return _categories(raw.name, texts)
    if kind is None and different and all(isinstance(v, bool) for v in raw.values if v is not None):
        kind = "boolean"
    values = [math.nan if text is None else numbers[text] for text in texts]
    array = np.array([math.nan if value is None else value for value in values], np.float64)
    return Column(raw.name, kind or "number", array)


def _is_category(
    raw: Raw, texts: list[str | None], numbers: Mapping[str, float | None], place: Place
) -> bool:
    """Whether texts are categories, not numbers; refuses what is both."""
    given = [(row, text) for row, text in enumerate(texts) if text is not None and text not in MISSING]
    odd = [(row, text) for row, text in given if numbers[text] is None]
    if not odd:
        return False
    if len(odd) > (1 - MIXED) * len(given):
        return True
    name = raw.name if raw.name.isidentifier() else "NAME"
    raise DataError(
        f"column {short(raw.name)} mixes numbers and texts: {short(odd[0][1])} in {place(odd[0][0])}, "
        f"texts in {len(odd)} of {len(given)} values. Fix: correct them; or take them as missing, with "
        f"kinds={{{raw.name!r}: 'number'}} (--kind {name}=number), or all as categories ('category')."
    )


def _days(texts: set[str], name: str, *, wanted: bool) -> dict[str, float]:
    """Days since 1970-01-01 by the text of a date in ISO 8601; {} where not all are dates.

    Raises:
        DataTypeError: for that, where dates are wanted.
    """
    known = [text for text in texts if text not in MISSING]
    days = dict.fromkeys(texts - set(known), math.nan)
    try:
        if known and all(_DATE.match(text) for text in known):
            stamps = np.array([text.removesuffix("Z") for text in known], "datetime64[us]").astype(np.int64)
            return days | dict(zip(known, (stamps / 86_400e6).tolist(), strict=True))
    except (ValueError, OverflowError):  # the 30th of February
        pass
    if wanted and known:
        odd = next((text for text in known if not _DATE.match(text)), known[0])
        raise DataTypeError(
            f"column {short(name)} holds {short(odd)}, which is no date. Fix: write 2026-01-31, or 2026-01-31 12:00:00."
        )
    return days if wanted else {}


def _text(value: Any, name: str, row: int, place: Place) -> str | None:
    """A value as a text; None for nothing."""
    if type(value) is str:
        return value.strip() or None
    if value is None or value != value:
        return None
    if isinstance(value, str):
        return str(value).strip() or None
    if isinstance(value, datetime.date):
        return value.replace(tzinfo=None).isoformat() if isinstance(value, datetime.datetime) else value.isoformat()
    if isinstance(value, bool | np.bool_):
        return "1" if value else "0"
    if isinstance(value, int | float | np.integer | np.floating):
        return number_text(_float(value))
    raise DataTypeError(
        f"column {short(name)} holds a {type(value).__name__} in {place(row)}, expected numbers, texts or dates. "
        "Fix: turn it into one of these, or leave the column out."
    )


def _float(value: Any) -> float:
    """A number in float64; infinity for a whole number beyond it."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _number(text: str | None) -> float | None:
    """The number that a text is; NaN for a word that stands for a missing one; None for other texts."""
    if text is None or text in MISSING:
        return math.nan
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def _categories(name: str, texts: Iterable[str | None]) -> Column:
    """Categories in sorted order, numbers among themselves by size."""
    listed = list(texts)
    found = sorted({text for text in listed if text is not None}, key=_order)
    places: dict[str | None, float] = {text: float(k) for k, text in enumerate(found)} | {None: -1.0}
    values = np.array([places[text] for text in listed], np.float64)
    return Column(name, "category", values, tuple(found))


def _order(text: str) -> tuple[bool, float, str]:
    number = _number(text)
    plain = number is not None and math.isfinite(number)
    return (not plain, number if plain and number is not None else 0.0, text)
