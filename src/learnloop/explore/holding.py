"""What the server holds for its pages, under handles that only it makes: tables of rows, and runs without a store."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..data import Dataset
from ..rules.registry import short
from ..train.task import Held
from .answers import Gone

Array = np.ndarray[Any, np.dtype[Any]]
MOST = 1 << 30
"""Bytes of tables that are held; the ones that were not used for longest go first."""


@dataclass(frozen=True, eq=False)
class Given:
    """Arrays that are learnt from as they are, not scaled: those of a run, or those that Python handed over.

    Attributes:
        weights: one for each row; None for 1 each.
        rows: the rows to learn from; None for all.
        held: what is measured after every epoch, or None.
    """

    weights: Array | None = None
    rows: Array | None = None
    held: Held | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """Rows before they are split and scaled.

    Attributes:
        data: the rows, with names.
        origin: "builtin", "file", "points", "run" or "arrays".
        given: set where they are learnt from as they are.
        notes: what runs that learn from them shall know of where they come from.
    """

    data: Dataset
    origin: str
    given: Given | None = None
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes."""
        return int(self.data.X.nbytes + self.data.y.nbytes)


class Holding:
    """Tables by handle, for any thread."""

    def __init__(self) -> None:
        self._tables: OrderedDict[str, Table] = OrderedDict()
        self._handles: dict[Hashable, str] = {}
        self._alone = threading.Lock()

    def keep(self, table: Table, key: Hashable = None) -> str:
        """Hold a table.

        Args:
            table: what to hold.
            key: of what it was made; the same key has the same handle as long as the table is held.

        Returns:
            Its handle.
        """
        with self._alone:
            known = self._handles.get(key) if key is not None else None
            if known is not None and known in self._tables:
                self._tables.move_to_end(known)
                return known
            handle = secrets.token_urlsafe(12)
            self._tables[handle] = table
            if key is not None:
                self._handles[key] = handle
            self._make_room()
            return handle

    def _make_room(self) -> None:
        while len(self._tables) > 1 and sum(t.size for t in self._tables.values()) > MOST:
            gone, _ = self._tables.popitem(last=False)
            self._handles = {key: handle for key, handle in self._handles.items() if handle != gone}

    def table(self, handle: object) -> Table:
        """The table of a handle.

        Raises:
            Gone: if there is none, or none any more.
        """
        with self._alone:
            if not isinstance(handle, str) or handle not in self._tables:
                raise Gone(f"the data {short(handle)} are not held here, or not any more. Fix: open the file or the run again.")
            self._tables.move_to_end(handle)
            return self._tables[handle]
