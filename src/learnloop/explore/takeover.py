"""The way back from a pack to rows: what a page was handed, read as if anybody had written it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..data import KEY, Dataset
from ..data.columns import Column
from ..data.encoding import Encoding
from ..data.limits import UPLOAD
from ..data.origin import Origin
from ..data.table import Table as Columns
from ..errors import DataError, FileError, short
from ..rules.registry import is_number, is_whole
from ..train.examples import Examples
from ..train.task import Held
from ..web.pack import unpack
from .holding import Given, Table
from .limits import COLUMNS, ROWS

Array = np.ndarray[Any, np.dtype[Any]]
Arrays = Mapping[str, Array]
NAMES = 1000
"""Characters that a name or a description of rows has at most."""


def table_of_pack(content: bytes) -> Table:
    """The rows that :func:`.handover.data_pack` packed.

    Args:
        content: the pack, which may be anybody's.

    Raises:
        DataError: for a pack of something else, and for rows that nothing can be learnt from.
    """
    try:
        header, arrays = unpack(content)
    except (FileError, OverflowError, RecursionError, MemoryError) as error:
        raise _wrong("it is no pack of rows") from error
    if header.get("kind") != "data" or header.get("version") != 1 or isinstance(header.get("version"), bool):
        raise _wrong(f"it is {short(header.get('kind'))} of version {short(header.get('version'))}, expected data of version 1")
    X, y = _inputs(arrays), _targets(header, arrays)
    if len(X) != len(y):
        raise _wrong(f"there are {len(X)} rows of inputs and {len(y)} of targets")
    given = _given(arrays, len(X)) if header.get("ready") is True else None
    if given is not None and header.get("apart", 0) != 0:
        X, y, given = _apart(header, X, y, given)
    if given is not None and not np.isfinite(X).all():
        raise _wrong("an input is no finite number")
    data = _dataset(header, X, y, is_ready=given is not None)
    known = header.get("known")
    return Table(data, "run" if given is not None else "file", given, {KEY: dict(known)} if isinstance(known, Mapping) else {})


def _wrong(why: str) -> DataError:
    return DataError(f"the rows cannot be used: {why}. Fix: build the lesson again.")


def _inputs(arrays: Arrays) -> Array:
    X = arrays.get("X")
    if X is None or X.ndim != 2 or X.dtype.kind != "f":
        raise _wrong("there is no table of inputs")
    if not 1 <= len(X) <= ROWS or not 1 <= X.shape[1] <= COLUMNS:
        raise _wrong(f"there are {len(X)} rows of {X.shape[1]} inputs; expected up to {ROWS} rows of up to {COLUMNS}")
    if np.isinf(X).any():
        raise _wrong("an input is infinite")
    return _own(X)


def _own(values: Array) -> Array:
    """A copy as this machine has numbers: what lies in a pack may begin anywhere."""
    return np.array(values, values.dtype.newbyteorder("="), order="C")


def _targets(header: Mapping[str, Any], arrays: Arrays) -> Array:
    y, task = arrays.get("y"), header.get("task")
    if y is None or task not in ("classification", "regression") or y.ndim not in (1, 2):
        raise _wrong("there are no targets, or it is neither classification nor regression")
    if task == "regression":
        if y.dtype.kind != "f" or not np.isfinite(y).all():
            raise _wrong("a target is no finite number")
        return _own(y)
    classes = len(_texts(header, "targets"))
    if y.dtype.kind not in "iu" or y.ndim != 1 or (len(y) and not 0 <= int(y.min()) <= int(y.max()) < classes):
        raise _wrong(f"a target is none of the {classes} classes")
    return y.astype(np.int64)


def _given(arrays: Arrays, rows: int) -> Given:
    """Which rows are learnt from and which are measured, and their weights."""
    weights, learn, held = (arrays.get(name) for name in ("weights", "learn", "held"))
    if weights is not None and (weights.shape != (rows,) or weights.dtype.kind != "f" or not (np.isfinite(weights) & (weights >= 0)).all()):
        raise _wrong("the weights are not one number from 0 for each row")
    chosen, measured = (None if places is None else _places(places, rows) for places in (learn, held))
    return Given(None if weights is None else _own(weights), chosen, None if measured is None else Held(None, measured))


def _apart(header: Mapping[str, Any], X: Array, y: Array, given: Given) -> tuple[Array, Array, Given]:
    """The rows that were learnt from, and apart from them, as they were, those that were measured: the last ones."""
    apart: Any = header.get("apart")
    count = len(X) - apart if is_whole(apart) and 0 < apart < len(X) else 0
    learn, held_rows = given.rows, None if given.held is None else given.held.rows
    if not count or learn is None or held_rows is None or learn.tolist() + held_rows.tolist() != [*range(len(X))] or len(learn) != count:
        raise _wrong("it does not say which rows are measured")
    weights = np.ones(len(X), X.dtype) if given.weights is None else given.weights
    targets = y[count:].astype(np.int32) if header["task"] == "classification" else y[count:].reshape(len(X) - count, -1)
    labels, numbers = (targets, None) if header["task"] == "classification" else (None, targets)
    held = Held.apart(Examples(X[count:].copy(), labels, numbers, weights[count:].copy()))
    own = None if (weights[:count] == 1).all() else weights[:count].copy()
    return X[:count].copy(), y[:count].copy(), Given(own, None, held)


def _places(given: Array, rows: int) -> Array:
    places = given.astype(np.int64) if given.ndim == 1 and given.dtype.kind in "iu" else np.empty(0, np.int64)
    if not len(places) or places.min() < 0 or places.max() >= rows or len(np.unique(places)) < len(places):
        raise _wrong("it does not say which rows are learnt from, or measured")
    return places


def _texts(header: Mapping[str, Any], name: str) -> list[str]:
    found = header.get(name)
    if not isinstance(found, list) or len(found) > COLUMNS or not all(isinstance(text, str) and len(text) <= NAMES for text in found):
        raise _wrong(f"{name} are no names")
    return found


def _text(header: Mapping[str, Any], name: str) -> str:
    found = header.get(name)
    return found[:NAMES] if isinstance(found, str) else ""


def _columns(header: Mapping[str, Any], count: int) -> tuple[list[str], list[bool]]:
    """The names of the inputs, and which of them are numbers; the others are 0 or 1."""
    found = header.get("columns")
    if not isinstance(found, list) or len(found) != count or not all(isinstance(each, Mapping) for each in found):
        raise _wrong(f"it does not name its {count} inputs")
    kinds = [each.get("kind") for each in found]
    if not all(kind in ("number", "flag") for kind in kinds):
        raise _wrong("an input is neither number nor flag")
    return _texts({"inputs": [each.get("name") for each in found]}, "inputs"), [kind == "number" for kind in kinds]


def _shape(header: Mapping[str, Any], count: int) -> tuple[int, int] | None:
    found = header.get("image_shape")
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != 2 or not all(is_whole(side) and side > 0 for side in found) or math.prod(found) != count:
        raise _wrong(f"images of {short(found)} do not have {count} pixels")
    return found[0], found[1]


def _scale(header: Mapping[str, Any]) -> float | None:
    found = header.get("scale")
    if found is not None and (not is_number(found) or not 0 < found < math.inf):
        raise _wrong(f"scale is {short(found)}")
    return None if found is None else float(found)


def _dataset(header: Mapping[str, Any], X: Array, y: Array, *, is_ready: bool) -> Dataset:
    names, numbers = _columns(header, X.shape[1])
    how: dict[str, Any] = {}
    if not is_ready and (np.isnan(X).any() or not all(numbers)):
        table = _as_columns(_text(header, "name"), X, names, numbers)
        encoding = Encoding.fit(table.columns, np.arange(len(X)))
        if list(encoding.names) != names:
            raise _wrong("its inputs are not those of a table")
        X, how = encoding.apply(table.columns), {"table": table, "encoding": encoding}
    return Dataset(
        name=_text(header, "name") or "data", X=X, y=y, task=header["task"], feature_names=tuple(names),
        target_names=tuple(_texts(header, "targets")), source=_text(header, "source"), licence=_text(header, "licence"),
        description=_text(header, "description"), image_shape=_shape(header, X.shape[1]), scale=_scale(header), **how,
    )  # fmt: skip


def _as_columns(name: str, X: Array, names: list[str], numbers: list[bool]) -> Columns:
    """The columns of a table that has these inputs, so that gaps are filled by the rows that are learnt from, as they were.

    Inputs that are 0 or 1 are columns of their own, whatever they were made of; only the one that says where a number is
    missing belongs to the column of this number.
    """
    found: list[Column] = []
    waiting: Column | None = None
    for values, label, number in zip(X.T, names, numbers, strict=True):
        if waiting is not None:
            if not np.array_equal(values != 0, ~waiting.known):
                raise _wrong(f"no input says where {short(waiting.name)} is missing")
            waiting = None
            continue
        column = Column(label, "number" if number else "boolean", np.array(values, np.float64))
        if not number and not np.isin(column.values, (0, 1)).all():
            raise _wrong(f"the input {short(label)} is neither 0 nor 1")
        found.append(column)
        waiting = column if number and not column.known.all() else None
    return Columns(name, tuple(found), len(X), (), Origin(""), UPLOAD)
