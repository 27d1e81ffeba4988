"""The order of every sum. It is part of the program, printed with it, and never decided by a target.

A sum is one **chain**: from init (or +0) through its terms in lexicographic order of the summed axes, each term
``fma(f1*...*f(k-1), fk, acc)`` with the product rounded left to right, or ``acc + f`` for one factor. A term whose
guard or bounds fail is skipped. Two refinements, both decided by structure alone:

- **lanes**: 16 partial sums by position along the last summed axis, added by one fixed tree;
- **blocks**: the outermost summed axis is cut; the first block starts from init, later ones from +0, and their sums
  are added in order.
"""

from __future__ import annotations

from dataclasses import dataclass

from .index import ROWS, Affine
from .statement import Contract, Max, Same

LANES = 16
BLOCK_ROWS = 64
BLOCK_TERMS = 4096


@dataclass(frozen=True, slots=True)
class Order:
    """How a sum meets its terms.

    Attributes:
        lanes: whether 16 lanes share the last summed axis.
        block: how many steps of the outermost summed axis make a block; None for a single block.
    """

    lanes: bool
    block: int | None

    def __str__(self) -> str:
        text = "16 lanes" if self.lanes else "chain"
        return text if self.block is None else f"{text}, blocks of {self.block}"


def order_of(statement: Contract | Max) -> Order:
    """The order of a sum or of a maximum."""
    if isinstance(statement, Max):
        return Order(False, None)
    return Order(_has_lanes(statement), _block(statement))


def _has_lanes(statement: Contract) -> bool:
    if not statement.over or any(isinstance(g, Same) for g in statement.guards):
        return False
    last = statement.over[-1]
    for factor in statement.factors:
        if not factor.indices:
            return False
        index = factor.indices[-1]
        if not isinstance(index, Affine) or index.plain != last:
            return False
    return any(set(statement.axes) <= factor.axes() for factor in statement.factors)


def _block(statement: Contract) -> int | None:
    if not statement.over:
        return None
    outermost, inner = statement.over[0], 1
    for name in statement.over[1:]:
        size = statement.sizes[name]
        inner *= size if isinstance(size, int) else BLOCK_TERMS
    size = statement.sizes[outermost]
    most = max(1, BLOCK_TERMS // inner)
    if isinstance(size, str):
        return min(BLOCK_ROWS, most) if size == ROWS else most
    return most if size > most else None
