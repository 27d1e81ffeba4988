"""What goes into the store and comes out of it: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RUNNING, INTERRUPTED, FINISHED, DIVERGED, FAILED = "running", "interrupted", "finished", "diverged", "failed"
ENDS = (INTERRUPTED, FINISHED, DIVERGED, FAILED)
"""How a run can end."""
STATUSES = (RUNNING, *ENDS)


@dataclass(frozen=True)
class Data:
    """What a run learns from.

    Attributes:
        digest: by which the caller knows it.
        parts: {name: bytes}; None if it is not kept, and only named.
        about: plain data: shapes and types of the parts, or where to find it again.
    """

    digest: str
    parts: Mapping[str, bytes | memoryview] | None = None
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A run as a list shows it.

    Attributes:
        id: its name and number, "digits-12".
        name: its name alone.
        created: when it was made, in seconds since 1970.
        changed: when something was last recorded.
        status: "running", "interrupted" (also if its process was killed), "finished", "diverged" or "failed".
        description: what it was told, as plain data.
        planned: how many updates it should do.
        done: how many updates have a loss.
        itemsize: bytes of a loss.
        digest: of the final weights, once it has ended.
        facts: plain data worth listing, such as the accuracy.
        data_digest: of the data it learns from.
        data_kept: whether the store has that data.
        source_digest: SHA-256 of its C source.
    """

    id: str
    name: str
    created: float
    changed: float
    status: str
    description: dict[str, Any]
    planned: int
    done: int
    itemsize: int
    digest: str | None
    facts: dict[str, Any]
    data_digest: str
    data_kept: bool
    source_digest: str

    def __repr__(self) -> str:
        return f"<Entry {self.id}: {self.status}, {self.done} of {self.planned} updates>"
