"""``learnloop show --update``: one update of a run."""

from __future__ import annotations

import json as encoder
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from .console import Console, console, plain, say, show, table
from .entry import OK
from .outcome import finite
from .rowwords import Rows
from .shelf import find, title, with_data
from .wording import plural

if TYPE_CHECKING:
    from ..runs import Moment

Array = np.ndarray[Any, np.dtype[Any]]


def show_update(given: str, update: int, data: str | None, store: str | None, *, json: bool) -> int:
    """Show one update."""
    run = with_data(find(given, store), given, data)
    moment, rows = run.at(update=update), Rows(run)
    norms = [_norms(moment, name) for name in moment.parameters]
    if json:
        print(encoder.dumps(finite(_facts(title(run, given), moment, rows, norms))))
        return OK
    out = console()
    place = f"update {moment.update} of {plural(run.updates, 'update')}, epoch {moment.epoch}"
    say(out, title(run, given), place, f"loss {float(moment.loss):.6g}, learning rate {moment.learning_rate:.6g}")
    out.print()
    _batch(out, moment, rows)
    out.print()
    _parameters(out, norms)
    return OK


def _facts(name: str, moment: Moment, rows: Rows, norms: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "command": "show", "run": name, "update": moment.update, "epoch": moment.epoch, "loss": float(moment.loss),
        "learning_rate": moment.learning_rate, "rows": [rows.to_dict(int(row)) for row in moment.rows],
        "parameters": norms,
    }  # fmt: skip


def _batch(out: Console, moment: Moment, rows: Rows) -> None:
    say(out, "batch", f"{plural(len(moment.rows), 'row')}: {' '.join(str(row) for row in moment.rows)}")
    if rows.source is not None:
        there = " ".join(str(rows.source.data_row(int(row))) for row in moment.rows)
        say(out, "", plain(f"in {rows.data_name}: {there}"))
    if rows.source is not None and rows.source.target is None:
        counts = Counter(rows.target(int(row)) for row in moment.rows)
        say(out, "classes", plain(", ".join(f"{name} ({number})" for name, number in sorted(counts.items()))))


def _norms(moment: Moment, name: str) -> dict[str, Any]:
    """Sizes of a parameter, its gradient and its change: Euclidean norms."""
    layer, _, last = name.rpartition(".")
    found = moment.layer(layer).parameters[last]
    weights, change = _norm(found.before), _norm(found.after.astype(np.float64) - found.before)
    return {
        "name": name, "weights": weights, "gradient": _norm(found.gradient), "change": change,
        "ratio": change / weights if weights else None,
    }  # fmt: skip


def _norm(values: Array) -> float:
    return float(np.sqrt((values.astype(np.float64) ** 2).sum()))


def _parameters(out: Console, norms: list[dict[str, Any]]) -> None:
    body = table("parameter", "weights", "gradient", "change", "change / weights", right=range(1, 5))
    for each in norms:
        numbers = [each[k] for k in ("weights", "gradient", "change", "ratio")]
        body.add_row(plain(each["name"]), *("-" if v is None else f"{v:.4g}" for v in numbers))
    say(out, "sizes", "Euclidean norms: of the weights before, the gradient, the change")
    out.print()
    show(out, body, indent=2)
