"""What a ``run`` block names: a data set that comes along, a file beside the document, or a run that there is already."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from ..data import UPLOAD, Dataset, datasets
from ..data.builtin import BUILT_IN
from ..data.generated import GENERATORS
from ..data.recipes import Recipe, recipe, suited
from ..errors import DescriptionError, FileError, LearnloopError, UnknownName, UnknownRun, short
from ..explore.holding import Table
from ..explore.rows import builtin
from ..run import Run
from ..runfile import load
from ..stored import Store
from .train_values import Values

ROWS = 100_000
"""Rows that a generated data set has at most: a page holds them."""
LONGEST = 400
"""Characters of a path."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_OPTIONS = {"rows": "rows", "noise": "noise", "turns": "turns", "classes": "classes", "data-seed": "seed"}
"""Options of a block that generated data have, and what the generators call them."""


@dataclass(frozen=True, eq=False)
class Learnt:
    """What is learnt from.

    Attributes:
        part: the data part of its scenario.
        columns: inputs.
        classes: how many; 0 for numbers.
        how: what suits it.
        table: its rows; None for a data set that comes along, which the scenario names.
        file: the path of a file, as it was written; "" for none.
        target: the column to predict, of a file with columns; "" for none.
        name: of the data set.
        options: options of the data that were chosen, by name.
    """

    part: dict[str, Any]
    columns: int
    classes: int
    how: Recipe
    table: Table | None
    name: str
    file: str = ""
    target: str = ""
    options: dict[str, Any] = field(default_factory=dict)


def named(values: Values, folder: Path, store: str | None) -> Learnt | Run | None:
    """What the argument of a block names.

    Args:
        values: the options of the block.
        folder: of the document.
        store: the path of the store with recorded runs; None for the user's own.

    Returns:
        Data to learn from, or a run; None if there is none of either, and then problems were kept.
    """
    given = values.block.argument.strip()
    try:
        if given in datasets.names():
            return _coming_along(values, given)
        if not _is_path(given, folder):
            return _recorded(given, store)
        path = contained(given, folder)
        return load(path) if _is_run(path) else _of_file(values, given, path)
    except (LearnloopError, OSError, ValueError) as error:
        values.refuse_all("target" if "target" in str(error) and "target" in values.block.options else "", error)
        return None


def contained(given: str, folder: Path) -> Path:
    """The file that a document names by a path: it lies in the document's folder, and no link leads out of there.

    Raises:
        DescriptionError: for any other path.
        FileError: where there is no such file.
    """
    found = None if _leaves(given) else _resolved(folder, given)
    if found is None:
        raise DescriptionError(
            f"{short(given)} does not lie beside the document. Fix: put the file into the document's folder, and write its "
            "path from there, such as houses.csv."
        )
    if not found.is_file():
        raise FileError(f"there is no file {short(given)} beside the document. Fix: check the path, which begins at the document's folder.")
    return found


def _leaves(given: str) -> bool:
    """Whether a path cannot be one from the document's folder, by how it is written."""
    begins = PurePosixPath(given).is_absolute() or given.startswith("~") or _SCHEME.match(given) is not None
    return begins or "\\" in given or not given.isprintable() or len(given) > LONGEST


def _resolved(folder: Path, given: str) -> Path | None:
    """Where a path leads once links are followed; None for a place outside of the folder."""
    try:
        found = (folder / given).resolve()
        return found if found.is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError):  # links that go round in circles
        return None


def _is_path(given: str, folder: Path) -> bool:
    """Whether a file is meant: no data set and no id of a run has these signs, or a file of that name is there."""
    if any(sign in given for sign in ("/", "\\", ":", "~")) or "." in given:
        return True
    return given.isprintable() and 0 < len(given) <= LONGEST and (folder / given).is_file()


def _is_run(path: Path) -> bool:
    """By how the file begins: eight bytes of length, then JSON."""
    with path.open("rb") as file:
        return path.suffix == ".run" or file.read(9)[8:] == b"{"


def _recorded(given: str, store: str | None) -> Run:
    try:
        return Store(store).load(given)
    except UnknownRun as error:
        fix = "Fix: a built-in data set, a file beside the document, or a run that learnloop runs lists."
        raise UnknownName("data set or run", given, datasets.names(), fix) from error


def _coming_along(values: Values, name: str) -> Learnt:
    options = _generated(values, name)
    if "target" in values.block.options:
        values.refuse("target", f"{name} comes with learnloop, and what it predicts cannot be chosen. Fix: leave out target.")
    known = BUILT_IN.get(name) or GENERATORS[name]
    classes = len(known.target_names) if known.task == "classification" else 0
    if name in GENERATORS and not known.target_names:
        classes = int(options.get("classes", GENERATORS[name].options["classes"].default))
    return Learnt(builtin(name, **options), len(known.feature_names), classes, recipe(name), None, name, options=options)


def _generated(values: Values, name: str) -> dict[str, Any]:
    """The options that a generated data set was given."""
    known = GENERATORS[name].options if name in GENERATORS else {}
    found: dict[str, Any] = {}
    for option, own in _OPTIONS.items():
        if option not in values.block.options:
            continue
        if own not in known:
            have = [other for other, generator in sorted(GENERATORS.items()) if own in generator.options]
            values.refuse(option, f"{name} has no {option} to choose. Fix: leave it out; {', '.join(have)} have it.")
            continue
        allowed = known[own]
        high = min(allowed.high, ROWS) if own == "rows" else allowed.high
        whole = isinstance(allowed.default, int)
        value = values.whole(option, int(allowed.low), int(high)) if whole else values.number(option, allowed.low, high)
        if value is not None:
            found[own] = value
    return found


def _of_file(values: Values, given: str, path: Path) -> Learnt:
    for option in _OPTIONS:
        if option in values.block.options:
            values.refuse(option, f"{option} is an option of generated data, and {short(given)} is a file. Fix: leave it out.")
    target = values.text("target")
    data = datasets.read(path, target=target, limits=UPLOAD)
    origin = data.origin
    assert origin is not None, "what was read says what it was read from"
    part = {"kind": "kept", "id": f"file-{origin.sha256[:16]}"}
    return Learnt(part, data.X.shape[1], _classes(data), suited(data), Table(data, "file"), data.name, given, origin.target or "")


def _classes(data: Dataset) -> int:
    return len(data.target_names) if data.task == "classification" else 0
