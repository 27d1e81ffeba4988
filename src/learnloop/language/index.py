"""Where a statement reads and writes: affine indices over named axes, and accesses to tensors.

Index  = affine over axes | integer-tensor Access       a gather is an index
Access = T[Index, ...]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Extent = int | str
"""The size of an axis: a number, or the name of one that is known only when the program runs."""

ROWS = "rows"
"""Rows of the batch at hand."""
DATA = "data"
"""Rows of the whole data set."""


@dataclass(frozen=True, slots=True)
class Affine:
    """A sum of whole multiples of axes plus a constant: ``2*y + u - 1``.

    Attributes:
        terms: (axis, factor) pairs sorted by axis, no factor zero.
        offset: the constant.
    """

    terms: tuple[tuple[str, int], ...] = ()
    offset: int = 0

    def __add__(self, other: Affine) -> Affine:
        factors = dict(self.terms)
        for axis, factor in other.terms:
            factors[axis] = factors.get(axis, 0) + factor
        return Affine(tuple(sorted((a, f) for a, f in factors.items() if f)), self.offset + other.offset)

    def __mul__(self, factor: int) -> Affine:
        return Affine(tuple((a, f * factor) for a, f in self.terms if f * factor), self.offset * factor)

    def __sub__(self, other: Affine) -> Affine:
        return self + other * -1

    def axes(self) -> set[str]:
        """The axes that the index depends on."""
        return {axis for axis, _ in self.terms}

    def factor(self, axis: str) -> int:
        """The factor of an axis, 0 where it does not occur."""
        return dict(self.terms).get(axis, 0)

    @property
    def plain(self) -> str | None:
        """The axis, if the index is nothing but one axis."""
        if self.offset == 0 and len(self.terms) == 1 and self.terms[0][1] == 1:
            return self.terms[0][0]
        return None

    def substitute(self, new: Mapping[str, Affine]) -> Affine:
        """The index with some axes replaced."""
        result = Affine((), self.offset)
        for name, factor in self.terms:
            result = result + new.get(name, axis(name)) * factor
        return result

    def lowest(self, sizes: Mapping[str, Extent]) -> int | None:
        """The smallest value it takes, or None where a negative factor meets an unknown extent."""
        return _extreme(self, sizes, -1)

    def highest(self, sizes: Mapping[str, Extent]) -> int | None:
        """The largest value it takes, or None where a positive factor meets an unknown extent."""
        return _extreme(self, sizes, 1)

    def __str__(self) -> str:
        text = ""
        for name, factor in self.terms:
            sign = "-" if factor < 0 else "+" if text else ""
            text += f"{sign}{'' if abs(factor) == 1 else f'{abs(factor)}*'}{name}"
        if self.offset or not text:
            text += f"{self.offset:+d}" if text else str(self.offset)
        return text


def _extreme(index: Affine, sizes: Mapping[str, Extent], sign: int) -> int | None:
    total = index.offset
    for name, factor in index.terms:
        if factor * sign < 0:
            continue  # the axis at 0
        size = sizes[name]
        if isinstance(size, str):
            return None
        total += factor * (size - 1)
    return total


@dataclass(frozen=True, slots=True)
class Access:
    """One element of a tensor.

    Attributes:
        tensor: the tensor's name.
        indices: one index for each of its dimensions.
    """

    tensor: str
    indices: tuple[Index, ...] = ()

    def axes(self) -> set[str]:
        """All axes that the place depends on."""
        return {axis for index in self.indices for axis in index.axes()}

    def substitute(self, new: Mapping[str, Affine]) -> Access:
        """The access with some axes replaced."""
        return Access(self.tensor, tuple(index.substitute(new) for index in self.indices))

    def nested(self) -> list[Access]:
        """The access itself and the ones inside its indices."""
        inner = [a for index in self.indices if isinstance(index, Access) for a in index.nested()]
        return [self, *inner]

    @property
    def plain_axes(self) -> tuple[str, ...] | None:
        """The axes, if every index is one plain axis."""
        axes = tuple(i.plain if isinstance(i, Affine) else None for i in self.indices)
        return None if None in axes else axes  # type: ignore[return-value]

    def __str__(self) -> str:
        return f"{self.tensor}[{','.join(map(str, self.indices))}]" if self.indices else self.tensor


Index = Affine | Access


def axis(name: str) -> Affine:
    """The index that is one axis."""
    return Affine(((name, 1),))


def number(value: int) -> Affine:
    """The index that is a constant."""
    return Affine((), value)


def plain(tensor: str, axes: tuple[str, ...]) -> Access:
    """The access ``T[a, b, ...]``."""
    return Access(tensor, tuple(axis(a) for a in axes))
