"""``learnloop data``: what ships with learnloop, and what is in a file."""

from __future__ import annotations

import json as encoder
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..data import Dataset, Table, datasets
from ..data.recipes import suited
from ..data.table import day_text
from ..errors import DescriptionError
from .choices import Choices
from .console import Console, command, console, plain, say, show, table
from .entry import OK
from .given import Asked, check_there, is_own, is_table
from .suggest import learnloop
from .wording import count, plural

MOST = 100
"""Columns that are listed."""


def list_or_describe(name: str | None, asked: Mapping[str, Any], *, json: bool) -> int:
    """List all data sets, or describe one, or a file.

    Args:
        name: of a data set, or a path; None for the list.
        asked: the other fields of :class:`Asked`.
        json: whether stdout belongs to a machine.

    Raises:
        UnknownName: for a name that no data set has.
        DataError, FileError: for a file that cannot be used.
    """
    if name is not None:
        check_there(name)
        given = Asked(name, **asked)
        columns_first = given.target is None and is_own(name) and is_table(name)
        return _describe_table(given.table(), name, json) if columns_first else _describe(given.dataset(), given, json)
    if any(asked.values()):
        raise DescriptionError("no data set is named. Fix: learnloop data FILE --target COLUMN.")
    sets = [datasets.load(known) for known in datasets.names()]
    if json:
        print(encoder.dumps([_facts(data) for data in sets]))
        return OK
    _list(sets)
    return OK


def _list(sets: list[Dataset]) -> None:
    out = console()
    body = table("name", "rows", "columns", "what to predict", "origin", right=(1, 2))
    for data in sets:
        rows, columns = data.X.shape
        origin = "generated" if data.source.startswith("generated") else "shipped"
        body.add_row(data.name, count(rows), str(columns), _aim(data), origin)
    show(out, body)
    out.print()
    command(out, "more about one", "learnloop data digits")
    command(out, "learn from it", "learnloop train digits")


def _aim(data: Dataset) -> str:
    if data.task == "regression":
        return f"a number: {data.target_names[0]}"
    names = data.target_names
    listed = ", ".join(names) if len(names) <= 3 else f"{names[0]} ... {names[-1]}"
    return f"{len(names)} classes: {listed}"


def _describe(data: Dataset, given: Asked, json: bool) -> int:
    facts = _facts(data)
    if json:
        print(encoder.dumps(facts))
        return OK
    out = console()
    say(out, data.name, data.description)
    out.print()
    _columns(out, data)
    say(out, "scaling", "to mean 0, standard deviation 1" if data.scale is None else f"divide by {data.scale:g}")
    if data.notes:
        say(out, "notes", *data.notes)
    if data.origin is None:
        say(out, "source", data.source)
        say(out, "licence", data.licence)
    out.print()
    say(out, "try next")
    typed = Choices(**vars(given))
    command(out, "learn from it", typed.command())
    hidden = ",".join(str(2 * units) for units in suited(data).hidden)
    command(out, "with more units", typed.command(hidden=hidden))
    return OK


def _describe_table(found: Table, name: str, json: bool) -> int:
    """The columns of a file, before a target is chosen."""
    if json:
        print(encoder.dumps({"name": found.name, "rows": found.rows, "columns": found.describe(), "notes": list(found.notes)}))
        return OK
    out = console()
    say(out, found.name, f"{plural(found.rows, 'row')}, {plural(len(found.columns), 'column')}", *found.notes)
    out.print()
    body = table("column", "kind", "missing", "values", right=(2,))
    for column in found.describe()[:MOST]:
        body.add_row(plain(column["name"]), column["kind"], count(column["missing"]), plain(_values(column)))
    show(out, body, indent=2)
    if len(found.columns) > MOST:
        say(out, "", f"and {count(len(found.columns) - MOST)} more")
    out.print()
    command(out, "learn from it", learnloop("train", name, "--target", found.columns[-1].name))
    return OK


def _values(column: dict[str, Any]) -> str:
    """The texts of a column, or its range."""
    if column["kind"] == "category":
        return f"{count(column['different'])}: {_listed(tuple(column['categories']), 4)}"
    if column["low"] is None:
        return "none"
    dates = column["kind"] == "date"
    low, high = (day_text(column[end]) if dates else f"{column[end]:.6g}" for end in ("low", "high"))
    return f"{low} to {high}"


def _columns(out: Console, data: Dataset) -> None:
    rows, columns = data.X.shape
    picture = f", pictures of {data.image_shape[0]} x {data.image_shape[1]}" if data.image_shape else ""
    say(out, "rows", count(rows))
    say(out, "columns", f"{columns}{picture}: {_listed(data.feature_names)}")
    y, names = data.y, data.target_names
    if data.task == "classification":
        sizes = np.bincount(y, minlength=len(names)).tolist()
        say(out, "classes", ", ".join(f"{name} ({count(size)})" for name, size in zip(names, sizes, strict=True)))
    else:
        say(out, "target", f"{names[0]}, {y.min():.4g} to {y.max():.4g}, mean {y.mean():.4g}")


def _listed(names: tuple[str, ...], most: int = 13) -> str:
    return ", ".join(names) if len(names) <= most else f"{', '.join(names[:4])} ... {names[-1]}"


def _facts(data: Dataset) -> dict[str, Any]:
    return {
        "name": data.name, "task": data.task, "rows": data.X.shape[0], "columns": data.X.shape[1],
        "feature_names": list(data.feature_names), "target_names": list(data.target_names), "scale": data.scale,
        "source": data.source, "licence": data.licence, "description": data.description, "notes": list(data.notes),
    }  # fmt: skip
