"""A stored number as the exact sum of what it was made of, followed through the statements in rational numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..errors import DescriptionError
from ..language import Access, AtLeast, Contract, Expr, Guard, Index, Map, order_of
from .structure import Structure, carries, sums_rows, touches

Array = np.ndarray[Any, np.dtype[Any]]
Place = tuple[int, ...]
FUNCTION_ROUNDINGS = 4
"""What a function inside a coefficient may be off, in roundings: the oracle's exp is not the program's."""


@dataclass(frozen=True)
class Term:
    """One summand.

    Attributes:
        coefficient: what its source is multiplied by.
        factors: the elements whose product it is, (tensor, place).
        value: coefficient times the product.
        roundings: how many roundings it met on the way into the stored number.
        position: its row within the batch, if it belongs to one.
        frozen: the coefficients that depend on gradients themselves, as they were.
    """

    coefficient: Fraction
    factors: tuple[tuple[str, Place], ...]
    value: Fraction
    roundings: int
    position: int | None = None
    frozen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Way:
    """From the stored number down to where the expansion is."""

    coefficient: Fraction = Fraction(1)
    roundings: int = 0
    frozen: frozenset[str] = frozenset()

    def times(self, factor: Fraction, roundings: int = 0, frozen: frozenset[str] = frozenset()) -> _Way:
        return _Way(self.coefficient * factor, self.roundings + roundings, self.frozen | frozen)


class Expansion:
    """Expands stored numbers of one update.

    Args:
        structure: the program.
        read: the value of a tensor during the update.
        dtype: what "real" stands for.
    """

    def __init__(self, structure: Structure, read: Callable[[str], Array], dtype: np.dtype[Any]) -> None:
        self.structure, self.values, self.dtype = structure, read, dtype

    def value(self, tensor: str, place: Place) -> Fraction:
        """The exact value of one element."""
        number = float(self.values(tensor)[place])
        if not math.isfinite(number):
            where = f"{tensor}[{','.join(map(str, place))}]" if place else tensor
            raise DescriptionError(
                f"{where} is {number} at this update, and a change that is no finite number has no parts. "
                "Fix: ask for an earlier update."
            )
        return Fraction(number)

    def of(self, tensor: str, place: Place, way: _Way | None = None) -> Iterator[Term]:
        """The summands of a committed value, down to rows, old states and the old weight."""
        way = way or _Way()
        statement = self.structure.defined.get(tensor)
        if statement is None or tensor not in self.structure.linear:
            yield self._leaf(((tensor, place),), way)
        elif isinstance(statement, Map):
            yield from self._linear(statement.expr, dict(zip(statement.axes, place, strict=True)), way)
        else:
            assert isinstance(statement, Contract)
            yield from self.sum(statement, place, way)

    def sum(self, statement: Contract, place: Place, way: _Way | None = None) -> Iterator[Term]:
        """The summands of one sum of products; those of a sum over rows are not followed further."""
        way, at = way or _Way(), dict(zip(statement.axes, place, strict=True))
        terms = list(self._steps(statement, at))
        way = way.times(Fraction(1), _depth(statement, len(terms)))
        if statement.init:
            yield from self.of(statement.init.tensor, self._place(statement.init, at), way)
        for step, factors in terms:
            if sums_rows(statement) or not self._carrier(factors):
                position = next((step[a] for a in statement.over if isinstance(statement.sizes[a], str)), None)
                yield self._leaf(factors, way, position)
                continue
            carrier = self._carrier(factors)
            others = [f for f in factors if f is not carrier]
            product = math.prod((self.value(*f) for f in others), start=Fraction(1))
            assert carrier is not None
            yield from self.of(*carrier, way.times(product, 0, self._frozen(t for t, _ in others)))

    def size(self, tensor: str, place: Place) -> Fraction:
        """How large the summands of an element are together, whatever their signs."""
        return sum((abs(t.value) for t in self.of(tensor, place)), Fraction(0))

    def _carrier(self, factors: tuple[tuple[str, Place], ...]) -> tuple[str, Place] | None:
        found = [f for f in factors if f[0] in self.structure.linear]
        return found[0] if len(found) == 1 else None

    def _steps(self, statement: Contract, at: Mapping[str, int]) -> Iterator[tuple[dict[str, int], Any]]:
        """The steps of a sum that are inside all bounds and guards."""
        extents = [range(self._extent(statement, a)) for a in statement.over]
        for turn in itertools.product(*extents):
            step = {**at, **dict(zip(statement.over, turn, strict=True))}
            factors = tuple((f.tensor, self._place(f, step)) for f in statement.factors)
            if all(self._holds(g, step) for g in statement.guards) and all(self._inside(*f) for f in factors):
                yield step, factors

    def _extent(self, statement: Contract, axis: str) -> int:
        size = statement.sizes[axis]
        return size if isinstance(size, int) else len(self.values("row"))

    def _inside(self, tensor: str, place: Place) -> bool:
        return all(0 <= p < size for p, size in zip(place, self.values(tensor).shape, strict=True))

    def _holds(self, guard: Guard, at: Mapping[str, int]) -> bool:
        if isinstance(guard, AtLeast):
            return self._index(guard.index, at) >= 0
        return self._index(guard.left, at) == self._index(guard.right, at)

    def _index(self, index: Index, at: Mapping[str, int]) -> int:
        if isinstance(index, Access):
            return int(self.values(index.tensor)[self._place(index, at)])
        return index.offset + sum(factor * at[a] for a, factor in index.terms)

    def _place(self, access: Access, at: Mapping[str, int]) -> Place:
        return tuple(self._index(i, at) for i in access.indices)

    def _leaf(self, factors: tuple[tuple[str, Place], ...], way: _Way, position: int | None = None) -> Term:
        value = math.prod((self.value(*f) for f in factors), start=way.coefficient)
        return Term(way.coefficient, factors, value, way.roundings, position, way.frozen)

    def _linear(self, expr: Expr, at: Mapping[str, int], way: _Way) -> Iterator[Term]:
        """An expression as a sum of coefficients times accesses."""
        one, linear = Fraction(1), self.structure.linear
        if expr.op == "access" and self._within(expr.access, at):
            yield from self.of(expr.access.tensor, self._place(expr.access, at), way)
        elif not carries(expr, linear):
            yield self._constant(expr, at, way)
        elif expr.op in ("+", "-"):
            yield from self._linear(expr.operands[0], at, way.times(one, 1))
            yield from self._linear(expr.operands[1], at, way.times(one if expr.op == "+" else -one, 1))
        elif expr.op == "neg":
            yield from self._linear(expr.operands[0], at, way.times(-one))
        elif expr.op == "where":
            yield from self._linear(expr.operands[1 if self._number(expr.operands[0], at) else 2], at, way)
        elif expr.op in ("*", "/"):
            k = 0 if expr.op == "/" or touches(expr.operands[0], linear) else 1
            other = expr.operands[1 - k]
            factor = self._number(other, at)
            way = way.times(one / factor if expr.op == "/" else factor, 1 + _roundings(other), self._frozen_in(other))
            yield from self._linear(expr.operands[k], at, way)

    def _within(self, access: Access, at: Mapping[str, int]) -> bool:
        return self._inside(access.tensor, self._place(access, at))

    def _constant(self, expr: Expr, at: Mapping[str, int], way: _Way) -> Term:
        """A summand that is linear in nothing: its value as it was."""
        value = self._number(expr, at)
        sources = tuple((a.tensor, self._place(a, at)) for a in expr.reads())
        frozen = way.frozen | self._frozen_in(expr)
        return Term(way.coefficient, sources, way.coefficient * value, way.roundings + _roundings(expr), None, frozen)

    def _frozen_in(self, expr: Expr) -> frozenset[str]:
        return self._frozen(a.tensor for a in expr.reads())

    def _frozen(self, tensors: Iterator[str]) -> frozenset[str]:
        return frozenset(tensors) & self.structure.with_gradient

    def _number(self, expr: Expr, at: Mapping[str, int]) -> Fraction:
        """A coefficient: exact where it is made of + - * /, else as the oracle computes it."""
        if expr.op == "access":
            inside = self._within(expr.access, at)
            return self.value(expr.access.tensor, self._place(expr.access, at)) if inside else Fraction(0)
        if expr.op == "const":
            return Fraction(float(self.dtype.type(expr.value)))
        if expr.op == "axis":
            return Fraction(self._index(expr.index, at))
        if expr.op == "where":
            return self._number(expr.operands[1 if self._number(expr.operands[0], at) else 2], at)
        return _apply(expr.op, [self._number(e, at) for e in expr.operands])


def _apply(op: str, numbers: list[Fraction]) -> Fraction:
    a, *rest = numbers
    b = rest[0] if rest else Fraction(0)
    exact: dict[str, Callable[[], Fraction | bool]] = {
        "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b, "neg": lambda: -a,
        "stop": lambda: a, "fma": lambda: a * b + rest[1],
        "gt": lambda: a > b, "ge": lambda: a >= b, "eq": lambda: a == b,
    }  # fmt: skip
    if op in exact:
        return Fraction(exact[op]())
    functions = {"sigmoid": lambda x: 1 / (1 + math.exp(-x)), "softplus": lambda x: math.log1p(math.exp(x))}
    return Fraction(functions.get(op, getattr(math, op, None))(float(a)))  # type: ignore[misc]


def _roundings(expr: Expr) -> int:
    exact = ("access", "const", "axis", "neg", "where", "stop", "gt", "ge", "eq")
    once = ("+", "-", "*", "/", "fma", "sqrt")
    return sum((1 if n.op in once else FUNCTION_ROUNDINGS) for n in expr.walk() if n.op not in exact)


def _depth(statement: Contract, terms: int) -> int:
    """How many roundings a summand meets at most: its product, its chain, then the sums of blocks."""
    outer = terms
    block = order_of(statement).block
    if block is not None and statement.over:
        inner = math.prod(s for a in statement.over[1:] if isinstance(s := statement.sizes[a], int))
        chain = block * inner
        outer = min(terms, chain) + -(-terms // chain) if terms > chain else terms
    return outer + len(statement.factors) - 1
