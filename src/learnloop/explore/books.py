"""The runs that pages look at: those of the store, and those that Python or a file brought, which have handles."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..errors import DescriptionError, UnknownRun
from ..run import Run
from ..store import RUNNING, Entry
from ..stored import Store
from ..train.engine import CHUNK, predict
from ..train.memory import Memory
from ..web.pack import pack
from .answers import Busy, TooLarge, finite
from .handover import run_pack
from .holding import Holding
from .limits import ARENA, PAGE
from .opening import of_run

Array = np.ndarray[Any, np.dtype[Any]]
OPEN = 4
"""Runs that are kept in memory with their checkpoints: what going to another update quickly costs."""
WAITING = 6
"""Requests that may wait for one run."""
MARK = "@"
"""What handles begin with; no id of a store does."""


class Books:
    """Runs by id or handle, for any thread.

    Args:
        store: where recorded runs are.
        held: where their rows go.
    """

    def __init__(self, store: Store, held: Holding) -> None:
        self.store, self.held = store, held
        self._brought: dict[str, Run] = {}
        self._read: OrderedDict[str, tuple[tuple[Any, ...], Run]] = OrderedDict()
        self._alone = threading.Lock()
        self._waiting: dict[str, int] = {}

    def bring(self, run: Run) -> str:
        """A handle for a run, or its id where the store of this server has it."""
        if run.record is not None and run.record[0].path == self.store.path:
            return run.record[1]
        handle = f"{MARK}{secrets.token_urlsafe(9)}"
        self._brought[handle] = run
        return handle

    def entries(self, offset: int, limit: int) -> dict[str, Any]:
        """Recorded runs, newest first."""
        found = self.store.entries()
        return {"runs": [_line(entry) for entry in found[offset : offset + limit]], "total": len(found)}

    def entry(self, id: str) -> Entry | None:
        """What the store says of a run, by exactly this id; None for one that has a handle.

        Raises:
            UnknownRun: if there is none, or none any more.
        """
        if id in self._brought:
            return None
        found = self.store.entry(id)
        if found.id != id:  # a beginning of an id is for people who type
            raise UnknownRun(id, [])
        return found

    def run(self, id: str, update: int | None = None) -> Run:
        """A run.

        Args:
            id: its id or handle.
            update: the update that it must have; a run in the making is read again only where it has not come so far.

        Raises:
            UnknownRun: if there is none, or none any more.
            StoreError: if it cannot be read.
        """
        entry = self.entry(id)
        if entry is None:
            return self._brought[id]
        stamp = (entry.changed, entry.done, entry.status, entry.created)
        with self._alone:
            known, run = self._read.get(id, ((), None))
            far = update is not None and run is not None and update < run.updates and known[-1:] == stamp[-1:]
            if run is not None and (known == stamp or far):
                self._read.move_to_end(id)
                return run
        loaded = self.store.load(id)
        with self._alone:
            self._read[id] = (stamp, loaded)
            self._read.move_to_end(id)
            while len(self._read) > OPEN:
                self._read.popitem(last=False)
        return loaded

    def described(self, id: str) -> bytes:
        """The pack of a run: scenario, losses, history, digests, notes."""
        run, entry = self.run(id), self.entry(id)
        scenario, refusal = None, None
        try:
            scenario = of_run(run, self.held).to_dict()
        except DescriptionError as error:
            refusal = str(error)
        return run_pack(run, run.status if entry is None else entry.status, scenario, refusal)

    @contextmanager
    def _turn(self, id: str) -> Iterator[None]:
        """A place in the queue before a run."""
        with self._alone:
            if self._waiting.get(id, 0) >= WAITING:
                raise Busy("too many updates of this run are being computed. Fix: wait a moment, then try again.")
            self._waiting[id] = self._waiting.get(id, 0) + 1
        try:
            yield
        finally:
            with self._alone:
                self._waiting[id] -= 1

    def moment(self, id: str, update: int) -> bytes:
        """One update with everything that was computed in it: the arena and how to read it.

        Raises:
            DescriptionError: for an update that the run does not have.
            DataError: for a run without its data.
            TooLarge: for an arena that is larger than a page takes.
        """
        with self._turn(id):
            found = self.run(id, update).at(update)
        memory = found.memory
        if memory.arena.nbytes > ARENA:
            raise TooLarge(
                f"everything that is computed in an update takes {memory.arena.nbytes >> 20} MiB, and a page takes up to "
                f"{ARENA >> 20}. Fix: a smaller batch; in Python, run.at({update})."
            )
        header = {
            "kind": "moment", "version": 1, "run": id, "update": found.update, "epoch": found.epoch,
            "loss": float(found.loss), "learning_rate": found.learning_rate, "capacity": memory.capacity,
            "layout": memory.artefact.layout.to_dict(), "dtype": found.dtype.name,
        }  # fmt: skip
        arrays: dict[str, Array] = {"rows": found.rows.astype(np.int32), "arena": memory.arena}
        arrays |= {f"before/{name}": values for name, values in found.before.items()}
        return pack(finite(header), arrays)

    def predictions(self, id: str, update: int) -> bytes:
        """What the network says of every row of the run, with the weights before an update.

        Raises:
            DescriptionError: for an update that the run does not have.
            DataError: for a run without its data.
            TooLarge: for more than a page takes.
        """
        with self._turn(id):
            run = self.run(id, update)
            X = run.task.data.X
            if len(X) * run.network.outputs * 16 > PAGE:
                raise TooLarge("the predictions are more than a page takes. Fix: in Python, run.predict(X).")
            state = run.state_before(update)
            memory = Memory(run.program, run._compiled[0], CHUNK)
            memory.restore(state)
            raw, linked = predict(memory, X, run.program.functions["predict"].outputs[:2])
        return pack({"kind": "predictions", "version": 1, "run": id, "update": update}, {"outputs": raw, "linked": linked})


def _line(entry: Entry) -> dict[str, Any]:
    """A run as the list of pages shows it."""
    task = entry.description.get("task")
    network = task.get("network") if isinstance(task, dict) else None
    return {
        "id": entry.id, "name": entry.name, "created": entry.created, "changed": entry.changed, "status": entry.status,
        "planned": entry.planned, "done": entry.done, "metrics": entry.facts.get("metrics"), "digest": entry.digest,
        "network": network, "live": entry.status == RUNNING,
    }  # fmt: skip
