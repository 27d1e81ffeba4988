"""The changes of a number added up over a run, and unrolled to the rows that they came from.

The same total is kept twice, as in a ledger: by what pushed (rows, the weight itself, states at the start) and by update.
Both must give end minus start, up to the roundings of the run, each within its bound, and of the float64 sums here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .change import smallest, unit
from .flows import Flows, Source

Array = np.ndarray[Any, np.dtype[Any]]
Key = tuple[str, str]
"""Kind and name of a part."""
UNIT = 2.0**-53
"""The largest relative error of one rounding in float64."""
SUMS = 16
"""Additions and products of a ledger that do not grow with the run, generously."""


@dataclass
class Account:
    """What makes up a change, or the value of a state; every array has the extents of the places.

    Attributes:
        rows: what each row of the data pushed, (rows of the data, places).
        parts: everything else, by kind and name.
        rounding: the roundings of the number itself.
        carried: the roundings of states on the way, as far as they came into it.
        slack: how large these can be.
        error: how far the float64 numbers here may be off.
    """

    rows: Array
    parts: dict[Key, Array]
    rounding: Array
    carried: Array
    slack: Array
    error: Array

    @classmethod
    def empty(cls, rows: int, dims: tuple[int, ...]) -> Account:
        """Nothing yet."""
        return cls(np.zeros((rows, *dims)), {}, *(np.zeros(dims) for _ in range(4)))

    def book(self, key: Key, value: Array) -> None:
        """Add to a part."""
        self.parts[key] = self.parts.get(key, 0.0) + value

    def add(self, other: Account, factor: Array, majorant: Array) -> None:
        """Add so many times another account."""
        self.rows += factor * other.rows
        for key, value in other.parts.items():
            self.book(key, factor * value)
        self.carried = self.carried + factor * (other.rounding + other.carried)
        self.slack = self.slack + abs(factor) * other.slack
        self.error = self.error + majorant * other.error


class Ledger:
    """Adds up a run window by window.

    Args:
        rows: how many rows the data has.
        updates: how many updates are added up.
        dtype: what the run computed in.
        dims: the extents of the places that are looked at together.

    Attributes:
        total: what made up end minus start.
        frozen: the coefficients that depend on gradients.
        share: the largest part of its bound that a rounding of the number itself took.
        carried_share: the same for states.
    """

    def __init__(self, rows: int, updates: int, dtype: str, dims: tuple[int, ...]) -> None:
        self.rows, self.updates, self.dims = rows, updates, dims
        self.unit, self.smallest = float(unit(dtype)), float(smallest(dtype))
        self.total, self._carried = self._new(), list[Account]()
        self.frozen = set[str]()
        self.share, self.carried_share = np.zeros(dims), np.zeros(dims)
        self._done = 0

    def add(self, flows: Flows, rows: Array) -> Footing:
        """Add the updates of a window.

        Args:
            flows: of the window.
            rows: the rows of the data in each batch, (updates, rows of the batch).

        Returns:
            What every update did to the number itself.
        """
        if not self._done:
            self._carried = [self._start(flows, k) for k in range(1, len(flows.elements))]
        self._done += len(flows)
        last = self._done >= self.updates
        targets = [0] if last else list(range(len(flows.elements)))
        sensitivities = flows.sensitivities[: len(targets)]
        found = [self._new() if k else self.total for k in targets]
        self._push(flows, rows[:, : flows.expansion.window.rows], sensitivities, found)
        footings = [self._foot(flows, e) for e in range(len(flows.elements))]
        for account, sensitivity, majorant in zip(found, sensitivities, flows.majorants, strict=False):
            self._settle(flows, account, sensitivity, majorant, footings)
        self._carried = found[1:]
        self.frozen |= flows.frozen
        self._compare(footings)
        return footings[0]

    def _compare(self, footings: list[Footing]) -> None:
        shares = [(abs(f.rounding) / f.allowed).max(axis=0) for f in footings]
        self.share = np.maximum(self.share, shares[0])
        for share in shares[1:]:
            self.carried_share = np.maximum(self.carried_share, share)

    def _new(self) -> Account:
        return Account.empty(self.rows, self.dims)

    def _start(self, flows: Flows, k: int) -> Account:
        account = self._new()
        account.book(("state", flows.elements[k]), flows.old[k][0])
        return account

    def _push(self, flows: Flows, rows: Array, sensitivities: list[list[Array]], accounts: list[Account]) -> None:
        """Deal what the rows of every batch pushed to the rows of the data."""
        counts = flows.expansion.window.counts
        for source in flows.rows.values():
            shares = [_share(source, s) for s in sensitivities]
            for block, products in source.blocks():
                source.total[block], source.size[block] = products.sum(axis=1), abs(products).sum(axis=1)
                for share, account in zip(shares, accounts, strict=True):
                    pushes = share[block, np.newaxis] * products
                    _deal(account.rows, rows[block], counts[block], pushes)

    def _foot(self, flows: Flows, element: int) -> Footing:
        """The changes of one element, update by update, as its parts make them."""
        old, new = flows.old[element], flows.new[element]
        base, itself = (old, flows.itself) if element == 0 else (0 * old, [])
        moved, slack = flows.decay * base, np.full(old.shape, self.smallest)
        near, mass, most = abs(new) + abs(base), abs(moved), 0
        for link in itself:
            size = abs(link.coefficient * old)
            near, slack = near + size, slack + size * _growth(link.roundings, self.unit)
            most = max(most, link.roundings)
        near = near * _growth(2 * most + 4, UNIT)
        for link, total, sizes in flows.links(element):
            moved, size = moved + link.coefficient * total, abs(link.coefficient) * sizes
            mass, slack = mass + size, slack + size * _growth(link.roundings, self.unit)
            most = max(most, link.roundings)
        allowed = slack + mass * _growth(2 * most + SUMS, UNIT) + near
        return Footing(moved, (new - base) - moved, slack, allowed, mass)

    def _settle(
        self, flows: Flows, account: Account, sensitivity: list[Array], majorant: list[Array], footings: list[Footing]
    ) -> None:
        """Everything that is not dealt to rows."""
        self._book_parts(flows, account, sensitivity)
        far = _growth((len(flows.elements) + 3) * (2 * self.updates + SUMS), UNIT)
        for e, footing in enumerate(footings):
            came = (sensitivity[e][1:] * footing.rounding).sum(axis=0)
            account.rounding, account.carried = account.rounding + came * (e == 0), account.carried + came * (e > 0)
            account.slack = account.slack + (abs(sensitivity[e][1:]) * footing.slack).sum(axis=0)
            errors = footing.allowed - footing.slack + footing.mass * far
            account.error = account.error + (majorant[e][1:] * errors).sum(axis=0)
        for k, carried in enumerate(self._carried, start=1):
            account.add(carried, sensitivity[k][0], majorant[k][0])

    def _book_parts(self, flows: Flows, account: Account, sensitivity: list[Array]) -> None:
        def book(key: Key, element: int, values: Array) -> None:
            came = np.broadcast_to(sensitivity[element][1:] * values, (len(flows), *self.dims))
            account.book(key, came.sum(axis=0))

        weight = "weight", flows.elements[0]
        book(weight, 0, flows.decay * flows.old[0])
        for (into, out), links in flows.kept.items():
            for link in links if out == 0 else ():
                book(weight, into, link.coefficient * flows.old[0])
        for source in flows.others:
            for link in source.links:
                book(("frozen", source.name), link.element, link.coefficient * source.total)


@dataclass(frozen=True)
class Footing:
    """One element, update by update; every array is (updates, places).

    Attributes:
        moved: what its parts add up to.
        rounding: what the stored numbers differ by.
        slack: how large that can be.
        allowed: the same with the errors of float64 here.
        mass: the sizes of all parts.
    """

    moved: Array
    rounding: Array
    slack: Array
    allowed: Array
    mass: Array


def _share(source: Source, sensitivity: list[Array]) -> Array:
    """What a product of a row is multiplied by on its way into the target, (updates, places)."""
    found = sum(link.coefficient * sensitivity[link.element][1:] for link in source.links)
    return np.asarray(found)


def _deal(totals: Array, rows: Array, counts: Array, pushes: Array) -> None:
    """Add the pushes of each batch to the rows of the data; rows differ within a batch."""
    if totals.ndim == 1:
        totals += np.bincount(rows.ravel(), pushes.ravel(), minlength=len(totals))
        return
    for own, count, pushed in zip(rows, counts.tolist(), pushes, strict=True):
        totals[own[:count]] += pushed[:count]


def _growth(roundings: int, unit: float) -> float:
    """How much so many roundings can change a number, relative to it: Higham 2002, lemma 3.1."""
    return roundings * unit / (1 - roundings * unit)
