"""What is read: runs by what people write for them, and what belongs to them, each checked."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from typing import Any

from ..errors import DescriptionError, UnknownRun
from . import blobs, chunks
from .record import parts_digest
from .rows import CHECKPOINT, DATA, DIGEST, HISTORY, PART, RUN, SOURCE, RunRow
from .table import Unsealed, from_text
from .values import Data, Entry

LONGEST_SOURCE = 256 << 20
"""Bytes of a C source: a store of somebody else may say anything."""
_LOSSES = 1 << 22
"""Losses that are checked at once."""


def ids(db: sqlite3.Connection) -> list[str]:
    """All runs, newest first.

    Raises:
        Unsealed: if the table and its index do not have the same number of them: one is lost.
    """
    found = [id for (id,) in db.execute("SELECT id FROM run ORDER BY key DESC").fetchall()]
    if db.execute("SELECT count(*) FROM run INDEXED BY run_of_source").fetchone() != (len(found),):
        raise Unsealed("a run is missing in the table, or in its index")
    return found


def run_rows(db: sqlite3.Connection, prefix: str) -> list[RunRow]:
    """The runs whose name begins so, newest first."""
    found = RUN.select(db, "ORDER BY key DESC")
    if len(found) != len(ids(db)):
        raise Unsealed("a run is missing in the table, or in its index")
    return [row for row in found if row.name.startswith(prefix)]


def run_row(db: sqlite3.Connection, id: str) -> RunRow:
    """The run with exactly this id.

    Raises:
        UnknownRun: if there is none.
    """
    found = RUN.select(db, "WHERE id = ?", id) if isinstance(id, str) and id.isprintable() else []
    if found:
        return found[0]
    known = ids(db)
    if id in known:
        raise Unsealed(f"the run {id} is missing in an index")
    raise UnknownRun(id, known)


def resolve(db: sqlite3.Connection, given: str) -> str:
    """The id that was meant: itself, its only beginning, or "last".

    Raises:
        UnknownRun: if there is none, or if several begin so.
    """
    known = ids(db)
    if given in known:
        return given
    if given == "last" and known:
        return known[0]
    begun = [id for id in known if isinstance(given, str) and given and id.startswith(given)]
    if len(begun) != 1:
        raise UnknownRun(given, known, begun)
    return begun[0]


def entry(row: RunRow, status: str) -> Entry:
    """A run as a list shows it."""
    return Entry(
        id=row.id, name=row.name, created=row.created, changed=row.changed, status=status,
        description=_table(row.description), planned=row.planned, done=row.done, itemsize=row.itemsize,
        digest=row.digest, facts=_table(row.facts), data_digest=row.data_digest, data_kept=row.data is not None,
        source_digest=row.source,
    )  # fmt: skip


def _table(text: str) -> dict[str, Any]:
    value = from_text(text)
    if not isinstance(value, dict):
        raise Unsealed("a description is no table")
    return value


def _complete(found: list[Any], count: int, run: RunRow, what: str) -> None:
    if len(found) != count:
        raise Unsealed(f"the run {run.id} has {len(found)} {what} instead of {count}")


def check_whole(db: sqlite3.Connection, run: RunRow) -> None:
    """See that nothing small is missing, and that all losses are there.

    Raises:
        Unsealed: if something is.
    """
    digests(db, run)
    checkpoints(db, run)
    history(db, run)
    for start in range(0, run.done, _LOSSES):
        chunks.losses(db, run, start, min(start + _LOSSES, run.done))


def digests(db: sqlite3.Connection, run: RunRow) -> dict[int, str]:
    """Digests of the state by update."""
    found = DIGEST.select(db, "WHERE run = ? ORDER BY at", run.key)
    _complete(found, run.digests, run, "digests")
    return {row.at: row.sha256 for row in found}


def checkpoints(db: sqlite3.Connection, run: RunRow) -> list[int]:
    """The updates whose state is kept."""
    found = CHECKPOINT.select(db, "WHERE run = ? ORDER BY at", run.key)
    _complete(found, run.checkpoints, run, "checkpoints")
    return [row.at for row in found]


def checkpoint(db: sqlite3.Connection, run: RunRow, update: int) -> bytes:
    """The state at an update.

    Raises:
        DescriptionError: if it was not kept.
    """
    found = CHECKPOINT.select(db, "WHERE run = ? AND at = ?", run.key, update)
    if not found:
        known = ", ".join(map(str, checkpoints(db, run)[-10:])) or "none"
        raise DescriptionError(f"the run {run.id} has no checkpoint of update {update}; expected one of {known}.")
    return blobs.get(db, found[0].blob, found[0].size)


def history(db: sqlite3.Connection, run: RunRow) -> dict[int, dict[str, Any]]:
    """What was measured, by epoch."""
    found = HISTORY.select(db, "WHERE run = ? ORDER BY epoch", run.key)
    _complete(found, run.epochs, run, "epochs")
    return {row.epoch: _table(row.text) for row in found}


def data(db: sqlite3.Connection, run: RunRow) -> Data:
    """What the run learns from."""
    if run.data is None:
        return Data(run.data_digest, None, _table(run.data_about))
    known = DATA.select(db, "WHERE digest = ?", run.data)
    found = PART.select(db, "WHERE data = ? ORDER BY name", run.data)
    parts = {row.name: blobs.get(db, row.blob, row.size) for row in found}
    if not known or known[0].parts != len(found) or parts_digest(parts.items()) != run.data:
        raise Unsealed(f"the data of the run {run.id} is not as it was written")
    return Data(run.data_digest, parts, _table(run.data_about))


def source(db: sqlite3.Connection, run: RunRow) -> str:
    """The C source of the run."""
    found = SOURCE.select(db, "WHERE digest = ?", run.source)
    if not found or found[0].length > LONGEST_SOURCE:
        raise Unsealed(f"the source of the run {run.id} is missing")
    packed = blobs.get(db, found[0].blob, found[0].size)
    try:
        text = zlib.decompressobj().decompress(packed, max(found[0].length, 1))
    except zlib.error as error:
        raise Unsealed(f"the source of the run {run.id} cannot be unpacked") from error
    if hashlib.sha256(text).hexdigest() != run.source:
        raise Unsealed(f"the source of the run {run.id} is not as it was written")
    return text.decode()
