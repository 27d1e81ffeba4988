"""From exact terms to what people are told: the parts of a change, the products of a neuron."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from ..language import ROWS, Contract
from ..rules import Parameter
from .change import ROUNDING, Change, Part, slack, smallest
from .expansion import Expansion, Factor, Term
from .neuron import Neuron
from .structure import Structure
from .window import Place

if TYPE_CHECKING:
    from .layer import LayerMoment

Array = np.ndarray[Any, np.dtype[Any]]
_ORDER = ("row", "state", "weight", "frozen")
"""Kinds of parts as they are told."""


@dataclass(frozen=True)
class Summand:
    """A term of one update, for one row where it belongs to rows; see :class:`Term`.

    Attributes:
        position: its row within the batch.
    """

    coefficient: Fraction
    factors: tuple[Factor, ...]
    value: Fraction
    roundings: int
    position: int | None
    frozen: frozenset[str]


def summands(terms: Iterable[Term]) -> Iterator[Summand]:
    """The terms of one update, each row by itself."""
    for term in terms:
        values = term.value
        inside = np.broadcast_to(True if term.inside is None else term.inside, values.shape)[0]
        for n in np.flatnonzero(inside).tolist():
            factors = tuple((tensor, _alone(place, n)) for tensor, place in term.factors)
            position, (coefficient,) = (n if term.of_rows else None), term.coefficient.flat
            yield Summand(coefficient, factors, values[0, n], term.roundings, position, term.frozen)


def _alone(place: Place, n: int) -> Place:
    """The place for one row."""
    return tuple(int(p if np.ndim(p) == 0 else p[0, n % p.shape[1]]) for p in place)


def explain(expansion: Expansion, parameter: Parameter, place: Place, update: int, rows: Array) -> Change:
    """The change of one number of a parameter."""
    structure, dtype = expansion.structure, expansion.dtype.name
    terms = list(summands(expansion.of(structure.value_of[parameter.tensor], place)))
    own = ((parameter.tensor, place),)
    itself = [t for t in terms if t.factors == own and t.position is None]
    others = [t for t in terms if not (t.factors == own and t.position is None)]
    parts = [*_parts(structure, others, rows, dtype), *_decay(expansion, itself, own[0])]
    parts.sort(key=lambda part: _ORDER.index(part.kind))
    before: Fraction = expansion.value(parameter.tensor, place).item()
    after: Fraction = expansion.value(structure.value_of[parameter.tensor], place).item()
    left = after - before - sum((p.value for p in parts), Fraction(0))
    closing = Part(ROUNDING, left, ROUNDING, slack=slack(itself, dtype) + smallest(dtype))
    frozen = tuple(sorted({name for t in terms for name in t.frozen}))
    name = f"{parameter.name}{brackets(place)}"
    return Change(name, update, float(before), float(after), (*parts, closing), dtype, frozen)


def _decay(expansion: Expansion, itself: Iterable[Summand], own: tuple[str, Place]) -> Iterator[Part]:
    """What the update took of the weight itself."""
    coefficient = sum((t.coefficient for t in itself), Fraction(0)) - 1
    if coefficient:
        text = f"the weight itself, {element(expansion.structure, *own)}"
        yield Part(text, coefficient * expansion.value(*own).item(), "weight", coefficient, text)


def _parts(structure: Structure, terms: Iterable[Summand], rows: Array, dtype: str) -> Iterator[Part]:
    """Terms of one source are one part, by however many paths they came."""
    groups: dict[object, list[Summand]] = {}
    for term in terms:
        groups.setdefault(term.factors if term.position is None else term.position, []).append(term)
    for group in groups.values():
        yield _part(structure, group, rows, dtype)


def _part(structure: Structure, group: list[Summand], rows: Array, dtype: str) -> Part:
    first = group[0]
    value = sum((t.value for t in group), Fraction(0))
    source = " × ".join(element(structure, *f) for f in reversed(first.factors))  # the gradient is the first factor
    coefficient = sum((t.coefficient for t in group if t.factors == first.factors), Fraction(0))
    if first.position is not None:
        row = int(rows[first.position])
        return Part(f"row {row}", value, "row", coefficient, source, slack(group, dtype), row)
    single = len(first.factors) == 1 and first.factors[0][0] in structure.program.fixed
    if single:
        return Part(f"old {source}", value, "state", coefficient, f"old {source}", slack(group, dtype))
    product = value == coefficient * first.value / (first.coefficient or 1)
    named = f"function of {source}" if not product or not first.factors else source
    return Part(named or "a constant", value, "frozen", coefficient, named or "a constant", slack(group, dtype))


def element(structure: Structure, tensor: str, place: Place) -> str:
    """One element as people write it: ``a[3]``, ``delta[7]``, without the row of the batch."""
    dims = structure.train.tensors[tensor].dims
    inner = place[1:] if dims and dims[0] == ROWS else place
    return f"{structure.symbols.get(tensor, tensor)}{brackets(inner)}"


def brackets(place: Place) -> str:
    """A place as people write it, nothing for a single value."""
    return f"[{','.join(map(str, place))}]" if place else ""


def neuron(expansion: Expansion, layer: LayerMoment, place: Place, update: int, row: int) -> Neuron:
    """One unit for one row, from the sum that is its pre-activation."""
    statement = expansion.structure.pre_activation(layer.name)
    assert isinstance(statement, Contract)
    terms = list(summands(expansion.sum(statement, place)))
    start = expansion.structure.bias_of(statement)
    biases = [t for t in terms if t.factors[0][0] == start]
    products = [t for t in terms if t.factors[0][0] != start]
    parts = [
        *(_product(expansion.structure, k, t) for k, t in enumerate(products)),
        *(Part("bias", t.value, "bias", source=f"bias {element(expansion.structure, *t.factors[0])}") for t in biases),
    ]
    dtype = expansion.dtype.name
    return Neuron(
        layer=layer.name, unit=place[-1], update=update, row=row, products=tuple(parts),
        inputs=tuple(float(t.coefficient) for t in products),
        weights=tuple(float(expansion.value(*t.factors[0]).item()) for t in products),
        bias=float(sum((t.value for t in biases), Fraction(0))),
        pre_activation=float(layer.pre_activation[place]), activation=float(layer.activation[place]),
        delta=float(layer.delta[place]), bound=slack(terms, dtype) + smallest(dtype),
    )  # fmt: skip


def _product(structure: Structure, k: int, term: Summand) -> Part:
    weight = element(structure, *term.factors[0])
    return Part(weight, term.value, "product", term.coefficient, f"input {k} × {weight}")
