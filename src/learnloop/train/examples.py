"""What a run learns from: inputs, targets and row weights as the program reads them, checked once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..compile import Call
from ..data.check import check_inputs, check_targets, check_weights
from ..data.digest import digest_many
from ..errors import DataError
from ..network import Network
from ..rules import BinaryCrossEntropy, Loss

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Examples:
    """Checked arrays.

    Attributes:
        X: inputs, (rows, inputs), contiguous, of the program's type.
        labels: class indices, (rows,), int32; None where targets are numbers.
        Y: targets, (rows, outputs), of the program's type; None where they are labels.
        weights: one for each row.
    """

    X: Array
    labels: Array | None
    Y: Array | None
    weights: Array

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.X)

    def point(self, call: Call) -> None:
        """Let a call read them."""
        call.X = self.X.ctypes.data
        call.labels = self.labels.ctypes.data if self.labels is not None else None
        call.Y = self.Y.ctypes.data if self.Y is not None else None
        call.weights = self.weights.ctypes.data


def check_examples(
    network: Network, loss: Loss, X: Any, y: Any, sample_weight: Any, dtype: str, where: str = ""
) -> Examples:
    """Check inputs, targets and weights against the network and the loss.

    Args:
        network: whose inputs and outputs they must fit.
        loss: whether targets are labels.
        X: inputs, (rows, inputs).
        y: targets: class indices (rows,), or numbers (rows,) or (rows, outputs).
        sample_weight: None, or (rows,) numbers of at least 0.
        dtype: "float32" or "float64".
        where: what the data is called in messages: "validation " for the validation set.

    Raises:
        DataError: for data that cannot be learnt from.
    """
    real = np.dtype(dtype)
    inputs = check_inputs(X, inputs=network.inputs, dtype=real, what=f"{where}X")
    rows = len(inputs)
    targets = check_targets(
        y, rows=rows, outputs=network.outputs, integer_labels=loss.labels, dtype=real, what=f"{where}y"
    )
    weights = np.ones(rows, real) if sample_weight is None else check_weights(sample_weight, rows=rows, dtype=real)
    if loss.labels:
        return Examples(inputs, np.ascontiguousarray(targets, np.int32), None, weights)
    if isinstance(loss, BinaryCrossEntropy):
        _check_shares(targets, f"{where}y")
    return Examples(inputs, None, np.ascontiguousarray(targets, real), weights)


def own(examples: Examples, limit: int) -> Examples:
    """The examples with arrays of their own, as long as these are small: what the caller does to theirs shows nowhere.

    Args:
        examples: checked arrays, which may be the caller's.
        limit: bytes up to which they are copied.
    """
    arrays = (examples.X, examples.labels, examples.Y, examples.weights)
    if sum(a.nbytes for a in arrays if a is not None) > limit:
        return examples
    X, labels, Y, weights = (None if a is None else a.copy() for a in arrays)
    assert X is not None
    assert weights is not None
    return Examples(X, labels, Y, weights)


def digest_examples(examples: Examples) -> str:
    """SHA-256 of the data of a run."""
    targets = examples.labels if examples.labels is not None else examples.Y
    assert targets is not None
    return digest_many({"X": examples.X, "weights": examples.weights, "y": targets})


def _check_shares(targets: Array, what: str) -> None:
    wrong = np.flatnonzero(((targets < 0) | (targets > 1)).any(axis=1))
    if len(wrong):
        raise DataError(
            f"{what} has {len(wrong)} rows outside 0 to 1, the first is row {wrong[0]} with {targets[wrong[0]][0]:g}; "
            "binary_cross_entropy expects 0, 1 or a share between. Fix: encode the two classes as 0 and 1, or use "
            "loss='mse' for numbers."
        )
