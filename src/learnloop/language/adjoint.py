"""Reverse mode on statements: the adjoint of each is made of the same three statements.

For an access T[idx] with local slope s and incoming gradient dy[a..] the term is dy times the factors of the slope
(for a Contract: dy times the other factors), summed over the axes that T lacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .block import Block
from .expression import ONE, ZERO, Expr, factors, product, read, slope, where
from .index import Access, Affine, Extent, Index, axis, number, plain
from .statement import INTEGER, AtLeast, Contract, Guard, Map, Max, Same, Statement


@dataclass(frozen=True)
class _Solved:
    """The output axes of a gradient, and how the statement's axes follow from them."""

    axes: tuple[str, ...]
    substitution: dict[str, Affine]
    guards: list[Guard]
    sizes: dict[str, Extent]


def gradients(block: Block, loss: str, wrt: Sequence[str]) -> dict[str, str | None]:
    """Append the statements of the backward pass.

    Args:
        block: the forward pass; it is extended.
        loss: the name of a rank-0 tensor.
        wrt: the tensors whose gradients are wanted.

    Returns:
        For each of them the name of its gradient, or None where the loss does not depend on it.
    """
    return _Reverse(block, loss, wrt).run()


class _Reverse:
    def __init__(self, block: Block, loss: str, wrt: Sequence[str]) -> None:
        self.block, self.wrt = block, wrt
        self.forward = list(block.statements)
        self.grad: dict[str, Expr | str] = {loss: ONE}  # a constant while nothing has been written
        self.live = set(wrt)
        for statement in self.forward:
            numeric = block.tensors[statement.out].dtype != INTEGER
            if numeric and any(a.tensor in self.live for a in statement.values()):
                self.live.add(statement.out)

    def run(self) -> dict[str, str | None]:
        for statement in reversed(self.forward):
            if statement.out in self.grad:
                self.step(statement)
        return {name: self.named(name) for name in self.wrt}

    def named(self, tensor: str) -> str | None:
        gradient = self.grad.get(tensor)
        if isinstance(gradient, Expr):
            return self.block.constant(self.block.fresh(f"d{tensor}"), self.block.tensors[tensor].dims, gradient.value)
        return gradient

    def incoming(self, tensor: str, axes: tuple[str, ...]) -> Expr | None:
        gradient = self.grad.get(tensor)
        return gradient if gradient is None or isinstance(gradient, Expr) else read(plain(gradient, axes))

    def step(self, statement: Statement) -> None:
        dy = self.incoming(statement.out, statement.axes)
        assert dy is not None
        if isinstance(statement, Map):
            own = read(statement.target)  # a slope that equals the value reads the output: 1 - y*y
            for access in statement.expr.reads():
                local = slope(statement.expr, access)
                if local != ZERO and access.tensor in self.live:
                    local = local.swap(statement.expr, own)
                    self.pull(statement, access, [dy, *(f for f in factors(local) if f != ONE)])
        elif isinstance(statement, Contract):
            for k, factor in enumerate(statement.factors):
                others = [read(f) for j, f in enumerate(statement.factors) if j != k]
                self.pull(statement, factor, [dy, *others], statement.guards)
            if statement.init:
                self.pull(replace(statement, over=()), statement.init, [dy])
        elif isinstance(statement, Max):
            self.pull(statement, statement.value, [dy], [*statement.guards, self.first_place(statement)])

    def first_place(self, statement: Max) -> Guard:
        """The first maximum receives everything: a guard on its position."""
        name = f"{statement.out}_at"
        if name not in self.block.tensors:
            self.block.emit(replace(statement, out=name, position=True))
            place = self.block.statements.index(statement) + 1
            self.block.statements.insert(place, self.block.statements.pop())
        flat = number(0)
        for a in statement.over:
            size = statement.sizes[a]
            assert isinstance(size, int), "a maximum over an axis of unknown extent"
            flat = flat * size + axis(a)
        return Same(plain(name, statement.axes), flat)

    def pull(self, st: Statement, target: Access, terms: list[Expr], guards: Sequence[Guard] = ()) -> None:
        """d target += the sum of a product over the axes that target lacks."""
        if target.tensor not in self.live:
            return
        dims = self.block.tensors[target.tensor].dims
        solved = _solve(target, dims, st.sizes, (*st.axes, *st.summed))
        over = tuple(a for a in (*st.axes, *st.summed) if a not in solved.axes and a not in solved.substitution)
        inner, outer = _split(terms, solved, over)
        if over and (not inner or any(f.op != "access" for f in inner)):
            inner = [self.temporary(st, target, inner)]
        inner = [f.substitute(solved.substitution) for f in inner]
        outer = [f.substitute(solved.substitution) for f in outer]
        moved = [g.substitute(solved.substitution) for g in guards]
        kept = [g for g in [*solved.guards, *moved] if not _always(g, solved.sizes)]
        self.add(target.tensor, solved, over, inner, product(outer), kept)

    def temporary(self, st: Statement, target: Access, inner: list[Expr]) -> Expr:
        """A slope that is no pure product of accesses: one map first, then the sum."""
        name = self.block.fresh(f"t{target.tensor}")
        sizes = {a: st.sizes[a] for a in st.axes}
        self.block.emit(Map(name, st.axes, sizes, product(inner)), self.block.tensors[target.tensor].dtype)
        return read(plain(name, st.axes))

    def add(
        self, tensor: str, to: _Solved, over: tuple[str, ...], inner: list[Expr], outer: Expr, guards: list[Guard]
    ) -> None:
        """Accumulate one contribution to the gradient of a tensor."""
        before, name = self.incoming(tensor, to.axes), self.block.fresh(f"d{tensor}")
        value = outer * ONE
        if over:
            init = before.access if before and before.op == "access" and outer == ONE else None
            alone = outer == ONE and (init is not None or before is None)
            out = name if alone else self.block.fresh(f"s{tensor}")
            sizes = {a: to.sizes[a] for a in (*to.axes, *over)}
            terms = tuple(f.access for f in inner)
            self.block.emit(Contract(out, to.axes, sizes, over, terms, init, tuple(guards)))
            if alone:
                self.grad[tensor] = out
                return
            value = read(plain(out, to.axes)) * outer
        else:
            value = product([*inner, outer])
            for guard in guards:
                value = where(_condition(guard), value, ZERO)
        if before:
            value = before + value
        self.grad[tensor] = self.settle(tensor, name, to, value)

    def settle(self, tensor: str, name: str, to: _Solved, value: Expr) -> Expr | str:
        """Give the gradient a name, unless it is a constant or another tensor as it stands."""
        if value.op == "const":
            return value
        tensors = self.block.tensors
        if (
            value.op == "access"
            and value.access.plain_axes == to.axes
            and tensors[value.access.tensor].dims == tensors[tensor].dims
        ):
            return value.access.tensor
        sizes = {a: to.sizes[a] for a in to.axes}
        return self.block.emit(Map(name, to.axes, sizes, value), tensors[tensor].dtype)


