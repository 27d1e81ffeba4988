"""The rows of a run as plots need them: what was learnt from, what was tested on, and what people call it all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....data import Source
from ....data.scaling import Standardiser
from ....explore.holding import Given
from ....explore.opening import table_of
from ....run import Run
from ....train.examples import Examples
from ....train.metrics import row_classes

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows that belong together.

    Attributes:
        X: inputs as the network reads them, (rows, inputs).
        truth: classes, (rows,) int64; numbers as the network gives them, (rows,) or (rows, outputs).
        target: the same as ``run.evaluate`` takes it.
        weights: of the rows, (rows,).
        rows: what pages call them: those that lie apart to be tested on come behind those that are learnt from.
        name: "training" or "test".
    """

    X: Array
    truth: Array
    target: Array
    weights: Array
    rows: Array
    name: str


@dataclass(frozen=True, eq=False)
class Material:
    """A run with its rows.

    Attributes:
        run: the run.
        columns: names of the inputs.
        targets: names of the classes, or of the numbers.
        has_classes: whether each row has one class.
        image_shape: (height, width) where a row is an image.
        inputs: how the inputs were scaled; None where that is not known.
        target: how the number was scaled, or None.
        train, test: the rows; no test where nothing was kept for it.
    """

    run: Run
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    has_classes: bool
    image_shape: tuple[int, int] | None
    inputs: Standardiser | None
    target: Standardiser | None
    train: Sample
    test: Sample | None

    @property
    def judged(self) -> Sample:
        """The rows that it is judged by: for the test, or those it learnt from where there are none."""
        return self.train if self.test is None else self.test

    def in_units(self, X: Array) -> Array:
        """Inputs in the units of the data set, (rows, inputs)."""
        return _unscaled(X, self.inputs)

    def answer_in_units(self, values: Array) -> Array:
        """Numbers that the network gave, in the units of the data set."""
        flat = values.reshape(len(values), -1)
        return _unscaled(flat, self.target).reshape(values.shape)


def material_of(run: Run) -> Material:
    """The rows of a run, by what its notes know of them.

    Raises:
        DataError: for a run without its data.
    """
    run.task.data  # noqa: B018 - says what is missing, and how to give it
    table, source = table_of(run), Source.of(run)
    given, data = table.given or Given(), table.data
    return Material(
        run, data.feature_names, data.target_names, data.task == "classification", data.image_shape,
        None if source is None else source.inputs, None if source is None else source.target,
        _sample(run, run.task.data, given.rows, 0, "training"), _tested(run, given),
    )  # fmt: skip


def _tested(run: Run, given: Given) -> Sample | None:
    held = given.held
    if held is None or (held.examples is None and held.digest):
        return None  # nothing was measured, or what was is not at hand
    behind = 0 if held.examples is None else run.task.data.rows
    return _sample(run, held.examples or run.task.data, held.rows, behind, "test")


def _sample(run: Run, examples: Examples, rows: Array | None, behind: int, name: str) -> Sample:
    chosen = np.arange(examples.rows) if rows is None else np.asarray(rows)
    classes = row_classes(run.loss, examples)
    target = examples.Y if examples.labels is None else examples.labels
    assert target is not None
    truth = target.astype(np.float64) if classes is None else classes.astype(np.int64)
    truth = truth[:, 0] if truth.ndim == 2 and truth.shape[1] == 1 else truth
    return Sample(examples.X[chosen], truth[chosen], target[chosen], examples.weights[chosen], chosen + behind, name)


def _unscaled(X: Array, scaling: Standardiser | None) -> Array:
    values: Array = X.astype(np.float64)
    return values if scaling is None else values * np.array(scaling.scale) + np.array(scaling.mean)
