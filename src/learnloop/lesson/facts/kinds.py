"""What a kind of fact is: a pattern of names, what it means, and how it is read from a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...errors import DescriptionError
from .formats import Value
from .names import key_of
from .subject import Subject

LAYER = "LAYER"
"""In a pattern: the name of any layer."""
_UPDATE, _OPTIONAL, _ROW = "@K", "(@K)", "#n"


@dataclass(frozen=True)
class Asked:
    """What is asked of a run.

    Attributes:
        subject: the run.
        layer: the layer; "" for facts that belong to none.
        places: the numbers in brackets.
        update: which update; None for the end of the run, or for the whole of it.
        row: which row of the batch.
    """

    subject: Subject
    layer: str
    places: tuple[int, ...]
    update: int | None
    row: int

    @property
    def at(self) -> int:
        """The update, for facts that have one."""
        assert self.update is not None, "the pattern of the fact says that it has an update"
        return self.update

    def place(self, what: str, count: int, k: int = 0) -> int:
        """One of the places.

        Args:
            what: what the places are of, for messages.
            count: how many there are.
            k: which number of the brackets.

        Raises:
            DescriptionError: for a place that is not there.
        """
        return within(what, self.places[k], count)

    def batch_row(self) -> int:
        """The row of the batch.

        Raises:
            DescriptionError: for a row that the batch does not have.
        """
        return within(f"row of the batch of update {self.at}", self.row, len(self.subject.moment(self.at).rows))


def within(what: str, given: int, count: int) -> int:
    """A place that is there.

    Raises:
        DescriptionError: for another one.
    """
    if given >= count:
        have = f"expected a whole number from 0 to {count - 1}" if count else "there is none"
        raise DescriptionError(f"{what} {given} is not there; {have}.")
    return given


@dataclass(frozen=True)
class Kind:
    """A kind of fact.

    Attributes:
        pattern: its names: "loss@K", "LAYER[u].activation@K#n"; "(@K)" for an update that may be left out.
        unit: "share", "count", "index", "number" or "name".
        meaning: what it is, in a few words.
        read: what reads it; raises an error of learnloop's where the run has no such fact.
        exact: whether it is a number as the run computed it.
    """

    pattern: str
    unit: str
    meaning: str
    read: Callable[[Asked], Value]
    exact: bool = False

    @cached_property
    def key(self) -> str:
        """The pattern as names are looked up: without the layer, and with nothing in its brackets."""
        path = self.pattern.removesuffix(_ROW)
        for update in (_OPTIONAL, _UPDATE):
            path = path.removesuffix(update)
        return key_of(path.removeprefix(LAYER))

    @property
    def of_layer(self) -> bool:
        """Whether its names begin with a layer."""
        return self.pattern.startswith(LAYER)

    @property
    def needs_update(self) -> bool:
        """Whether its names must say which update."""
        return _UPDATE in self.pattern and _OPTIONAL not in self.pattern

    @property
    def takes_update(self) -> bool:
        """Whether its names may say which update."""
        return _UPDATE in self.pattern

    @property
    def takes_row(self) -> bool:
        """Whether its names may say which row of the batch."""
        return self.pattern.endswith(_ROW)


def by_key(kinds: Iterable[Kind]) -> dict[str, Kind]:
    """Kinds by their keys."""
    found: dict[str, Kind] = {}
    for kind in kinds:
        assert kind.key not in found, f"two kinds of facts have the names {kind.pattern}"
        found[kind.key] = kind
    return found


def missing(what: Any, fix: str) -> DescriptionError:
    """The error for a fact that a run does not have."""
    return DescriptionError(f"{what}. Fix: {fix}.")
