"""From a run to biographies: of one number with all its rows, or of every number of a layer in one pass."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction
from typing import Any

import numpy as np

from ..rules import Parameter
from .change import Part
from .expansion import Expansion
from .explain import brackets, element
from .flows import Flows
from .layer_lives import Biographies, ParameterLives
from .ledger import UNIT, Ledger
from .life import Biography
from .numbers import Double, exact_sum
from .stretch import windows
from .travel import Traveller
from .window import Place, checked_place

Array = np.ndarray[Any, np.dtype[Any]]
ROOM = 256 << 20
"""Bytes for what each row of the data pushed at many numbers."""
BULK = 8 << 20
"""Bytes of a trace for many numbers: they need more memory for each update than what is traced."""


def biography(traveller: Traveller, name: str, *place: int, start: int | None = None, stop: int | None = None) -> Biography:
    """The life of one number of a parameter.

    Args:
        traveller: of the run.
        name: "dense_1.weight".
        *place: where in it: input and unit for a weight, the unit for a bias.
        start: the first update; None for the first of the run, or of the branch.
        stop: where to end; None for the end of the run.

    Raises:
        UnknownName: for a parameter that the network does not have.
        DescriptionError: for a place outside it, or updates that the run does not have.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> run = ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=30, progress=False)
    >>> life = biography(Traveller(run), "dense_1.weight", 0, 2)
    >>> life.ticks, life.after == float(run.weights["dense_1.weight"][0, 2]), len(life.values) - run.updates
    (True, True, 1)
    """
    p = traveller.structure.parameter(name)
    where = checked_place(name, place, p.dims)
    start, stop = traveller.stretch(start, stop)
    ledger = Ledger(traveller.examples.rows, stop - start, traveller.dtype.name, ())
    values, moved, allowed = [], [], []
    for window in windows(traveller, p.tensor, start, stop):
        flows = Flows(Expansion(traveller.structure, window, Double(), traveller.dtype), p.tensor, where)
        footing = ledger.add(flows, window.read("row"))
        values += [flows.old[0].copy(), flows.new[0][-1:].copy()]  # the next window takes the place of this one
        moved.append(footing.moved)
        allowed.append(footing.allowed)
    del values[1:-1:2]  # the end of a window is the start of the next one
    labels, total = traveller.classes, ledger.total
    return Biography(
        name=f"{name}{brackets(where)}", start=start, stop=stop, values=np.concatenate(values),
        by_row=total.rows, by_class=_by_class(total.rows, labels), others=_others(traveller, ledger, where, start),
        moved=np.concatenate(moved), allowed=np.concatenate(allowed), carried=float(total.carried),
        carried_share=float(ledger.carried_share), slack=float(total.slack), error=float(total.error),
        labels=labels, frozen=tuple(sorted(ledger.frozen)), dtype=traveller.dtype.name,
    )  # fmt: skip


def _by_class(by_row: Array, labels: Array | None) -> dict[int, float]:
    if labels is None:
        return {}
    return {k: float(exact_sum(by_row[labels == k])) for k in np.unique(labels).tolist()}


def _others(traveller: Traveller, ledger: Ledger, place: Place, start: int) -> tuple[Part, ...]:
    """What is no row, as far as it is there."""
    structure, found = traveller.structure, []
    for (kind, name), value in ledger.total.parts.items():
        tensor = element(structure, name, place) if kind != "frozen" else name
        text = {"weight": "the weight itself, {}", "state": "{} before update {}", "frozen": "function of {}"}[kind]
        if value:
            found.append(Part(text.format(tensor, start), Fraction(float(value)), kind, source=tensor))
    return tuple(sorted(found, key=lambda part: part.kind, reverse=True))


def biographies(traveller: Traveller, layer: str, *, start: int | None = None, stop: int | None = None) -> Biographies:
    """The lives of all numbers of a layer.

    Args:
        traveller: of the run.
        layer: "dense_1".
        start: the first update; None for the first of the run, or of the branch.
        stop: where to end; None for the end of the run.

    Raises:
        UnknownName: for a layer that the network does not have.
        DescriptionError: for updates that the run does not have.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> run = ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=30, progress=False)
    >>> lives = biographies(Traveller(run), "dense_1")
    >>> lives.ticks, len(lives)
    (True, 12)
    """
    structure = traveller.structure
    structure.check_layer(layer)
    start, stop = traveller.stretch(start, stop)
    found = {label: _parameter(traveller, p, start, stop) for label, p in structure.parameters_of(layer).items()}
    return Biographies(layer, start, stop, found)


def _parameter(traveller: Traveller, p: Parameter, start: int, stop: int) -> ParameterLives:
    """All its numbers, as many at a time as fit into memory."""
    inner = int(np.prod(p.dims[1:]))
    count = max(1, ROOM // (8 * 3 * traveller.examples.rows * inner))
    blocks = [range(k, min(k + count, p.dims[0])) for k in range(0, p.dims[0], count)]
    found = [_block(traveller, p, (block, *map(range, p.dims[1:])), start, stop) for block in blocks]
    arrays = {
        f.name: np.concatenate([getattr(b, f.name) for b in found], axis=1 if f.name == "by_class" else 0)
        for f in fields(ParameterLives)
        if f.name not in ("name", "frozen")
    }
    return ParameterLives(name=p.name, frozen=found[0].frozen, **arrays)


def _block(traveller: Traveller, p: Parameter, spans: tuple[range, ...], start: int, stop: int) -> ParameterLives:
    dims = tuple(map(len, spans))
    ledger = Ledger(traveller.examples.rows, stop - start, traveller.dtype.name, dims)
    ends, path = [], np.zeros(dims)
    for window in windows(traveller, p.tensor, start, stop, spans, BULK):
        expansion = Expansion(traveller.structure, window, Double(), traveller.dtype)
        flows = Flows(expansion, p.tensor, window.places)
        ledger.add(flows, window.read("row"))
        ends += [flows.old[0][0].copy(), flows.new[0][-1].copy()]
        path += abs(flows.new[0] - flows.old[0]).sum(axis=0)
    return _close(p.name, ledger, ends[0], ends[-1], path, traveller.classes)


def _close(name: str, ledger: Ledger, before: Array, after: Array, path: Array, labels: Array | None) -> ParameterLives:
    """The two ledgers compared, number by number, in float64."""
    total, rows = ledger.total, ledger.total.rows
    sizes = abs(rows).sum(axis=0)
    pushed = rows.sum(axis=0) + sum(total.parts.values(), start=np.zeros(before.shape))
    rounding, noted = after - before - pushed, total.rounding + total.carried
    error = total.error + (sizes + abs(before) + abs(after)) * len(rows) * UNIT  # of the sums just made
    bound = total.slack + error
    each = (ledger.share <= 1) & (ledger.carried_share <= 1)
    row = np.where(sizes > 0, abs(rows).argmax(axis=0), -1)
    classes = range(0 if labels is None else int(labels.max()) + 1)
    return ParameterLives(
        name, before, after, path, np.array([rows[labels == k].sum(axis=0) for k in classes]).reshape(-1, *before.shape),
        row, np.take_along_axis(rows, np.maximum(row, 0)[np.newaxis], axis=0)[0], rounding, bound,
        each & (abs(rounding) <= bound) & (abs(rounding - noted) <= error), tuple(sorted(ledger.frozen)),
    )  # fmt: skip
