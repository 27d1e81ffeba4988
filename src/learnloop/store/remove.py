"""What is forgotten, and the space that comes back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress

from ..errors import StoreError
from . import blobs
from .database import Database
from .rows import CHECKPOINT, LOSS, PART, SOURCE, TRASH, RunRow, TrashRow

_AT_ONCE = (4 << 20) // blobs.PIECE
"""Pieces that are dropped in one transaction: others can record in between, and a nearly full disk has room for its
journal, which may be twice as large."""


def run(db: sqlite3.Connection, row: RunRow) -> None:
    """Forget a run at once, with what only it has; what is large goes to the trash."""
    for table in (LOSS, CHECKPOINT):
        _throw_away(db, ((kept.blob, kept.size) for kept in table.select(db, "WHERE run = ?", row.key)))
    db.execute("DELETE FROM run WHERE key = ?", (row.key,))
    unused = PART.select(db, "WHERE data NOT IN (SELECT data FROM run WHERE data IS NOT NULL)")
    _throw_away(db, ((part.blob, part.size) for part in unused))
    db.execute("DELETE FROM data WHERE digest NOT IN (SELECT data FROM run WHERE data IS NOT NULL)")
    sources = SOURCE.select(db, "WHERE digest NOT IN (SELECT source FROM run)")
    _throw_away(db, ((source.blob, source.size) for source in sources))
    db.execute("DELETE FROM source WHERE digest NOT IN (SELECT source FROM run)")


def _throw_away(db: sqlite3.Connection, gone: Iterable[tuple[int, int]]) -> None:
    for number, size in gone:
        TRASH.insert(db, TrashRow(number, size))


def give_back(database: Database) -> None:
    """Empty the trash, in many small transactions; where that fails, the next call does it."""
    with suppress(StoreError):
        while _give_back_some(database):
            pass


def _give_back_some(database: Database) -> bool:
    """Drop some pieces, the last ones first: whether anything is left."""
    with database.writing() as db:
        left = _AT_ONCE
        for (number,) in db.execute("SELECT blob FROM trash ORDER BY blob DESC").fetchall():
            left -= blobs.drop(db, number, most=left)
            if left <= 0:
                return True
            db.execute("DELETE FROM trash WHERE blob = ?", (number,))
    return False
