"""What the page is told at the start: data sets, rules and limits, each from where it is declared."""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import cache
from typing import Any

from ..data.builtin import BUILT_IN
from ..data.generated import GENERATORS
from ..rules import ACTIVATIONS, INITIALIZERS, LAYERS, LOSSES, OPTIMIZERS, SCHEDULES, to_data
from . import limits
from .opening import suits


@cache
def described() -> dict[str, Any]:
    """Everything that does not change while the server runs."""
    from .. import __version__

    return {"version": __version__, "limits": limits.described(), "sets": _sets(), "rules": _rules()}


def _sets() -> list[dict[str, Any]]:
    return [_set(name) for name in sorted({*BUILT_IN, *GENERATORS})]


def _set(name: str) -> dict[str, Any]:
    known = BUILT_IN.get(name) or GENERATORS[name]
    options = GENERATORS[name].options if name in GENERATORS else {}
    shape = BUILT_IN[name].image_shape if name in BUILT_IN else None
    return {
        "name": name, "task": known.task, "description": known.description, "generated": name in GENERATORS,
        "features": list(known.feature_names), "targets": list(known.target_names),
        "image_shape": None if shape is None else list(shape), "scenario": suits(name).to_dict(),
        "options": [
            {"name": key, "default": o.default, "low": o.low, "high": _high(key, o.high), "meaning": o.meaning,
             "whole": isinstance(o.default, int)} for key, o in options.items()
        ],
    }  # fmt: skip


def _high(name: str, high: float) -> Any:
    """The largest value of an option: no more rows than the explorer takes, and what JavaScript cannot read as text."""
    if name == "rows":
        return min(int(high), limits.ROWS)
    return high if high < 2**53 else str(high)


def _rules() -> dict[str, Any]:
    return {
        "activations": [{"name": name, "value": getattr(rule, "value", None)} for name, rule in ACTIVATIONS.items()],
        "initializers": [{"name": name, "rule": to_data(rule)} for name, rule in INITIALIZERS.items()],
        "losses": [
            {"name": name, "labels": rule.labels, "link": rule.link.name, "rule": to_data(rule)} for name, rule in LOSSES.items()
        ],
        "layers": [{"name": kind.__name__, "fields": _fields(kind)} for kind in LAYERS],
        "optimizers": [{"name": name, "rule": to_data(kind()), "fields": _fields(kind)} for name, kind in OPTIMIZERS.items()],
        "schedules": [{"name": name, "kind": kind.__name__, "fields": _fields(kind)} for name, kind in SCHEDULES.items()],
    }  # fmt: skip


def _fields(kind: Any) -> list[dict[str, Any]]:
    """The arguments of a rule, with their defaults; null where one must be given."""
    return [{"name": f.name, "default": None if f.default is MISSING else to_data(f.default)} for f in fields(kind)]
