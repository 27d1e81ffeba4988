"""Rules as plain data and back: what is saved in files and sent to pages. Nothing is imported by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ..errors import DescriptionError, UnknownName
from .activations import ACTIVATIONS, Activation, Softmax
from .initializers import INITIALIZERS, Glorot, He, LeCun, Normal, Ones, Uniform, Zeros
from .layers import Dense, Dropout, LayerNorm, Residual
from .losses import BinaryCrossEntropy, CrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError
from .optimizers import SGD, Adam, AdamW
from .registry import Checked
from .schedules import Constant, Cosine, Warmup

_CLASSES: dict[str, type[Checked]] = {
    c.__name__: c
    for c in (
        Dense, Dropout, LayerNorm, Residual, Activation, Softmax,
        Zeros, Ones, Uniform, Normal, Glorot, He, LeCun,
        MeanSquaredError, MeanAbsoluteError, Huber, BinaryCrossEntropy, CrossEntropy,
        SGD, Adam, AdamW, Constant, Cosine, Warmup,
    )
}  # fmt: skip
_NAMED: dict[str, Checked] = {**ACTIVATIONS, **INITIALIZERS}


def to_data(rule: Any) -> Any:
    """A rule as dictionaries, lists, numbers and strings.

    >>> from learnloop.rules import Dropout
    >>> to_data(Dropout(0.25))
    {'rule': 'Dropout', 'rate': 0.25, 'name': None}

    Raises:
        DescriptionError: for a rule of one's own, which could not be had back.
    """
    if isinstance(rule, list | tuple):
        return [to_data(item) for item in rule]
    if not isinstance(rule, Checked):
        return rule
    for name, known in _NAMED.items():
        if known == rule and type(known) is type(rule):
            return {"named": name}
    kind = type(rule).__name__
    if _CLASSES.get(kind) is not type(rule):
        raise DescriptionError(
            f"{kind} is a rule of your own: files hold descriptions and no code, so it could not be read back. "
            "Fix: keep the arrays, np.savez(path, **run.weights), and the code that makes the network."
        )
    data: dict[str, Any] = {"rule": kind}
    return data | {f.name: to_data(getattr(rule, f.name)) for f in fields(rule)}  # type: ignore[arg-type]


def from_data(data: Any) -> Any:
    """The rule that :func:`to_data` described.

    Raises:
        UnknownName: for a rule that does not exist.
        DescriptionError: for data that describes none.
    """
    if isinstance(data, list):
        return tuple(from_data(item) for item in data)
    if not isinstance(data, Mapping):
        return data
    if "named" in data:
        if not isinstance(data["named"], str) or data["named"] not in _NAMED:
            raise UnknownName("rule", data["named"], _NAMED)
        return _NAMED[data["named"]]
    kind = data.get("rule")
    if not isinstance(kind, str) or kind not in _CLASSES:
        raise UnknownName("rule", kind, _CLASSES)
    values = {k: from_data(v) for k, v in data.items() if k != "rule"}
    try:
        if kind == "Residual":
            return Residual(*values["layers"], name=values.get("name"))
        return _CLASSES[str(kind)](**values)
    except (TypeError, KeyError) as error:
        raise DescriptionError(f"this describes no {kind}: {error}. Expected its arguments by name.") from error
