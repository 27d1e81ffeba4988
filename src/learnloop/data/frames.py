"""Columns out of any data frame (by narwhals), or out of a mapping of names to values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from ..errors import DataError, DataTypeError, short
from .columns import Raw

__all__ = ["check_names", "columns_of"]

_DAY: Final = 86_400e6  # microseconds
_REFUSED: Final = "it holds {type}, which can be no input"


def columns_of(frame: Any, only: Iterable[str] | None = None) -> tuple[list[Raw], int]:
    """The columns of a frame.

    Args:
        frame: a data frame that narwhals knows (pandas, polars, pyarrow ...), or a mapping of names to sequences.
        only: the names of those that are wanted; None for all.

    Returns:
        (the columns, the number of rows).

    Raises:
        DataTypeError: for something else.
        DataError: for columns that differ in length, or whose names are not texts or occur twice.

    >>> columns_of({"a": [1.0, None], "b": ["x", "y"]})[1]
    2
    """
    wanted = None if only is None else set(only)
    if isinstance(frame, Mapping):
        return _of_mapping(frame, wanted)
    import narwhals as nw  # 60 ms

    try:
        eager = nw.from_native(frame, eager_only=True)
    except TypeError as error:
        raise DataTypeError(
            f"the table is a {type(frame).__name__}, expected a data frame. Fix: pass a pandas, polars or pyarrow table, "
            "or a mapping of names to columns; collect() a lazy one."
        ) from error
    except (ValueError, nw.exceptions.NarwhalsError) as error:
        check_names(list(getattr(frame, "columns", [])), "the table")
        raise DataError(f"the table cannot be read ({error}). Fix: pass a plain table with one header.") from error
    names = check_names(eager.columns, "the table")
    return [_raw(eager[name], name) for name in names if wanted is None or name in wanted], len(eager)


def check_names(names: list[Any], what: str) -> list[str]:
    """The names, if they are texts and each is there once.

    Raises:
        DataError: if not.
    """
    for name in names:
        if not isinstance(name, str):
            raise DataError(f"{what} has a column called {short(name)}. Fix: make all names texts.")
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        if name in seen:
            raise DataError(f"{what} has two columns {short(name)}: {seen[name]} and {place}. Fix: rename one.")
        seen[name] = place
    return names


def _of_mapping(given: Mapping[Any, Any], wanted: set[str] | None) -> tuple[list[Raw], int]:
    names = check_names(list(given), "the table")
    sizes = {name: len(given[name]) for name in names}
    if len(set(sizes.values())) > 1:
        longest, shortest = max(sizes, key=sizes.__getitem__), min(sizes, key=sizes.__getitem__)
        raise DataError(
            f"columns differ in length: {short(longest)} has {sizes[longest]} rows, {short(shortest)} has "
            f"{sizes[shortest]}. Fix: one value for each row."
        )
    raws = [_of_values(name, given[name]) for name in names if wanted is None or name in wanted]
    return raws, next(iter(sizes.values()), 0)


def _of_values(name: str, values: Any) -> Raw:
    if isinstance(values, np.ndarray):
        if values.ndim != 1:
            raise DataError(f"column {short(name)} has the shape {values.shape}, expected (rows,). Fix: one column each.")
        if values.dtype.kind in "biuf":
            return Raw(name, values.astype(np.float64), "boolean" if values.dtype.kind == "b" else "number")
        if values.dtype.kind == "M":
            days = values.astype("datetime64[us]")
            return Raw(name, np.where(np.isnat(days), np.nan, days.astype(np.int64) / _DAY), "date")
        values = values.tolist()
    return Raw(name, list(values))


def _raw(series: Any, name: str) -> Raw:
    """A column of narwhals."""
    import narwhals as nw

    dtype = series.dtype
    if dtype.is_numeric() or dtype == nw.Boolean:
        values = series.cast(nw.Float64).to_numpy().astype(np.float64)
        return Raw(name, values, "boolean" if dtype == nw.Boolean else "number")
    if dtype == nw.Date or dtype == nw.Datetime:
        stamps = series.cast(nw.Datetime("us")) if dtype == nw.Date else series
        return Raw(name, stamps.dt.timestamp("us").cast(nw.Float64).to_numpy().astype(np.float64) / _DAY, "date")
    if dtype == nw.Duration:
        return Raw(name, series.dt.total_microseconds().cast(nw.Float64).to_numpy().astype(np.float64) / _DAY)
    if dtype in (nw.String, nw.Categorical, nw.Enum, nw.Object):
        return Raw(name, series.to_list())
    if series.null_count() == len(series):
        return Raw(name, np.full(len(series), np.nan))
    return Raw(name, (), refused=_REFUSED.format(type=str(dtype).split("(")[0]))
