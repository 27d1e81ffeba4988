"""From the data part of a scenario to the rows of a training: the same split and the same scaling as everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data import Dataset, Standardiser, datasets, split
from ..data.generated import GENERATORS
from ..data.prepare import Prepared, prepare
from ..errors import DescriptionError, UnknownName, short
from ..rules.registry import is_number, is_whole
from .holding import Holding, Table
from .limits import ROWS

Array = np.ndarray[Any, np.dtype[Any]]
PARTS = {"builtin": ("kind", "name", "options"), "kept": ("kind", "id")}
"""What a data part says, by its kind."""


@dataclass(frozen=True)
class Split:
    """Which rows are held out to test on.

    Attributes:
        test: their share.
        seed: keys which.
    """

    test: float = 0.2
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Ready:
    """Rows as a training is given them.

    Attributes:
        table: where they come from.
        X: inputs of all rows, scaled, (rows, columns).
        y: targets of all rows, scaled where they are numbers.
        train: the rows that the run has; row k of the run is row ``train[k]``.
        test: the rows that it is tested on.
        inputs: how the columns were scaled; None where they are as they were given.
        target: how the number was scaled, or None.
        notes: what runs shall know of where their rows come from.
        is_split: whether the rows were split here.
    """

    table: Table
    X: Array
    y: Array
    train: Array
    test: Array
    inputs: Standardiser | None
    target: Standardiser | None
    notes: dict[str, Any]
    is_split: bool


def read_split(given: Any) -> Split | None:
    """How rows are split; None where they are given.

    Raises:
        DescriptionError: for anything else.
    """
    if given is None:
        return None
    if not isinstance(given, Mapping) or set(given) != {"test", "seed"}:
        raise DescriptionError(f'split is {short(given)}; expected null, or {{"test": 0.2, "seed": 0}}.')
    test, seed = given["test"], whole_number(given["seed"])
    if not is_number(test) or not 0 < test < 1:
        raise DescriptionError(f"split.test is {short(test)}; expected a share between 0 and 1.")
    if seed is None or not 0 <= seed < 2**64:
        raise DescriptionError(f"split.seed is {short(given['seed'])}; expected a whole number from 0 to 2**64 - 1.")
    return Split(float(test), seed)


def whole_number(given: Any) -> int | None:
    """A whole number, as itself or as text: JavaScript has none beyond 2**53."""
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) <= 20:
        return int(given)
    return given if is_whole(given) else None


def read_part(given: Any) -> dict[str, Any]:
    """The data part of a scenario, as far as it can be checked without data.

    Args:
        given: {"kind": "builtin", "name", "options"} or {"kind": "kept", "id"}.

    Raises:
        DescriptionError, UnknownName: for what is neither.
    """
    kind = given.get("kind") if isinstance(given, Mapping) else None
    if not isinstance(kind, str) or kind not in PARTS or not set(given) <= set(PARTS[kind]):
        raise DescriptionError(f'data is {short(given)}; expected {{"kind": "builtin", ...}} or {{"kind": "kept", ...}}.')
    if kind == "kept":
        return {"kind": kind, "id": given.get("id")}
    options = given.get("options")
    options = {} if options is None else options
    _check_builtin(given.get("name"), options)
    return {"kind": kind, "name": given["name"], "options": dict(options)}


def read_table(part: Mapping[str, Any], held: Holding) -> Table:
    """The rows of a data part that was read.

    Args:
        part: what :func:`read_part` gave.
        held: what the server holds.

    Raises:
        DescriptionError, Gone: for options that make no sense, and for rows that are not held.
    """
    if part["kind"] == "kept":
        return held.table(part["id"])
    return Table(datasets.load(part["name"], **numbers(part["options"])), "builtin")


def numbers(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a data set; a seed may come as text, for JavaScript has no whole numbers beyond 2**53."""
    seed = whole_number(options.get("seed"))
    return dict(options) if seed is None else {**options, "seed": seed}


def _check_builtin(name: Any, options: Any) -> None:
    """Refuse a name or options that could allocate too much, before anything is made."""
    if not isinstance(name, str) or name not in datasets.names():
        raise UnknownName("data set", name, datasets.names())
    if not isinstance(options, Mapping):
        raise DescriptionError(f"data.options is {short(options)}; expected names and numbers.")
    rows = options.get("rows", 0)
    if is_whole(rows) and rows > ROWS:
        raise DescriptionError(f"rows is {short(rows)}; the explorer takes up to {ROWS}. Fix: fewer rows.")


def noise(given: Mapping[str, Any]) -> tuple[Mapping[str, Array], bool, float | None]:
    """For a generated data set: what it is without noise and the noise of size 1, whether it is the target's, and how
    much of it there is."""
    generator = GENERATORS.get(str(given.get("name"))) if given.get("kind") == "builtin" else None
    if generator is None:
        return {}, False, None
    X, y, unit, much = generator.parts(numbers(given["options"]))
    return {"base": y if generator.noisy_target else X, "unit_noise": unit}, generator.noisy_target, much


def make_ready(table: Table, how: Split | None) -> Ready:
    """Split and scale.

    Raises:
        DataError: for rows that cannot be split so.
    """
    if table.given is not None:
        return _as_given(table, how)
    prepared = _whole(table.data) if how is None else prepare(table.data, how.test, how.seed)
    notes = table.notes or prepared.notes
    return Ready(table, prepared.X, prepared.y, prepared.train, prepared.test, prepared.input_scale, prepared.target_scale,
                 notes, how is not None)  # fmt: skip


def _whole(data: Dataset) -> Prepared:
    """All rows to learn from, and none to test on."""
    rows = np.arange(len(data.X))
    data = data.fitted(rows)
    inputs = data.standardiser()
    X, none = inputs.transform(data.X), rows[:0]
    if data.task == "classification":
        return Prepared(data, rows, none, X, data.y, None, inputs)
    column = data.y[:, None]
    scale = Standardiser.fit(column)
    return Prepared(data, rows, none, X, scale.transform(column)[:, 0], scale, inputs)


def _as_given(table: Table, how: Split | None) -> Ready:
    data, given = table.data, table.given
    assert given is not None
    everything = np.arange(len(data.X))
    if how is None:
        held = None if given.held is None else given.held.rows
        test = everything[:0] if held is None else np.asarray(held)
        return Ready(table, data.X, data.y, everything, test, None, None, table.notes, False)
    classes = data.task == "classification"
    train, test = split(len(data.X), how.test, how.seed, data.y if classes else None, stratify=classes)
    return Ready(table, data.X, data.y, train, test, None, None, {}, True)


def builtin(name: str, **options: Any) -> dict[str, Any]:
    """The data part of a scenario for a set that comes along, with every option that it has: each is a knob."""
    known = GENERATORS[name].options if name in GENERATORS else {}
    return {"kind": "builtin", "name": name, "options": {k: option.default for k, option in known.items()} | options}
