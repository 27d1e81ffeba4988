"""The store: recorded runs in one file, for any number of processes and threads."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from ..errors import DescriptionError
from . import check, chunks, claim, given, lookup, record, remove, rescue
from .claim import Claim
from .database import PATIENCE, Database
from .place import locate
from .rows import RunRow
from .values import ENDS, INTERRUPTED, RUNNING, STATUSES, Data, Entry

Answer = TypeVar("Answer")


class Store:
    """Recorded runs in one file.

    What :meth:`create`, :meth:`append` and :meth:`finish` have recorded when they return outlives the end of the
    process and a power cut. Every method may be called from any thread and in any process, also after a fork.

    Args:
        path: the file; None for the one that LEARNLOOP_STORE names, or else the user's own. Nothing is made before
            something is written.
        patience: for how many seconds to wait while other processes write.

    Raises:
        StoreError: from every method, if the file cannot be read, written or trusted.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None, *, patience: float = PATIENCE) -> None:
        self.path: Path = locate(path)
        self._database = Database(self.path, patience)

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    # What is written

    def create(
        self, name: str, description: Mapping[str, Any], *, planned: int, itemsize: int, data: Data, source: str
    ) -> Claim:
        """Add a run, claimed: it is this process's to train until the claim is released.

        Args:
            name: what its id begins with.
            description: plain data: all it was told.
            planned: how many updates it should do.
            itemsize: bytes of a loss.
            data: what it learns from.
            source: its C source.

        Returns:
            The claim; its ``id`` is the name and a number that no other run of this store ever had.

        Raises:
            DescriptionError: if something given makes no sense.
        """
        now = time.time()
        row = RunRow(
            key=0, id="", name=given.name(name), created=now, changed=now, status=RUNNING, done=0, digest=None,
            description=given.plain(description, "description"), planned=given.whole(planned, "planned"),
            itemsize=given.whole(itemsize, "itemsize", 1), facts="{}", data_digest=given.text(data.digest, "digest"),
            data_about=given.plain(data.about, "about"), data=None, source="", digests=0, checkpoints=0, epochs=0,
        )  # fmt: skip
        taken: Claim | None = None
        try:
            with self._database.writing() as db:
                row = row._replace(data=record.keep_data(db, data), source=record.keep_source(db, source))
                row = record.keep_run(db, row)
                taken = claim.take(self._live(row), row.id)  # before anybody can see the run
        except BaseException:
            if taken:
                taken.release()
            raise
        return taken

    def append(
        self, id: str, *, done: int, losses: given.Bytes = b"", digests: Iterable[tuple[int, str]] = (),
        checkpoints: Iterable[tuple[int, given.Bytes]] = (), latest: tuple[int, given.Bytes] | None = None,
        history: Iterable[tuple[int, Mapping[str, Any]]] = (),
    ) -> None:  # fmt: skip
        """Record what became due, all of it or nothing.

        A run that is resumed, or an append that failed, may bring again what is there already: it must be the same.

        Args:
            id: the run.
            done: how many updates have a loss now.
            losses: of the updates before ``done``, little-endian; they must follow, or overlap, what is there.
            digests: (update, SHA-256 of the state).
            checkpoints: (update, state), to be kept.
            latest: (update, state): the state to resume from, in place of the one before.
            history: (epoch, plain data).

        Raises:
            StoreError: if the run has ended, or if this is not what was recorded before.
            DescriptionError: if something given makes no sense.
        """
        due = record.Due(
            given.whole(done, "done"), given.raw(losses, "losses"),
            tuple((given.whole(at, "update"), given.text(sha256, "digest")) for at, sha256 in digests),
            tuple((given.whole(at, "update"), given.raw(state, "states")) for at, state in checkpoints),
            (given.whole(latest[0], "update"), given.raw(latest[1], "states")) if latest else None,
            tuple((given.whole(epoch, "epoch"), given.plain(facts, "history")) for epoch, facts in history),
        )  # fmt: skip
        with self._database.writing() as db:
            record.append(db, lookup.run_row(db, id), due)

    def finish(self, id: str, status: str, *, digest: str | None = None, facts: Mapping[str, Any] = {}) -> None:
        """Record how a run ended.

        Args:
            id: the run.
            status: "finished", "interrupted", "diverged" or "failed".
            digest: of the final weights.
            facts: plain data worth listing.
        """
        given.one_of(status, ENDS, "status")
        text = None if digest is None else given.text(digest, "digest")
        with self._database.writing() as db:
            record.finish(db, lookup.run_row(db, id), status, text, facts)

    def delete(self, id: str) -> None:
        """Forget a run, and the data and source that no other run has.

        Raises:
            StoreError: if a living process trains it.
        """
        with self.claim(id), self._database.writing() as db:
            remove.run(db, lookup.run_row(db, id))
        remove.give_back(self._database)

    # What is damaged

    def check(self) -> list[str]:
        """Read everything and compare it with its digests.

        Returns:
            One sentence for each thing that is wrong; empty if all is well.
        """
        return check.problems(self._database)

    def copy(self, id: str, target: Store) -> None:
        """Copy a run to another store, under the same id.

        Raises:
            StoreError: if the target has that id, or if the run cannot be read whole; then nothing is copied.
        """
        rescue.copy(self._database, id, target._database)

    def rescue(self, target: str | os.PathLike[str]) -> dict[str, str]:
        """Copy every run that can be read whole from this store, which may be damaged, to another one.

        Args:
            target: the file of the other store; usually a new one.

        Returns:
            {id: why it could not be copied}; empty if all could.
        """
        return rescue.rescue(self._database, Store(target)._database)

    # Who trains

    def claim(self, id: str) -> Claim:
        """Take a run to train it on.

        Raises:
            StoreError: if a living process has it.
        """
        row = self._ask(id, lambda db, row: row)
        with self._database.told():
            return claim.take(self._live(row), row.id)

    def is_live(self, id: str) -> bool:
        """Whether a living process has claimed the run."""
        return self._ask(id, lambda db, row: claim.is_held(self._live(row)))

    def _live(self, row: RunRow) -> Path:
        return self.path.with_name(f"{self.path.name}.live") / str(row.key)

    # What is read

    def entries(self, prefix: str = "", status: str | None = None) -> list[Entry]:
        """Runs, newest first.

        Args:
            prefix: what their names begin with.
            status: only those with this status.
        """
        if status is not None:
            given.one_of(status, STATUSES, "status")
        with self._database.reading() as db:
            found = [self._entry(row) for row in lookup.run_rows(db, given.text(prefix, "prefix"))]
        return [entry for entry in found if status in (None, entry.status)]

    def entry(self, id: str) -> Entry:
        """One run: by its id, by a beginning that no other has, or the newest by "last".

        Raises:
            UnknownRun: if there is none, or several.
        """
        with self._database.reading() as db:
            return self._entry(lookup.run_row(db, lookup.resolve(db, id)))

    def _entry(self, row: RunRow) -> Entry:
        killed = row.status == RUNNING and not claim.is_held(self._live(row))
        return lookup.entry(row, INTERRUPTED if killed else row.status)

    def _ask(self, id: str, question: Callable[[Any, RunRow], Answer]) -> Answer:
        with self._database.reading() as db:
            return question(db, lookup.run_row(db, id))

    def losses(self, id: str, start: int = 0, stop: int | None = None) -> bytes:
        """The losses of updates ``start`` to ``stop``, little-endian; all of them by default."""
        with self._database.reading() as db:
            row = lookup.run_row(db, id)
            low, high = given.whole(start, "start"), row.done if stop is None else given.whole(stop, "stop")
            if not low <= high <= row.done:
                raise DescriptionError(f"the run {id} has {row.done} losses; got updates {low} to {high}.")
            return chunks.losses(db, row, low, high)

    def digests(self, id: str) -> dict[int, str]:
        """SHA-256 of the state, by update."""
        return self._ask(id, lookup.digests)

    def checkpoints(self, id: str) -> list[int]:
        """The updates whose state is there, in order."""
        return self._ask(id, lookup.checkpoints)

    def checkpoint(self, id: str, update: int) -> bytes:
        """The state at an update.

        Raises:
            DescriptionError: if it was not recorded.
        """
        at = given.whole(update, "update")
        return self._ask(id, lambda db, row: lookup.checkpoint(db, row, at))

    def data(self, id: str) -> Data:
        """What the run learns from; its parts are None if they were not kept."""
        return self._ask(id, lookup.data)

    def source(self, id: str) -> str:
        """The C source of the run."""
        return self._ask(id, lookup.source)

    def history(self, id: str) -> dict[int, dict[str, Any]]:
        """What was measured, by epoch."""
        return self._ask(id, lookup.history)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Nothing stays open between two calls; claims have lives of their own."""
