"""Numbers that say how well a network does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..rules import BinaryCrossEntropy, Loss
from .examples import Examples

Array = np.ndarray[Any, np.dtype[Any]]


def is_classifier(loss: Loss) -> bool:
    """Whether the loss tells classes apart."""
    return loss.labels or isinstance(loss, BinaryCrossEntropy)


def fits(loss: Loss, classes: int) -> bool:
    """Whether a loss suits so many classes; 0 classes for numbers."""
    if loss.labels:
        return classes > 0
    return classes == 2 if loss.name == "binary_cross_entropy" else classes == 0


def classes(loss: Loss, outputs: Array) -> Array:
    """Predictions from outputs: class indices, 0 and 1 for each output, or the values themselves."""
    if loss.labels:
        return np.asarray(outputs.argmax(axis=1))
    values: Array = (outputs > 0).astype(np.int64) if is_classifier(loss) else outputs
    return values[:, 0] if values.shape[1] == 1 else values


def row_classes(loss: Loss, examples: Examples) -> Array | None:
    """The class of each row, (rows,); None where targets are values, shares or several at once."""
    if examples.labels is not None:
        return examples.labels
    targets = examples.Y
    if targets is None or not is_classifier(loss) or targets.shape[1] > 1 or not np.isin(targets, (0, 1)).all():
        return None
    return targets[:, 0].astype(np.int32)


def metrics(
    loss: Loss, outputs: Array, losses: Array, examples: Examples, rows: Array | None = None
) -> dict[str, float]:
    """Mean loss, and accuracy or R2, weighted by the rows' weights.

    Args:
        loss: the loss.
        outputs: (rows, outputs).
        losses: the loss of each row.
        examples: targets and weights.
        rows: which rows of the examples these are; None for all.
    """
    pick = slice(None) if rows is None else rows
    weights = examples.weights[pick].astype(np.float64)
    total = math.fsum(weights)
    found = {"loss": math.fsum(weights * losses) / total}
    if loss.labels:
        assert examples.labels is not None
        found["accuracy"] = math.fsum(weights * (outputs.argmax(axis=1) == examples.labels[pick])) / total
        return found
    assert examples.Y is not None
    targets = examples.Y[pick].astype(np.float64)
    if is_classifier(loss):
        right = ((outputs > 0) == (targets > 0.5)).mean(axis=1)
        found["accuracy"] = math.fsum(weights * right) / total
    else:
        found["r2"] = r2(targets, outputs.astype(np.float64), weights)
    return found


def r2(targets: Array, outputs: Array, weights: Array) -> float:
    """1 - (squared error) / (squared distance from the mean), averaged over outputs; NaN for a constant target."""
    mean = (weights[:, None] * targets).sum(axis=0) / weights.sum()
    spread = (weights[:, None] * (targets - mean) ** 2).sum(axis=0)
    error = (weights[:, None] * (targets - outputs) ** 2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.where(spread > 0, 1 - error / spread, np.nan).mean())


def confusion(truth: Array, predicted: Array, count: int) -> Array:
    """How many rows of each class (rows) were taken for each class (columns)."""
    table = np.zeros((count, count), np.int64)
    np.add.at(table, (truth, predicted), 1)
    return table
