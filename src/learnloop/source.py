"""Where the rows of a run come from, as plain data in its notes: what later commands need to name and to undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .data import Standardiser, datasets
from .data.prepare import Prepared
from .errors import DataError, LearnloopError

if TYPE_CHECKING:
    from .run import Run

Array = np.ndarray[Any, np.dtype[Any]]
KEY = "data"
"""Under which it stands in the notes."""


@dataclass(frozen=True)
class Source:
    """Where the rows of a run come from.

    Attributes:
        name: of the data set.
        task: "classification" or "regression".
        columns: their names.
        targets: names of the classes, or of the number.
        image_shape: (height, width) where a row is an image, else None.
        inputs: how the columns were scaled.
        target: how the number was scaled; None for classes.
        rows: the rows of the data set that are the run's.
        test: those that it never saw.
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

    @classmethod
    def of(cls, run: Run) -> Source | None:
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

    def prepared(self) -> Prepared:
        """The data set as the run was given it, with the rows to test on.

        Raises:
            LearnloopError: if there is no such data set, or it has other rows.
        """
        data = datasets.load(self.name)
        if max(self.rows.max(initial=0), self.test.max(initial=0)) >= len(data.X):
            raise DataError(f"the data set {self.name} has {len(data.X)} rows, and the run knew more.")
        X = self.inputs.transform(data.X)
        y = data.y if self.target is None else self.target.transform(data.y[:, None])[:, 0]
        return Prepared(data, self.rows, self.test, X, y, self.target, self.inputs)

    def tested(self, run: Run) -> Prepared | None:
        """The same, where the data set still is what the run learnt from, and there are rows to test on."""
        try:
            prepared = self.prepared()
        except LearnloopError:
            return None
        if run.examples is None or not len(self.test):
            return None
        same = np.array_equal(run.examples.X, prepared.X[self.rows].astype(run.options.dtype))
        return prepared if same else None


def describe(prepared: Prepared) -> dict[str, Any]:
    """The same as notes."""
    data = prepared.data
    return {KEY: {
        "name": data.name, "task": data.task, "columns": list(data.feature_names), "targets": list(data.target_names),
        "image_shape": None if data.image_shape is None else list(data.image_shape), "inputs": prepared.input_scale.to_dict(),
        "target": None if prepared.target_scale is None else prepared.target_scale.to_dict(),
        "rows": prepared.train.tolist(), "test": prepared.test.tolist(),
    }}  # fmt: skip


def _read(given: Mapping[str, Any]) -> Source:
    target, shape = given["target"], given["image_shape"]
    return Source(
        str(given["name"]), str(given["task"]), tuple(map(str, given["columns"])), tuple(map(str, given["targets"])),
        None if shape is None else (int(shape[0]), int(shape[1])), Standardiser.from_dict(given["inputs"]),
        None if target is None else Standardiser.from_dict(target), _whole(given["rows"]), _whole(given["test"]),
    )  # fmt: skip


def _whole(given: Any) -> Array:
    values: Array = np.asarray(given, np.int64).reshape(-1)
    if values.min(initial=0) < 0:
        raise ValueError("a row is negative")
    return values


def _fits(source: Source, run: Run) -> bool:
    """Whether it can be about this run."""
    columns = {run.network.inputs, len(source.columns), len(source.inputs.mean)}
    rows = len(source.rows) if run.examples is None else run.examples.rows
    classes = source.target is None
    return len(columns) == 1 and len(source.rows) == rows > 0 and classes == (source.task == "classification")
