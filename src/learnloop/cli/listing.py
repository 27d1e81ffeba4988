"""``learnloop data``: what ships with learnloop."""

from __future__ import annotations

import json as encoder
from typing import Any

import numpy as np

from ..data import Dataset, datasets
from ..data.recipes import recipe
from .console import Console, command, console, say, show, table
from .entry import OK
from .wording import count


def list_or_describe(name: str | None, *, json: bool) -> int:
    """List all data sets, or describe one.

    Raises:
        UnknownName: for a name that no data set has.
    """
    if name is not None:
        return _describe(datasets.load(name), json)
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


def _describe(data: Dataset, json: bool) -> int:
    facts = _facts(data)
    if json:
        print(encoder.dumps(facts))
        return OK
    out = console()
    say(out, data.name, data.description)
    out.print()
    _columns(out, data)
    say(out, "scaling", "to mean 0, standard deviation 1" if data.scale is None else f"divide by {data.scale:g}")
    say(out, "source", data.source)
    say(out, "licence", data.licence)
    out.print()
    say(out, "try next")
    command(out, "learn from it", f"learnloop train {data.name}")
    hidden = ",".join(str(2 * units) for units in recipe(data.name).hidden)
    command(out, "with more units", f"learnloop train {data.name} --hidden {hidden}")
    return OK


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


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) if len(names) <= 13 else f"{', '.join(names[:4])} ... {names[-1]}"


def _facts(data: Dataset) -> dict[str, Any]:
    return {
        "name": data.name, "task": data.task, "rows": data.X.shape[0], "columns": data.X.shape[1],
        "feature_names": list(data.feature_names), "target_names": list(data.target_names), "scale": data.scale,
        "source": data.source, "licence": data.licence, "description": data.description,
    }  # fmt: skip
