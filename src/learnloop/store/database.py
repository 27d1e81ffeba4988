"""One SQLite file in transactions: each with a connection of its own, so threads and forks have nothing to share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from ..errors import StoreError
from .lock import UNFORKED, turn
from .place import make_folder, sync_folder
from .schema import STEPS, Header, Step, check_tables, header, in_memory, is_blank, migrate, not_ours, version_of
from .table import Unsealed
from .trouble import damaged, told

PATIENCE = 60.0
"""Seconds to wait for other processes."""
_SETTINGS = (
    "PRAGMA journal_mode = TRUNCATE",  # never WAL: SQLite 3.7.0 to 3.51.2 can corrupt it when two connections write
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = OFF",  # overwriting what is deleted would cost as much as writing it
)
_SETTINGS_OF_NEW = (
    "PRAGMA page_size = 16384",  # half the processor time of 4096 for losses of megabytes; the same for a few bytes
    "PRAGMA auto_vacuum = FULL",  # deleting gives space back; in steps (INCREMENTAL) its time grows with the square
)


class Database:
    """The file and its transactions.

    Args:
        path: the file.
        patience: for how many seconds to wait for other processes.
        steps: what makes its tables.
    """

    def __init__(self, path: Path, patience: float = PATIENCE, steps: tuple[Step, ...] = STEPS) -> None:
        self.path, self.patience, self.steps = path, patience, steps

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One moment of the store; an empty one where there is no file.

        Raises:
            StoreError: if it cannot be read, or is no store.
        """
        with self.locked_to_read(), self.connected_to_read() as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction alone in the store: all of it is on the disk when this ends, or nothing is.

        Raises:
            StoreError: if it cannot be written, or is no store.
        """
        with self.locked_to_write(), self.connected_to_write() as db:
            yield db

    @contextmanager
    def locked_to_read(self) -> Iterator[None]:
        """Share the lock. Where its file cannot be made, as in a folder of others, SQLite's own locks must do."""
        if self._is_old():
            with self.writing():
                pass  # writing migrates
        with ExitStack() as stack, self.told():
            if self.path.exists():
                try:
                    stack.enter_context(self._turn(shared=True))
                except StoreError:
                    raise
                except OSError:
                    pass  # the lock's file cannot be made, in a folder of others: SQLite's own locks must do
            yield

    @contextmanager
    def locked_to_write(self) -> Iterator[None]:
        """Have the lock alone; the folder is made if it is missing."""
        with ExitStack() as stack, self.told():
            make_folder(self.path)
            stack.enter_context(self._turn(shared=False))
            yield

    @contextmanager
    def connected_to_read(self) -> Iterator[sqlite3.Connection]:
        """A transaction that reads, under a lock; nobody forks meanwhile, so whoever needs two locks takes both first."""
        with UNFORKED, ExitStack() as stack, self.told():
            db = stack.enter_context(closing(self._connect() if self.path.exists() else in_memory(self.steps)))
            db.execute("BEGIN")
            if is_blank(db):  # its first transaction was cut off
                db = stack.enter_context(closing(in_memory(self.steps)))
            self._check_header(db)
            check_tables(db, self.path, self.steps)
            yield db

    @contextmanager
    def connected_to_write(self) -> Iterator[sqlite3.Connection]:
        """A transaction that writes, under a lock."""
        with UNFORKED, ExitStack() as stack, self.told():
            db = stack.enter_context(closing(self._connect(make=True)))
            new = is_blank(db)
            if new:
                for setting in _SETTINGS_OF_NEW:
                    db.execute(setting)
            stack.enter_context(_transaction(db))
            self._bring_up_to_date(db, new)
            yield db

    def _bring_up_to_date(self, db: sqlite3.Connection, new: bool) -> None:
        if not new:
            self._check_header(db)
        migrate(db, self.steps)
        check_tables(db, self.path, self.steps)
        if new:
            sync_folder(self.path)  # before the first commit: what is committed has a name on the disk

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn what goes wrong in reading and writing this file into errors that name it."""
        try:
            with told(self.path):
                yield
        except Unsealed as error:
            raise damaged(self.path, str(error)) from error

    @contextmanager
    def _turn(self, *, shared: bool) -> Iterator[None]:
        with turn(self.path, shared=shared, patience=self.patience) as ours:
            if not ours:
                raise StoreError(
                    f"the store {self.path} has been held by another process for {self.patience:g} seconds. "
                    "Fix: end that process (it may be stopped or hang), then try again."
                )
            yield

    def _is_old(self) -> bool:
        with self.told(), UNFORKED:
            version = self._peek()
            return version is not None and version < len(self.steps)

    def _peek(self) -> int | None:
        """The version of the file, before SQLite sees it: it might change a file that is not ours. None for none."""
        if not self.path.exists() or self._is_unfinished():
            return None
        if not self.path.is_file():
            raise not_ours(self.path)
        if not self.path.stat().st_size:
            return None
        found = header(self.path)
        found.check(self.path, len(self.steps))
        return None if found.blank else found.version

    def _is_unfinished(self) -> bool:
        """Whether a transaction was cut off: then only SQLite knows what the file should be."""
        with suppress(OSError):
            return self.path.with_name(f"{self.path.name}-journal").stat().st_size > 0
        return False

    def _connect(self, *, make: bool = False) -> sqlite3.Connection:
        """A connection to the file; it may be read-only, which is seen when something is written."""
        self._peek()
        where = f"{self.path.as_uri()}?mode={'rwc' if make else 'rw'}"
        db = sqlite3.connect(where, uri=True, timeout=self.patience, isolation_level=None, check_same_thread=False)
        try:
            for setting in _SETTINGS:
                db.execute(setting)
        except BaseException:
            db.close()
            raise
        return db

    def _check_header(self, db: sqlite3.Connection) -> None:
        application = int(db.execute("PRAGMA application_id").fetchone()[0])
        Header(application, version_of(db)).check(self.path, len(self.steps))


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # SQLite has rolled back by itself after an error of the disk
            db.execute("ROLLBACK")
        raise
