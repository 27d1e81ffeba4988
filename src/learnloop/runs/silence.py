"""Units that are dead: off for every row over many looks, so that no gradient reaches them any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .alarm import Alarm, Limit
from .looks import Looks

Array = np.ndarray[Any, np.dtype[Any]]
ROWS = 128
"""A unit is dead that was off for so many rows in a row, or for as many as there are to learn from."""


@dataclass(frozen=True)
class Silence:
    """Half the units of a layer, or more, that are dead.

    Attributes:
        update: from where on they were off.
        until: the update at which they had been off for enough rows.
        dead: how many.
        units: of how many.
        rows: for how many rows, at least.
    """

    update: int
    until: int
    dead: int
    units: int
    rows: int


def silences(looks: Looks, layer: str, limit: Limit, need: int = ROWS, half: float = 0.5) -> Iterator[Silence]:
    """Each time that enough units of a layer fall silent.

    Args:
        looks: at the run.
        layer: its name.
        limit: when the share of dead units is worth a word.
        need: rows for which a unit has to be off.
        half: the share of the units.
    """
    units = len(looks.all[0].layer(layer).off)
    rows, since = np.zeros(units, np.int64), np.zeros(units, np.int64)
    alarm = Alarm(*limit)
    for place, seen in enumerate(looks.all):
        now = seen.layer(layer)
        since = np.where(now.off & (rows == 0), place, since)
        rows = np.where(now.alive, 0, rows + np.where(now.off, seen.rows, 0))
        dead = rows >= need
        if alarm.see(float(dead.mean())):
            first = int(np.sort(since[dead])[int(np.ceil(half * units)) - 1])
            those = dead & (since <= first)
            update = _onset(looks, layer, first, those)
            yield Silence(update, seen.update, int(those.sum()), units, int(rows[those].min()))


def _onset(looks: Looks, layer: str, place: int, those: Array) -> int:
    """The update from which on none of some units was alive."""
    return looks.onset(place, lambda seen: not seen.layer(layer).alive[those].any())
