"""Standardiser: columns to mean 0 and standard deviation 1, with the same bits on every machine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..errors import DataError
from .check import check_inputs

__all__ = ["Standardiser"]

Floats = npt.NDArray[np.float64]

_BLOCK: Final = 512  # rows summed at a time: part of the definition, since it fixes the order of the sum


@dataclass(frozen=True)
class Standardiser:
    """Subtracts a mean from every column and divides by a scale.

    Measure on the training rows, then transform all rows: the test rows must not be looked at.

    Attributes:
        mean: one float64 for each column.
        scale: one positive float64 for each column; 1 where a column is constant.

    >>> scaler = Standardiser.fit([[1.0, 5.0], [3.0, 5.0]])
    >>> scaler.transform([[1.0, 5.0], [4.0, 6.0]]).tolist()
    [[-1.0, 0.0], [2.0, 1.0]]
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]

    def __post_init__(self) -> None:
        problem = _problem(self.mean, self.scale)
        if problem:
            raise DataError(f"{problem}. Fix: make it with Standardiser.fit(X).")

    @classmethod
    def fit(cls, X: npt.ArrayLike) -> Standardiser:
        """Measures the mean and the standard deviation (dividing by the number of rows) of every column.

        Args:
            X: (rows, columns), finite numbers.

        Returns:
            The scaling that makes these rows mean 0 and standard deviation 1.

        Raises:
            DataError, DataTypeError: what `check_inputs` refuses, and columns that span more than float64 can hold.

        Source: the two-pass formula, about the first row, in units of a power of two so that no square overflows.

        >>> Standardiser.fit([[1.0, 7.0], [3.0, 7.0]])
        Standardiser(mean=(2.0, 7.0), scale=(1.0, 1.0))
        """
        rows = check_inputs(X, dtype=_float_dtype(X))
        origin = rows[0].astype(np.float64)
        exponent = _exponents(rows, origin)
        shift = _mean(rows, origin, exponent, square=False)
        centre = origin + np.ldexp(shift, exponent)
        spread = np.ldexp(np.sqrt(_mean(rows, centre, exponent, square=True)), exponent)
        # a constant column has a spread of exactly 0; the smallest subnormals could not be divided by safely
        scale = np.where(spread < np.finfo(np.float64).tiny, 1.0, spread)
        return cls(mean=tuple(centre.tolist()), scale=tuple(scale.tolist()))

    def transform(self, X: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
        """(X - mean) / scale, computed in float64.

        Args:
            X: (rows, columns), finite numbers; as many columns as were measured.

        Returns:
            A new C-contiguous array (rows, columns): float32 if X is, else float64.

        Raises:
            DataError, DataTypeError: what `check_inputs` refuses, and results too large for the dtype.

        >>> Standardiser(mean=(1.0,), scale=(2.0,)).transform([[5]]).tolist()
        [[2.0]]
        """
        rows = check_inputs(X, inputs=len(self.mean), dtype=_float_dtype(X))
        mean, scale = np.array(self.mean), np.array(self.scale)
        out = np.empty_like(rows)
        for start in range(0, len(rows), _BLOCK):
            part = out[start : start + _BLOCK]
            with np.errstate(over="ignore"):
                part[...] = (rows[start : start + _BLOCK] - mean) / scale
            if not np.isfinite(part).all():
                raise DataError(f"X is beyond {out.dtype} once scaled. Fix: measure the scaling on rows like these.")
        return out

    def to_dict(self) -> dict[str, list[float]]:
        """The scaling as JSON-able data; every bit survives the round trip.

        >>> Standardiser(mean=(0.0,), scale=(16.0,)).to_dict()
        {'mean': [0.0], 'scale': [16.0]}
        """
        return {"mean": list(self.mean), "scale": list(self.scale)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Standardiser:
        """The scaling that `to_dict` wrote.

        Args:
            data: "mean" and "scale", two lists of the same length.

        Raises:
            DataError: data that are none of ours.

        >>> Standardiser.from_dict({"mean": [0.0], "scale": [16.0]})
        Standardiser(mean=(0.0,), scale=(16.0,))
        """
        lists = [data.get(key) for key in ("mean", "scale")] if isinstance(data, Mapping) else []
        if len(lists) != 2 or not all(isinstance(values, list | tuple) for values in lists):
            raise DataError("a scaling needs two lists, 'mean' and 'scale'. Fix: pass what to_dict() returned.")
        mean, scale = (tuple(values) for values in lists if values is not None)
        problem = _problem(mean, scale)
        if problem:
            raise DataError(f"{problem}. Fix: pass what to_dict() returned.")
        return cls(mean=tuple(map(float, mean)), scale=tuple(map(float, scale)))


def _problem(mean: tuple[Any, ...], scale: tuple[Any, ...]) -> str:
    """What is wrong with a mean and a scale, or nothing."""
    if len(mean) != len(scale) or not mean:
        return f"mean has {len(mean)} numbers and scale {len(scale)}, expected as many and at least one"
    for value in (*mean, *scale):
        if not _is_finite(value):
            return f"mean and scale need finite numbers, got {value!r}"
    if min(scale) <= 0:
        return f"scale needs positive numbers, got {min(scale)!r}"
    return ""


def _is_finite(value: Any) -> bool:
    """Whether float64 can hold the value: a finite number, no truth value, no whole number beyond its range."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) if isinstance(value, float) else abs(value) < 2**1023


def _float_dtype(X: npt.ArrayLike) -> np.dtype[Any]:
    """float32 for float32, float64 for everything else."""
    dtype = getattr(X, "dtype", None)
    return np.dtype(np.float32 if dtype == np.float32 else np.float64)


def _exponents(rows: npt.NDArray[Any], origin: Floats) -> npt.NDArray[np.int32]:
    """The power of two just above the largest distance from the origin, for every column."""
    largest = np.zeros_like(origin)
    with np.errstate(over="ignore"):
        for start in range(0, len(rows), _BLOCK):
            distance = np.abs(rows[start : start + _BLOCK] - origin)
            largest = np.maximum(largest, distance.max(axis=0))
    if not np.isfinite(largest).all():
        column = int(np.argmin(np.isfinite(largest)))
        raise DataError(f"column {column} of X spans more than float64 can hold. Fix: divide it by a large number.")
    return np.asarray(np.frexp(largest)[1])


def _mean(rows: npt.NDArray[Any], origin: Floats, exponent: npt.NDArray[np.int32], *, square: bool) -> Floats:
    """The mean of the distances from the origin (or of their squares), in units of 2^exponent."""
    total = np.zeros_like(origin)
    for start in range(0, len(rows), _BLOCK):
        distance = np.ldexp(rows[start : start + _BLOCK] - origin, -exponent)
        total = total + _tree_sum(distance * distance if square else distance)
    return np.asarray(total / len(rows))


def _tree_sum(rows: Floats) -> Floats:
    """The sum over rows, the upper half added to the lower until one is left: elementwise, so its order is fixed."""
    while len(rows) > 1:
        half = (len(rows) + 1) // 2
        upper = rows[half:]
        summed = rows[:half].copy()
        summed[: len(upper)] += upper
        rows = summed
    return np.asarray(rows[0])
