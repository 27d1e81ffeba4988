"""Which updates of a run are looked at, and from which update on something has been the case."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from .statistics import Observer, UpdateStatistics
from .structure import Structure
from .travel import Traveller

LOOKS = 200
"""So many updates of a run are looked at, unless it is shorter."""
SCAN = 64
"""A gap between two looks up to which every update in it is visited; wider ones are halved again and again."""

Condition = Callable[[UpdateStatistics], bool]


def chosen(updates: int, looks: int = LOOKS) -> list[int]:
    """Which updates to look at: all of a short run, else more of them at the beginning, where most happens.

    Args:
        updates: how many the run has.
        looks: how many to choose at most.

    >>> chosen(4), chosen(1000, looks=6)
    ([0, 1, 2, 3], [0, 40, 160, 360, 639, 999])
    """
    if updates <= looks:
        return list(range(updates))
    places = (updates - 1) * np.linspace(0, 1, looks) ** 2
    return [int(k) for k in np.unique(places.round())]


class Looks:
    """The statistics of some updates of a run, each read once.

    Args:
        traveller: of the run.
        also: updates to look at besides the chosen ones.
        looks: how many to choose at most.

    Attributes:
        updates: which ones, in order.
    """

    def __init__(self, traveller: Traveller, also: Iterable[int] = (), looks: int = LOOKS) -> None:
        self._traveller = traveller
        self.observer = Observer(Structure(traveller.run.program))
        self._seen: dict[int, UpdateStatistics] = {}
        self.updates = sorted({*chosen(traveller.updates, looks), *also})
        self.all = [self.at(update) for update in self.updates]

    def at(self, update: int) -> UpdateStatistics:
        """The statistics of any update."""
        if update not in self._seen:
            self._seen[update] = self.observer.read(self._traveller.at(update=update))
        return self._seen[update]

    @property
    def count(self) -> int:
        """How many updates were looked at until now."""
        return len(self._seen)

    def onset(self, place: int, holds: Condition) -> int:
        """The update from which on a condition holds that holds at one look and not at the one before.

        Args:
            place: which look, by its place in ``updates``.
            holds: the condition.

        Returns:
            An update at which it holds and before which it does not: of a narrow gap, the beginning of the stretch up
            to the look; of a wide one, a beginning.
        """
        here = self.updates[place]
        before = self.updates[place - 1] if place else -1
        if here - before <= SCAN:
            gone = [update for update in range(before + 1, here) if not holds(self.at(update))]
            return gone[-1] + 1 if gone else before + 1
        while here - before > 1:
            middle = (before + here) // 2
            before, here = (before, middle) if holds(self.at(middle)) else (middle, here)
        return here
