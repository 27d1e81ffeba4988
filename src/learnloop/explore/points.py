"""Points that somebody drew by hand, as a data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..data import Dataset
from ..errors import DescriptionError
from ..rules.registry import is_number, is_whole
from .limits import CLASSES, POINTS

LARGEST = 1e6
"""Of a coordinate."""


def points_table(given: Mapping[str, Any]) -> Dataset:
    """A data set of points.

    Args:
        given: ``x``, a list of points with one or two numbers each; ``y``, a class or a number for each; ``task``.

    Raises:
        DescriptionError: for anything else.

    >>> points_table({"x": [[0, 1], [1, 0]], "y": [0, 1], "task": "classification"})
    Dataset('drawn': classification, 2 rows, 2 features, 2 classes)
    """
    x, y, task = given.get("x"), given.get("y"), given.get("task")
    if not isinstance(x, list) or not isinstance(y, list) or len(x) != len(y) or not 2 <= len(x) <= POINTS:
        raise DescriptionError(f"x and y are no two lists of the same length, from 2 to {POINTS}. Fix: draw some points.")
    columns = len(x[0]) if isinstance(x[0], list) else 0
    if columns not in (1, 2) or not all(isinstance(p, list) and len(p) == columns and all(map(_is_place, p)) for p in x):
        raise DescriptionError("x has a point that is not one or two moderate numbers. Fix: draw it again.")
    if task == "classification":
        return _dataset(x, np.array(_labels(y), np.int64), "classification")
    if task != "regression" or not all(map(_is_place, y)):
        raise DescriptionError('expected the task "classification", or "regression" with moderate numbers as y.')
    return _dataset(x, np.array(y, np.float64), "regression")


def _labels(y: list[Any]) -> list[int]:
    if not all(is_whole(label) and 0 <= label < CLASSES for label in y):
        raise DescriptionError(f"y has a class that is no whole number from 0 to {CLASSES - 1}.")
    return y


def _is_place(value: Any) -> bool:
    return is_number(value) and abs(value) <= LARGEST


def _dataset(x: list[Any], y: Any, task: Any) -> Dataset:
    count = max(2, int(y.max()) + 1) if task == "classification" else 0
    points = np.array(x, np.float64)
    return Dataset(
        name="drawn", X=points, y=y, task=task, feature_names=("x", "y")[: points.shape[1]],
        target_names=tuple(f"class {k}" for k in range(count)) or ("value",), source="drawn by hand", licence="your own",
        description=f"{len(points)} points drawn by hand.",
    )  # fmt: skip
