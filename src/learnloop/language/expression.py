"""Elementwise expressions, their simplifications and their slopes.

    Expr = real | Access | axis | + - * / neg fma sqrt exp ... | where(Cond, e, e) | stop(e) | uniform(...)
    Cond = e > e | e >= e | e == e

The simplifications are part of a program's definition: changing one changes the digests of trained weights.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from .index import Access, Affine, Index

UNARY = ("exp", "log", "log1p", "expm1", "sqrt", "tanh", "erf", "sigmoid", "softplus", "sin", "cos")
"""Functions of one number; each has one algorithm on every target."""
CONDITIONS = {"gt": ">", "ge": ">=", "eq": "=="}
_PRECEDENCE = {"gt": 1, "ge": 1, "eq": 1, "+": 2, "-": 2, "*": 3, "/": 3, "neg": 4}
_FOLD = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@dataclass(frozen=True, slots=True)
class Expr:
    """One node of an expression.

    Attributes:
        op: "const", "access", "axis", "uniform", an operator, or the name of a function.
        args: a float, an Access or an Affine for the leaves, else the operands.
    """

    op: str
    args: tuple[Expr | float | int | Index, ...]

    def __add__(self, other: Expr) -> Expr:
        if self == ZERO:
            return other
        if other == ZERO:
            return self
        return TWO * self if self == other else _binary("+", self, other)

    def __sub__(self, other: Expr) -> Expr:
        if other == ZERO:
            return self
        return -other if self == ZERO else _binary("-", self, other)

    def __mul__(self, other: Expr) -> Expr:
        if ZERO in (self, other):
            return ZERO
        if MINUS_ONE in (self, other):
            return -(self if other == MINUS_ONE else other)
        if ONE in (self, other):
            return other if self == ONE else self
        return _binary("*", self, other)

    def __truediv__(self, other: Expr) -> Expr:
        return self if other == ONE or self == ZERO else _binary("/", self, other)

    def __neg__(self) -> Expr:
        if self.op == "neg":
            return self.operands[0]
        return const(-self.value) if self.op == "const" else Expr("neg", (self,))

    @property
    def operands(self) -> tuple[Expr, ...]:
        """The arguments that are expressions."""
        return tuple(a for a in self.args if isinstance(a, Expr))

    @property
    def value(self) -> float:
        """The number of a constant."""
        assert isinstance(self.args[0], float | int)
        return float(self.args[0])

    @property
    def index(self) -> Index:
        """The place of an access, the affine of an axis."""
        assert isinstance(self.args[0], Affine | Access)
        return self.args[0]

    @property
    def access(self) -> Access:
        """The access of a node that reads a tensor."""
        assert isinstance(self.args[0], Access)
        return self.args[0]

    def walk(self) -> Iterator[Expr]:
        """The node and everything below it."""
        yield self
        for operand in self.operands:
            yield from operand.walk()

    def indices(self) -> Iterator[Index]:
        """Every index and access that the expression mentions."""
        for node in self.walk():
            yield from (a for a in node.args if isinstance(a, Affine | Access))

    def reads(self) -> list[Access]:
        """The accesses whose values enter the expression, each once, in order."""
        return list(dict.fromkeys(node.access for node in self.walk() if node.op == "access"))

    def axes(self) -> set[str]:
        """All axes the expression depends on."""
        return {axis for index in self.indices() for axis in index.axes()}

    def substitute(self, new: Mapping[str, Affine]) -> Expr:
        """The expression with some axes replaced."""
        return self.transform(lambda a: a.substitute(new) if isinstance(a, Affine | Access) else a)

    def rename(self, tensors: Mapping[str, str]) -> Expr:
        """The expression reading other tensors."""
        return self.transform(lambda a: rename_index(a, tensors) if isinstance(a, Access) else a)

    def transform(self, leaf: Callable[[float | int | Index], float | int | Index]) -> Expr:
        """The expression with every leaf argument replaced; nothing is simplified."""
        return Expr(self.op, tuple(a.transform(leaf) if isinstance(a, Expr) else leaf(a) for a in self.args))

    def swap(self, old: Expr, new: Expr) -> Expr:
        """The expression with a part replaced."""
        if self == old:
            return new
        return Expr(self.op, tuple(a.swap(old, new) if isinstance(a, Expr) else a for a in self.args))

    def __str__(self) -> str:
        return to_text(self)


def rename_index(index: Index, tensors: Mapping[str, str]) -> Index:
    """The index reading other tensors."""
    if isinstance(index, Affine):
        return index
    return Access(tensors.get(index.tensor, index.tensor), tuple(rename_index(i, tensors) for i in index.indices))


def _binary(op: str, left: Expr, right: Expr) -> Expr:
    # constants are real numbers: folded in float64, rounded once where they are used
    if left.op == right.op == "const":
        return const(_FOLD[op](left.value, right.value))
    return Expr(op, (left, right))


def const(value: float) -> Expr:
    """A real number."""
    return Expr("const", (float(value),))


def read(access: Access) -> Expr:
    """The value at a place."""
    return Expr("access", (access,))


def where(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    """One of two values; the same value on both sides needs no condition."""
    return then if then == otherwise else Expr("where", (condition, then, otherwise))


ZERO, ONE, TWO, MINUS_ONE = const(0), const(1), const(2), const(-1)

_Slope = Callable[..., tuple[Expr, ...]]
# operator -> its partial derivatives, from its own value y and its arguments
SLOPES: dict[str, _Slope] = {
    "+": lambda y, a, b: (ONE, ONE),
    "-": lambda y, a, b: (ONE, MINUS_ONE),
    "*": lambda y, a, b: (b, a),
    "/": lambda y, a, b: (ONE / b, -(y / b)),
    "neg": lambda y, a: (MINUS_ONE,),
    "fma": lambda y, a, b, c: (b, a, ONE),
    "exp": lambda y, a: (y,),
    "expm1": lambda y, a: (y + ONE,),
    "log": lambda y, a: (ONE / a,),
    "log1p": lambda y, a: (ONE / (ONE + a),),
    "sqrt": lambda y, a: (const(0.5) / y,),
    "tanh": lambda y, a: (ONE - y * y,),
    "sigmoid": lambda y, a: (y * (ONE - y),),
    "softplus": lambda y, a: (Expr("sigmoid", (a,)),),
    "erf": lambda y, a: (const(2 / math.sqrt(math.pi)) * Expr("exp", (-(a * a),)),),
    "sin": lambda y, a: (Expr("cos", (a,)),),
    "cos": lambda y, a: (-Expr("sin", (a,)),),
    "stop": lambda y, a: (ZERO,),
}


def slope(expr: Expr, access: Access) -> Expr:
    """The derivative of an expression with respect to one value it reads."""
    if expr == read(access):
        return ONE
    if expr.op == "where":
        condition, then, otherwise = expr.operands
        return where(condition, slope(then, access), slope(otherwise, access))
    if expr.op not in SLOPES:
        return ZERO
    inner = [slope(a, access) for a in expr.operands]
    total = ZERO
    if any(d != ZERO for d in inner):
        for d, partial in zip(inner, SLOPES[expr.op](expr, *expr.operands), strict=True):
            total = total + (partial * d if d != ZERO else ZERO)
    return total


def factors(expr: Expr) -> list[Expr]:
    """The factors of a product; a division gives its reciprocal, a negation gives -1."""
    if expr.op == "*":
        return factors(expr.operands[0]) + factors(expr.operands[1])
    if expr.op == "/" and expr.operands[0] != ONE:
        return [*factors(expr.operands[0]), ONE / expr.operands[1]]
    if expr.op == "neg":
        return [*factors(expr.operands[0]), MINUS_ONE]
    return [expr]


def product(terms: list[Expr]) -> Expr:
    """The product of factors, in order."""
    result = ONE
    for term in terms:
        result = result * term
    return result


def to_text(expr: Expr, outer: int = 0, right: bool = False) -> str:
    """The expression as the textbook writes it, with no more parentheses than needed."""
    if expr.op == "const":
        text = f"{expr.value:g}" if float(f"{expr.value:g}") == expr.value else repr(expr.value)
        return f"({text})" if expr.value < 0 and outer > 2 else text
    if expr.op == "access":
        return str(expr.args[0])
    if expr.op == "axis":
        simple = isinstance(expr.index, Access) or expr.index.plain
        return str(expr.index) if simple or outer < 2 else f"({expr.index})"
    mine = _PRECEDENCE.get(expr.op)
    if mine is None:
        return f"{expr.op}({', '.join(to_text(a) if isinstance(a, Expr) else str(a) for a in expr.args)})"
    if expr.op == "neg":
        text = f"-{to_text(expr.operands[0], mine, True)}"
    else:
        sign = CONDITIONS.get(expr.op, expr.op)
        space = "" if mine == 3 else " "
        left, rest = expr.operands
        text = f"{to_text(left, mine)}{space}{sign}{space}{to_text(rest, mine, True)}"
    return f"({text})" if mine < outer or (right and mine <= outer) else text
