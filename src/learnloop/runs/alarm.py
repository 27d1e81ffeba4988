"""When a series of numbers is worth a word: once on the way up, and again only after it came back down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Limit(NamedTuple):
    """What an alarm is set to: see :class:`Alarm`."""

    threshold: float
    rearm: float
    patience: int = 1


@dataclass
class Alarm:
    """Fires once when values are beyond its threshold, and is armed again by values at or below ``rearm``.

    The gap between the two keeps a value that trembles around the threshold from firing again and again; patience, on
    the way up and on the way down, keeps single outliers from it. A value that is no number is neither beyond the
    threshold nor below ``rearm``.

    Args:
        threshold: values above it count.
        rearm: values at or below it arm it again; at most the threshold.
        patience: how many values in a row it takes, either way.

    >>> alarm = Alarm(threshold=100, rearm=10)
    >>> [alarm.see(value) for value in (1, 120, 90, 130, 9, 101)]
    [False, True, False, False, False, True]
    """

    threshold: float
    rearm: float
    patience: int = 1

    def __post_init__(self) -> None:
        self._armed, self._above, self._below = True, 0, 0

    def see(self, value: float) -> bool:
        """The next value; whether it fires now."""
        self._below = self._below + 1 if value <= self.rearm else 0
        self._armed = self._armed or self._below >= self.patience
        self._above = self._above + 1 if self._armed and value > self.threshold else 0
        fires = self._above == self.patience
        self._armed = self._armed and not fires
        return fires


def onsets(values: Iterable[float], alarm: Alarm) -> list[int]:
    """Where the stretches begin that make an alarm fire.

    Args:
        values: the series.
        alarm: a fresh one.

    Returns:
        The place of the first value of each stretch, not the one at which patience ended.

    >>> onsets([0, 2, 2, 2, 0, 2, 0], Alarm(threshold=1, rearm=0.5, patience=2))
    [1]
    """
    return [place - alarm.patience + 1 for place, value in enumerate(values) if alarm.see(value)]
