"""Backpropagation against a central finite difference of the batch loss, computed by the independent oracle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ..program import Function, reference
from .render import aligned, html_table, scientific, tex

Array = np.ndarray[Any, np.dtype[Any]]
STEP = 1e-6
"""The weight is moved by so much either way, times its own size where that is above 1."""
TOLERANCE = {"float32": 1e-4, "float64": 1e-6}
"""Of the size of what was added up: the backward pass ran in the run's type, the difference in float64."""


@dataclass(frozen=True)
class Check:
    """A gradient found in two ways.

    Attributes:
        name: the weight.
        update: the update.
        backpropagation: the stored gradient of the batch loss.
        difference: (L(w + h) - L(w - h)) / 2h, in float64.
        step: h.
        tolerance: how far apart they may be.
    """

    name: str
    update: int
    backpropagation: float
    difference: float
    step: float
    tolerance: float

    @property
    def agrees(self) -> bool:
        """Whether they are the same within the tolerance; a kink within h of the weight can part them."""
        return bool(abs(self.backpropagation - self.difference) <= self.tolerance)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: they agree where the two slopes are no further apart than the tolerance."""
        return asdict(self) | {"agrees": self.agrees}

    def _verdict(self) -> str:
        return f"{'✓ they agree' if self.agrees else '✗ they differ'} within {self.tolerance:.1g}"

    def __str__(self) -> str:
        return (
            f"d(batch loss)/d({self.name}) at update {self.update}: backpropagation {self.backpropagation:.9g}, "
            f"finite difference {self.difference:.9g}  {self._verdict()}"
        )

    def latex(self) -> str:
        """Both slopes as an ``aligned`` block."""
        h, w = scientific(f"{self.step:.6g}"), rf"\text{{{tex(self.name)}}}"
        quotient = rf"\frac{{L({w} + {h}) - L({w} - {h})}}{{2 \cdot {h}}}"
        found, difference = (scientific(f"{v:.9g}") for v in (self.backpropagation, self.difference))
        return aligned([rf"\frac{{\partial L}}{{\partial\,{w}}} &= {found}", rf"{quotient} &= {difference}"])

    def _repr_html_(self) -> str:
        rows = [("backpropagation", f"{self.backpropagation:.9g}"), ("finite difference", f"{self.difference:.9g}")]
        apart = "apart", f"{abs(self.backpropagation - self.difference):.2g}"
        return html_table(f"d(batch loss)/d({self.name}) at update {self.update}", rows, apart, (self._verdict(),))


def batch_loss(function: Function) -> Function:
    """The update up to its loss."""
    stop = next(k for k, s in enumerate(function.sections) if any(t.out == "loss" for t in s.statements))
    return replace(function, sections=function.sections[: stop + 1], commits=())


def central_difference(
    function: Function, values: Mapping[str, Array], tensor: str, place: tuple[int, ...], seed: int
) -> tuple[float, float]:
    """The slope of the loss along one weight, and the step that it was measured with."""
    start = np.asarray(values[tensor], np.float64)
    step = STEP * max(1.0, abs(float(start[place])))
    losses = []
    for sign in (1, -1):
        moved = start.copy()
        moved[place] += sign * step
        losses.append(float(reference.run(function, {**values, tensor: moved}, "float64", seed)["loss"]))
    return (losses[0] - losses[1]) / (2 * step), step
