"""Nests as C functions, as one would write them by hand."""

from __future__ import annotations

from collections.abc import Mapping

from ...language import Contract, Max, Tensor, order_of
from ..layout import Buffer
from ..plan import Nest
from .pen import Pen
from .scope import Scope
from .sums import chain, maximum, start, sum_in_lanes
from .tiles import tile_function, tile_loops


def print_nest(name: str, nest: Nest, tensors: Mapping[str, Tensor], buffers: Mapping[str, Buffer], real: str) -> str:
    """The function of a nest, and of its register tile where it has one.

    Args:
        name: what the function is called.
        nest: what to print.
        tensors: the tensors of the routine.
        buffers: their memory.
        real: "f32" or "f64".
    """
    pen = Pen(name, nest, tensors, buffers, real)
    if nest.tile is not None:
        tile_function(pen)
        pen.add("")
    pen.add(*_comment(nest))
    given = "const struct tensors *t" + ("" if nest.split is None else ", index_t begin, index_t end")
    with pen.block(f"LL_APART void {name}({given})"):
        if nest.tile is not None:
            tile_loops(pen)
        else:
            pen.pointers()
            _squares(pen) if nest.blocked else _loops(pen, nest.axes, pen.scope)
    return "\n".join(pen.lines)


def _comment(nest: Nest) -> list[str]:
    """The statements, as the program prints them."""
    lines = [f"{s}{f'   ({order_of(s)})' if isinstance(s, Contract) else ''}" for s in nest.statements]
    if len(lines) == 1:
        return [f"/* {lines[0]} */"]
    return [f"/* {lines[0]}", *(f" * {line}" for line in lines[1:-1]), f" * {lines[-1]} */"]


def _loops(pen: Pen, axes: tuple[str, ...], scope: Scope) -> None:
    """The loops over output axes, outermost first, and the element inside."""
    if not axes:
        _element(pen, scope)
        return
    axis, (low, high), name, lanes = axes[0], pen.bounds(axes[0]), scope.axis(axes[0]), scope.lanes
    wide = axis == pen.nest.vector and lanes > 1
    if not wide or _may_run_past(pen, axis):
        with pen.loop(name, low, high, lanes if wide else 1):
            _loops(pen, axes[1:], scope)
        return
    pen.add(f"index_t {name} = {low};")
    with pen.block(f"for (; {name} + {lanes} <= {high}; {name} += {lanes})"):
        _loops(pen, axes[1:], scope)
    with pen.block(f"for (; {name} < {high}; {name}++)"):
        _loops(pen, axes[1:], scope.scalar())


def _squares(pen: Pen) -> None:
    """Two loops in squares of 16 by 16: what is read crosswise stays in the cache."""
    outer, inner = pen.nest.axes
    a, b = pen.scope.axis(outer), pen.scope.axis(inner)
    (low, high), size = pen.bounds(outer), pen.extent(inner)
    with pen.loop(f"{a}0", low, high, 16), pen.loop(f"{b}0", "0", size, 16):
        for name, end in ((a, high), (b, size)):
            pen.add(f"const index_t {name}1 = {name}0 + 16 < {end} ? {name}0 + 16 : {end};")
        with pen.loop(a, f"{a}0", f"{a}1"), pen.loop(b, f"{b}0", f"{b}1"):
            _element(pen, pen.scope)


def _may_run_past(pen: Pen, axis: str) -> bool:
    """Whether every access along an axis lies in padded memory."""
    size = pen.nest.sizes[axis]
    if isinstance(size, int) and size % pen.nest.lanes == 0:
        return True
    accesses = [a for s in pen.nest.statements for a in (*s.reads(), s.target)]
    return all(pen.scope.buffers[a.tensor].padded for a in accesses if pen.walk.stride(a, axis) == 1)


def _element(pen: Pen, scope: Scope) -> None:
    """The chain of one output element (or of one register of them), then the maps."""
    head = pen.nest.head
    if head is not None:
        name = f"{head.out}_v"
        if isinstance(head, Max):
            maximum(pen, head, scope, name)
        elif order_of(head).lanes:
            sum_in_lanes(pen, head, scope, name)
        else:
            pen.add(f"{pen.printer(head, scope).kind} {name} = {start(pen, head, scope)};")
            chain(pen, head, scope, name)
        scope = scope.knowing(head.out, name)
        pen.keep(head, scope)
    for statement in pen.nest.maps:
        scope = pen.map(statement, scope)
