"""The stored numbers of some updates, read at many places at once.

What is read has the axes (updates, rows of the batch, places); an axis along which it does not change has the size 1.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import DescriptionError
from ..language import Access, Index
from ..rules.registry import is_whole, plain, short

Array = np.ndarray[Any, np.dtype[Any]]
Place = tuple[Any, ...]
"""Where in a tensor: whole numbers, or arrays of them along the axes of what is read."""


class Window:
    """The updates and the places that are looked at.

    Args:
        first: the first update.
        counts: how many rows the batch of each update has.
        read: the values of a tensor, (updates, its dimensions).
        spans: the places that are looked at together, a range for each dimension; none for a single place.
    """

    def __init__(self, first: int, counts: Array, read: Callable[[str], Array], spans: tuple[range, ...] = ()) -> None:
        self.first, self.counts, self.read = first, counts, read
        self.rows = int(counts.max())
        self._spans = (range(len(counts)), range(self.rows), *spans)
        rank = len(self._spans)
        shapes = [[-1 if k == axis else 1 for k in range(rank)] for axis in range(rank)]
        self.grids = [np.array(span).reshape(shape) for span, shape in zip(self._spans, shapes, strict=True)]
        self._axis_of = {id(grid): axis for axis, grid in enumerate(self.grids)}

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def places(self) -> Place:
        """All the places that are looked at together."""
        return tuple(self.grids[2:])

    @cached_property
    def present(self) -> Array | None:
        """Which rows each batch has, None for all; the last one of an epoch may be shorter."""
        if (self.counts == self.rows).all():
            return None
        return np.asarray(self.grids[1] < self.counts.reshape(self.grids[0].shape))

    def place(self, access: Access, at: Mapping[str, Any]) -> Place:
        """Where an access reads."""
        return tuple(self.index(i, at) for i in access.indices)

    def index(self, index: Index, at: Mapping[str, Any]) -> Any:
        """One index of it."""
        if isinstance(index, Access):
            return self.stored(index.tensor, self.place(index, at)).astype(np.int64)
        if index.plain:
            return at[index.plain]
        return index.offset + sum(factor * at[a] for a, factor in index.terms)

    def inside(self, tensor: str, place: Place) -> Array | None:
        """Where a place is inside a tensor; None for everywhere."""
        shape = self.read(tensor).shape[1:]
        pairs = [(p, size) for p, size in zip(place, shape, strict=True) if p is not self.grids[1]]
        return everywhere([(p >= 0) & (p < size) for p, size in pairs])

    def stored(self, tensor: str, place: Place) -> Array:
        """The values at a place; any value where it is outside."""
        values = self.read(tensor)
        place = tuple(self._clipped(p, size) for p, size in zip(place, values.shape[1:], strict=True))
        along = [self._axis_of.get(id(p)) for p in place]
        axes = [0, *(a for a in along if a is not None)]
        if axes == sorted(set(axes)) and all(np.ndim(p) == 0 for p, a in zip(place, along, strict=True) if a is None):
            return self._sliced(values, place, along, axes)
        return np.asarray(values[(self.grids[0], *place)])

    def _clipped(self, p: Any, size: int) -> Any:
        if isinstance(p, int) or id(p) in self._axis_of:
            return min(max(p, 0), size - 1) if isinstance(p, int) else p
        return np.clip(p, 0, size - 1)

    def _sliced(self, values: Array, place: Place, along: list[int | None], axes: list[int]) -> Array:
        """The same without an index for each number: whole axes, in order."""
        spans = [range(0) if a is None else self._spans[a] for a in along]
        chosen = [int(p) if not span else slice(span.start, span.stop) for p, span in zip(place, spans, strict=True)]
        found = values[(slice(None), *chosen)]
        return found.reshape([found.shape[axes.index(k)] if k in axes else 1 for k in range(len(self.grids))])

    def finite(self, tensor: str, place: Place) -> Array:
        """The values at a place.

        Raises:
            DescriptionError: where one of them is no finite number.
        """
        values = self.stored(tensor, place)
        if not np.isfinite(values).all():
            first = np.argwhere(~np.isfinite(values))[0]
            inner = ",".join(str(p) if np.ndim(p) == 0 else "..." for p in place)
            raise DescriptionError(
                f"{tensor}{f'[{inner}]' if place else ''} is {values[tuple(first)]} at update "
                f"{self.first + int(first[0])}, and a change that is no finite number has no parts. "
                "Fix: ask for earlier updates."
            )
        return values


def everywhere(masks: list[Any]) -> Array | None:
    """Where all masks hold; None for everywhere."""
    left = [np.asarray(m) for m in masks if m is not None and not np.all(m)]
    return np.asarray(math.prod(left[1:], start=left[0])) if left else None


def checked_place(what: str, place: tuple[Any, ...], dims: tuple[int, ...]) -> tuple[int, ...]:
    """Whole numbers within bounds.

    Raises:
        DescriptionError: for anything else.
    """
    shape = " x ".join(map(str, dims)) or "no"
    if len(place) != len(dims):
        raise DescriptionError(
            f"{what} has {shape} places, and {len(place)} numbers were given. Fix: give {len(dims)}."
        )
    for given, size in zip(place, dims, strict=True):
        if not is_whole(plain(given)) or not 0 <= given < size:
            raise DescriptionError(f"{what}: {short(given)} is no place. Fix: a whole number from 0 to {size - 1}.")
    return tuple(operator.index(k) for k in place)
