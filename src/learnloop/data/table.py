"""Table: columns of known kinds, and the learning problem that comes of them once a target is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from ..errors import DataError, DescriptionError, UnknownName, short
from .columns import KINDS, Column, Kind, Place, Raw, column_of
from .dataset import Dataset
from .digest import digest_many
from .encoding import Encoding
from .limits import OWN, Limits
from .origin import Origin
from .target import target_of

__all__ = ["Table", "day_text", "encoded", "row_place"]

FEW: Final = 20
MOST: Final = 100
"""A column with more different texts than these is left out, where hardly any occurs twice, or in any case."""
_NUMBERING: Final = re.compile(r"(^|[\s_.-])(id|index|row)$|[a-z]I[dD]$|^column 1$", re.IGNORECASE)
"""What columns are called that number the rows; what those without a name are called is among it."""
TOLD: Final = 5
"""Problems and left-out columns that are told by name."""


def row_place(row: int) -> str:
    """Where a row is, where nothing better is known."""
    return f"row {row} (counted from 0)"


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """What was read.

    Attributes:
        name: of the file without its ending, or what it was called.
        columns: those that can be used.
        rows: how many.
        notes: sentences on what was left out, and why.
        origin: where it comes from.
        limits: within which it is encoded.
    """

    name: str
    columns: tuple[Column, ...]
    rows: int
    notes: tuple[str, ...]
    origin: Origin
    limits: Limits = OWN

    @classmethod
    def of(
        cls, raws: list[Raw], rows: int, name: str, *, kinds: Mapping[str, Kind] | None = None,
        place: Place = row_place, origin: Origin | None = None, limits: Limits = OWN,
    ) -> Table:
        """A table of the columns of a frame.

        Args:
            raws: the columns.
            rows: how many.
            name: what to call it.
            kinds: column -> kind, for those that shall not be recognised; "skip" leaves one out.
            place: where a row is, for messages.
            origin: where it comes from; None to make one of the values.
            limits: bounds.

        Raises:
            DataError: no rows, no columns, values that cannot be used.
            DescriptionError: a kind that there is none of.
            UnknownName: kinds for columns that are not there.
        """  # fmt: skip
        limits.check("rows", rows, name)
        limits.check("columns", len(raws), name)
        limits.check("cells", rows * len(raws), name)
        if not raws or not rows:
            raise DataError(f"{name} is empty: {rows} rows, {len(raws)} columns. Fix: bring a table with rows.")
        chosen = dict(kinds or {})
        _check_kinds(chosen, [raw.name for raw in raws])
        usable = [raw for raw in raws if not raw.refused and chosen.get(raw.name) != "skip"]
        columns = _columns(usable, chosen, place)
        notes = _listed("left out", {raw.name: raw.refused for raw in raws if raw.refused})
        return cls(name, columns, rows, notes, origin or _origin(columns), limits)

    def __repr__(self) -> str:
        return f"Table({self.name!r}: {self.rows} rows, {len(self.columns)} columns)"

    def column(self, name: str) -> Column:
        """A column by its name.

        Raises:
            UnknownName: if there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownName("column", name, [column.name for column in self.columns])

    def take(self, rows: np.ndarray[Any, np.dtype[Any]]) -> Table:
        """The same columns with some of the rows."""
        return replace(self, columns=tuple(column.take(rows) for column in self.columns), rows=len(rows))

    def describe(self) -> list[dict[str, Any]]:
        """Each column as plain data: name, kind, how many values are missing, and the texts or the range."""
        return [_described(column) for column in self.columns]

    def dataset(self, target: str | None, task: str | None = None) -> Dataset:
        """The learning problem: all other columns are inputs, encoded by all rows.

        Columns that no network can learn from are left out, and rows without a target; `notes` say which.

        Args:
            target: the column to predict.
            task: "classification" or "regression"; None to recognise it.

        Raises:
            DataError: no target is named, fewer than two rows have one, it is the same in all, no column is left.
            UnknownName: no such column.
        """
        if target is None:
            names = ", ".join(short(column.name) for column in self.columns[:20])
            more = f" and {len(self.columns) - 20} more" if len(self.columns) > 20 else ""
            raise DataError(
                f"which column of {self.name} shall be predicted? It has {names}{more}. "
                "Fix: target='NAME' (--target NAME)."
            )
        known = self.column(target).known
        kept = self if known.all() else self.take(np.flatnonzero(known))
        _check_rows(self, kept.rows, target)
        aim = target_of(kept.column(target), task)
        unsuitable = {c.name: why for c in kept.columns if c.name != target and (why := _unsuitable(c))}
        features = tuple(c for c in kept.columns if c.name != target and c.name not in unsuitable)
        if not features:
            why = "".join(f" {note}." for note in _listed("left out", unsuitable))
            raise DataError(f"{self.name} has no column to learn from besides the target.{why} Fix: bring other columns.")
        gone = self.rows - kept.rows
        notes = [f"{gone} of {self.rows} rows have no target and are left out; rows are counted without them"] if gone else []
        table = replace(kept, columns=features, notes=(*notes, *self.notes, *_listed("left out", unsuitable)))
        return _problem(table, replace(self.origin, target=target), *aim)


