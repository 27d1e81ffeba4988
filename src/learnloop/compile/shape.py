"""How a statement walks through memory: strides along an axis, and which axes vectors and tiles may run along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..language import DATA, REAL, ROWS, Access, Affine, Contract, Extent, Map, Max, Statement, Tensor
from .layout import padded

GATHER = -1
"""The stride of an access whose place follows from a tensor."""


@dataclass(frozen=True)
class Walk:
    """Strides of a function's tensors as the arena lays them out."""

    tensors: Mapping[str, Tensor]

    def stride(self, access: Access, axis: str) -> int:
        """Elements from one step of an axis to the next; GATHER where that is no constant."""
        total = 0
        dims = self.tensors[access.tensor].dims
        for place, index in enumerate(access.indices):
            if isinstance(index, Access):
                if axis in index.axes():
                    return GATHER
                continue
            total += index.factor(axis) * self._step(dims, place)
        return total

    def _step(self, dims: tuple[Extent, ...], place: int) -> int:
        step = 1
        for later in range(place + 1, len(dims)):
            size = dims[later]
            assert isinstance(size, int)
            step *= padded(size) if later == len(dims) - 1 and dims[0] != DATA else size
        return step

    def plain_along(self, access: Access, axis: str) -> bool:
        """Whether the axis occurs as itself alone, or not at all: then its bounds hold."""
        hit = [i for i in access.indices if axis in i.axes()]
        return len(hit) <= 1 and all(isinstance(i, Affine) and i.plain == axis for i in hit)

    def inside(self, statement: Statement, access: Access) -> bool:
        """Whether an access is in bounds for every step of its axes."""
        for index, size in zip(access.indices, self.tensors[access.tensor].dims, strict=True):
            if isinstance(index, Access) or (index.plain and statement.sizes[index.plain] == size):
                continue
            low, high = index.lowest(statement.sizes), index.highest(statement.sizes)
            if low is None or high is None or low < 0 or isinstance(size, str) or high >= size:
                return False
        return True


def vector_axis(walk: Walk, statement: Statement) -> str | None:
    """The best output axis for vector registers, or None."""
    if walk.tensors[statement.out].dtype != REAL or isinstance(statement, Max):
        return None
    fits = [a for a in statement.axes if _fits(walk, statement, a)]
    return max(fits, key=lambda a: _merit(walk, statement, a), default=None)


def _fits(walk: Walk, statement: Statement, axis: str) -> bool:
    if any(axis in i.axes() for g in statement.guards_of() for i in g.indices()):
        return False
    if walk.stride(statement.target, axis) != 1:
        return False
    for access in statement.values():
        if not walk.plain_along(access, axis) and walk.stride(access, axis) != GATHER:
            return False
    if not all(_may_overrun(a, axis) for a in (statement.target, *statement.values()) if walk.stride(a, axis) == 1):
        return False
    if isinstance(statement, Map):
        return _map_fits(walk, statement, axis)
    strides = {walk.stride(a, axis) for a in statement.values()}
    return strides <= {0, 1} and any(walk.stride(f, axis) == 1 for f in _factors(statement))


def _may_overrun(access: Access, axis: str) -> bool:
    """Whether the last register may run past the end: behind a last dimension, and behind a whole tensor, lies padding."""
    place = next(k for k, index in enumerate(access.indices) if axis in index.axes())
    return place in (0, len(access.indices) - 1)


def _factors(statement: Statement) -> tuple[Access, ...]:
    return statement.factors if isinstance(statement, Contract) else ()


def _map_fits(walk: Walk, statement: Map, axis: str) -> bool:
    for node in statement.expr.walk():
        if node.op == "uniform":
            _, time, row, unit = node.args
            if axis in time.axes() | row.axes() or unit.factor(axis) not in (0, 1):  # type: ignore[union-attr]
                return False
    rank_one = len(statement.axes) == 1  # gathering lane by lane pays only for a single sweep
    return all(walk.stride(a, axis) in (0, 1) or rank_one for a in statement.expr.reads())


def _merit(walk: Walk, statement: Statement, axis: str) -> tuple[int, int]:
    size = statement.sizes[axis]
    width = 16 if size == ROWS or isinstance(size, str) else min(16, padded(size))
    return width, statement.axes.index(axis)


def tile_axis(walk: Walk, statement: Contract, vector: str) -> str | None:
    """An output axis whose steps share the loaded vectors: in one factor, absent from the vector's."""
    along = [f for f in statement.factors if walk.stride(f, vector) == 1]
    across = [f for f in statement.factors if walk.stride(f, vector) == 0]
    for axis in reversed([a for a in statement.axes if a != vector]):
        guarded = any(axis in i.axes() for g in statement.guards for i in g.indices())
        free = all(axis not in f.axes() for f in along)
        if free and not guarded and any(axis in f.axes() and walk.plain_along(f, axis) for f in across):
            return axis
    return None
