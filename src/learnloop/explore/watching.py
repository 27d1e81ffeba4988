"""What is new about a training, wherever it goes on: in this server, or in another process that writes to the store."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ..store import RUNNING, Entry, Store
from .live import Live

Array = np.ndarray[Any, np.dtype[Any]]
LOOK = 0.5
"""Seconds between two looks into the store at how much of a training is kept."""
MOST = 1 << 20
"""Losses that are handed over at once."""


@dataclass(frozen=True, eq=False)
class News:
    """What happened since.

    Attributes:
        losses: the next ones.
        records: the next epochs.
        kept: how many updates are in the store, and can be visited.
        end: how it ended, once everything before was handed over; None while it goes on.
    """

    losses: Array
    records: list[dict[str, Any]]
    kept: int
    end: dict[str, Any] | None


class Course(Protocol):
    """A training that can be followed."""

    pace: float
    """Seconds between two looks."""

    def facts(self) -> dict[str, Any]:
        """What a tab is told first."""

    def news(self, sent: int, epochs: int) -> News:
        """What there is beyond so many losses and so many epochs."""


class Here:
    """A training of this server.

    Args:
        live: the training.
        store: where it is recorded, about once a second.
    """

    pace = 0.05

    def __init__(self, live: Live, store: Store) -> None:
        self.live, self._store = live, store
        self._kept, self._asked = 0, -LOOK

    def facts(self) -> dict[str, Any]:
        """Its id, and how long it will be."""
        return self.live.facts()

    def news(self, sent: int, epochs: int) -> News:
        """From memory.

        Raises:
            UnknownRun: if the run was deleted meanwhile.
        """
        live = self.live
        end, done = live.end, live.done  # the end first: what it is about is there then
        stop = min(done, sent + MOST)
        if end is not None or time.monotonic() - self._asked > LOOK:
            self._kept, self._asked = self._store.entry(live.id).done, time.monotonic()
        return News(live.losses[sent:stop], live.history[epochs:], self._kept, end if stop == done else None)


class Elsewhere:
    """A run of the store that this server does not train; another process may.

    Args:
        store: the store.
        id: the run.
    """

    pace = 0.5

    def __init__(self, store: Store, id: str) -> None:
        self.store, self.id = store, id

    def facts(self) -> dict[str, Any]:
        """Its id, and how long it will be; the store does not know how long an epoch is."""
        entry = self.store.entry(self.id)
        return {
            "run": entry.id, "planned": entry.planned, "updates_per_epoch": None, "done": entry.done,
            "dtype": _kind(entry).name, "first": 0,
        }  # fmt: skip

    def news(self, sent: int, epochs: int) -> News:
        """From the store.

        Raises:
            UnknownRun: if it was deleted meanwhile.
        """
        entry = self.store.entry(self.id)
        first, stop = min(sent, entry.done), min(entry.done, sent + MOST)
        losses = np.frombuffer(self.store.losses(entry.id, first, stop), _kind(entry))
        history = self.store.history(entry.id)
        ended = entry.status != RUNNING and stop == entry.done
        return News(losses, [history[epoch] for epoch in sorted(history)[epochs:]], entry.done, _end(entry) if ended else None)


def _kind(entry: Entry) -> np.dtype[Any]:
    return np.dtype("<f8" if entry.itemsize == 8 else "<f4")


def _end(entry: Entry) -> dict[str, Any]:
    known = {name: entry.facts.get(name) for name in ("stand", "divergence")}
    return {"status": entry.status, "digest": entry.digest, "error": None, "recorded": True, **known}
