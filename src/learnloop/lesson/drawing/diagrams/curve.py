"""The curve of an activation, from the expression that its rule is."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ....language import Map, Tensor, parse
from ....program import Function, Section, reference
from ....rules import Activation, Softmax
from ..path import Xy

POINTS = 65
SPAN = 4.0
"""The curve goes at least so far to both sides of 0."""


def activation_curve(layer: Any, z: float) -> tuple[str, tuple[Xy, ...]]:
    """The name of a layer's activation, and its curve.

    Args:
        layer: any layer, or None.
        z: the pre-activation that must be on the curve.

    Returns:
        The name, "" for a layer without one; and points (z, a), evenly spaced, none where a depends on more than z.
    """
    rule = getattr(layer, "activation", None)
    if not isinstance(rule, Activation):
        return "", ()
    if isinstance(rule, Softmax) or not np.isfinite(z):
        return rule.name, ()
    span = max(SPAN, 1.15 * abs(z))
    zs = np.linspace(-span, span, POINTS)
    values = _values(rule, zs)
    if not np.isfinite(values).all():
        return rule.name, ()
    return rule.name, tuple(zip(zs.tolist(), values.tolist(), strict=True))


def _values(rule: Activation, zs: np.ndarray[Any, np.dtype[Any]]) -> np.ndarray[Any, np.dtype[Any]]:
    """The rule's expression, interpreted."""
    tensors = {"z": Tensor("z", (len(zs),))}
    statement = parse("a[n] = " + re.sub(r"\bz\b", "z[n]", rule.value), tensors)
    assert isinstance(statement, Map), "an activation is a function of one number"
    out = Tensor("a", (len(zs),))
    function = Function("curve", {**tensors, "a": out}, (Section("curve", (statement,)),))
    with np.errstate(all="ignore"):
        return np.asarray(reference.run(function, {"z": zs})["a"], np.float64)