def _problem(table: Table, origin: Origin, task: Any, y: Any, names: tuple[str, ...]) -> Dataset:
    encoding = Encoding.fit(table.columns, np.arange(table.rows))
    return Dataset(
        name=table.name, X=encoded(table, encoding), y=y, task=task, feature_names=encoding.names, target_names=names,
        source="your own", licence="your own", description=f"{table.rows} rows of {len(table.columns)} columns to learn "
        f"{origin.target} from.", table=replace(table, origin=origin), encoding=encoding, origin=origin, notes=table.notes,
    )  # fmt: skip


def encoded(table: Table, encoding: Encoding) -> np.ndarray[Any, np.dtype[Any]]:
    """The inputs, if they are not too many.

    Raises:
        DataError: beyond the limits of the table, or columns that do not fit.
    """
    width = len(encoding.names)
    table.limits.check("columns", width, f"{table.name}, encoded,")
    table.limits.check("cells", width * table.rows, f"{table.name}, encoded,")
    return encoding.apply(table.columns)


def _check_kinds(kinds: Mapping[str, Any], names: list[str]) -> None:
    for name, kind in kinds.items():
        if name not in names:
            raise UnknownName("column", name, names)
        if kind not in KINDS:
            raise DescriptionError(f"the kind of column {short(name)} is {short(kind)}; expected {', '.join(KINDS)}.")


def _columns(raws: Iterable[Raw], kinds: Mapping[str, Kind], place: Place) -> tuple[Column, ...]:
    """The columns, or all that is wrong with them at once."""
    found, problems = [], list[Exception]()
    for raw in raws:
        try:
            found.append(column_of(raw, kinds.get(raw.name), place))
        except (DataError, TypeError) as error:
            problems.append(error)
    if problems:
        more = [f"and {len(problems) - TOLD} more columns like these"] if len(problems) > TOLD else []
        raise type(problems[0])("\n".join([*map(str, problems[:TOLD]), *more]))
    return tuple(found)


def _check_rows(table: Table, kept: int, target: str) -> None:
    if kept < 2:
        raise DataError(
            f"{table.name} has {table.rows} row{'s' * (table.rows != 1)}, {kept} of them with a value of "
            f"{short(target)}; expected at least 2. Fix: bring more rows."
        )


def _unsuitable(column: Column) -> str:
    """Why no network can learn from a column, or nothing."""
    known = column.known
    if not known.any():
        return "all its values are missing"
    if column.chosen:
        return ""
    if column.kind == "category":
        different, rows = len(set(column.values[known].tolist())), int(known.sum())
        if different > MOST or (different > FEW and 2 * different > rows):
            return f"it has {different} different texts"
        return ""
    named = _NUMBERING.search(column.name) is not None and bool((column.values == np.floor(column.values)).all())
    return "it numbers the rows" if named and len(set(column.values.tolist())) == len(column.values) else ""


def _listed(what: str, reasons: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence for each of a few columns, one for the others together."""
    shown = [f"{short(name)} is {what}: {why}" for name, why in list(reasons.items())[:TOLD]]
    return (*shown, *([f"{len(reasons) - TOLD} more columns are {what}"] if len(reasons) > TOLD else []))


def _described(column: Column) -> dict[str, Any]:
    known = column.known
    facts: dict[str, Any] = {"name": column.name, "kind": column.kind, "missing": int((~known).sum())}
    if column.kind == "category":
        counts = np.bincount(column.values[known].astype(np.int64), minlength=len(column.texts)).tolist()
        return facts | {"different": len(column.texts), "categories": dict(list(zip(column.texts, counts, strict=True))[:MOST])}
    values = column.values[known]
    if not len(values):
        return facts | {"different": 0, "low": None, "high": None}
    return facts | {"different": len(set(values.tolist())), "low": float(values.min()), "high": float(values.max())}


def _origin(columns: tuple[Column, ...]) -> Origin:
    """Of values that came without a file."""
    texts = [digest_many({text: [k] for k, text in enumerate(column.texts)}) for column in columns if column.texts]
    values = digest_many({column.name: column.values for column in columns})
    return Origin(digest_many({text: [] for text in dict.fromkeys([values, *texts])}))


def day_text(days: float) -> str:
    """A date as people write it.

    >>> day_text(20484.5)
    '2026-01-31 12:00:00'
    """
    stamp = np.datetime64(0, "s") + np.timedelta64(round(days * 86400), "s")
    return str(stamp).replace("T", " ").removesuffix(" 00:00:00")

