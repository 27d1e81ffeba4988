"""Random numbers for data sets and splits: the program's own generator under purposes of its own."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from ..language.random import philox4x32, random_u32, uniform, words
from . import exact

__all__ = ["PURPOSE_DATA", "PURPOSE_SPLIT", "normal", "philox4x32", "random_u32", "uniform"]

PURPOSE_DATA: Final = int.from_bytes(b"data", "big")
PURPOSE_SPLIT: Final = int.from_bytes(b"splt", "big")
"""Purposes keep streams apart; four letters cannot meet the small numbers that programs use."""


def normal(
    seed: int, purpose: npt.ArrayLike, time: npt.ArrayLike, row: npt.ArrayLike, unit: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Normal random numbers with mean 0 and standard deviation 1, none beyond 5.77.

    Args:
        seed, purpose, time, row: as in `random_u32`.
        unit: 0..2^31-1; number u uses the uniform numbers 2u and 2u+1.

    Returns:
        float64 of the broadcast shape, the same bits on every machine.

    Raises:
        DataError, DataTypeError: as in `random_u32`.

    Source: Box and Muller (1958): sqrt(-2 log(1 - u)) cos(2 pi v).

    >>> float(normal(0, 0, 0, 0, 0))
    0.9938842147004787
    """
    first = np.uint64(2) * words(unit)
    u = uniform(seed, purpose, time, row, first)
    v = uniform(seed, purpose, time, row, first + np.uint64(1))
    return np.asarray(np.sqrt(-2.0 * exact.log(1.0 - u)) * exact.cos(2.0 * np.pi * v))
