"""What is written: runs, what becomes due while they train, their end. Each function is a part of one transaction."""

from __future__ import annotations

import hashlib
import sqlite3
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import StoreError
from . import blobs, chunks, given
from .rows import (
    CHECKPOINT,
    COUNTER,
    DATA,
    DIGEST,
    HISTORY,
    LOSS,
    PART,
    RUN,
    SOURCE,
    CheckpointRow,
    CounterRow,
    DataRow,
    DigestRow,
    HistoryRow,
    LossRow,
    PartRow,
    RunRow,
    SourceRow,
)
from .values import DIVERGED, FINISHED, RUNNING, Data


def keep_run(db: sqlite3.Connection, row: RunRow) -> RunRow:
    """Add a run under the next number of its name; the row comes back with its key and its id."""
    found = COUNTER.select(db, "WHERE name = ?", row.name)
    counter = CounterRow(row.name, found[0].last + 1 if found else 1)
    (COUNTER.update if found else COUNTER.insert)(db, counter)
    row = row._replace(key=next_key(db), id=f"{row.name}-{counter.last}")
    RUN.insert(db, row)
    return row


def next_key(db: sqlite3.Connection) -> int:
    """A key that no run ever had."""
    last = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'run'").fetchone()
    return (int(last[0]) if last else 0) + 1


def keep_data(db: sqlite3.Connection, data: Data) -> str | None:
    """Keep the parts of a data set, once for all runs that learn from the same; None if it is only named."""
    if data.parts is None:
        return None
    parts = [(given.text(name, "the name of a part"), given.raw(data.parts[name], "parts")) for name in data.parts]
    digest = parts_digest(parts)
    if not DATA.select(db, "WHERE digest = ?", digest):
        DATA.insert(db, DataRow(digest, len(parts)))
        for name, content in parts:
            PART.insert(db, PartRow(digest, name, *blobs.put(db, content)))
    return digest


def parts_digest(parts: Iterable[tuple[str, bytes | memoryview]]) -> str:
    """SHA-256 over the names and the contents of the parts."""
    total = hashlib.sha256()
    for name, content in sorted(parts, key=lambda part: part[0]):
        total.update(hashlib.sha256(name.encode()).digest())
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def keep_source(db: sqlite3.Connection, source: str) -> str:
    """Keep a C source, once for all runs that have the same."""
    text = given.text(source, "source").encode()
    digest = hashlib.sha256(text).hexdigest()
    if not SOURCE.select(db, "WHERE digest = ?", digest):
        SOURCE.insert(db, SourceRow(digest, *blobs.put(db, zlib.compress(text)), len(text)))
    return digest


@dataclass(frozen=True)
class Due:
    """What is to be recorded at once; see :meth:`Store.append`."""

    done: int
    losses: memoryview
    digests: tuple[tuple[int, str], ...]
    checkpoints: tuple[tuple[int, memoryview], ...]
    latest: tuple[int, memoryview] | None
    history: tuple[tuple[int, str], ...]


def append(db: sqlite3.Connection, run: RunRow, due: Due) -> None:
    """Record what became due. What is there already must be the same: a run that is resumed has the same bits."""
    if run.status in (FINISHED, DIVERGED):
        raise StoreError(f"the run {run.id} has ended ({run.status}): nothing can be added to it. Fix: make a new run.")
    _losses(db, run, due)
    digests = sum(_digest(db, run, at, sha256) for at, sha256 in due.digests)
    checkpoints = sum(_checkpoint(db, run, at, content, kept=1) for at, content in due.checkpoints)
    checkpoints += _latest(db, run, *due.latest) if due.latest else 0
    epochs = sum(_history(db, run, epoch, text) for epoch, text in due.history)
    _change(
        db, run, status=RUNNING, digest=None, done=max(run.done, due.done), digests=run.digests + digests,
        checkpoints=run.checkpoints + checkpoints, epochs=run.epochs + epochs,
    )  # fmt: skip


def finish(db: sqlite3.Connection, run: RunRow, status: str, digest: str | None, facts: Mapping[str, Any]) -> None:
    """Record how a run ended."""
    _change(db, run, status=status, digest=digest, facts=given.plain(facts, "facts"))


def _change(db: sqlite3.Connection, run: RunRow, **changes: Any) -> None:
    RUN.update(db, run._replace(changed=time.time(), **changes))


def _losses(db: sqlite3.Connection, run: RunRow, due: Due) -> None:
    item = run.itemsize
    first, there = due.done - len(due.losses) // item, run.done
    if len(due.losses) % item or first < 0 or first > there:
        raise StoreError(
            f"the losses do not follow what the run {run.id} has: got {len(due.losses)} bytes that end with update "
            f"{due.done}, expected {item} for each update from {there} on. Fix: append the losses in order."
        )
    known = due.losses[: max(min(there, due.done) - first, 0) * item]
    if chunks.losses(db, run, first, first + len(known) // item) != known:
        raise _differs(run, f"losses of updates {first} to {min(there, due.done) - 1}")
    if len(known) < len(due.losses):
        LOSS.insert(db, LossRow(run.key, there, *blobs.put(db, due.losses[len(known) :])))


def _digest(db: sqlite3.Connection, run: RunRow, at: int, sha256: str) -> int:
    old = DIGEST.select(db, "WHERE run = ? AND at = ?", run.key, at)
    if not old:
        DIGEST.insert(db, DigestRow(run.key, at, sha256))
    elif old[0].sha256 != sha256:
        raise _differs(run, f"digest of update {at}")
    return 0 if old else 1


def _checkpoint(db: sqlite3.Connection, run: RunRow, at: int, content: memoryview, kept: int) -> int:
    old = CHECKPOINT.select(db, "WHERE run = ? AND at = ?", run.key, at)
    if not old:
        CHECKPOINT.insert(db, CheckpointRow(run.key, at, kept, *blobs.put(db, content)))
        return 1
    if blobs.get(db, old[0].blob, old[0].size) != content:
        raise _differs(run, f"checkpoint of update {at}")
    CHECKPOINT.update(db, old[0]._replace(kept=max(old[0].kept, kept)))
    return 0


def _latest(db: sqlite3.Connection, run: RunRow, at: int, content: memoryview) -> int:
    """Replace the checkpoint that is not kept, unless it is of a later update: a resumed run may be behind."""
    loose = CHECKPOINT.select(db, "WHERE run = ? AND kept = 0", run.key)
    if any(old.at > at for old in loose):
        return 0
    gone = [old for old in loose if old.at < at]
    for old in gone:
        blobs.drop(db, old.blob)
        db.execute("DELETE FROM checkpoint WHERE run = ? AND at = ?", (run.key, old.at))
    return _checkpoint(db, run, at, content, kept=0) - len(gone)


def _history(db: sqlite3.Connection, run: RunRow, epoch: int, text: str) -> int:
    """What was measured may differ, for it may hold times: the later one counts."""
    old = HISTORY.select(db, "WHERE run = ? AND epoch = ?", run.key, epoch)
    (HISTORY.update if old else HISTORY.insert)(db, HistoryRow(run.key, epoch, text))
    return 0 if old else 1


def _differs(run: RunRow, what: str) -> StoreError:
    return StoreError(
        f"the {what} of the run {run.id} is not what was recorded before: this is not the same run. "
        "Fix: resume it with the same data, description and version, or make a new run."
    )
