"""The tables as classes: what stands in a row."""

from __future__ import annotations

from typing import NamedTuple

from .table import Table


class RunRow(NamedTuple):
    """A run: what it was told, how far it is, and how many rows of other tables belong to it."""

    key: int
    id: str
    name: str
    created: float
    changed: float
    status: str
    description: str
    planned: int
    done: int
    itemsize: int
    digest: str | None
    facts: str
    data_digest: str
    data_about: str
    data: str | None
    source: str
    digests: int
    checkpoints: int
    epochs: int


class CounterRow(NamedTuple):
    """The last number that was given to a run of this name; a number is never given twice."""

    name: str
    last: int


class DataRow(NamedTuple):
    """A data set, by the digest of its parts."""

    digest: str
    parts: int


class PartRow(NamedTuple):
    """A named array of a data set."""

    data: str
    name: str
    blob: int
    size: int


class SourceRow(NamedTuple):
    """A C source, by its digest: compressed, and how long it is when it is not."""

    digest: str
    blob: int
    size: int
    length: int


class LossRow(NamedTuple):
    """The losses of successive updates."""

    run: int
    first: int
    blob: int
    size: int


class DigestRow(NamedTuple):
    """The digest of the state at an update."""

    run: int
    at: int
    sha256: str


class CheckpointRow(NamedTuple):
    """The state at an update; one that is not kept gives way to the next."""

    run: int
    at: int
    kept: int
    blob: int
    size: int


class HistoryRow(NamedTuple):
    """What was measured after an epoch."""

    run: int
    epoch: int
    text: str


class TrashRow(NamedTuple):
    """A blob of a deleted run whose space is not given back yet."""

    blob: int
    size: int


RUN = Table("run", RunRow)
COUNTER = Table("counter", CounterRow)
DATA = Table("data", DataRow)
PART = Table("part", PartRow, keys=2)
SOURCE = Table("source", SourceRow)
LOSS = Table("loss", LossRow, keys=2)
DIGEST = Table("digest", DigestRow, keys=2)
CHECKPOINT = Table("checkpoint", CheckpointRow, keys=2)
HISTORY = Table("history", HistoryRow, keys=2)
TRASH = Table("trash", TrashRow)
