"""How a number, and the states behind it, come from one update to the next: linear in rows, states and the weight.

For every update of a window and every element e (the number itself is element 0, states follow):

    next[e] = sum over elements f, kept[e,f] * old[f] + sum over sources, coefficient * source + rounding
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..language import REAL
from .expansion import Expansion, Term
from .window import Place

Array = np.ndarray[Any, np.dtype[Any]]
BLOCK = 1 << 17
"""Numbers that are computed at once: what stays in a core's cache."""


@dataclass(frozen=True)
class Link:
    """One way in which a source enters the next value of an element.

    Attributes:
        element: which element.
        coefficient: (updates, places).
        roundings: what it meets on the way.
    """

    element: int
    coefficient: Array
    roundings: int


@dataclass
class Source:
    """What enters by some links.

    Attributes:
        term: the product behind it: one for each row of a batch, or one for each update.
        total, size: for each update the sum over its rows, and that of absolute values.
        links: the ways.
    """

    term: Term
    total: Array
    size: Array
    links: list[Link] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The tensors behind it."""
        return ", ".join(sorted({tensor for tensor, _ in self.term.factors})) or "a constant"

    def blocks(self) -> Iterator[tuple[slice, Array]]:
        """The products of some updates at a time, (updates, rows, places)."""
        cells = np.broadcast_shapes(*(n.shape[1:] for n in self.term.numbers))
        count = max(1, BLOCK // max(1, int(np.prod(cells))))
        for first in range(0, len(self.total), count):
            block = slice(first, min(first + count, len(self.total)))
            yield block, self.term.during(block)


class Flows:
    """The flows of one window.

    Args:
        expansion: of the window.
        tensor: the parameter.
        place: the number, or all places of the window.

    Attributes:
        elements: the tensors of the elements, the parameter first.
        itself: how the number enters its own next value.
        kept: how any other element enters an element, by (into, out of).
        rows: sums over the rows of a batch.
        others: what is linear in none of these.
        old, new: the values of each element before and after each update, (updates, places).
        frozen: coefficients that depend on gradients.
    """

    def __init__(self, expansion: Expansion, tensor: str, place: Place) -> None:
        self.expansion, self.place, self.elements = expansion, place, [tensor]
        self.itself: list[Link] = []
        self.kept: dict[tuple[int, int], list[Link]] = {}
        self.rows: dict[object, Source] = {}
        self.others: list[Source] = []
        self.frozen = set[str]()
        structure = expansion.structure
        self.dims = structure.program.fixed[tensor].dims
        for element, name in enumerate(self.elements):  # it grows
            for term in expansion.of(structure.value_of[name], place):
                self._sort(element, term)
        self.old = [self._values(name) for name in self.elements]
        self.new = [self._values(structure.value_of[name]) for name in self.elements]

    def __len__(self) -> int:
        return len(self.expansion.window)

    def _values(self, name: str) -> Array:
        return np.asarray(self.expansion.value(name, self.place)[:, 0])

    def _sort(self, element: int, term: Term) -> None:
        link = Link(element, self._along_updates(term.coefficient), term.roundings)
        self.frozen |= term.frozen
        if self._is_kept(term):
            if term.factors[0][0] not in self.elements:
                self.elements.append(term.factors[0][0])
            pair = element, self.elements.index(term.factors[0][0])
            (self.itself if pair == (0, 0) else self.kept.setdefault(pair, [])).append(link)
        elif term.of_rows:
            self.rows.setdefault(_identity(term), self._source(term)).links.append(link)
        else:
            value = self._along_updates(term.during(slice(None)))
            self.others.append(Source(term, value, abs(value), [link]))

    def _along_updates(self, values: Array) -> Array:
        return np.broadcast_to(values, (len(self), *values.shape[1:]))[:, 0]

    def _source(self, term: Term) -> Source:
        return Source(term, np.zeros((len(self), *self.shape)), np.zeros((len(self), *self.shape)))

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Of all the places."""
        return tuple(grid.size for grid in self.expansion.window.places)

    def _is_kept(self, term: Term) -> bool:
        """Whether it is linear in a number at the same place that is kept from update to update."""
        (tensor, place), *others = term.factors or (("", ()),)
        known = self.expansion.structure.program.fixed.get(tensor)
        if known is None or others or term.of_rows or (known.dims, known.dtype) != (self.dims, REAL):
            return False
        return all(p is q or (np.ndim(p) == 0 == np.ndim(q) and p == q) for p, q in zip(place, self.place, strict=True))

    @cached_property
    def decay(self) -> Array:
        """What the number itself is multiplied by in its own change: 0 unless something takes a share of it."""
        return np.asarray(
            sum((link.coefficient for link in self.itself), start=np.full([1] * (len(self.shape) + 1), -1.0))
        )

    def links(self, element: int) -> Iterator[tuple[Link, Array, Array]]:
        """All ways into an element but the number's into itself: the way, the sum of what enters, that of its sizes."""
        for (into, out), links in self.kept.items():
            if into == element:
                yield from ((link, self.old[out], abs(self.old[out])) for link in links)
        for source in (*self.rows.values(), *self.others):
            yield from ((link, source.total, source.size) for link in source.links if link.element == element)

    @cached_property
    def sensitivities(self) -> list[list[Array]]:
        """What each target at the end owes to each element after each update, (1 + updates, places).

        Target 0 is the change of the number itself: what decay takes of it is a part of its own, so the change owes 1
        to every change on the way, and nothing to the number. A state at the end owes nothing to the number either.
        """
        return self._unrolled(absolute=False)

    @cached_property
    def majorants(self) -> list[list[Array]]:
        """The same with the sizes of all ways added up, which is more only where ways have different signs."""
        signs = [(e, np.sign(link.coefficient)) for (e, f), found in self.kept.items() if f > 0 for link in found]
        first = [s for e, s in signs if e == 0]
        alike = all((s >= 0).all() for s in first) or all((s <= 0).all() for s in first)
        if alike and all((s >= 0).all() for e, s in signs if e > 0):
            return [[abs(s) for s in target] for target in self.sensitivities]
        return self._unrolled(absolute=True)

    def _unrolled(self, absolute: bool) -> list[list[Array]]:
        """Backwards from the end: owed before an update = own + ways @ owed after it, for all updates in log2 rounds."""
        own, ways = self._ways(absolute)
        reach = 1
        while reach < len(own):
            own[:-reach] += (ways[:-reach] * own[reach:, np.newaxis]).sum(axis=2)
            ways[:-reach] = (ways[:-reach, :, :, np.newaxis] * ways[reach:, np.newaxis]).sum(axis=2)
            reach *= 2
        states = range(len(self.elements) - 1)
        rest = [1] * len(self.shape)
        change = [np.ones((len(self) + 1, *rest)), *(own[:, k] for k in states)]
        return [change, *([np.zeros((len(self) + 1, *rest)), *(ways[:, k, j] for k in states)] for j in states)]

    def _ways(self, absolute: bool) -> tuple[Array, Array]:
        """For every update what the change owes to each state at once, and each state to each state before.

        Shapes (1 + updates, states, places) and (1 + updates, states, states, places); after the last update every
        state owes itself 1.
        """
        links = {k: [link.coefficient for link in found] for k, found in self.kept.items() if k[1] > 0}
        sums = {k: np.asarray(sum(abs(c) if absolute else c for c in found)) for k, found in links.items()}
        shape = np.broadcast_shapes(*(c.shape[1:] for c in sums.values()))
        count = len(self.elements) - 1
        own, ways = np.zeros((len(self) + 1, count, *shape)), np.zeros((len(self) + 1, count, count, *shape))
        ways[-1] = np.eye(count).reshape(count, count, *[1] * len(shape))
        for (into, out), coefficient in sums.items():
            place = own[:-1, out - 1] if into == 0 else ways[:-1, out - 1, into - 1]
            place[...] = coefficient
        return own, ways


def _identity(term: Term) -> tuple[object, ...]:
    """What two ways to the same product have in common; arrays of places are the same only where they are one."""
    places = ((tensor, *(id(p) if np.ndim(p) else int(p) for p in place)) for tensor, place in term.factors)
    return (id(term.inside), *places)
