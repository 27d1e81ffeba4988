"""Dataset: inputs and targets, with where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from ..errors import DataError
from .scaling import Standardiser

if TYPE_CHECKING:
    from .encoding import Encoding
    from .origin import Origin
    from .table import Table

__all__ = ["Dataset", "Task"]

Task = Literal["classification", "regression"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Dataset:
    """Inputs X and targets y of a learning problem; `X, y = dataset` works, too.

    Attributes:
        name: what `load` was asked for.
        X: float32 or float64 (rows, features), raw values, C-contiguous, read-only.
        y: int64 class indices (rows,) or float64 targets (rows,), read-only.
        task: "classification" or "regression".
        feature_names: one for each column of X.
        target_names: one for each class, or the name of the target.
        image_shape: (height, width) where a row is an image, else None.
        scale: divide X by it instead of standardising; None: standardise.
        source: who made the data and where they were published.
        licence: on what terms they may be used.
        description: one sentence or two.
        table: the columns that X was made of, for data of one's own; else None.
        encoding: how it was made of them.
        origin: where data of one's own come from; None for those that come along.
        notes: sentences on what was left out or changed when it was read.

    >>> from learnloop.data import datasets
    >>> X, y = datasets.load("iris")
    >>> X.shape, y.shape
    ((150, 4), (150,))
    """

    name: str
    X: npt.NDArray[np.floating[Any]]
    y: npt.NDArray[Any]
    task: Task
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    source: str
    licence: str
    description: str
    image_shape: tuple[int, int] | None = None
    scale: float | None = None
    table: Table | None = None
    encoding: Encoding | None = None
    origin: Origin | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for array in (self.X, self.y):
            array.setflags(write=False)

    def __iter__(self) -> Iterator[npt.NDArray[Any]]:
        """X, then y: for unpacking."""
        return iter((self.X, self.y))

    def __repr__(self) -> str:
        rows, features = self.X.shape
        if self.task == "classification":
            aim = f"{len(self.target_names)} classes"
        else:
            aim = f"target {self.target_names[0]!r}"
        return f"Dataset({self.name!r}: {self.task}, {rows} rows, {features} feature{'s' * (features != 1)}, {aim})"

    def standardiser(self, rows: npt.ArrayLike | None = None) -> Standardiser:
        """The scaling that suits these data.

        Args:
            rows: indices of the rows to measure, usually the training rows; None: all.

        Returns:
            Division by `scale` if that is set, else mean 0 and standard deviation 1 over the rows; inputs that are 0
            or 1 by their encoding are left as they are.

        Raises:
            DataError: no rows.

        >>> from learnloop.data import datasets
        >>> datasets.load("digits").standardiser().scale[:2]
        (16.0, 16.0)
        """
        if self.scale is not None:
            features = self.X.shape[1]
            return Standardiser(mean=(0.0,) * features, scale=(self.scale,) * features)
        if rows is None:
            return self._spared(Standardiser.fit(self.X))
        chosen = np.asarray(rows)
        if chosen.size == 0:
            raise DataError("there are no rows to measure. Fix: pass the indices of the training rows.")
        return self._spared(Standardiser.fit(self.X[chosen]))

    def _spared(self, measured: Standardiser) -> Standardiser:
        """The scaling without the inputs that are 0 or 1 by their encoding."""
        if self.encoding is None:
            return measured
        kept = zip(self.encoding.scaled, measured.mean, measured.scale, strict=True)
        pairs = [(mean, scale) if scaled else (0.0, 1.0) for scaled, mean, scale in kept]
        return Standardiser(mean=tuple(mean for mean, _ in pairs), scale=tuple(scale for _, scale in pairs))

    def fitted(self, rows: npt.ArrayLike) -> Dataset:
        """The same data with gaps filled by the medians of some rows alone; which inputs there are stays the same.

        Args:
            rows: indices of the rows to measure, usually the training rows.

        Returns:
            A new data set; this one where nothing is measured to encode it.
        """
        if self.table is None:
            return self
        from .encoding import Encoding

        return self.encoded(Encoding.fit(self.table.columns, np.asarray(rows)))

    @property
    def unfilled(self) -> npt.NDArray[np.floating[Any]]:
        """X before gaps are filled: NaN where a number is missing."""
        if self.table is None or self.encoding is None:
            return self.X
        return self.encoding.apply(self.table.columns, filled=False)

    def encoded(self, encoding: Encoding) -> Dataset:
        """The same data, encoded as others were.

        Raises:
            DataError: if the columns do not fit.
        """
        from .table import encoded

        assert self.table is not None, "only a table is encoded"
        return replace(self, X=encoded(self.table, encoding), feature_names=encoding.names, encoding=encoding)

    def standardised(self) -> Dataset:
        """The same data with X scaled as `standardiser` says; scaling it again changes nothing.

        Returns:
            A new data set whose X has the dtype of this one.

        Raises:
            DataError: columns too large to be scaled.

        >>> from learnloop.data import datasets
        >>> float(datasets.load("digits").standardised().X.max())
        1.0
        """
        X = self.standardiser().transform(self.X)
        return replace(self, X=X, scale=1.0, table=None, encoding=None, origin=None)
