"""A stored number as the sum of what it was made of, followed through the statements; one update or many at once.

Every number is an array with the axes (updates, rows of the batch, places): an axis along which it does not change has
the size 1. An explanation of one update computes in rational numbers, one of many updates in float64.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..language import ROWS, AtLeast, Contract, Expr, Guard, Map, order_of
from .numbers import Numbers, apply
from .structure import Structure, carries, sums_rows, touches
from .window import Place, Window, everywhere

Array = np.ndarray[Any, np.dtype[Any]]
Factor = tuple[str, Place]
FUNCTION_ROUNDINGS = 4
"""What a function inside a coefficient may be off, in roundings: the oracle's exp is not the program's."""


@dataclass(frozen=True)
class Term:
    """One summand, or with an axis over rows one for each row of a batch.

    Attributes:
        coefficient: what its source is multiplied by.
        factors: the elements whose product it is, (tensor, place).
        numbers: their values.
        roundings: how many roundings it met on the way into the stored number.
        of_rows: whether it belongs to rows.
        inside: which rows and places have it; None for all.
        frozen: the coefficients that depend on gradients themselves, as they were.
    """

    coefficient: Array
    factors: tuple[Factor, ...]
    numbers: tuple[Array, ...]
    roundings: int
    of_rows: bool = False
    inside: Array | None = None
    frozen: frozenset[str] = frozenset()

    def during(self, block: slice) -> Array:
        """The product of the elements in some of the updates, 0 where there is no such summand."""
        numbers = [n if len(n) == 1 else n[block] for n in self.numbers]
        found = math.prod(numbers[1:], start=numbers[0])
        if self.inside is None:
            return np.asarray(found)
        inside = self.inside if self.inside.ndim == 0 or len(self.inside) == 1 else self.inside[block]
        return np.where(inside, found, found.dtype.type(0))

    @property
    def value(self) -> Array:
        """Coefficient times product."""
        return np.asarray(self.coefficient * self.during(slice(None)))


@dataclass(frozen=True)
class _Way:
    """From the stored number down to where the expansion is."""

    coefficient: Array
    roundings: int = 0
    frozen: frozenset[str] = frozenset()

    def times(self, factor: Array | int, roundings: int = 0, frozen: frozenset[str] = frozenset()) -> _Way:
        same = isinstance(factor, int) and factor == 1
        coefficient = self.coefficient if same else self.coefficient * factor
        return _Way(coefficient, self.roundings + roundings, self.frozen | frozen)


class Expansion:
    """Expands stored numbers.

    Args:
        structure: the program.
        window: the updates and their values.
        numbers: what is computed in.
        dtype: what "real" stands for.
    """

    def __init__(self, structure: Structure, window: Window, numbers: Numbers, dtype: np.dtype[Any]) -> None:
        self.structure, self.window, self.numbers, self.dtype = structure, window, numbers, dtype
        self.one = numbers.of(np.ones([1] * len(window.grids)))

    def value(self, tensor: str, place: Place) -> Array:
        """The values of an element."""
        return self.numbers.of(self.window.finite(tensor, place))

    def of(self, tensor: str, place: Place, way: _Way | None = None) -> Iterator[Term]:
        """The summands of a committed value, down to rows, old states and the old weight."""
        way = way or _Way(self.one)
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
        way, at = way or _Way(self.one), dict(zip(statement.axes, place, strict=True))
        steps = list(self._steps(statement, at))
        count = sum(self._count(statement, inside) for _, inside in steps)
        way = way.times(1, _depth(statement, count))
        if statement.init:
            yield from self.of(statement.init.tensor, self.window.place(statement.init, at), way)
        for factors, inside in steps:
            carrier = self._carrier(factors)
            if sums_rows(statement) or carrier is None:
                yield self._leaf(factors, way, sums_rows(statement), inside)
                continue
            others = [f for f in factors if f is not carrier]
            product = math.prod((self.value(*f) for f in others), start=self._where(inside))
            yield from self.of(*carrier, way.times(product, 0, self._frozen(t for t, _ in others)))

    def size(self, tensor: str, place: Place) -> Array:
        """How large the summands of an element are together, whatever their signs."""
        return sum((abs(t.value).sum(axis=1, keepdims=True) for t in self.of(tensor, place)), start=0 * self.one)

    def _carrier(self, factors: tuple[Factor, ...]) -> Factor | None:
        found = [f for f in factors if f[0] in self.structure.linear]
        return found[0] if len(found) == 1 else None

    def _steps(self, statement: Contract, at: Mapping[str, Any]) -> Iterator[tuple[tuple[Factor, ...], Array | None]]:
        """The steps of a sum that are inside all bounds and guards somewhere; all rows are one step."""
        rows = {a: self.window.grids[1] for a in statement.over if statement.sizes[a] == ROWS}
        others = {a: size for a in statement.over if isinstance(size := statement.sizes[a], int)}
        for turn in itertools.product(*map(range, others.values())):
            step = {**at, **rows, **dict(zip(others, turn, strict=True))}
            factors = tuple((f.tensor, self.window.place(f, step)) for f in statement.factors)
            masks = [self._holds(g, step) for g in statement.guards] + [self.window.inside(*f) for f in factors]
            inside = everywhere([*masks, self.window.present if rows else None])
            if inside is None or inside.any():
                yield factors, inside

    def _count(self, statement: Contract, inside: Array | None) -> int:
        """How many steps an element meets at most."""
        rows = self.window.rows if sums_rows(statement) else 1
        if inside is None or not inside.ndim:
            return rows
        return int(inside.sum(axis=1).max()) * (rows if inside.shape[1] == 1 else 1)

    def _where(self, inside: Array | None) -> Array:
        return self.one if inside is None else self.numbers.of(inside)

    def _holds(self, guard: Guard, at: Mapping[str, Any]) -> Any:
        if isinstance(guard, AtLeast):
            return self.window.index(guard.index, at) >= 0
        return self.window.index(guard.left, at) == self.window.index(guard.right, at)

    def _leaf(self, factors: tuple[Factor, ...], way: _Way, of_rows: bool = False, inside: Array | None = None) -> Term:
        numbers = tuple(self.value(*f) for f in factors)
        return Term(way.coefficient, factors, numbers, way.roundings, of_rows, inside, way.frozen)

    def _linear(self, expr: Expr, at: Mapping[str, Any], way: _Way) -> Iterator[Term]:
        """An expression as a sum of coefficients times accesses."""
        linear = self.structure.linear
        if expr.op == "access":
            yield from self._read(expr, at, way)
        elif not carries(expr, linear):
            yield self._constant(expr, at, way)
        elif expr.op in ("+", "-"):
            yield from self._linear(expr.operands[0], at, way.times(1, 1))
            yield from self._linear(expr.operands[1], at, way.times(1 if expr.op == "+" else -1, 1))
        elif expr.op == "neg":
            yield from self._linear(expr.operands[0], at, way.times(-1))
        elif expr.op == "where":
            yield from self._branches(expr, at, way)
        elif expr.op in ("*", "/"):
            k = 0 if expr.op == "/" or touches(expr.operands[0], linear) else 1
            other = expr.operands[1 - k]
            factor = self._number(other, at)
            way = way.times(self.one / factor if expr.op == "/" else factor, 1 + _roundings(other), self._reads(other))
            yield from self._linear(expr.operands[k], at, way)

    def _read(self, expr: Expr, at: Mapping[str, Any], way: _Way) -> Iterator[Term]:
        """An access, as far as it is inside its tensor: outside it reads 0."""
        place = self.window.place(expr.access, at)
        inside = self.window.inside(expr.access.tensor, place)
        if inside is None or inside.any():
            yield from self.of(expr.access.tensor, place, way.times(1 if inside is None else self._where(inside)))

    def _branches(self, expr: Expr, at: Mapping[str, Any], way: _Way) -> Iterator[Term]:
        """The branch that was taken; both, each where it was, if that changes."""
        taken = np.asarray(self._number(expr.operands[0], at), bool)
        for chosen, operand in ((taken, expr.operands[1]), (~taken, expr.operands[2])):
            if chosen.any():
                yield from self._linear(operand, at, way.times(1 if chosen.all() else self.numbers.of(chosen)))

    def _constant(self, expr: Expr, at: Mapping[str, Any], way: _Way) -> Term:
        """A summand that is linear in nothing: its value as it was."""
        sources = tuple((a.tensor, self.window.place(a, at)) for a in expr.reads())
        value, roundings = self._number(expr, at), way.roundings + _roundings(expr)
        return Term(way.coefficient, sources, (value,), roundings, frozen=way.frozen | self._reads(expr))

    def _reads(self, expr: Expr) -> frozenset[str]:
        return self._frozen(a.tensor for a in expr.reads())

    def _frozen(self, tensors: Iterator[str]) -> frozenset[str]:
        return frozenset(tensors) & self.structure.with_gradient

    def _number(self, expr: Expr, at: Mapping[str, Any]) -> Array:
        """A coefficient: of the numbers' own arithmetic where it is made of + - * /, else as the oracle computes it."""
        if expr.op == "access":
            factor = expr.access.tensor, self.window.place(expr.access, at)
            inside = self.window.inside(*factor)
            return self.value(*factor) if inside is None else np.where(inside, self.value(*factor), 0 * self.one)
        if expr.op == "const":
            return self.numbers.of(self.one.astype(np.float64) * float(self.dtype.type(expr.value)))
        if expr.op == "axis":
            return self.numbers.of(self.one.astype(np.float64) * self.window.index(expr.index, at))
        if expr.op == "where":
            taken = np.asarray(self._number(expr.operands[0], at), bool)
            if taken.all() or not taken.any():
                return self._number(expr.operands[1 if taken.all() else 2], at)
            return np.where(taken, self._number(expr.operands[1], at), self._number(expr.operands[2], at))
        return apply(self.numbers, expr.op, [self._number(e, at) for e in expr.operands])


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
