"""What is to be predicted: classes or a number, recognised from its column."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..errors import DataError, DescriptionError, short
from .columns import Column, number_text
from .dataset import Task

__all__ = ["recognised", "target_of"]

FEW: Final = 20
"""So many different whole numbers can be classes."""
MOST: Final = 1000
"""So many classes at most."""


def recognised(column: Column) -> Task:
    """What a column asks for unless one says otherwise.

    Texts and booleans are classes; so are whole numbers, if there are at most 20 different ones and every one occurs
    twice on average. All else are numbers to predict.

    Args:
        column: without missing values.

    >>> recognised(Column("stars", "number", np.array([1.0, 2.0, 1.0, 2.0])))
    'classification'
    """
    if column.kind in ("category", "boolean"):
        return "classification"
    values = column.values
    if column.kind == "date" or not (values == np.floor(values)).all():
        return "regression"
    different = len(set(values.tolist()))
    return "classification" if different <= FEW and 2 * different <= len(values) else "regression"


def target_of(column: Column, task: str | None) -> tuple[Task, npt.NDArray[Any], tuple[str, ...]]:
    """The targets.

    Args:
        column: without missing values.
        task: "classification" or "regression"; None to recognise it.

    Returns:
        (task, y, names): int64 class indices and the classes in sorted order, or float64 and the column's name.

    Raises:
        DescriptionError: another task.
        DataError: texts as numbers, one class, too many classes, the same number in all rows.
    """
    if task not in (None, "classification", "regression"):
        raise DescriptionError(f"the task is {short(task)}; expected classification or regression.")
    if (task or recognised(column)) == "regression":
        return "regression", _numbers(column), (column.name,)
    values = sorted(set(column.values.tolist()))
    _check_classes(column, len(values))
    y = np.searchsorted(np.array(values), column.values).astype(np.int64)
    return "classification", y, tuple(_name(column, value) for value in values)


def _numbers(column: Column) -> npt.NDArray[Any]:
    if column.kind == "category":
        raise DataError(
            f"the target {short(column.name)} holds texts, such as {short(column.texts[0])}; a regression predicts "
            "numbers. Fix: task='classification', or leave the task to be recognised (--task)."
        )
    if (column.values == column.values[0]).all():
        raise DataError(_same(column, number_text(float(column.values[0]))))
    return np.ascontiguousarray(column.values)


def _check_classes(column: Column, found: int) -> None:
    if found < 2:
        raise DataError(_same(column, _name(column, float(column.values[0]))))
    if found > MOST or (found > FEW and 2 * found > len(column.values)):
        raise DataError(
            f"the target {short(column.name)} has {found} different values in {len(column.values)} rows: too many for "
            "classes. Fix: choose another target, or task='regression' (--task regression) if they are numbers."
        )


def _same(column: Column, value: str) -> str:
    return (
        f"the target {short(column.name)} is {short(value)} in all {len(column.values)} rows: there is nothing to learn. "
        "Fix: bring rows with other values, or choose another target."
    )


def _name(column: Column, value: float) -> str:
    if column.kind == "category":
        return column.texts[int(value)]
    return ("false", "true")[int(value)] if column.kind == "boolean" else number_text(value)
