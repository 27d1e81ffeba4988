"""Repeats in turn: what disturbs the machine disturbs everyone alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Updates = Callable[[int], None]
"""Trains so many updates, and comes back when they are done."""


@dataclass(frozen=True)
class Contender:
    """Someone who trains.

    Attributes:
        name: "learnloop 1", "torch 2" ...: who, and how many threads.
        updates: trains so many updates.
        step: it trains whole multiples of so many.
        prepare: called before each measurement, outside the clock.
    """

    name: str
    updates: Updates
    step: int = 1
    prepare: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Measured:
    """Microseconds of an update, one number for each repeat.

    Attributes:
        name: of the contender.
        micros: one for each repeat.
        updates: how many updates a repeat had.
    """

    name: str
    micros: tuple[float, ...]
    updates: int

    @property
    def median(self) -> float:
        """The middle repeat."""
        return statistics.median(self.micros)


def measure(contenders: Sequence[Contender], repeats: int, budget: float) -> list[Measured]:
    """Measure all contenders, one repeat of each in turn.

    Args:
        contenders: whom to measure.
        repeats: how often each.
        budget: seconds that a repeat should take.
    """
    counts = [_calibrate(c, budget) for c in contenders]
    times: list[list[float]] = [[] for _ in contenders]
    for _ in range(repeats):
        for contender, count, found in zip(contenders, counts, times, strict=True):
            found.append(_clock(contender, count) / count * 1e6)
    return [Measured(c.name, tuple(t), n) for c, t, n in zip(contenders, times, counts, strict=True)]


def _clock(contender: Contender, count: int) -> float:
    contender.prepare()
    begin = time.perf_counter()
    contender.updates(count)
    return time.perf_counter() - begin


def _calibrate(contender: Contender, budget: float) -> int:
    """How many updates fill the budget; warms everything up on the way."""
    count = contender.step
    _clock(contender, count)
    while True:
        took = _clock(contender, count)
        if took >= budget / 4 or count >= 1 << 22:
            wanted = count * budget / max(took, 1e-9)
            return max(1, round(wanted / contender.step)) * contender.step
        count *= 4 if took < budget / 40 else 2
