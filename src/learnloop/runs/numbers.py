"""The arithmetic of an explanation: rational numbers for one update, float64 for many at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log1p(math.exp(-abs(x))) + max(x, 0.0),
}
_OPERATORS: dict[str, Callable[..., Array]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "neg": lambda a: -a, "stop": lambda a: a, "fma": lambda a, b, c: a * b + c,
    "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b, "eq": lambda a, b: a == b,
}  # fmt: skip


class Numbers(Protocol):
    """What stored values become, and what is computed with them; arrays either way."""

    def of(self, values: Array) -> Array:
        """Finite stored values as numbers, without any error."""
        ...

    def function(self, name: str, numbers: Array) -> Array:
        """A function of one number."""
        ...


class Exact:
    """Rational numbers, in arrays of Python's fractions: + - * / without any error."""

    def of(self, values: Array) -> Array:
        """Fractions."""
        return np.asarray(np.frompyfunc(Fraction, 1, 1)(values.astype(np.float64)), object)

    def function(self, name: str, numbers: Array) -> Array:
        """As Python's float64 has it."""
        return np.asarray(np.frompyfunc(lambda x: Fraction(_function(name)(float(x))), 1, 1)(numbers), object)


class Double:
    """float64: products of two float32 have no error, every other operation one rounding."""

    def of(self, values: Array) -> Array:
        """The same numbers."""
        return values.astype(np.float64, copy=False)

    def function(self, name: str, numbers: Array) -> Array:
        """As Python's float64 has it, number by number."""
        return np.asarray(np.vectorize(_function(name), otypes=[np.float64])(numbers))


def _function(name: str) -> Callable[[float], float]:
    found: Callable[[float], float] = _FUNCTIONS.get(name) or getattr(math, name)
    return found


def apply(numbers: Numbers, op: str, operands: list[Array]) -> Array:
    """One operation of an expression."""
    with np.errstate(all="ignore"):
        return _OPERATORS[op](*operands) if op in _OPERATORS else numbers.function(op, operands[0])


def exact_sum(values: Array) -> Fraction:
    """The sum of finite float64 numbers without any error.

    >>> exact_sum(np.array([1e16, 1.0, -1e16]))
    Fraction(1, 1)
    """
    mantissas, exponents = np.frexp(values.ravel())
    whole, places = (mantissas * 2.0**53).astype(np.int64), exponents.astype(np.int64) - 53
    low = int(places.min(initial=0))
    total = sum(m << (p - low) for m, p in zip(whole.tolist(), places.tolist(), strict=True))
    return Fraction(total) * Fraction(2) ** low
