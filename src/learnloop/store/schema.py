"""The tables, how they came to be, and how a store is told from other files.

A store of version n was made, or changed, by the first n steps. A step is never edited once it is released.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..errors import StoreError

APPLICATION = int.from_bytes(b"lnlp", "big")
"""What the header of the file says that it belongs to."""
_MAGIC = b"SQLite format 3\0"
Step = Callable[[sqlite3.Connection], None]

VERSION_1 = (
    """CREATE TABLE run (
        key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, created REAL NOT NULL,
        changed REAL NOT NULL, status TEXT NOT NULL, description TEXT NOT NULL, planned INTEGER NOT NULL,
        done INTEGER NOT NULL, itemsize INTEGER NOT NULL, digest TEXT, facts TEXT NOT NULL, data_digest TEXT NOT NULL,
        data_about TEXT NOT NULL, data TEXT REFERENCES data, source TEXT NOT NULL REFERENCES source,
        digests INTEGER NOT NULL, checkpoints INTEGER NOT NULL, epochs INTEGER NOT NULL, seal BLOB NOT NULL)""",
    "CREATE INDEX run_of_data ON run (data)",
    "CREATE INDEX run_of_source ON run (source)",
    """CREATE TABLE counter (name TEXT PRIMARY KEY, last INTEGER NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE data (digest TEXT PRIMARY KEY, parts INTEGER NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE part (
        data TEXT NOT NULL REFERENCES data ON DELETE CASCADE, name TEXT NOT NULL, blob INTEGER NOT NULL,
        size INTEGER NOT NULL, seal BLOB NOT NULL, PRIMARY KEY (data, name)) WITHOUT ROWID""",
    """CREATE TABLE source (
        digest TEXT PRIMARY KEY, blob INTEGER NOT NULL, size INTEGER NOT NULL, length INTEGER NOT NULL,
        seal BLOB NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE loss (
        run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, first INTEGER NOT NULL, blob INTEGER NOT NULL,
        size INTEGER NOT NULL, seal BLOB NOT NULL, PRIMARY KEY (run, first)) WITHOUT ROWID""",
    """CREATE TABLE digest (
        run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, at INTEGER NOT NULL, sha256 TEXT NOT NULL,
        seal BLOB NOT NULL, PRIMARY KEY (run, at)) WITHOUT ROWID""",
    """CREATE TABLE checkpoint (
        run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, at INTEGER NOT NULL, kept INTEGER NOT NULL,
        blob INTEGER NOT NULL, size INTEGER NOT NULL, seal BLOB NOT NULL, PRIMARY KEY (run, at)) WITHOUT ROWID""",
    """CREATE TABLE history (
        run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, epoch INTEGER NOT NULL, text TEXT NOT NULL,
        seal BLOB NOT NULL, PRIMARY KEY (run, epoch)) WITHOUT ROWID""",
    """CREATE TABLE trash (blob INTEGER PRIMARY KEY, size INTEGER NOT NULL, seal BLOB NOT NULL)""",
    """CREATE TABLE piece (key INTEGER PRIMARY KEY, content BLOB NOT NULL, seal BLOB NOT NULL)""",
)


def version_1(db: sqlite3.Connection) -> None:
    """The first tables."""
    for statement in VERSION_1:
        db.execute(statement)


STEPS: tuple[Step, ...] = (version_1,)


def migrate(db: sqlite3.Connection, steps: Sequence[Step]) -> None:
    """Take the steps that are missing, in the transaction that is open."""
    for number in range(version_of(db), len(steps)):
        steps[number](db)
        db.execute(f"PRAGMA application_id = {APPLICATION:d}")
        db.execute(f"PRAGMA user_version = {number + 1:d}")


def version_of(db: sqlite3.Connection) -> int:
    """How many steps made this file."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _tables(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY type, name"
    ).fetchall()


def in_memory(steps: Sequence[Step]) -> sqlite3.Connection:
    """An empty store that is nowhere: what is read where there is no file."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db, steps)
    return db


@cache
def _expected(steps: tuple[Step, ...]) -> list[tuple[str, str, str]]:
    db = in_memory(steps)
    try:
        return _tables(db)
    finally:
        db.close()


@dataclass(frozen=True)
class Header:
    """What the first bytes of a file say: whose it is, its version, and whether it has a rollback journal, not WAL.

    One that never had a table is blank: the first transaction was cut off.
    """

    application: int
    version: int
    rollback: bool = True
    blank: bool = False

    def check(self, path: Path, newest: int) -> None:
        """Refuse files of other applications, and stores of a later version.

        Raises:
            StoreError: for either.
        """
        if self.blank and self.rollback:
            return
        if self.application != APPLICATION or not self.rollback:
            raise not_ours(path)
        if self.version > newest:
            raise StoreError(
                f"the store {path} has version {self.version}, and this learnloop knows versions up to {newest}: "
                "a newer one wrote it. Fix: update learnloop, or name another store with LEARNLOOP_STORE."
            )


def not_ours(path: Path) -> StoreError:
    """The error for a file of something else."""
    return StoreError(
        f"{path} is no store of learnloop, and is left as it is. "
        "Fix: name a store, or a file that does not exist yet, with LEARNLOOP_STORE."
    )


def header(path: Path) -> Header:
    """What a file says that it is, read without SQLite, which might change a file that is not ours.

    Raises:
        StoreError: if it is no file of SQLite.
        OSError: if it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(100)
    if len(start) < 100 or not start.startswith(_MAGIC):
        raise not_ours(path)
    application, version, changes = (int.from_bytes(start[at : at + 4], "big") for at in (68, 60, 40))
    return Header(application, version, start[18:20] == b"\1\1", blank=not (application or version or changes))


def is_blank(db: sqlite3.Connection) -> bool:
    """Whether there is nothing in it, of ours or of anybody."""
    marks = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    return not any(marks) and not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def check_tables(db: sqlite3.Connection, path: Path, steps: tuple[Step, ...]) -> None:
    """Refuse a store with other tables, views or triggers than its version has.

    Raises:
        StoreError: for any.
    """
    if _tables(db) != _expected(steps):
        raise StoreError(
            f"{path} says that it is a store of learnloop, and has other tables: it is damaged, or not to be trusted. "
            "Fix: name another store with LEARNLOOP_STORE."
        )
