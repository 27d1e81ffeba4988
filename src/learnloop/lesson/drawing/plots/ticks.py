"""Round numbers for an axis."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...facts.formats import MINUS
from .words import number

STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Ticks:
    """Marks of an axis.

    Attributes:
        values: round numbers, rising.
        step: between two of them.
    """

    values: tuple[float, ...]
    step: float

    def texts(self) -> tuple[str, ...]:
        """What stands at each, with as many digits as the step needs.

        >>> round_ticks(0, 0.3, 4).texts()
        ('0', '0.1', '0.2', '0.3')
        """
        return tuple(_text(value, self.step) for value in self.values)


def round_ticks(low: float, high: float, most: int, *, whole: bool = False) -> Ticks:
    """The finest round marks within a range, of which there are not too many.

    Args:
        low, high: the range, finite.
        most: how many marks at most, at least 2.
        whole: whether only whole numbers make sense.

    >>> round_ticks(0, 1005, 6).values
    (0.0, 200.0, 400.0, 600.0, 800.0, 1000.0)
    """
    span = high - low if high > low else max(abs(high), 1e-12)
    exponent = math.floor(math.log10(span / most)) - 1
    steps = (digit * 10.0**power for power in range(exponent, exponent + 4) for digit in STEPS)
    for step in steps:
        if whole and step < 1:
            continue
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return Ticks(tuple(float(f"{k * step:.12g}") for k in range(first, last + 1)), step)
    return Ticks((low,), span)


def nice_top(high: float, most: int) -> float:
    """The end of an axis from zero: the first round mark at or above a value.

    >>> nice_top(0.73, 5)
    0.8
    """
    step = round_ticks(0.0, high, most).step
    return float(f"{math.ceil(high / step - 1e-9) * step:.12g}")


def _text(value: float, step: float) -> str:
    if value and not 1e-4 <= abs(value) < 1e6:
        return number(value)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value:.{decimals}f}".replace("-", MINUS) if value else "0"
