"""Losses, as they were appended: chunk after chunk."""

from __future__ import annotations

import sqlite3

from . import blobs
from .rows import LOSS, RunRow
from .table import Unsealed


def losses(db: sqlite3.Connection, run: RunRow, start: int, stop: int) -> bytes:
    """The losses of updates ``start`` to ``stop``.

    Raises:
        Unsealed: if they are not as they were written.
    """
    if start >= stop:
        return b""
    item, found, at = run.itemsize, list[bytes](), start
    begin = "SELECT max(first) FROM loss WHERE run = ? AND first <= ?"
    where = f"WHERE run = ? AND first >= ({begin}) AND first < ? ORDER BY first"
    for chunk in LOSS.select(db, where, run.key, run.key, start, stop):
        low, high = max(start - chunk.first, 0) * item, min((stop - chunk.first) * item, chunk.size)
        if chunk.first + low // item != at:
            break
        found.append(blobs.get(db, chunk.blob, chunk.size, low, high))
        at += (high - low) // item
    if at != stop:
        raise Unsealed(f"losses of the run {run.id} are missing")
    return b"".join(found)
