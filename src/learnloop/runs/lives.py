"""From a run to biographies: of one number with all its rows, or of every number of a layer in one pass."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from .change import Part
from .expansion import Expansion
from .explain import brackets, element
from .flows import Flows
from .ledger import Ledger
from .life import Biography
from .numbers import Double, exact_sum
from .stretch import windows
from .travel import Traveller
from .window import Place, checked_place

Array = np.ndarray[Any, np.dtype[Any]]


def biography(traveller: Traveller, name: str, *place: int, start: int = 0, stop: int | None = None) -> Biography:
    """The life of one number of a parameter.

    Args:
        traveller: of the run.
        name: "dense_1.weight".
        *place: where in it: input and unit for a weight, the unit for a bias.
        start: the first update.
        stop: where to end; None for the end of the run.

    Raises:
        UnknownName: for a parameter that the network does not have.
        DescriptionError: for a place outside it, or updates that the run does not have.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> run = ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=30, progress=False)
    >>> life = biography(Traveller(run), "dense_1.weight", 0, 2)
    >>> life.ticks, life.after == run.weights["dense_1.weight"][0, 2], len(life.values)
    (True, True, 31)
    """
    structure = traveller.structure
    p = structure.parameter(name)
    where = checked_place(name, place, p.dims)
    start, stop = traveller.stretch(start, stop)
    ledger = Ledger(traveller.examples.rows, stop - start, traveller.dtype.name, ())
    values, moved, allowed = [], [], []
    for window in windows(traveller, p.tensor, start, stop):
        flows = Flows(Expansion(structure, window, Double(), traveller.dtype), p.tensor, where)
        footing = ledger.add(flows, window.read("row"))
        values += [flows.old[0].copy(), flows.new[0][-1:].copy()]  # the next window takes the place of this one
        moved.append(footing.moved)
        allowed.append(footing.allowed)
    del values[1:-1:2]  # the end of a window is the start of the next one
    labels, total = traveller.examples.labels, ledger.total
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
