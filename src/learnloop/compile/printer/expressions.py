"""Expressions as C: the same operations in the same order, on scalars or on vector registers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...language import Access, Affine, Expr, Index, Statement
from ...language.expression import CONDITIONS
from .scope import SHORT, Scope

_PRECEDENCE = {"+": 2, "-": 2, "*": 3, "/": 3}


@dataclass(frozen=True)
class Value:
    """A piece of C text.

    Attributes:
        text: the expression.
        vector: whether its lanes may differ.
        level: how tightly it binds; 9 for a name or a call.
    """

    text: str
    vector: bool = False
    level: int = 9

    def inside(self, level: int, right: bool = False) -> str:
        """The text as an operand."""
        return f"({self.text})" if self.level < level or (right and self.level <= level) else self.text


class Printer:
    """Prints the expressions of one statement.

    Args:
        scope: the place in the text.
        statement: whose expressions these are; its output's type is theirs.
        lines: where statements go that an expression needs first.
    """

    def __init__(self, scope: Scope, statement: Statement, lines: list[str], dtype: str) -> None:
        self.scope, self.statement, self.lines = scope, statement, lines
        self.real = scope.real if dtype == "real" else SHORT[dtype]
        self.kind = self.real if scope.lanes == 1 else f"{self.real}x{scope.lanes}"

    def wide(self, value: Value) -> str:
        """A value as a register of the scope's width."""
        if value.vector or self.scope.lanes == 1:
            return value.text
        return f"splat_{self.kind}({value.text})"

    def print(self, expr: Expr) -> Value:
        """An expression."""
        match expr.op:
            case "const":
                return self.constant(expr.value)
            case "access":
                return self.read(expr.access)
            case "axis":
                return self.axis(expr.index)
            case "uniform":
                return self.uniform(expr)
            case "stop":
                return self.print(expr.operands[0])
            case "neg":
                return self.negative(self.print(expr.operands[0]))
            case "where":
                return self.where(expr)
        values = [self.print(a) for a in expr.operands]
        if expr.op in _PRECEDENCE:
            return self.binary(expr.op, values[0], values[1])
        if expr.op in CONDITIONS:
            return self.compare(expr.op, values[0], values[1])
        return self.call(expr.op, values)

    def constant(self, value: float) -> Value:
        """A number, rounded once to the statement's type."""
        if self.real == "f32":
            with np.errstate(over="ignore"):  # beyond its range: infinity
                single = np.float32(value)
            if np.isinf(single):
                return Value(f"real_f32({int(single.view(np.uint32)):#x}u)")
            text = str(single)
            text = (text if any(ch in text for ch in ".e") else f"{text}.0") + "f"
        else:
            if value in (float("inf"), float("-inf")):
                return Value(f"real_f64({int(np.float64(value).view(np.uint64)):#x}ull)")
            text = repr(value)
        return Value(text, level=4 if value < 0 else 9)

    def read(self, access: Access) -> Value:
        """A value from a register, or from memory."""
        if access.tensor in self.scope.registers and access.tensor != self.statement.out:
            return self.register(access.tensor)
        dtype = SHORT[self.scope.buffers[access.tensor].dtype]
        stride = self.scope.stride(access)
        if self.scope.lanes == 1 or stride == 0:
            text = self.scope.element(access)
            return Value(text) if dtype == self.real else Value(f"({self.real}){text}")
        if stride == 1 and dtype == self.real:
            base, offset = self.scope.pointer(access.tensor), self.scope.offset(access)
            return Value(f"load_{self.kind}({base if offset == '0' else f'{base} + {offset}'})", True)
        return self.gather(access, dtype)

    def register(self, tensor: str) -> Value:
        """A value that was computed before, in the statement's own type."""
        name = self.scope.registers[tensor]
        same = SHORT[self.scope.buffers[tensor].dtype] == self.real
        return Value(name if same else f"({self.real}){name}", self.scope.lanes > 1)

    def gather(self, access: Access, dtype: str) -> Value:
        """Lanes that lie apart, collected one by one."""
        assert self.scope.vector is not None
        name = f"{self.scope.pointer(access.tensor)}_at{len(self.lines)}"
        each = self.scope.at(**{self.scope.vector: f"{self.scope.axis(self.scope.vector)} + k"}).element(access)
        cast = "" if dtype == self.real else f"({self.real})"
        self.lines.append(f"{self.real} {name}[{self.scope.lanes}];")
        self.lines.append(f"LL_UNROLL for (int k = 0; k < {self.scope.lanes}; k++) {name}[k] = {cast}{each};")
        return Value(f"load_{self.kind}({name})", True)

    def axis(self, index: Index) -> Value:
        """The number of a place."""
        if isinstance(index, Access):
            return self.read(index)
        text = f"({self.real})({self.scope.index(index)})"
        factor = index.factor(self.scope.vector) if self.scope.vector and self.scope.lanes > 1 else 0
        if factor == 0:
            return Value(text, level=4)
        step = f"iota_{self.kind}()" if factor == 1 else f"{float(factor)}f * iota_{self.kind}()"
        return Value(f"{text} + {step}", True, 2)

    def uniform(self, expr: Expr) -> Value:
        """A random number keyed by its place."""
        stream, time, row, unit = expr.args
        assert isinstance(time, Affine | Access)
        assert isinstance(row, Affine | Access)
        assert isinstance(unit, Affine)
        along = self.scope.lanes > 1 and self.scope.vector in unit.axes()
        kind = self.kind if along else self.real
        keys = ", ".join(f"(u32){_paren(self.scope.index(i))}" for i in (time, row, unit))
        name = "uniform" if isinstance(time, Access) or time.axes() else "uniform_once"  # once: at no update's time
        return Value(f"{name}_{kind}(t->seed, {stream}u, {keys})", along)

    def negative(self, value: Value) -> Value:
        """The sign flipped."""
        return Value(f"-{value.inside(4)}" if not value.text.startswith("-") else f"-({value.text})", value.vector, 4)

    def binary(self, op: str, left: Value, right: Value) -> Value:
        """An operation of C; a scalar beside a vector stands for all lanes."""
        vector, level = left.vector or right.vector, _PRECEDENCE[op]
        a, b = (
            self.wide(v) if vector and not v.vector else v.inside(level, side)
            for v, side in ((left, False), (right, True))
        )
        return Value(f"{a} {op} {b}", vector, level)

    def compare(self, op: str, left: Value, right: Value) -> Value:
        """A condition as a mask.

        Never C's own a > b ? c : d on numbers: for WebAssembly with relaxed SIMD LLVM would make it a relaxed maximum,
        whose zeros and NaN are the processor's choice.
        """
        return self.call(op, [left, right])

    def where(self, expr: Expr) -> Value:
        """One of two values."""
        condition, then, otherwise = (self.print(a) for a in expr.operands)
        if not condition.vector and (then.vector or otherwise.vector):
            return Value(f"{condition.text} ? {self.wide(then)} : {self.wide(otherwise)}", True, 0)
        kind, vector = (self.kind, True) if condition.vector else (self.real, False)
        a, b = (self.wide(v) if vector else v.text for v in (then, otherwise))
        return Value(f"select_{kind}({condition.text}, {a}, {b})", vector)

    def call(self, name: str, values: list[Value]) -> Value:
        """A function of the runtime."""
        vector = any(v.vector for v in values)
        kind = self.kind if vector else self.real
        texts = [self.wide(v) if vector else v.text for v in values]
        return Value(f"{name}_{kind}({', '.join(texts)})", vector)


def _paren(text: str) -> str:
    return f"({text})" if " " in text else text
