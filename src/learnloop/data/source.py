"""Where the rows of a run come from, read from its notes: what later questions need to name, to encode and to undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ..errors import DataError, LearnloopError
from .encoding import Encoding
from .origin import Origin
from .prepare import KEY, Prepared
from .scaling import Standardiser

__all__ = ["HasNotes", "Source"]

Array = np.ndarray[Any, np.dtype[Any]]


class HasNotes(Protocol):
    """A run, as far as it matters here: notes, and what they must agree with."""

    notes: dict[str, Any]

    @property
    def network(self) -> Any:
        """Has ``inputs``."""

    @property
    def examples(self) -> Any:
        """Has ``rows`` and ``X``; None where the data are not kept."""

    @property
    def options(self) -> Any:
        """Has ``dtype``."""


@dataclass(frozen=True)
class Source:
    """Where the rows of a run come from.

    Attributes:
        name: of the data set.
        task: "classification" or "regression".
        columns: names of the inputs.
        targets: names of the classes, or of the number.
        image_shape: (height, width) where a row is an image, else None.
        inputs: how the inputs were scaled.
        target: how the number was scaled; None for classes.
        rows: the rows of the data set that are the run's.
        test: those that it never saw.
        encoding: how the columns of a table became inputs; None where there was nothing to encode.
        origin: what was read, for data of one's own; None for a data set that comes along.
    """

    name: str
    task: str
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    image_shape: tuple[int, int] | None
    inputs: Standardiser
    target: Standardiser | None
    rows: Array
    test: Array
    encoding: Encoding | None = None
    origin: Origin | None = None

    @classmethod
    def of(cls, run: HasNotes) -> Source | None:
        """What the notes of a run say; None where they say nothing that makes sense, for they may be anybody's."""
        given = run.notes.get(KEY)
        try:
            found = _read(given) if isinstance(given, Mapping) else None
        except (KeyError, TypeError, ValueError, OverflowError):
            return None
        return found if found is not None and _fits(found, run) else None

    def data_row(self, row: int) -> int:
        """The row of the data set that a row of the run is."""
        return int(self.rows[row])

    def encode(self, frame: Any) -> Array:
        """New rows as the network reads them: for ``run.predict``.

        Args:
            frame: for a table a data frame, a mapping of column names to values, or the path of a file, with all columns
                that were learnt from; else an array (rows, inputs) in the units of the data set.

        Returns:
            (rows, inputs).

        Raises:
            DataError, FileError: if columns are missing, or values cannot be used.

        A category that the run has not learnt from is none of those that it knows; a UserWarning names it.
        """
        from .reading import encoded_rows

        X = frame if self.encoding is None else encoded_rows(frame, self.encoding)
        return self.inputs.transform(X)

    def answers(self, predicted: Any) -> list[Any]:
        """What ``run.predict`` gave, as people say it: names of classes, or numbers in their own units.

        Args:
            predicted: (rows,).
        """
        values = np.asarray(predicted)
        if self.target is None:
            return [self.targets[int(value)] for value in values]
        numbers: list[Any] = (values.astype(np.float64) * self.target.scale[0] + self.target.mean[0]).tolist()
        return numbers

    def prepared(self) -> Prepared:
        """The data set as the run was given it, with the rows to test on.

        Raises:
            LearnloopError: if there is no such data set any more, or it has other rows.
        """
        from .reading import again

        data = again(self)
        if max(self.rows.max(initial=0), self.test.max(initial=0)) >= len(data.X):
            raise DataError(f"the data set {self.name} has {len(data.X)} rows, and the run knew more.")
        X = self.inputs.transform(data.X)
        y = data.y if self.target is None else self.target.transform(data.y[:, None])[:, 0]
        return Prepared(data, self.rows, self.test, X, y, self.target, self.inputs)

    def tested(self, run: HasNotes) -> Prepared | None:
        """The same, where the data set still is what the run learnt from, and there are rows to test on."""
        if run.examples is None or not len(self.test):
            return None
        try:
            prepared = self.prepared()
        except LearnloopError:
            return None
        same = np.array_equal(run.examples.X, prepared.X[self.rows].astype(run.options.dtype))
        return prepared if same else None


def _read(given: Mapping[str, Any]) -> Source:
    target, shape, encoding, origin = (given.get(key) for key in ("target", "image_shape", "encoding", "origin"))
    return Source(
        str(given["name"]), str(given["task"]), tuple(map(str, given["columns"])), tuple(map(str, given["targets"])),
        None if shape is None else (int(shape[0]), int(shape[1])), Standardiser.from_dict(given["inputs"]),
        None if target is None else Standardiser.from_dict(target), _whole(given["rows"]), _whole(given["test"]),
        None if encoding is None else Encoding.from_dict(encoding), None if origin is None else Origin.from_dict(origin),
    )  # fmt: skip


def _whole(given: Any) -> Array:
    values: Array = np.asarray(given, np.int64).reshape(-1)
    if values.min(initial=0) < 0:
        raise ValueError("a row is negative")
    return values


def _fits(source: Source, run: HasNotes) -> bool:
    """Whether it can be about this run."""
    columns = {run.network.inputs, len(source.columns), len(source.inputs.mean)}
    if source.encoding is not None:
        columns.add(len(source.encoding.names))
    rows = len(source.rows) if run.examples is None else run.examples.rows
    classes = source.target is None
    return len(columns) == 1 and len(source.rows) == rows > 0 and classes == (source.task == "classification")
