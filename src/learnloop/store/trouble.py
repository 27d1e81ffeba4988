"""What went wrong with a store, in the words of whoever uses it: no error of SQLite leaves this package."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import LearnloopError, StoreError

_SAFE = "What was recorded before is safe."
_RESCUE = "Fix: Store({path!r}).rescue('rescued.sqlite') copies every run that can still be read whole; keep the damaged file."
_FORBIDDEN = "Fix: make the file and its folder writable, or name another store with LEARNLOOP_STORE."
SENTENCES = {
    sqlite3.SQLITE_FULL: f"cannot be written: the disk is full. {_SAFE} Fix: free some space.",
    sqlite3.SQLITE_IOERR: f"cannot be read or written: the disk reports an error ({{detail}}). {_SAFE} "
    "Fix: look at the space and the health of the disk.",
    sqlite3.SQLITE_READONLY: f"may not be written ({{detail}}). {_FORBIDDEN}",
    sqlite3.SQLITE_PERM: f"may not be opened. {_FORBIDDEN}",
    sqlite3.SQLITE_CANTOPEN: f"cannot be opened. {_FORBIDDEN}",
    sqlite3.SQLITE_BUSY: "is held by another program. Fix: close what has it open, then try again.",
    sqlite3.SQLITE_LOCKED: "is held by another program. Fix: close what has it open, then try again.",
    sqlite3.SQLITE_NOMEM: "cannot be used: there is not enough memory. Fix: end other programs.",
    sqlite3.SQLITE_TOOBIG: "cannot take anything so large. Fix: record less at once.",
}


def damaged(path: Path, what: str) -> StoreError:
    """The error for contents that are not what was written."""
    return StoreError(f"the store {path} is damaged: {what}. {_RESCUE.format(path=str(path))}")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and of the operating system into one that says what to do.

    Raises:
        StoreError: for either.
    """
    try:
        yield
    except LearnloopError:
        raise
    except UnicodeDecodeError as error:  # what SQLite says about a damaged table may hold its bytes
        raise damaged(path, "the description of a table cannot be read") from error
    except sqlite3.Error as error:
        raise _from_sqlite(path, error) from error
    except OSError as error:
        raise _from_system(path, error) from error


def _from_sqlite(path: Path, error: sqlite3.Error) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0)
    sentence = SENTENCES.get(code & 0xFF)
    if sentence is None:
        return damaged(path, str(error))
    detail = getattr(error, "sqlite_errorname", str(error))
    return StoreError(f"the store {path} {sentence.format(detail=detail)}")


def _from_system(path: Path, error: OSError) -> StoreError:
    where = f" ({os.fsdecode(error.filename)})" if isinstance(error.filename, str | bytes) else ""
    return StoreError(f"the store {path} cannot be used: {error.strerror or error}{where}. {_SAFE} {_FORBIDDEN}")
