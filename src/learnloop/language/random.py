"""Random numbers without a running state: every number is a function of (seed, purpose, time, row, unit).

Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
SC 2011), with counter = (unit, row, time, purpose), key = (seed low, seed high), first output word.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ..errors import DataError, DataTypeError

__all__ = ["philox4x32", "random_u32", "uniform", "words"]

Words = npt.NDArray[np.uint64]

_MULTIPLIERS: Final = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL: Final = 0x9E3779B9, 0xBB67AE85  # the golden ratio and sqrt(3) - 1
_ROUNDS: Final = 10
_MASK: Final = np.uint64(0xFFFFFFFF)
_SHIFT: Final = np.uint64(32)


def philox4x32(counter: Sequence[npt.ArrayLike], key: tuple[int, int]) -> tuple[Words, Words, Words, Words]:
    """Philox4x32-10: four random 32-bit words from a counter and a key.

    Args:
        counter: four words, each a number or an array (they broadcast), each in 0..2^32-1.
        key: two words in 0..2^32-1.

    Returns:
        Four uint64 arrays of the broadcast shape, each element in 0..2^32-1.

    Raises:
        DataError: a word out of range.
        DataTypeError: a word that is no whole number.

    Source: Salmon et al. (2011), section 3.3.

    >>> [hex(int(word)) for word in philox4x32((0, 0, 0, 0), (0, 0))]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    c0, c1, c2, c3 = np.broadcast_arrays(*(words(part) for part in counter))
    for turn in range(_ROUNDS):
        k0, k1 = (np.uint64((k + turn * w) & 0xFFFFFFFF) for k, w in zip(key, _WEYL, strict=True))
        left, right = _MULTIPLIERS[0] * c0, _MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (right >> _SHIFT) ^ c1 ^ k0, right & _MASK, (left >> _SHIFT) ^ c3 ^ k1, left & _MASK
    return c0, c1, c2, c3


def random_u32(
    seed: int, purpose: npt.ArrayLike, time: npt.ArrayLike, row: npt.ArrayLike, unit: npt.ArrayLike
) -> Words:
    """One random 32-bit word for every (purpose, time, row, unit).

    Args:
        seed: 0..2^64-1.
        purpose: what the number is for; see the constants.
        time: epoch or update.
        row: the data row.
        unit: which of the row's numbers.

    Returns:
        uint64 of the broadcast shape, each element in 0..2^32-1.

    Raises:
        DataError: an argument out of range.
        DataTypeError: an argument that is no whole number.

    >>> random_u32(0, 0, 0, [0, 1], 0).tolist() == [0x6627E8D5, int(random_u32(0, 0, 0, 1, 0))]
    True
    """
    try:
        whole = operator.index(seed)
    except TypeError as error:
        raise DataTypeError(f"seed is {seed!r}, expected a whole number. Fix: seed=0, for example.") from error
    if not 0 <= whole < 2**64:
        raise DataError(f"seed is {seed}, expected 0..2^64-1. Fix: take a number that is not negative, such as 0.")
    return philox4x32((unit, row, time, purpose), (whole & 0xFFFFFFFF, whole >> 32))[0]


def uniform(
    seed: int, purpose: npt.ArrayLike, time: npt.ArrayLike, row: npt.ArrayLike, unit: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Uniform random numbers in [0, 1), multiples of 2^-24.

    Args:
        seed, purpose, time, row, unit: as in `random_u32`.

    Returns:
        float64 of the broadcast shape; exact in float32, too.

    Raises:
        DataError, DataTypeError: as in `random_u32`.

    >>> float(uniform(0, 0, 0, 0, 0))
    0.3990464210510254
    """
    high_bits = random_u32(seed, purpose, time, row, unit) >> np.uint64(8)
    return np.asarray(high_bits.astype(np.float64) * 2.0**-24)


def words(part: npt.ArrayLike) -> Words:
    """A counter word as uint64, refused if it would not fit 32 bits."""
    values = np.asarray(part)
    if values.dtype.kind not in "iu":
        raise DataTypeError(f"random numbers are counted in whole numbers, got {values.dtype}. Fix: pass integers.")
    if values.size and (int(values.min()) < 0 or int(values.max()) > 0xFFFFFFFF):
        raise DataError(f"a counter is {values.min()}..{values.max()}, expected 0..2^32-1. Fix: count from 0.")
    return values.astype(np.uint64)
