"""What is forgotten, and the space that comes back."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from ..errors import StoreError
from . import blobs
from .database import Database
from .rows import CHECKPOINT, LOSS, PART, SOURCE, RunRow

_AT_ONCE = 8192
"""Pages that are given back in one transaction: others can write in between."""


def run(db: sqlite3.Connection, row: RunRow) -> None:
    """Forget a run, with what only it has."""
    for table in (LOSS, CHECKPOINT):
        for kept in table.select(db, "WHERE run = ?", row.key):
            blobs.drop(db, kept.blob)
    db.execute("DELETE FROM run WHERE key = ?", (row.key,))
    _forget_unused(db)


def _forget_unused(db: sqlite3.Connection) -> None:
    for part in PART.select(db, "WHERE data NOT IN (SELECT data FROM run WHERE data IS NOT NULL)"):
        blobs.drop(db, part.blob)
    db.execute("DELETE FROM data WHERE digest NOT IN (SELECT data FROM run WHERE data IS NOT NULL)")
    for source in SOURCE.select(db, "WHERE digest NOT IN (SELECT source FROM run)"):
        blobs.drop(db, source.blob)
    db.execute("DELETE FROM source WHERE digest NOT IN (SELECT source FROM run)")


def shrink(database: Database) -> None:
    """Give the space of what is gone back to the disk; where that fails, it is used again for what comes."""
    with suppress(StoreError):
        while _shrink_a_little(database):
            pass


def _shrink_a_little(database: Database) -> bool:
    with database.writing() as db:
        db.execute(f"PRAGMA incremental_vacuum({_AT_ONCE:d})").fetchall()
        return bool(db.execute("PRAGMA freelist_count").fetchone()[0])
