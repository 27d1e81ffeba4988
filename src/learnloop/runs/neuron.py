"""What one neuron computed for one row: inputs times weights plus bias."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .change import ROUNDING, Part
from .render import Entry, Sum, aligned, html_table, latex_lines, sheet, shortened, table, tex

MOST_PRODUCTS = 8
"""So many inputs have a line each; of more, the strongest have."""
STRONGEST = 5


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
        """Plain data for JSON: a receipt, whose parts add up to ``pre_activation``; see :meth:`Part.to_dict`."""
        names = ("layer", "unit", "update", "row", "bias", "pre_activation", "activation", "delta", "ticks")
        parts = [*self.products, Part(ROUNDING, self.rounding, ROUNDING)]
        return {n: getattr(self, n) for n in names} | {
            "inputs": list(self.inputs), "weights": list(self.weights), "parts": [p.to_dict() for p in parts],
            "rounding": float(self.rounding), "bound": float(self.bound),
        }  # fmt: skip

    @property
    def told(self) -> Sum:
        """What is printed of it: from 0 to z."""
        verdict = "✓ within its bound; the sum is z" if self.ticks else f"✗ outside its bound {float(self.bound):.2g}"
        name, when = shortened(f"{self.layer}, unit {self.unit}", 40), f"at update {self.update}, row {self.row}"
        entries = (*self._entries(), Entry(ROUNDING, self.rounding))
        values = f"a = {self.activation:.9g}   delta = {self.delta:.9g}"
        z = Fraction(self.pre_activation)
        return Sum(name, when, Fraction(0), z, entries, self.bound, self.ticks, verdict, (values,))

    def _entries(self) -> Iterator[Entry]:
        """The products one by one, of many the strongest; then the bias."""
        pairs = [p for p in self.products if p.kind == "product"]
        order = sorted(range(len(pairs)), key=lambda k: -abs(pairs[k].value))
        shown = sorted(order if len(pairs) <= MOST_PRODUCTS else order[:STRONGEST])
        for k in shown:
            yield Entry(f"{pairs[k].source}: {self.inputs[k]:.6g} × {self.weights[k]:.6g}", pairs[k].value)
        if len(shown) < len(pairs):
            left = sum((pairs[k].value for k in set(order) - set(shown)), Fraction(0))
            yield Entry(f"the other {len(pairs) - len(shown)} of {len(pairs)} inputs × weights", left)
        yield from (Entry(p.source, p.value) for p in self.products if p.kind != "product")

    def __str__(self) -> str:
        told = self.told
        shown = sheet(told)
        *rows, last = table(shown)
        head, values = f"{told.name}, {told.when}:  z = {shown.change}", f"    {told.notes[0]}"
        return "\n".join([head, *rows, f"{last}  {told.verdict}", values])

    def latex(self) -> str:
        """The equation of z with its numbers as an ``aligned`` block."""
        told = self.told
        shown = sheet(told)
        names = rf"z &= {shown.change} \quad \text{{{tex(f'{told.name}, {told.when}')}}}"
        return aligned([names, *latex_lines(shown), rf"a &= {self.activation:.9g}", rf"\delta &= {self.delta:.9g}"])

    def _repr_html_(self) -> str:
        told = self.told
        shown = sheet(told)
        rows = [(line.label, line.number) for line in shown.lines]
        return html_table(f"{told.name}, {told.when}", rows, ("z", shown.change), (told.verdict, *told.notes))
