"""Losses: one number for each row, then the weighted mean over rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from ..language import INTEGER, ROWS
from .activations import Activation, Softmax, identity, sigmoid
from .registry import Checked, between
from .writer import Writer


@dataclass(frozen=True)
class Loss(Checked):
    """How wrong one row is."""

    name: ClassVar[str]
    labels: ClassVar[bool] = False
    """Whether a target is a class index rather than a number for each output."""
    link: ClassVar[Activation] = identity
    """What turns outputs into predictions: softmax for classes, sigmoid for yes or no."""

    def declare(self, writer: Writer, units: int) -> None:
        """Declare the targets of the batch."""
        if self.labels:
            writer.block.declare("label", (ROWS,), INTEGER, "input")
        else:
            writer.block.declare("y", (ROWS, units), role="input")

    def write(self, writer: Writer, z: str) -> str:
        """The statements of the loss of each row; returns a (rows,) tensor."""
        raise NotImplementedError


@dataclass(frozen=True)
class PointLoss(Loss):
    """A loss of each output against its own target, averaged over the outputs."""

    value: ClassVar[str]

    def constants(self) -> dict[str, float]:
        """Numbers that the expression mentions by name."""
        return {}

    def write(self, writer: Writer, z: str) -> str:
        """q[n,j] = value(z, y); loss[n] = sum(j, q[n,j])/outputs."""
        text = re.sub(r"\b([zy])\b", r"\1[n,j]", self.value)
        points = writer.write("q[n,j] = " + text, dict(self.constants()), q="point", z=z)
        if writer.units(z) == 1:
            return writer.write("l[n] = q[n,0]", {"n": ROWS}, l="loss_of", q=points)
        total = writer.write("t[n] = sum(j, q[n,j])", t="point_sum", q=points)
        return writer.write("l[n] = t[n]/count", {"count": float(writer.units(z))}, l="loss_of", t=total)


@dataclass(frozen=True)
class MeanSquaredError(PointLoss):
    """(z - y)^2 (PyTorch's ``nn.MSELoss``)."""

    name = "mse"
    value = "(z - y)*(z - y)"


@dataclass(frozen=True)
class MeanAbsoluteError(PointLoss):
    """|z - y|, with slope 0 at 0 (PyTorch's ``nn.L1Loss``)."""

    name = "mae"
    value = "where(z > y, z - y, where(y > z, y - z, 0))"


@dataclass(frozen=True)
class Huber(PointLoss):
    """Quadratic near zero, linear beyond delta (Huber 1964; PyTorch's ``nn.HuberLoss``).

    Args:
        delta: where it turns linear.
    """

    delta: float = 1.0
    name = "huber"
    value = (
        "where(z - y > delta, delta*(z - y - half), where(y - z > delta, delta*(y - z - half), 0.5*((z - y)*(z - y))))"
    )

    def problems(self) -> list[str]:
        """A delta that is no positive number."""
        found = between(self, 0, float("inf"), "delta")
        return found or ([] if self.delta > 0 else ["delta is 0; expected a number above 0."])

    def constants(self) -> dict[str, float]:
        """delta and half of it."""
        return {"delta": float(self.delta), "half": 0.5 * self.delta}


@dataclass(frozen=True)
class BinaryCrossEntropy(PointLoss):
    """Yes or no from a logit: softplus(z) - y z (PyTorch's ``nn.BCEWithLogitsLoss``)."""

    name = "binary_cross_entropy"
    value = "softplus(z) - y*z"
    link = sigmoid


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """One of several classes from logits: log(sum(exp(z))) - z[label] (PyTorch's ``nn.CrossEntropyLoss``)."""

    name = "cross_entropy"
    labels = True
    link = Softmax()

    def write(self, writer: Writer, z: str) -> str:
        """Shifted by the largest logit, so that no exp overflows."""
        top = writer.write("m[n] = max(j, z[n,j])", m="top", z=z)
        e = writer.write("e[n,j] = exp(z[n,j] - stop(m[n]))", e="e", z=z, m=top)
        total = writer.write("s[n] = sum(j, e[n,j])", s="exp_sum", e=e)
        return writer.write("l[n] = log(s[n]) + stop(m[n]) - z[n,label[n]]", l="loss_of", s=total, m=top, z=z)


LOSSES: dict[str, Loss] = {
    loss.name: loss for loss in (MeanSquaredError(), MeanAbsoluteError(), Huber(), BinaryCrossEntropy(), CrossEntropy())
}
"""Losses by name."""
