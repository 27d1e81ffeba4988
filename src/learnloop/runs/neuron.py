"""What one neuron computed for one row: inputs times weights plus bias."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .change import Part


@dataclass(frozen=True)
class Neuron:
    """One unit of a layer with a pre-activation, for one row of the batch.

    Attributes:
        layer: the layer.
        unit: which of its units.
        update: the update.
        row: the row of the data.
        products: input times weight for each input, exactly; the bias, where there is one, is among them.
        inputs, weights: the factors, in the order of the inputs.
        bias: 0.0 where the layer has none.
        pre_activation: z as stored.
        activation: a as stored.
        delta: the gradient of the batch loss with respect to z.
        bound: how far roundings may have moved z.
    """

    layer: str
    unit: int
    update: int
    row: int
    products: tuple[Part, ...]
    inputs: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    pre_activation: float
    activation: float
    delta: float
    bound: Fraction

    @property
    def rounding(self) -> Fraction:
        """The stored z minus the exact sum."""
        return Fraction(self.pre_activation) - sum((p.value for p in self.products), Fraction(0))

    @property
    def ticks(self) -> bool:
        """Whether the products and the bias add up to z, up to a rounding within its bound."""
        return abs(self.rounding) <= self.bound

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        names = ("layer", "unit", "update", "row", "bias", "pre_activation", "activation", "delta", "ticks")
        lists = {"inputs": list(self.inputs), "weights": list(self.weights)}
        return {n: getattr(self, n) for n in names} | lists | {"rounding": float(self.rounding)}

    def __str__(self) -> str:
        mark = "✓ within its bound" if self.ticks else "✗ outside its bound"
        total = float(sum((p.value for p in self.products), Fraction(0)) - Fraction(self.bias))
        return "\n".join([
            f"{self.layer}, unit {self.unit}, at update {self.update}, row {self.row}:",
            f"  sum of {len(self.inputs)} inputs × weights  {total: .9g}",
            f"  bias  {self.bias: .9g}",
            f"  rounding  {float(self.rounding): .2g}  {mark}",
            f"  z = {self.pre_activation:.9g}   a = {self.activation:.9g}   delta = {self.delta:.9g}",
        ])  # fmt: skip
