"""The slow plain oracle: statements interpreted with NumPy, sums in NumPy's own order.

It shares no code with the compiler. Sums agree with the compiled program up to rounding, not bit by bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..language import (
    DOUBLE,
    INTEGER,
    Access,
    AtLeast,
    Commit,
    Contract,
    Expr,
    Extent,
    Guard,
    Index,
    Map,
    Max,
    Statement,
)
from ..language.random import uniform
from .program import Function

Array = np.ndarray[Any, np.dtype[Any]]

_erf = np.vectorize(math.erf, otypes=[np.float64])
_FUNCTIONS: dict[str, Callable[..., Array]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "neg": np.negative,
    "exp": np.exp, "log": np.log, "log1p": np.log1p, "expm1": np.expm1, "sqrt": np.sqrt, "tanh": np.tanh,
    "sin": np.sin, "cos": np.cos, "where": np.where, "ge": np.greater_equal, "gt": np.greater, "eq": np.equal,
    "erf": lambda x: _erf(x).astype(x.dtype) if x.size else x,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.logaddexp(x.dtype.type(0), x),
    "stop": lambda x: x,
    "fma": lambda a, b, c: a * b + c,
}  # fmt: skip


def run(function: Function, values: Mapping[str, Array], dtype: str = "float64", seed: int = 0) -> dict[str, Array]:
    """Interpret a function once.

    Args:
        function: what to run.
        values: inputs, options, parameters and state, by tensor.
        dtype: "float32" or "float64", what "real" stands for.
        seed: keys the random numbers.

    Returns:
        Every tensor; committed states are still the old ones, see :func:`commit`.
    """
    found = dict(values)
    types: dict[str, np.dtype[Any]] = {DOUBLE: np.dtype(np.float64), INTEGER: np.dtype(np.int32)}
    for statement in function.statements:
        kind = types.get(function.tensors[statement.out].dtype, np.dtype(dtype))
        with np.errstate(all="ignore"):
            found[statement.out] = _Interpreter(statement, found, kind, seed).run()
    return found


def commit(commits: tuple[Commit, ...], values: dict[str, Array]) -> dict[str, Array]:
    """The values after ``state <- value``."""
    return values | {c.state: values[c.value] for c in commits}


class _Interpreter:
    def __init__(self, statement: Statement, values: Mapping[str, Array], dtype: np.dtype[Any], seed: int) -> None:
        self.statement, self.values, self.dtype, self.seed = statement, values, dtype, seed
        self.order = (*statement.axes, *statement.summed)
        self.sizes = {a: self.size(a, s) for a, s in statement.sizes.items()}
        self.grid = {a: np.arange(self.sizes[a]).reshape([-1 if b == a else 1 for b in self.order]) for a in self.order}

    def size(self, axis: str, extent: Extent) -> int:
        """A number for an extent: an unknown one is read off a tensor that the axis indexes plainly."""
        if isinstance(extent, int):
            return extent
        for access in self.statement.reads():
            for place, index in enumerate(access.indices):
                if not isinstance(index, Access) and index.plain == axis:
                    return int(self.values[access.tensor].shape[place])
        raise ValueError(f"nothing tells the extent of {axis} in {self.statement}")

    def run(self) -> Array:
        statement = self.statement
        shape = tuple(self.sizes[a] for a in statement.axes)
        if isinstance(statement, Map):
            return np.broadcast_to(self.expr(statement.expr), shape).astype(self.dtype)
        full = tuple(self.sizes[a] for a in self.order)
        assert isinstance(statement, Contract | Max)
        factors = statement.factors if isinstance(statement, Contract) else (statement.value,)
        term, inside = np.ones((), self.dtype if isinstance(statement, Contract) else np.float64), np.array(True)
        for factor in factors:
            value, ok = self.read(factor)
            term, inside = term * value, inside & ok
        for guard in statement.guards:
            inside = inside & self.guard(guard)
        term, inside = np.broadcast_to(term, full), np.broadcast_to(inside, full)
        if isinstance(statement, Max):
            flat = np.where(inside, term, -np.inf).reshape((*shape, -1))
            return np.asarray(flat.argmax(-1) if statement.position else flat.max(-1)).astype(self.dtype)
        total: Array = np.where(inside, term, 0).reshape((*shape, -1)).sum(-1, dtype=self.dtype)
        return total + self.start(statement, shape) if statement.init else total

    def start(self, statement: Contract, shape: tuple[int, ...]) -> Array:
        assert statement.init is not None
        value = self.read(statement.init)[0]
        lead = value.reshape(value.shape[: len(statement.axes)]) if value.ndim > len(statement.axes) else value
        return np.broadcast_to(lead, shape)

    def index(self, index: Index) -> Array:
        if isinstance(index, Access):
            return self.read(index)[0].astype(np.int64)
        return sum((self.grid[a] * f for a, f in index.terms), np.array(index.offset))

    def read(self, access: Access) -> tuple[Array, Array]:
        """A value for every step of the axes, 0 out of bounds; and where it is in bounds."""
        tensor = self.values[access.tensor]
        inside = np.array(True)
        places = [self.index(i) for i in access.indices]
        for place, size in zip(places, tensor.shape, strict=True):
            inside = inside & (place >= 0) & (place < size)
        if not places:
            return np.asarray(tensor), inside
        clipped = tuple(np.clip(p, 0, s - 1) for p, s in zip(places, tensor.shape, strict=True))
        value = tensor[clipped]
        return np.where(inside, value, np.zeros((), value.dtype)), inside

    def guard(self, guard: Guard) -> Array:
        if isinstance(guard, AtLeast):
            return np.asarray(self.index(guard.index) >= 0)
        return np.asarray(self.index(guard.left) == self.index(guard.right))

    def expr(self, expr: Expr) -> Array:
        match expr.op:
            case "const":
                return np.asarray(expr.value, self.dtype)
            case "access":
                return self.read(expr.access)[0].astype(self.dtype)
            case "axis":
                return self.index(expr.index).astype(self.dtype)
            case "uniform":
                stream, time, row, unit = expr.args
                keys = [self.index(i) for i in (time, row, unit)]  # type: ignore[arg-type]
                return np.asarray(uniform(self.seed, stream, *keys)).astype(self.dtype)  # type: ignore[arg-type]
        return _FUNCTIONS[expr.op](*[self.expr(a) for a in expr.operands])
