"""Parquet by polars; what its foot says of rows and columns is checked before anything is unpacked."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, Final

from .csvfile import import_polars, refused_by_polars
from .frames import check_names
from .limits import Limits

__all__ = ["MAGIC", "read_parquet"]

MAGIC: Final = b"PAR1"


def read_parquet(data: bytes, name: str, limits: Limits, only: Iterable[str] | None = None) -> Any:
    """The table in a Parquet file.

    Args:
        data: the file.
        name: of it, for messages.
        limits: bounds.
        only: names of the columns that are wanted, where they are there; None for all.

    Returns:
        A polars frame.

    Raises:
        DataError: for a damaged file, and one beyond the limits.
        MissingExtra: without polars.
    """
    polars = import_polars()
    with refused_by_polars(name, "Parquet file"):
        lazy = polars.scan_parquet(io.BytesIO(data))
        names = check_names(lazy.collect_schema().names(), name)
        limits.check("columns", len(names), name)
        rows = lazy.select(polars.len()).collect().item()
        limits.check("rows", rows, name)
        limits.check("cells", rows * len(names), name)
        wanted = None if only is None else [column for column in names if column in set(only)]
        frame = polars.read_parquet(io.BytesIO(data), columns=wanted)
        for column in frame.select(polars.col(polars.String, polars.Binary)).iter_columns():  # equal texts share memory there, not later
            sizes = column.str.len_bytes() if column.dtype == polars.String else column.bin.size()
            limits.check("bytes", int(sizes.sum() or 0), f"{name}, unpacked,")
        return frame
