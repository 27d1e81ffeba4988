"""From a data set to what is learnt from and what is tested on: split first, then scaled by the training rows alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ..errors import DataError, short
from .dataset import Dataset
from .scaling import Standardiser
from .split import split

__all__ = ["KEY", "Prepared", "prepare"]

Array = np.ndarray[Any, np.dtype[Any]]
KEY: Final = "data"
"""Under which the notes of a run say where its rows come from."""


@dataclass(frozen=True)
class Prepared:
    """A data set, split, encoded and scaled.

    Attributes:
        data: where it comes from, encoded by the training rows.
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

    @property
    def notes(self) -> dict[str, Any]:
        """Where the rows come from and how they were made, for ``train(notes=...)``; `datasets.source` reads it."""
        data = self.data
        return {KEY: {
            "name": data.name, "task": data.task, "columns": list(data.feature_names), "targets": list(data.target_names),
            "image_shape": None if data.image_shape is None else list(data.image_shape), "inputs": self.input_scale.to_dict(),
            "target": None if self.target_scale is None else self.target_scale.to_dict(),
            "rows": self.train.tolist(), "test": self.test.tolist(), **self._own(),
        }}  # fmt: skip

    def _own(self) -> dict[str, Any]:
        """What the notes say besides of data of one's own."""
        data = self.data
        if data.origin is None:
            return {}
        encoding = {} if data.encoding is None else {"encoding": data.encoding.to_dict()}
        return {"origin": data.origin.to_dict(), **encoding}


def prepare(data: Dataset, test: float = 0.2, seed: int = 0) -> Prepared:
    """Split, encode by the training rows, scale by them.

    Args:
        data: what to prepare.
        test: the share of the rows to test on; of every class the same.
        seed: keys the split.

    Raises:
        DataError: for a share that leaves nothing, and numbers too large to be scaled.

    >>> from learnloop.data import datasets
    >>> ready = prepare(datasets.load("iris"))
    >>> len(ready.train), len(ready.test), ready.X.shape
    (120, 30, (150, 4))
    """
    classes = data.task == "classification"
    rows, tested = split(len(data.X), test, seed, data.y if classes else None, stratify=classes)
    data = data.fitted(rows)
    _check_spans(data, rows)
    inputs = data.standardiser(rows)
    X = inputs.transform(data.X)
    if classes:
        return Prepared(data, rows, tested, X, data.y, None, inputs)
    column = data.y[:, None]
    scale = Standardiser.fit(column[rows])
    return Prepared(data, rows, tested, X, scale.transform(column)[:, 0], scale, inputs)


def _check_spans(data: Dataset, rows: Array) -> None:
    """Refuse a column of one's own that spans more than float64 can hold, by its name."""
    if data.encoding is None:
        return
    with np.errstate(over="ignore"):
        spans = data.X[rows].max(axis=0) - data.X[rows].min(axis=0)
    if not np.isfinite(spans).all():
        name = data.feature_names[int(np.argmin(np.isfinite(spans)))]
        raise DataError(
            f"column {short(name)} spans more than float64 can hold. Fix: divide it by a large number, or leave it out."
        )
