"""Numbers inside sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence


def number(value: float) -> str:
    """Three digits, without an exponent where people would not write one.

    >>> [number(x) for x in (0.1234, 52345.0, 6184000.0, 3.2e-7, 1e12)]
    ['0.123', '52 300', '6.18 million', '3.2e-07', '1e+12']
    """
    if math.isfinite(value) and 999.5 <= abs(value) < 999500:
        return grouped(round(float(f"{value:.3g}")))
    if math.isfinite(value) and 999500 <= abs(value) < 1e9:
        return f"{value / 1e6:.3g} million"
    return f"{value:.3g}"


def grouped(number: int) -> str:
    """A whole number with a space at the thousands.

    >>> grouped(12345)
    '12 345'
    """
    return f"{number:,}".replace(",", " ")


def listed(names: Sequence[str]) -> str:
    """Names as people list them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([part for part in (", ".join(names[:-1]), *names[-1:]) if part])
