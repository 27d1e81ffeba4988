"""sin, cos and log whose bits are the same on every machine.

NumPy's own versions differ between processors. These use only what IEEE 754 rounds correctly: `+ - * /`, and exact
scaling by powers of two (`frexp`). One operation per NumPy call, so no compiler can fuse two of them.
"""

from __future__ import annotations

from math import factorial
from typing import Final

import numpy as np
import numpy.typing as npt

from ..errors import DataError

__all__ = ["LARGEST_ANGLE", "cos", "log", "sin"]

Floats = npt.NDArray[np.float64]

LARGEST_ANGLE: Final = 2.0**20
"""Radians: beyond it the argument reduction would lose accuracy, so it is refused."""

_TWO_OVER_PI: Final = float.fromhex("0x1.45f306dc9c883p-1")
# pi/2 in three parts; the first two have 33 bits, so that their products with a count below 2**20 are exact
_HALF_PI: Final = tuple(
    float.fromhex(part) for part in ("0x1.921fb54400000p+0", "0x1.0b4611a600000p-34", "0x1.3198a2e037073p-69")
)
# ln 2 in two parts; the first has 40 bits, so that its product with an exponent is exact
_LN2: Final = float.fromhex("0x1.62e42fefa2000p-1"), float.fromhex("0x1.9ef35793c7673p-41")
_SQRT_HALF: Final = float.fromhex("0x1.6a09e667f3bcdp-1")

# Taylor coefficients, highest power first; the first term left out is below 2**-57 of the result on |r| <= pi/4
_SIN: Final = tuple((-1) ** (power // 2) / factorial(power) for power in range(17, 1, -2))
_COS: Final = tuple((-1) ** (power // 2) / factorial(power) for power in range(18, 2, -2))
# 2 atanh(s) - 2 s = s * (2/3 s^2 + 2/5 s^4 + ...), |s| <= 0.1716
_LOG: Final = tuple(2.0 / power for power in range(25, 1, -2))


def sin(x: npt.ArrayLike) -> Floats:
    """The sine of every element.

    Args:
        x: any shape, radians, at most `LARGEST_ANGLE` in size.

    Returns:
        float64 in the shape of x, within 1 ulp of the true sine.

    Raises:
        DataError: an angle that is too large or not a number.

    Source: argument reduction after Cody and Waite (1980), then the Taylor series.

    >>> sin([0.0, 0.5]).tolist()
    [0.0, 0.479425538604203]
    """
    quadrant, r, tail = _reduced(x)
    return _quarter_wave(quadrant, r, tail)


def cos(x: npt.ArrayLike) -> Floats:
    """The cosine of every element.

    Args:
        x: any shape, radians, at most `LARGEST_ANGLE` in size.

    Returns:
        float64 in the shape of x, within 1 ulp of the true cosine.

    Raises:
        DataError: an angle that is too large or not a number.

    Source: as `sin`, a quarter wave ahead.

    >>> cos([0.0, 0.5]).tolist()
    [1.0, 0.8775825618903728]
    """
    quadrant, r, tail = _reduced(x)
    return _quarter_wave(quadrant + 1, r, tail)


def log(x: npt.ArrayLike) -> Floats:
    """The natural logarithm of every element.

    Args:
        x: any shape, positive and finite.

    Returns:
        float64 in the shape of x, within 1 ulp of the true logarithm.

    Raises:
        DataError: an element that is zero, negative, infinite or not a number.

    Source: log(1 + f) = f - (f^2/2 - s (f^2/2 + R(s))), s = f / (2 + f), after Ng's e_log.c (fdlibm, 1993).

    >>> log([1.0, 10.0]).tolist()
    [0.0, 2.302585092994046]
    """
    values = np.asarray(x, dtype=np.float64)
    if not bool(np.all((values > 0) & (values < np.inf))):
        raise DataError("log needs positive finite numbers, got others. Fix: leave out what is zero, negative or NaN.")
    mantissa, exponent = np.frexp(values)
    low = mantissa < _SQRT_HALF
    f = np.where(low, 2.0 * mantissa, mantissa) - 1.0
    k = np.subtract(exponent, low, dtype=np.float64)
    s = f / (2.0 + f)
    s2 = s * s
    half_square = 0.5 * f * f
    inner = s * (half_square + s2 * _polynomial(_LOG, s2)) + k * _LN2[1]
    return np.asarray(k * _LN2[0] - ((half_square - inner) - f))


def _reduced(x: npt.ArrayLike) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """(q, r, t) with x = q * pi/2 + r + t, |r| <= pi/4 and t the rounding error of r."""
    values = np.asarray(x, dtype=np.float64)
    if not bool(np.all(np.abs(values) <= LARGEST_ANGLE)):
        raise DataError(f"an angle is NaN or larger than {LARGEST_ANGLE:.0f} radians. Fix: take it modulo 2 pi first.")
    count = np.rint(values * _TWO_OVER_PI)
    exact_part = values - count * _HALF_PI[0]
    high, low = _two_sum(exact_part, -(count * _HALF_PI[1]))
    r, tail = _two_sum(high, low - count * _HALF_PI[2])
    return count.astype(np.int64), r, tail


def _two_sum(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """The rounded sum and its exact rounding error (Knuth, TAOCP 2, 4.2.2)."""
    total = np.asarray(a + b)
    part = total - a
    return total, np.asarray((a - (total - part)) + (b - part))


def _quarter_wave(quadrant: npt.NDArray[np.int64], r: Floats, tail: Floats) -> Floats:
    """sin(quadrant * pi/2 + r + tail) for |r| <= pi/4 and a tiny tail."""
    r2 = r * r
    sine = r + (r * (r2 * _polynomial(_SIN, r2)) + tail)
    half = 0.5 * r2
    rest = 1.0 - half
    # 1 - half loses bits of half: give them back with the small terms
    cosine = rest + (((1.0 - rest) - half) + (r2 * (r2 * _polynomial(_COS, r2)) - r * tail))
    wave = np.where(quadrant & 1, cosine, sine)
    return np.asarray(np.where(quadrant & 2, -wave, wave))


def _polynomial(coefficients: tuple[float, ...], z: Floats) -> Floats:
    """Horner's rule, highest power first."""
    value = np.full_like(z, coefficients[0])
    for coefficient in coefficients[1:]:
        value = value * z + coefficient
    return value
