"""Runs copied from one store to another: to give them away, or to save them from a damaged file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ..errors import StoreError, UnknownRun
from . import blobs, lookup, record
from .database import Database
from .rows import CHECKPOINT, COUNTER, DIGEST, HISTORY, LOSS, RUN, CounterRow, RunRow
from .table import Table
from .values import Data


def rescue(source: Database, target: Database) -> dict[str, str]:
    """Copy every run that can be read whole; why the others could not."""
    problems = dict[str, str]()
    if source.path == target.path:
        raise StoreError(f"the store {source.path} cannot be copied to itself. Fix: name a new file.")
    with target.writing():
        pass  # what is wrong with the target is said once, not for each run
    with source.reading() as db:
        known = list(dict.fromkeys(_ids(db)))
    for id in known:
        try:
            copy(source, id, target)
        except (StoreError, UnknownRun) as error:
            problems[id] = str(error)
    return problems


def _ids(db: sqlite3.Connection) -> Iterator[str]:
    """All ids that can be found, from both ends of the table: a damaged page hides what is behind it."""
    for way in ("SELECT id FROM run ORDER BY key", "SELECT id FROM run ORDER BY key DESC", "SELECT id FROM run"):
        with suppress(sqlite3.Error):
            for (id,) in db.execute(way):
                if isinstance(id, str):
                    yield id


def copy(source: Database, id: str, target: Database) -> None:
    """Copy a run, or nothing of it."""
    with (
        source.locked_to_read(), target.locked_to_write(),
        source.connected_to_read() as old, target.connected_to_write() as new,
    ):  # fmt: skip
        with source.told():  # what is wrong here is wrong with the source
            row = lookup.run_row(old, id)
            lookup.check_whole(old, row)
            data, text = lookup.data(old, row), lookup.source(old, row)
        if RUN.select(new, "WHERE id = ?", id):
            raise StoreError(f"the store {target.path} has a run {id} already. Fix: copy it to another store.")
        _copy_rows(source, old, row, new, _copy_head(row, data, text, new))


def _copy_head(row: RunRow, data: Data, text: str, new: sqlite3.Connection) -> int:
    data_key, source_key = record.keep_data(new, data), record.keep_source(new, text)
    _count(new, row)
    copied = row._replace(key=record.next_key(new), data=data_key, source=source_key)
    RUN.insert(new, copied)
    return copied.key


def _count(db: sqlite3.Connection, row: RunRow) -> None:
    """See that no later run gets the number of a copied one."""
    found = COUNTER.select(db, "WHERE name = ?", row.name)
    last = int(row.id.rpartition("-")[2])
    counter = CounterRow(row.name, max(last, found[0].last if found else 0))
    (COUNTER.update if found else COUNTER.insert)(db, counter)


def _copy_rows(source: Database, old: sqlite3.Connection, row: RunRow, new: sqlite3.Connection, key: int) -> None:
    for large in (LOSS, CHECKPOINT):
        _copy_large(source, large, old, row, new, key)
    for small in (DIGEST, HISTORY):
        _copy_small(small, old, row, new, key)


def _copy_large(
    source: Database, table: Table[Any], old: sqlite3.Connection, row: RunRow, new: sqlite3.Connection, key: int
) -> None:
    for kept in table.select(old, "WHERE run = ?", row.key):
        with source.told():
            content = blobs.get(old, kept.blob, kept.size)
        number, size = blobs.put(new, content)
        table.insert(new, kept._replace(run=key, blob=number, size=size))


def _copy_small(table: Table[Any], old: sqlite3.Connection, row: RunRow, new: sqlite3.Connection, key: int) -> None:
    for kept in table.select(old, "WHERE run = ?", row.key):
        table.insert(new, kept._replace(run=key))
