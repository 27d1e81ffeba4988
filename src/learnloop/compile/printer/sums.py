"""Sums and maxima: chains, lanes and blocks in the order that the statement has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from ...language import LANES, Access, AtLeast, Contract, Max, Order, order_of
from .pen import Pen
from .scope import Scope


def each_register(pen: Pen, place: str) -> ExitStack:
    """The loops over the registers of a tile; nothing around a single one (``place`` is "")."""
    stack = ExitStack()
    for name, count in (("r", "height"), ("c", "vectors")) if place else ():
        stack.enter_context(pen.block(f"LL_UNROLL for (index_t {name} = 0; {name} < {count}; {name}++)"))
    return stack


def start(pen: Pen, head: Contract, scope: Scope) -> str:
    """Where a chain begins: init, or +0."""
    printer = pen.printer(head, scope)
    return printer.wide(printer.read(head.init) if head.init else printer.constant(0.0))


def chain(pen: Pen, head: Contract, scope: Scope, name: str, place: str = "") -> None:
    """Every term onto the register ``name``, which holds the start; ``place`` is "[r][c]" inside a tile."""
    order = order_of(head)
    with (
        blocks(pen, head, scope, name, place),
        summed(pen, head, head.over, scope, order.block),
        each_register(pen, place),
    ):
        lines: list[str] = []
        text = term(pen, head, scope, name + place, lines)
        pen.add(*lines, f"{name}{place} = {text};")


def term(pen: Pen, head: Contract, scope: Scope, register: str, lines: list[str]) -> str:
    """One more term on a chain: fma of the factors, or a sum for a single one."""
    printer = pen.printer(head, scope, lines)
    values = [printer.read(f) for f in head.factors]
    if len(values) == 1:
        return f"{register} + {printer.wide(values[0])}"
    product = values[0]
    for value in values[1:-1]:
        product = printer.binary("*", product, value)
    return f"fma_{printer.kind}({printer.wide(product)}, {printer.wide(values[-1])}, {register})"


@contextmanager
def blocks(pen: Pen, head: Contract, scope: Scope, name: str, place: str = "") -> Iterator[None]:
    """The terms at once, or block after block: ``total`` waits while the next block starts from +0."""
    block = order_of(head).block
    if block is None:
        yield
        return
    printer, size = pen.printer(head, scope), pen.size(head.sizes[head.over[0]])
    array = f"[{pen.nest.height}][{pen.nest.vectors}]" if place else ""
    pen.add(f"{printer.kind} total{array};", f"index_t first = 0, last = {size} < {block} ? {size} : {block};")
    with pen.block("for (;;)"):
        yield
        pen.add(f"if (last == {size}) break;")
        with each_register(pen, place):
            pen.add(f"total{place} = first ? total{place} + {name}{place} : {name}{place};")
            pen.add(f"{name}{place} = {printer.wide(printer.constant(0.0))};")
        pen.add("first = last;", f"last = {size} - first < {block} ? {size} : first + {block};")
    with pen.block("if (first)"), each_register(pen, place):
        pen.add(f"{name}{place} = total{place} + {name}{place};")


@contextmanager
def summed(
    pen: Pen, head: Contract | Max, over: tuple[str, ...], scope: Scope, block: int | None, test: bool = True
) -> Iterator[None]:
    """The loops over summed axes, in order, and what a term must meet; the outermost is cut into blocks."""
    with ExitStack() as stack:
        for axis in over:
            cut = block is not None and axis == head.over[0]
            low, high = ("first", "last") if cut else ("0", pen.size(head.sizes[axis]))
            stack.enter_context(pen.loop(scope.axis(axis), low, high))
        found = conditions(pen, head, scope) if test else []
        if found:
            stack.enter_context(pen.block(f"if ({' && '.join(found)})"))
        yield


def conditions(pen: Pen, head: Contract | Max, scope: Scope) -> list[str]:
    """What a term must meet: bounds of its accesses, and its guards."""
    found = []
    for access in head.factors if isinstance(head, Contract) else (head.value,):
        for index, size in zip(access.indices, pen.tensors[access.tensor].dims, strict=True):
            if isinstance(index, Access) or (index.plain and head.sizes[index.plain] == size):
                continue
            low, high, text = index.lowest(head.sizes), index.highest(head.sizes), scope.index(index)
            if low is None or low < 0:
                found.append(f"{text} >= 0")
            if isinstance(size, str) or high is None or high >= size:
                found.append(f"{text} < {pen.size(size)}")
    for guard in head.guards:
        if isinstance(guard, AtLeast):
            found.append(f"{scope.index(guard.index)} >= 0")
        else:
            found.append(f"{scope.index(guard.left)} == {scope.index(guard.right)}")
    return list(dict.fromkeys(found))


def sum_in_lanes(pen: Pen, head: Contract, scope: Scope, name: str) -> None:
    """A sum in 16 lanes, each block added by the fixed tree."""
    order, real = order_of(head), pen.printer(head, scope).kind
    pen.add(f"{real} {name} = {start(pen, head, scope)};")
    with blocks(pen, head, scope, name), pen.block(""):
        pen.add(f"{real} lane[16] = {{0}};")
        with summed(pen, head, head.over[:-1], scope, order.block, test=False):
            _lanes(pen, head, scope, order)
        pen.add(f"{name} = {name} + tree_{real}(lane);")


def _lanes(pen: Pen, head: Contract, scope: Scope, order: Order) -> None:
    """The terms along the last summed axis, each to the lane of its position."""
    last = head.over[-1]
    cut = len(head.over) == 1 and order.block is not None
    low, high = ("first", "last") if cut else ("0", pen.size(head.sizes[last]))
    name = scope.axis(last)
    inner = scope.at(**{last: f"{name} + k"})
    known, found = conditions(pen, head, scope), conditions(pen, head, inner)
    whole, each = [c for c in found if c in known], [c for c in found if c not in known]  # each: by the lane's place
    text = f"lane[k] = {term(pen, head, inner, 'lane[k]', [])};"
    text = f"if ({' && '.join(each)}) {text}" if each else text
    with pen.block(f"if ({' && '.join(whole)})") if whole else ExitStack():
        pen.add(f"index_t {name} = {low};")
        with pen.block(f"for (; {name} + 16 <= {high}; {name} += 16)"):
            one_by_one = each or pen.nest.lanes == 1
            pen.add(f"LL_UNROLL for (int k = 0; k < 16; k++) {text}" if one_by_one else _registers(pen, head, scope))
        pen.add(f"for (int k = 0; {name} + k < {high}; k++) {text}")


def _registers(pen: Pen, head: Contract, scope: Scope) -> str:
    """One term more on each of the 16 lanes, a register of lanes at a time."""
    step, last = pen.nest.lanes, head.over[-1]
    at = " + k" if step < LANES else ""
    wide = replace(scope, lanes=step, vector=last).at(**{last: scope.axis(last) + at})
    kind = pen.printer(head, wide).kind
    text = f"store_{kind}(lane{at}, {term(pen, head, wide, f'load_{kind}(lane{at})', [])});"
    return f"LL_UNROLL for (int k = 0; k < {LANES}; k += {step}) {text}" if at else text


def maximum(pen: Pen, head: Max, scope: Scope, name: str) -> None:
    """The largest value, or where it first occurs."""
    real = scope.real
    lowest = "real_f32(0xff800000u)" if real == "f32" else "real_f64(0xfff0000000000000ull)"
    best = f"{head.out}_best" if head.position else name
    pen.add(f"{real} {best} = {lowest};", *([f"i32 {name} = 0;"] if head.position else []))
    with summed(pen, head, head.over, scope, None):
        value = scope.element(head.value)
        if not head.position:
            pen.add(f"{best} = max_{real}({value}, {best});")
            return
        with pen.block(f"if ({value} > {best})"):
            pen.add(f"{best} = {value};", f"{name} = (i32)({_flat(pen, head, scope)});")


def _flat(pen: Pen, head: Max, scope: Scope) -> str:
    """The place of a step among all, row-major."""
    place = ""
    for axis in head.over:
        step = scope.axis(axis)
        place = f"({place}) * {pen.size(head.sizes[axis])} + {step}" if place else step
    return place