def _split(terms: list[Expr], solved: _Solved, over: tuple[str, ...]) -> tuple[list[Expr], list[Expr]]:
    """The factors that a summed axis runs through, and those that can be multiplied afterwards."""
    summed = set(over)

    def runs(term: Expr) -> bool:
        after = {b for a in term.axes() for b in solved.substitution.get(a, axis(a)).axes()}
        return bool(after & summed)

    return [t for t in terms if runs(t)], [t for t in terms if not runs(t)]


def _solve(target: Access, dims: tuple[Extent, ...], sizes: Mapping[str, Extent], order: tuple[str, ...]) -> _Solved:
    """Solve ``fresh[k] == index[k]``.

    Only the last axis of an index may be eliminated: earlier ones then determine it, so the terms of every output
    element keep their order. Anything else stays an equality guard.
    """
    axes: list[str | None] = [None] * len(dims)
    known, guards = dict(sizes), list[Guard]()
    substitution: dict[str, Affine] = {}
    for k, (index, size) in enumerate(zip(target.indices, dims, strict=True)):
        name = index.plain if isinstance(index, Affine) else None
        if name and sizes[name] == size and name not in axes:
            axes[k] = name
    for k, index in enumerate(target.indices):
        if axes[k] is not None:
            continue
        fresh = _fresh_axis(k, known)
        axes[k], known[fresh] = fresh, dims[k]
        free = [
            a
            for a in order
            if isinstance(index, Affine) and a in index.axes() and a not in axes and a not in substitution
        ]
        if isinstance(index, Affine) and free and abs(index.factor(free[-1])) == 1:
            name, sign = free[-1], index.factor(free[-1])
            rest = (index - axis(name) * sign).substitute(substitution)
            found = (axis(fresh) - rest) * sign
            substitution = {a: e.substitute({name: found}) for a, e in substitution.items()} | {name: found}
            guards.append(AtLeast(found))
            size = sizes[name]
            assert isinstance(size, int), "an axis of unknown extent cannot be solved for"
            guards.append(AtLeast(number(size - 1) - found))
        else:
            guards.append(Same(axis(fresh), index))
    final = [g.substitute(substitution) for g in guards]
    return _Solved(tuple(a for a in axes if a), substitution, final, known)


def _fresh_axis(position: int, taken: Mapping[str, Extent]) -> str:
    name = f"p{position}"
    while name in taken:
        name += "_"
    return name


def _always(guard: Guard, sizes: Mapping[str, Extent]) -> bool:
    if isinstance(guard, Same):
        return False
    low = guard.index.lowest(sizes)
    return low is not None and low >= 0


def _condition(guard: Guard) -> Expr:
    def side(index: Index) -> Expr:
        return read(index) if isinstance(index, Access) else Expr("axis", (index,))

    if isinstance(guard, AtLeast):
        return Expr("ge", (side(guard.index), ZERO))
    return Expr("eq", (side(guard.left), side(guard.right)))
