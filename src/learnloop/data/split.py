"""Splitting rows into training and test rows, the same way on every machine."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import DataError, DataTypeError, short
from . import random

__all__ = ["rows_of", "shuffled", "split"]

Indices = npt.NDArray[np.int64]


def split(
    rows: int, share: float, seed: int, y: npt.ArrayLike | None = None, stratify: bool = True
) -> tuple[Indices, Indices]:
    """Chooses test rows at random.

    Args:
        rows: how many rows there are, at least 2.
        share: the share of them to test on, between 0 and 1; rounded to whole rows, at least one on either side.
        seed: 0..2^64-1.
        y: the targets (rows,).
        stratify: where y holds whole numbers, take from every class its share, within one row; no class loses its
            last training row as long as another class has one to give. Switch it off for whole-number quantities.

    Returns:
        (training indices, test indices): int64, each in random order; together every row once.

    Raises:
        DataError: fewer than 2 rows, a share that is none, a y of another length.
        DataTypeError: rows or a seed that is no whole number.

    Source of the rounding: the largest-remainder method of Hamilton.

    >>> train, test = split(10, 0.2, seed=0)
    >>> len(train), len(test)
    (8, 2)
    """
    _check(rows, share)
    order = shuffled(rows, seed)
    count = rows_of(rows, share)
    groups = _groups(rows, y) if stratify else None
    if groups is None:
        return order[count:], order[:count]
    tested = _is_tested(groups[order], count)
    return order[~tested], order[tested]


def rows_of(rows: int, share: float) -> int:
    """How many of at least two rows a share is: at least one, and all but one at most.

    >>> rows_of(10, 0.25)
    3
    """
    return min(max(math.floor(share * rows + 0.5), 1), rows - 1)


def shuffled(rows: int, seed: int, time: int = 0) -> Indices:
    """The numbers 0..rows-1 in random order.

    Args:
        rows: how many, below 2^32.
        seed: 0..2^64-1.
        time: another one gives another order.

    Returns:
        int64 (rows,).

    Raises:
        DataError, DataTypeError: an argument out of range or no whole number.

    Source: Fisher and Yates, in the form of Durstenfeld (1964).

    >>> sorted(shuffled(5, seed=0).tolist())
    [0, 1, 2, 3, 4]
    """
    order = list(range(rows))
    last = np.arange(rows - 1, 0, -1)
    words = random.random_u32(seed, random.PURPOSE_SPLIT, time, 0, last)
    picks = (words * (last.astype(np.uint64) + np.uint64(1))) >> np.uint64(32)
    for i, j in zip(last.tolist(), picks.tolist(), strict=True):
        order[i], order[j] = order[j], order[i]
    return np.array(order, dtype=np.int64)


def _check(rows: int, share: float) -> None:
    if isinstance(rows, bool) or not isinstance(rows, int | np.integer):
        raise DataTypeError(f"rows is {short(rows)}, expected a whole number. Fix: rows=len(X).")
    if rows < 2:
        raise DataError(f"cannot split {rows} row(s): each side needs at least one. Fix: bring at least 2 rows.")
    if not isinstance(share, int | float | np.floating):
        raise DataTypeError(
            f"share is {short(share)}, expected a number between 0 and 1. Fix: share=0.2 tests a fifth."
        )
    if not 0 < share < 1:
        raise DataError(f"share is {short(share)}, expected a number between 0 and 1. Fix: share=0.2 tests a fifth.")


def _groups(rows: int, y: npt.ArrayLike | None) -> Indices | None:
    """The class of every row, numbered from 0; None where there are no classes to speak of."""
    if y is None:
        return None
    labels: npt.NDArray[Any] = np.asarray(y)
    if labels.shape != (rows,):
        raise DataError(f"y has the shape {labels.shape}, expected ({rows},). Fix: pass one label for each row.")
    if labels.dtype.kind not in "biu":
        return None
    classes = np.array(sorted(set(labels.tolist())), dtype=labels.dtype)  # np.unique would import numpy.ma: 10 ms
    return np.searchsorted(classes, labels).astype(np.int64)


def _is_tested(groups: Indices, count: int) -> npt.NDArray[np.bool_]:
    """Marks the first rows of every class, as many as its share of the count."""
    sizes = np.bincount(groups)
    by_class = np.argsort(groups, kind="stable")
    first = by_class[np.cumsum(sizes) - sizes]
    quotas = np.array(_quotas(sizes.tolist(), first.tolist(), count))
    rank = np.arange(len(groups)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    tested = np.zeros(len(groups), dtype=np.bool_)
    tested[by_class] = rank < np.repeat(quotas, sizes)
    return tested


def _quotas(sizes: list[int], first: list[int], count: int) -> list[int]:
    """How many test rows each class gives: its exact share rounded down, the rest to the largest remainders."""
    rows = sum(sizes)
    quotas = [size * count // rows for size in sizes]
    remainders = [size * count % rows for size in sizes]

    def turn(group: int) -> tuple[bool, int, int]:
        """Who gives next: in whole numbers, so no rounding decides; ties by the random order, not by the label."""
        return sizes[group] - quotas[group] == 1, -remainders[group], first[group]

    for group in sorted(range(len(sizes)), key=turn)[: count - sum(quotas)]:
        quotas[group] += 1
    return quotas
