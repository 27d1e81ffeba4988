"""Checks of what users bring: inputs, targets and row weights, each with one clear error or a clean array.

Nothing is copied that is already right, and no temporary is as large as the data.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..errors import DataError, DataTypeError

__all__ = ["check_inputs", "check_targets", "check_weights"]

_CHUNK: Final = 1 << 16  # elements looked at a time
_STRINGS: Final = "encode them as numbers, for example one column for each category"

Array = npt.NDArray[Any]


def check_inputs(
    X: Any, *, inputs: int | None = None, dtype: npt.DTypeLike, what: str = "X", empty: bool = False
) -> Array:
    """The inputs as a clean matrix.

    Args:
        X: (rows, columns): an array, nested lists, a data frame, anything with `__array__`; numbers or booleans.
        inputs: the number of columns that is expected; None: any.
        dtype: float32 or float64.
        what: what to call X in messages.
        empty: whether no rows are rows enough.

    Returns:
        A C-contiguous array of the dtype; X itself where it already is one.

    Raises:
        DataTypeError: strings, objects, complex numbers, dates.
        DataError: NaN, infinity, values too large for the dtype, no rows or columns, a wrong shape, masked values.

    >>> check_inputs([[1, 2], [3, 4]], inputs=2, dtype="float32")
    array([[1., 2.],
           [3., 4.]], dtype=float32)
    """
    values = _numbers(X, what)
    if values.ndim != 2:
        raise DataError(_dimensions(values, what))
    rows, columns = values.shape
    if (rows == 0 and not empty) or columns == 0:
        raise DataError(f"{what} is empty: {rows} rows, {columns} columns. Fix: pass at least one row and one column.")
    if inputs is not None and columns != inputs:
        raise DataError(
            f"{what} has {_count(columns, 'column')}, expected {inputs}. "
            f"Fix: pass {_count(inputs, 'column')} or build the network with inputs={columns}."
        )
    return _as_floats(values, np.dtype(dtype), what)


def check_targets(
    y: Any, *, rows: int, outputs: int, integer_labels: bool, dtype: npt.DTypeLike = np.float64, what: str = "y"
) -> Array:
    """The targets as a clean array.

    Args:
        y: integer labels: (rows,) or (rows, 1), whole numbers or booleans in 0..outputs-1, never re-encoded, not all
            of which need to occur; else (rows, outputs), or (rows,) for one output.
        rows: the number of rows of X.
        outputs: the number of outputs of the network, for labels the number of classes.
        integer_labels: whether y holds class labels.
        dtype: float32 or float64, for targets that are no labels.
        what: what to call y in messages.

    Returns:
        int64 (rows,) for labels, else C-contiguous (rows, outputs) of the dtype; y itself or a view where possible.

    Raises:
        DataTypeError: strings, objects, floats as labels.
        DataError: NaN, infinity, labels out of range, a wrong shape or length.

    >>> check_targets([0, 2, 1], rows=3, outputs=3, integer_labels=True)
    array([0, 2, 1])
    """
    values = _numbers(y, what, "classes, y = np.unique(y, return_inverse=True) makes class indices of labels")
    width = 1 if integer_labels else outputs
    if values.ndim == 1 and width == 1:
        values = values.reshape(-1, 1)
    if values.ndim != 2 or values.shape[1] != width:
        expected = f"({rows},)" if width == 1 else f"({rows}, {width})"
        raise DataError(
            f"{what} has the shape {values.shape}, expected {expected}. Fix: {_target_fix(values, width, what)}."
        )
    _check_length(values, rows, what)
    return _as_labels(values[:, 0], outputs, what) if integer_labels else _as_floats(values, np.dtype(dtype), what)


def check_weights(w: Any, *, rows: int, dtype: npt.DTypeLike = np.float64, what: str = "the row weights") -> Array:
    """The row weights as a clean vector.

    Args:
        w: (rows,), at least 0, not all 0.
        rows: the number of rows of X.
        dtype: float32 or float64.
        what: what to call w in messages.

    Returns:
        A C-contiguous vector of the dtype; w itself where it already is one.

    Raises:
        DataTypeError: strings, objects.
        DataError: NaN, infinity, a negative weight, only zeros, a wrong shape or length.

    >>> check_weights([1, 0, 2], rows=3)
    array([1., 0., 2.])
    """
    values = _numbers(w, what)
    if values.ndim != 1:
        raise DataError(f"{what} have the shape {values.shape}, expected ({rows},). Fix: pass one number for each row.")
    _check_length(values, rows, what)
    weights = _as_floats(values, np.dtype(dtype), what)
    row = int(np.argmin(weights))
    if weights[row] < 0:
        raise DataError(f"{what} are negative: {weights[row]} in row {row}. Fix: use 0 to leave a row out.")
    if not weights.any():
        raise DataError(f"{what} are all 0, so no row counts. Fix: give some row a weight above 0.")
    return weights


def _numbers(values: Any, what: str, strings: str = _STRINGS) -> Array:
    """An array of booleans, whole numbers or floats, not copied where it is one; ``strings``: how to mend strings."""
    if "numpy.ma" in sys.modules and np.ma.is_masked(values):  # without that module, 7 ms, nothing is masked
        raise DataError(f"{what} has masked values. Fix: fill them, for example {what}.filled(0), or drop their rows.")
    try:
        array = np.asarray(values)
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"{what} is no table of numbers: its rows differ in length or depth ({error}). "
            "Fix: make every row as long as the first."
        ) from error
    except (TypeError, RuntimeError) as error:
        raise DataTypeError(f"{what} cannot be made an array ({error}). Fix: pass a NumPy array of numbers.") from error
    if array.dtype.kind not in "biuf":
        raise DataTypeError(_wrong_type(values, array, what, strings))
    return array


def _wrong_type(values: Any, array: Array, what: str, strings: str) -> str:
    """Why an array cannot be used, and what to do about it."""
    if hasattr(values, "toarray"):
        return f"{what} is a sparse matrix. Fix: pass {what}.toarray()."
    kind = array.dtype.kind
    fixes = {
        "U": ("strings", strings),
        "c": ("complex numbers", f"pass {what}.real and {what}.imag as columns"),
        "M": ("dates", "pass a number, such as days since the first"),
        "m": ("time spans", "pass a number, such as seconds"),
        "V": ("records", "pass a plain matrix with one column for each field"),
        "O": (
            "objects (mixed types, missing values or whole numbers beyond 64 bits)",
            f"convert it, for example np.asarray({what}, dtype='float64'), and fill or drop what is missing",
        ),
    }
    got, fix = fixes.get("U" if kind in "ST" else kind, (str(array.dtype), "convert it to float64"))
    first = _first_string(array)
    if kind == "O" and first:
        fix = strings
    return f"{what} holds {got}{first}, expected numbers. Fix: {fix}."


def _first_string(array: Array) -> str:
    """The first string among the values: the usual reason, so name it."""
    if array.dtype.kind not in "UO":
        return ""
    for position, value in enumerate(array.flat):
        if isinstance(value, str) and not _is_number(value):
            return f" (first: {value[:40]!r} in {_where(position, array.shape)})"
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _dimensions(values: Array, what: str) -> str:
    """The message for inputs that are no matrix."""
    if values.ndim == 1:
        fix = f"{what}.reshape(-1, 1) if it is one column, {what}.reshape(1, -1) if it is one row"
    elif values.ndim == 0:
        fix = "pass a table, such as [[1.0, 2.0]]"
    else:
        fix = f"{what}.reshape(len({what}), -1) puts each row's numbers side by side"
    return f"{what} has the shape {values.shape}, expected (rows, columns). Fix: {fix}."


def _target_fix(values: Array, width: int, what: str) -> str:
    if width == 1:
        return "pass one number for each row, no one-hot columns"
    if values.ndim == 1 and _could_be_labels(values, width):
        return f"{what}.astype(int) with loss='cross_entropy' if they are class indices, else {_count(width, 'column')}"
    if values.ndim == 2:
        return f"pass {_count(width, 'column')} or build the network with outputs={values.shape[1]}"
    return f"pass {_count(width, 'column')}, one for each output"


def _could_be_labels(values: Array, classes: int) -> bool:
    return len(values) > 0 and bool(((values >= 0) & (values < classes) & (values == np.floor(values))).all())


def _check_length(values: Array, rows: int, what: str) -> None:
    if len(values) != rows:
        verb = "have" if what.endswith("s") else "has"
        raise DataError(f"{what} {verb} {_count(len(values), 'row')}, X has {rows}. Fix: pass one for each row of X.")


def _as_labels(values: Array, outputs: int, what: str) -> Array:
    """int64 labels in 0..outputs-1."""
    if values.dtype.kind == "f":
        raise DataTypeError(
            f"{what} holds {values.dtype} numbers, expected whole class labels 0..{outputs - 1}. "
            f"Fix: {what}.astype('int64') if they are labels; a loss such as mse if they are quantities."
        )
    if values.dtype.kind != "b":
        for start, chunk in _chunks(values):
            bad = (chunk < 0) | (chunk >= outputs)
            if bad.any():
                row = int(np.argmax(bad))
                raise DataError(
                    f"label {chunk[row]} in row {start + row} of {what} is not in 0..{outputs - 1}. "
                    f"Fix: number the classes from 0, or build the network with more outputs than {outputs}."
                )
    elif outputs < 2 and values.any():
        raise DataError(f"{what} holds True, but there is one class. Fix: build the network with outputs=2.")
    return np.ascontiguousarray(values, dtype=np.int64)


def _as_floats(values: Array, dtype: np.dtype[Any], what: str) -> Array:
    """Finite floats of the dtype, C-contiguous; converted and checked a chunk at a time."""
    if dtype not in (np.float32, np.float64):
        raise DataTypeError(f"dtype is {dtype}, expected float32 or float64. Fix: dtype='float32'.")
    # a foreign byte order compares unequal, so it is converted, too
    ready = values.dtype == dtype and values.flags.c_contiguous and values.flags.aligned
    out = values if ready else np.empty(values.shape, dtype)
    step = max(1, _CHUNK // max(1, values.size // max(1, len(values))))
    for start in range(0, len(values), step):
        part = out[start : start + step]
        if not ready:
            with np.errstate(over="ignore", invalid="ignore"):
                part[...] = values[start : start + step]
        if not np.isfinite(part).all():
            raise DataError(_not_finite(values, dtype, what))
    return out


def _not_finite(values: Array, dtype: np.dtype[Any], what: str) -> str:
    """How many values are NaN, infinite or too large, where the first one is, and what to do."""
    counts = {"NaN": 0, "infinite": 0, f"beyond {dtype}": 0}
    first = -1
    for start, chunk in _chunks(values):
        with np.errstate(over="ignore", invalid="ignore"):
            bad = ~np.isfinite(chunk.astype(dtype))
        if first < 0 and bad.any():
            first = start + int(np.argmax(bad))
        nan, infinite = int(np.isnan(chunk).sum()), int(np.isinf(chunk).sum())
        for key, count in zip(counts, (nan, infinite, int(bad.sum()) - nan - infinite), strict=True):
            counts[key] += count
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    where = _where(first, values.shape)
    return (
        f"{what} has values that are no finite {dtype}: {told}; the first in {where} (counted from 0). "
        f"Fix: fill or drop them ({what}[np.isfinite({what}).all(axis=1)]), or scale what is too large."
    )


def _where(position: int, shape: tuple[int, ...]) -> str:
    """ "row 3, column 1" of an element's position in C order."""
    names = ("row", "column") if len(shape) <= 2 else (f"axis {axis}" for axis in range(len(shape)))
    return ", ".join(f"{name} {index}" for name, index in zip(names, np.unravel_index(position, shape), strict=False))


def _chunks(values: Array) -> Iterator[tuple[int, Array]]:
    """(start, elements) in C order, a bounded number at a time."""
    for start in range(0, values.size, _CHUNK):
        yield start, values.flat[start : start + _CHUNK]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
