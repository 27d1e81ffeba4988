"""One statement as the textbook writes it, read with Python's own parser: ``z[n,j] = b[j] + sum(i, x[n,i]*W[i,j])``."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from functools import lru_cache

from ..errors import ProgramError
from .expression import UNARY, Expr, const, read, where
from .index import Access, Affine, Extent, Index, axis, number
from .statement import AtLeast, Contract, Guard, Map, Max, Same, Statement, Tensor

_REDUCTIONS = ("sum", "max", "argmax")
_SPELT = {1: ("j",), 2: ("i", "j"), 3: ("i", "j", "k")}


@lru_cache(maxsize=512)
def _sides(text: str) -> tuple[ast.expr, ast.expr]:
    left, equals, right = text.partition("=")
    if not equals:
        raise ProgramError(f"no '=' in the statement {text!r}")
    try:
        return ast.parse(left.strip(), mode="eval").body, ast.parse(right.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ProgramError(f"the statement {text[:200]!r} cannot be read: {error}") from error


def parse(
    text: str,
    tensors: Mapping[str, Tensor],
    let: Mapping[str, float | Extent] | None = None,
    names: Mapping[str, str] | None = None,
) -> Statement:
    """Read one statement.

    Args:
        text: the statement; ``T[...]`` stands for the tensor's own axes.
        tensors: the tensors that exist.
        let: integers, real constants and axis sizes that the text mentions by name.
        names: what a name in the text is called outside.

    Returns:
        The statement; its axes take their sizes from the tensors that they index plainly, or from ``let``.

    Raises:
        ProgramError: if the text is no statement, or an axis has no size.
    """
    reader = _Reader(text, tensors, let or {}, names or {})
    try:
        return reader.checked(reader.statement())
    except (ArithmeticError, RecursionError) as error:  # 1/0, a number beyond float64, an expression a thousand deep
        raise ProgramError(f"the statement {text[:200]!r} cannot be read: {error}") from error


class _Reader:
    def __init__(
        self, text: str, tensors: Mapping[str, Tensor], let: Mapping[str, float | Extent], names: Mapping[str, str]
    ) -> None:
        self.text, self.tensors, self.let, self.names = text, tensors, let, names
        self.sizes: dict[str, Extent] = {}
        self.axes: set[str] = set()
        self.spread: list[Tensor] = []  # the tensors read as T[...]

    def fail(self, why: str) -> ProgramError:
        return ProgramError(f"{why} in the statement {self.text!r}")

    def statement(self) -> Statement:
        left, right = _sides(self.text)
        out, marks = self.left(left)
        init, call = self.split_sum(right)
        self.axes |= set(marks or ())
        if call is not None:
            return self.reduction(out, marks, init, call)
        expr = self.expr(right)
        axes = marks if marks is not None else self.ellipsis_axes()
        return Map(out, axes, self.sized(axes), expr)

    def checked(self, statement: Statement) -> Statement:
        """The statement, if each of its axes has one meaning."""
        own = (*statement.axes, *statement.summed)
        if len(set(own)) < len(own):
            raise self.fail("an axis that occurs twice on the left, or there and in the sum,")
        places: list[Index] = [i for g in statement.guards_of() for i in g.indices()]
        places += list(statement.expr.indices()) if isinstance(statement, Map) else statement.values()
        loose = sorted({a for place in places for a in place.axes()} - set(own))
        if isinstance(statement, Map) and any(e.op == "const" and math.isnan(e.value) for e in statement.expr.walk()):
            raise self.fail("a constant that is no number")
        if loose:
            raise self.fail(f"the axis {loose[0]!r} is neither on the left nor summed")
        return statement

    def left(self, node: ast.expr) -> tuple[str, tuple[str, ...] | None]:
        """The name on the left and its axes; None stands for ``[...]``."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id, node.id), ()
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
            raise self.fail("no tensor on the left")
        name = self.names.get(node.value.id, node.value.id)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if len(parts) == 1 and isinstance(parts[0], ast.Constant) and parts[0].value is ...:
            return name, None
        if not all(isinstance(p, ast.Name) for p in parts):
            raise self.fail("an output index that is no plain axis")
        return name, tuple(p.id for p in parts if isinstance(p, ast.Name))

    def split_sum(self, node: ast.expr) -> tuple[ast.expr | None, ast.Call | None]:
        """``init + sum(...)`` in two, or (None, None) for a map."""
        init = None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and _called(node.right) == "sum":
            init, node = node.left, node.right
        if isinstance(node, ast.Call) and _called(node) in _REDUCTIONS:
            return init, node
        return None, None

    def reduction(self, out: str, marks: tuple[str, ...] | None, init: ast.expr | None, call: ast.Call) -> Statement:
        kind, args = _called(call), list(call.args)
        if not args or call.keywords:
            raise self.fail(f"a {kind} of nothing")
        over: list[str] = []
        while isinstance(args[0], ast.Name) and len(args) > 1 and not self.is_single(args[0].id):
            over.append(args.pop(0).id)  # type: ignore[attr-defined]
        self.axes |= set(over)
        if not over:
            raise self.fail(f"a {kind} over no axis")
        factors = [self.access(node) for node in _factors(args[0])]
        if kind != "sum" and len(factors) > 1:
            raise self.fail(f"a {kind} of a product")
        start = self.access(init) if init is not None else None
        guards = tuple(self.guard(node) for node in args[1:])
        if over == ["ALL"]:
            over = list(self.ellipsis_axes())
        axes = marks if marks is not None else self.ellipsis_axes()
        sizes = self.sized((*axes, *over))
        if kind == "sum":
            return Contract(out, axes, sizes, tuple(over), tuple(factors), start, guards)
        return Max(out, axes, sizes, tuple(over), factors[0], kind == "argmax", guards)

    def is_single(self, name: str) -> bool:
        """Whether a bare name can be a factor; any other is an axis, whatever tensors are called."""
        return self.is_tensor(name) and not self.tensors[self.names.get(name, name)].dims

    def is_tensor(self, name: str) -> bool:
        return self.names.get(name, name) in self.tensors

    def sized(self, axes: tuple[str, ...]) -> dict[str, Extent]:
        for name in axes:
            size = self.let.get(name, self.sizes.get(name))
            if size is None or isinstance(size, float):
                raise self.fail(f"the axis {name!r} has no size")
            self.sizes[name] = size
        return {a: self.sizes[a] for a in axes}

    def ellipsis_axes(self) -> tuple[str, ...]:
        ranks = {len(t.dims) for t in self.spread}
        if len(ranks) != 1:
            raise self.fail("'...' over tensors of different rank")
        (first, *_) = self.spread
        axes = _own_axes(len(first.dims))
        self.sizes |= dict(zip(axes, first.dims, strict=True))
        return axes

    def access(self, node: ast.expr) -> Access:
        if isinstance(node, ast.Name):
            return self.whole(node.id)
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
            raise self.fail("something that is no tensor")
        name = self.names.get(node.value.id, node.value.id)
        if name not in self.tensors:
            raise self.fail(f"the unknown tensor {name!r}")
        dims = self.tensors[name].dims
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if len(parts) == 1 and isinstance(parts[0], ast.Constant) and parts[0].value is ...:
            self.spread.append(self.tensors[name])
            indices: tuple[Index, ...] = tuple(axis(a) for a in _own_axes(len(dims)))
        else:
            indices = tuple(self.index(p) for p in parts)
        if len(indices) != len(dims):
            raise self.fail(f"{name} has {len(dims)} dimensions, not {len(indices)}")
        for index, size in zip(indices, dims, strict=True):
            if isinstance(index, Affine) and index.plain:
                self.sizes.setdefault(index.plain, size)
        return Access(name, indices)

    def whole(self, name: str) -> Access:
        """A tensor without axes."""
        tensor = self.names.get(name, name)
        if tensor not in self.tensors:
            raise self.fail(f"the unknown name {name!r}")
        if self.tensors[tensor].dims:
            raise self.fail(f"{tensor} has {len(self.tensors[tensor].dims)} dimensions, not 0")
        return Access(tensor)

    def index(self, node: ast.expr) -> Index:
        if isinstance(node, ast.Subscript):
            return self.access(node)
        if (
            isinstance(node, ast.Name)
            and node.id not in self.let
            and self.is_tensor(node.id)
            and node.id not in self.axes
        ):
            return self.access(node)
        return self.affine(node)

    def affine(self, node: ast.expr) -> Affine:
        if _is_whole(node):
            return number(node.value)  # type: ignore[attr-defined]
        if isinstance(node, ast.Name):
            if node.id in self.let and node.id not in self.axes:
                value = self.let[node.id]
                if not isinstance(value, int):
                    raise self.fail(f"an index with {node.id!r}, which is no whole number")
                return number(value)
            return axis(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self.affine(node.operand) * -1
        if isinstance(node, ast.BinOp):
            left, right = self.affine(node.left), self.affine(node.right)
            if isinstance(node.op, ast.Mult) and not (left.terms and right.terms):
                return left * right.offset if left.terms else right * left.offset
            if isinstance(node.op, ast.Add | ast.Sub):
                return left + right if isinstance(node.op, ast.Add) else left - right
        raise self.fail("an index that is not affine")

    def guard(self, node: ast.expr) -> Guard:
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = self.index(node.left), self.index(node.comparators[0])
            if isinstance(node.ops[0], ast.Eq):
                return Same(left, right)
            if isinstance(node.ops[0], ast.GtE) and isinstance(left, Affine) and isinstance(right, Affine):
                return AtLeast(left - right)
        raise self.fail("a guard that is neither 'affine >= affine' nor 'index == index'")

    def expr(self, node: ast.expr) -> Expr:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return const(node.value)
        if self.is_place(node):
            return Expr("axis", (self.affine(node),))
        if isinstance(node, ast.Subscript):
            return read(self.access(node))
        if isinstance(node, ast.Name):
            return self.name(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self.expr(node.operand)
        if isinstance(node, ast.BinOp):
            return self.operation(node)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self.condition(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        raise self.fail(f"the unknown expression {ast.unparse(node)!r}")

    def name(self, name: str) -> Expr:
        if name in self.axes:
            return Expr("axis", (axis(name),))
        if name in self.let:
            return const(float(self.let[name]))
        if name == "inf" and not self.is_tensor(name):
            return const(math.inf)
        return read(self.whole(name))

    def is_place(self, node: ast.expr) -> bool:
        """Whether arithmetic is about nothing but axes and whole numbers: a place, as an index would have it."""
        if not isinstance(node, ast.BinOp | ast.UnaryOp):
            return False
        leaves = [n for n in ast.walk(node) if isinstance(n, ast.expr) and not isinstance(n, ast.BinOp | ast.UnaryOp)]
        if not all(_is_whole(n) or (isinstance(n, ast.Name) and n.id in self.axes) for n in leaves):
            return False
        try:
            return bool(self.affine(node).terms)
        except ProgramError:
            return False

    def operation(self, node: ast.BinOp) -> Expr:
        left, right = self.expr(node.left), self.expr(node.right)
        joins: dict[type, Callable[[Expr, Expr], Expr]] = {
            ast.Add: Expr.__add__, ast.Sub: Expr.__sub__, ast.Mult: Expr.__mul__, ast.Div: Expr.__truediv__,
        }  # fmt: skip
        if type(node.op) not in joins:
            raise self.fail("an operator other than + - * /")
        return joins[type(node.op)](left, right)

    def condition(self, node: ast.Compare) -> Expr:
        left, right = self.expr(node.left), self.expr(node.comparators[0])
        match node.ops[0]:
            case ast.Gt():
                return Expr("gt", (left, right))
            case ast.GtE():
                return Expr("ge", (left, right))
            case ast.Lt():
                return Expr("gt", (right, left))
            case ast.LtE():
                return Expr("ge", (right, left))
            case ast.Eq():
                return Expr("eq", (left, right))
        raise self.fail("a comparison other than > >= < <= ==")

    def call(self, node: ast.Call) -> Expr:
        function = _called(node)
        if function == "uniform" and len(node.args) == 4:
            stream, time, row, unit = node.args
            return Expr("uniform", (self.affine(stream).offset, self.index(time), self.index(row), self.affine(unit)))
        args = tuple(self.expr(a) for a in node.args)
        if function == "where" and len(args) == 3:
            return where(*args)
        if (function in (*UNARY, "stop") and len(args) == 1) or (function == "fma" and len(args) == 3):
            return Expr(function, args)
        raise self.fail(f"the unknown function {function!r}")


def _is_whole(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool)


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _factors(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _own_axes(rank: int) -> tuple[str, ...]:
    return _SPELT.get(rank, tuple(f"i{k}" for k in range(rank)))
