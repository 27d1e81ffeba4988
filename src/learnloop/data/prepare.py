"""From a data set to what is learnt from and what is tested on: split first, then scaled by the training rows alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .dataset import Dataset
from .scaling import Standardiser
from .split import split

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Prepared:
    """A data set, split and scaled.

    Attributes:
        data: where it comes from.
        train: the rows to learn from.
        test: the rows to test on.
        X: scaled inputs of all rows, (rows, columns).
        y: targets of all rows: classes, or numbers scaled to mean 0 and standard deviation 1.
        target_scale: how numbers were scaled; None for classes.
        input_scale: how the columns were scaled: by the training rows alone.
    """

    data: Dataset
    train: Array
    test: Array
    X: Array
    y: Array
    target_scale: Standardiser | None
    input_scale: Standardiser

    @property
    def has_classes(self) -> bool:
        """Whether the targets are classes."""
        return self.target_scale is None


def prepare(data: Dataset, share: float, seed: int) -> Prepared:
    """Split and scale.

    Args:
        data: what to prepare.
        share: of the rows, to test on; of every class the same.
        seed: keys the split.

    Raises:
        DataError: for a share that leaves nothing.
    """
    classes = data.task == "classification"
    train, test = split(len(data.X), share, seed, data.y if classes else None, stratify=classes)
    inputs = data.standardiser(train)
    X = inputs.transform(data.X)
    if classes:
        return Prepared(data, train, test, X, data.y, None, inputs)
    column = data.y[:, None]
    scale = Standardiser.fit(column[train])
    return Prepared(data, train, test, X, scale.transform(column)[:, 0], scale, inputs)
