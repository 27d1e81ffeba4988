"""Why a weight changed: parts whose exact sum is the stored change, and a tick that they have to earn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from .render import Entry, Sum, html, latex, text

if TYPE_CHECKING:
    from .explain import Summand

ROUNDING = "rounding"


@dataclass(frozen=True)
class Part:
    """One summand of a change.

    Attributes:
        name: what it is called: "row 17", "old vW1[3,7]", "rounding".
        value: what it adds, exactly.
        kind: "row", "state" (what the optimizer kept), "weight" (the weight itself, as decay takes it), "frozen"
            (a number that is linear in none of these) or "rounding"; of a neuron "product" or "bias".
        coefficient: what the source is multiplied by.
        source: the product behind it, "a[3] × delta[7]".
        slack: how far its roundings may have moved the stored number.
        row: the row of the data, for a part that belongs to one.
    """

    name: str
    value: Fraction
    kind: str = "frozen"
    coefficient: Fraction = Fraction(1)
    source: str = ""
    slack: Fraction = Fraction(0)
    row: int | None = None

    def __float__(self) -> float:
        return float(self.value)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: ``value`` is the nearest float64, ``exact`` what :class:`fractions.Fraction` reads.

        >>> Part("row 3", Fraction(1, 3)).to_dict()["exact"]
        '1/3'
        """
        return {
            "name": self.name, "value": float(self.value), "exact": str(self.value), "kind": self.kind,
            "coefficient": float(self.coefficient), "source": self.source, "row": self.row,
        }  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What moved one number during one update.

    The parts are a decomposition, not a counterfactual: coefficients that depend on the gradients themselves, such as
    an adaptive rate or a clip factor, are frozen at the values they had; ``frozen`` names them.

    Attributes:
        name: the number, "dense_1.weight[3,7]".
        update: the update.
        before, after: its stored values.
        parts: the summands, the rounding last.
        dtype: "float32" or "float64".
        frozen: the coefficients that depend on gradients.
    """

    name: str
    update: int
    before: float
    after: float
    parts: tuple[Part, ...]
    dtype: str = "float32"
    frozen: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Change of {self.name} at update {self.update}: {float(self.change):+.6g}, {'✓' if self.ticks else '✗'}>"

    @property
    def change(self) -> Fraction:
        """After minus before, exactly."""
        return Fraction(self.after) - Fraction(self.before)

    @property
    def rounding(self) -> Fraction:
        """The last part."""
        return self.parts[-1].value

    @property
    def bound(self) -> Fraction:
        """How large the rounding can be: each summand times the roundings that it met, times 2^-24 (2^-53)."""
        return sum((p.slack for p in self.parts), Fraction(0))

    @property
    def sums(self) -> bool:
        """Whether the parts add up to the stored change, without any error."""
        return sum((p.value for p in self.parts), Fraction(0)) == self.change

    @property
    def ticks(self) -> bool:
        """Whether the parts add up, and what is left for rounding lies within its bound."""
        return self.parts[-1].kind == ROUNDING and self.sums and abs(self.rounding) <= self.bound

    @property
    def rows(self) -> tuple[Part, ...]:
        """The rows' parts, the strongest first."""
        return tuple(sorted((p for p in self.parts if p.kind == "row"), key=lambda p: -abs(p.value)))

    def reclosed(self, parts: Iterable[Part]) -> Change:
        """The same change explained by other parts: the rounding takes what they leave, within the bound or not."""
        *others, last = parts
        left = self.change - sum((p.value for p in others), Fraction(0))
        return replace(self, parts=(*others, replace(last, value=left)))

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: a receipt, see :meth:`Part.to_dict`."""
        return {
            "name": self.name, "update": self.update, "before": self.before, "after": self.after,
            "change": float(self.change), "parts": [p.to_dict() for p in self.parts], "bound": float(self.bound),
            "ticks": self.ticks, "frozen": list(self.frozen), "dtype": self.dtype,
        }  # fmt: skip

    @property
    def told(self) -> Sum:
        """What is printed of it: rows with one coefficient and one source are one line, every other part its own."""
        entries = tuple(_entry(parts) for parts in self._groups())
        before, after = Fraction(self.before), Fraction(self.after)
        when = f"at update {self.update}"
        return Sum(
            self.name, when, before, after, entries, self.bound, self.ticks, self._verdict(), tuple(self._notes())
        )

    def _groups(self) -> list[list[Part]]:
        found: dict[object, list[Part]] = {}
        for k, part in enumerate(self.parts):
            key = (part.coefficient, part.source) if part.kind == "row" else k
            found.setdefault(key, []).append(part)
        return list(found.values())

    def _verdict(self) -> str:
        if self.ticks:
            return "✓ within its bound; the sum is the stored change"
        if not self.sums:
            return "✗ the parts do not add up to the stored change"
        return f"✗ outside its bound {float(self.bound):.2g}: the parts do not explain the change"

    def _notes(self) -> Iterator[str]:
        if any("delta[" in p.source for p in self.parts):
            yield "delta = d(batch loss)/dz: the division by the rows of the batch is in it"
        if self.frozen:
            yield f"frozen at the values they had, though they depend on the gradient: {', '.join(self.frozen)}"

    def latex(self) -> str:
        """The sum as an ``aligned`` block."""
        return latex(self.told)

    def __str__(self) -> str:
        return text(self.told)

    def _repr_html_(self) -> str:
        return html(self.told)


def _entry(parts: list[Part]) -> Entry:
    first, value = parts[0], sum((p.value for p in parts), Fraction(0))
    if first.kind == ROUNDING:
        return Entry(ROUNDING, value)
    if first.kind != "row":
        return Entry(first.source, value, first.coefficient)
    count = "1 row" if len(parts) == 1 else f"{len(parts)} rows"
    return Entry(f"sum over {count} of {first.source}", value, first.coefficient)


def unit(dtype: str) -> Fraction:
    """The largest relative error of one rounding: 2^-24 or 2^-53."""
    return Fraction(float(np.finfo(dtype).eps)) / 2


def slack(terms: Iterable[Summand], dtype: str) -> Fraction:
    """How far roundings may have moved a stored number.

    After d roundings a summand t enters as t(1 + e) with |e| <= d u/(1 - d u), u = 2^-24 or 2^-53: Higham 2002,
    Accuracy and Stability of Numerical Algorithms, lemma 3.1.
    """
    u = unit(dtype)
    return sum((abs(t.value) * t.roundings * u / (1 - t.roundings * u) for t in terms), Fraction(0))


def smallest(dtype: str) -> Fraction:
    """The smallest normal number: what a bound allows for products that underflow."""
    return Fraction(float(np.finfo(dtype).tiny))
