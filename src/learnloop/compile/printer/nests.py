"""Nests as C functions, as one would write them by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from ...language import (
    INTEGER,
    Access,
    AtLeast,
    Contract,
    Expr,
    Extent,
    Map,
    Max,
    Order,
    Statement,
    Tensor,
    const,
    order_of,
)
from ..layout import BYTES, Buffer
from ..plan import Nest
from ..shape import Walk
from .expressions import Printer
from .scope import SHORT, Scope, identifier


class Lines:
    """Indented text."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 0

    def add(self, *lines: str) -> None:
        """Add lines at the depth at hand."""
        self.lines += ["    " * self.depth + line if line else "" for line in lines]

    @contextmanager
    def block(self, head: str, end: str = "}") -> Iterator[None]:
        """A head with braces around what is added inside."""
        self.add(f"{head} {{" if head else "{")
        self.depth += 1
        yield
        self.depth -= 1
        self.add(end)


class NestPrinter:
    """Prints one nest.

    Args:
        name: what its function is called.
        nest: what to print.
        tensors: the tensors of the function.
        buffers: their memory.
        real: "f32" or "f64".
        wide: whether the target has vectors at all.
    """

    def __init__(
        self, name: str, nest: Nest, tensors: Mapping[str, Tensor], buffers: Mapping[str, Buffer], real: str, wide: bool
    ) -> None:
        self.name, self.nest, self.tensors, self.wide = name, nest, tensors, wide
        self.walk = Walk(tensors)
        self.scope = Scope(buffers, real, nest.lanes, nest.vector)
        self.out = Lines()

    # ---- the function around the loops

    def function(self) -> str:
        """The text of the nest's function, and of its register tile where it has one."""
        tiled = self.nest.tile is not None
        if tiled:
            self.tile_function()
            self.out.add("")
        self.out.add(*self.comment())
        with self.out.block(f"static void {self.name}({self.parameters()})"):
            if tiled:
                self.tile_loops()
            else:
                self.pointers()
                self.squares() if self.nest.blocked else self.loops(list(self.nest.axes), self.scope)
        return "\n".join(self.out.lines)

    def parameters(self) -> str:
        """What the function is given."""
        head = "const struct tensors *t"
        return head if self.nest.split is None else f"{head}, index_t begin, index_t end"

    def comment(self) -> list[str]:
        """The statements, as the program prints them."""
        lines = [f"{s}{f'   ({order_of(s)})' if isinstance(s, Contract) else ''}" for s in self.nest.statements]
        if len(lines) == 1:
            return [f"/* {lines[0]} */"]
        return [f"/* {lines[0]}", *(f" * {line}" for line in lines[1:-1]), f" * {lines[-1]} */"]

    def pointers(self) -> None:
        """Names for the memory that the function touches."""
        places = {self.scope.buffers[s].name for s in self.nest.stored}
        touched = sorted({self.scope.buffers[n].name for n in (*self.nest.inputs, *self.nest.stored)})
        for name in touched:
            kind = SHORT[self.scope.buffers[name].dtype]
            const_ = "" if name in places else "const "
            self.out.add(f"{const_}{kind} *restrict const {identifier(name)} = t->{identifier(name)};")

    def extent(self, axis: str) -> str:
        """The size of an axis."""
        return self.size(self.nest.sizes[axis])

    def size(self, size: Extent) -> str:
        """An extent as C text."""
        return "t->rows" if isinstance(size, str) else str(size)

    def bounds(self, axis: str) -> tuple[str, str]:
        """Where a loop over an output axis starts and ends."""
        return ("begin", "end") if axis == self.nest.split else ("0", self.extent(axis))

    # ---- loops without a register tile

    def loops(self, axes: list[str], scope: Scope) -> None:
        """The loops over output axes, outermost first, and the element inside."""
        if not axes:
            self.element(scope)
            return
        axis, rest = axes[0], axes[1:]
        low, high = self.bounds(axis)
        name = scope.axis(axis)
        if axis != self.nest.vector or scope.lanes == 1:
            with self.out.block(f"for (index_t {name} = {low}; {name} < {high}; {name}++)"):
                self.loops(rest, scope)
            return
        lanes = scope.lanes
        if self.may_run_past(axis):
            with self.out.block(f"for (index_t {name} = {low}; {name} < {high}; {name} += {lanes})"):
                self.loops(rest, scope)
            return
        self.out.add(f"index_t {name} = {low};")
        with self.out.block(f"for (; {name} + {lanes} <= {high}; {name} += {lanes})"):
            self.loops(rest, scope)
        with self.out.block(f"for (; {name} < {high}; {name}++)"):
            self.loops(rest, scope.scalar())

    def squares(self) -> None:
        """Two loops in squares of 16 by 16: what is read crosswise stays in the cache."""
        outer, inner = self.nest.axes
        (low, high), names = self.bounds(outer), (self.scope.axis(outer), self.scope.axis(inner))
        starts = [f"{name}0" for name in names]
        with (
            self.out.block(f"for (index_t {starts[0]} = {low}; {starts[0]} < {high}; {starts[0]} += 16)"),
            self.out.block(f"for (index_t {starts[1]} = 0; {starts[1]} < {self.extent(inner)}; {starts[1]} += 16)"),
        ):
            for name, start, end in zip(names, starts, (high, self.extent(inner)), strict=True):
                self.out.add(f"const index_t {name}1 = {start} + 16 < {end} ? {start} + 16 : {end};")
            a, b = names
            with (
                self.out.block(f"for (index_t {a} = {starts[0]}; {a} < {a}1; {a}++)"),
                self.out.block(f"for (index_t {b} = {starts[1]}; {b} < {b}1; {b}++)"),
            ):
                self.element(self.scope)

    def may_run_past(self, axis: str) -> bool:
        """Whether every access along an axis lies in padded memory."""
        for statement in self.nest.statements:
            for access in (*statement.reads(), statement.target):
                if self.walk.stride(access, axis) == 1 and not self.scope.buffers[access.tensor].padded:
                    size = self.nest.sizes[axis]
                    if not isinstance(size, int) or size % self.nest.lanes:
                        return False
        return True

    def element(self, scope: Scope) -> None:
        """The chain of one output element (or one register of them), then the maps."""
        head = self.nest.head
        if isinstance(head, Contract):
            if order_of(head).lanes:
                self.sum_in_lanes(head, scope)
            else:
                self.chain(head, scope, f"{head.out}_v", "")
            scope = scope.knowing(head.out, f"{head.out}_v")
            self.keep(head, scope)
        elif isinstance(head, Max):
            self.maximum(head, scope)
            scope = scope.knowing(head.out, f"{head.out}_v")
            self.keep(head, scope)
        for statement in self.nest.maps:
            scope = self.map(statement, scope)

    # ---- statements

    def dtype(self, statement: Statement) -> str:
        """The type of what a statement defines."""
        return self.tensors[statement.out].dtype

    def map(self, statement: Map, scope: Scope) -> Scope:
        """One map in registers; stored where somebody else reads it."""
        lines: list[str] = []
        printer = Printer(scope, statement, lines, self.dtype(statement))
        if self.dtype(statement) == INTEGER:
            self.out.add(f"{scope.element(statement.target)} = {scope.element(statement.expr.access)};")
            return scope
        value = printer.print(self.bounded(statement, statement.expr))
        self.out.add(*lines)
        name = f"{identifier(statement.out)}_v"
        kind = printer.kind
        self.out.add(f"const {kind} {name} = {printer.wide(value)};")
        scope = scope.knowing(statement.out, name)
        self.keep(statement, scope, kind)
        return scope

    def bounded(self, statement: Statement, expr: Expr) -> Expr:
        """Reads out of bounds give 0."""
        for access in expr.reads():
            if self.walk.inside(statement, access):
                continue
            value = Expr("access", (access,))
            guarded = value
            for index, size in zip(access.indices, self.tensors[access.tensor].dims, strict=True):
                if isinstance(size, int) and not isinstance(index, Access):
                    place = Expr("axis", (index,))
                    guarded = Expr("where", (Expr("ge", (place, const(0))), guarded, const(0)))
                    guarded = Expr("where", (Expr("gt", (const(size), place)), guarded, const(0)))
            expr = expr.swap(value, guarded)
        return expr

    def keep(self, statement: Statement, scope: Scope, kind: str | None = None) -> None:
        """Store a value that is read from memory later."""
        if statement.out not in self.nest.stored:
            return
        value = scope.registers[statement.out]
        if scope.lanes == 1:
            self.out.add(f"{scope.element(statement.target)} = {value};")
        else:
            offset = scope.offset(statement.target)
            pointer = scope.pointer(statement.out)
            self.out.add(
                f"store_{kind or scope.type()}({pointer if offset == '0' else f'{pointer} + {offset}'}, {value});"
            )

    # ---- sums

    def term(self, head: Contract, scope: Scope, register: str) -> str:
        """One more term on a chain: fma of the factors, or a sum for a single one."""
        lines: list[str] = []
        printer = Printer(scope, head, lines, self.dtype(head))
        values = [printer.read(f) for f in head.factors]
        self.out.add(*lines)
        if len(values) == 1:
            return f"{register} + {printer.wide(values[0])}"
        product = values[0]
        for value in values[1:-1]:
            product = printer.binary("*", product, value)
        return f"fma_{printer.kind}({printer.wide(product)}, {printer.wide(values[-1])}, {register})"

    def conditions(self, head: Contract | Max, scope: Scope) -> list[str]:
        """What a term must meet: bounds of its accesses, and its guards."""
        found = []
        for access in head.factors if isinstance(head, Contract) else (head.value,):
            for index, size in zip(access.indices, self.tensors[access.tensor].dims, strict=True):
                one = Access(access.tensor, tuple(index for _ in access.indices))
                if isinstance(index, Access) or (index.plain and head.sizes[index.plain] == size):
                    continue
                low, high = index.lowest(head.sizes), index.highest(head.sizes)
                text = scope.index(one.indices[0])
                found += [f"{text} >= 0"] if low is None or low < 0 else []
                found += (
                    [f"{text} < {self.size(size)}"] if isinstance(size, str) or high is None or high >= size else []
                )
        for guard in head.guards:
            if isinstance(guard, AtLeast):
                found.append(f"{scope.index(guard.index)} >= 0")
            else:
                found.append(f"{scope.index(guard.left)} == {scope.index(guard.right)}")
        return list(dict.fromkeys(found))

    def start(self, head: Contract, scope: Scope) -> str:
        """Where a chain begins: init, or +0."""
        printer = Printer(scope, head, [], self.dtype(head))
        return printer.wide(printer.read(head.init) if head.init else printer.constant(0.0))

    def zero(self, head: Contract, scope: Scope) -> str:
        """+0 in a register."""
        printer = Printer(scope, head, [], self.dtype(head))
        return printer.wide(printer.constant(0.0))

    def chain(self, head: Contract, scope: Scope, name: str, place: str) -> None:
        """A chain into the register ``name``; ``place`` is "[r][c]" inside a tile.

        More than one block: the sum so far waits in ``total`` while the next block starts from +0.
        """
        order, kind = order_of(head), scope.type() if self.dtype(head) == "real" else "f64"
        if not place:
            self.out.add(f"{kind} {name} = {self.start(head, scope)};")
        self.blocks(head, order, scope, name, place, kind, lambda: self.chain_body(head, scope, name, place, order))

    def blocks(self, head: Contract, order: Order, scope: Scope, name: str, place: str, kind: str, body) -> None:  # type: ignore[no-untyped-def]
        """The body once, or for block after block."""
        if order.block is None:
            body()
            return
        size = self.size(head.sizes[head.over[0]])
        array = "[HEIGHT][VECTORS]" if place else ""
        array = array.replace("HEIGHT", str(self.nest.height)).replace("VECTORS", str(self.nest.vectors))
        self.out.add(
            f"{kind} total{array};", f"index_t first = 0, last = {size} < {order.block} ? {size} : {order.block};"
        )
        with self.out.block("for (;;)"):
            body()
            self.out.add(f"if (last == {size}) break;")
            with self.each_register(place):
                self.out.add(f"total{place} = first ? total{place} + {name}{place} : {name}{place};")
                self.out.add(f"{name}{place} = {self.zero(head, scope)};")
            self.out.add("first = last;", f"last = {size} - first < {order.block} ? {size} : first + {order.block};")
        with self.out.block("if (first)"), self.each_register(place):
            self.out.add(f"{name}{place} = total{place} + {name}{place};")

    @contextmanager
    def each_register(self, place: str) -> Iterator[None]:
        """The loops over a tile's registers; nothing around a single one."""
        if not place:
            yield
            return
        with (
            self.out.block("LL_UNROLL for (int r = 0; r < height; r++)"),
            self.out.block("LL_UNROLL for (int c = 0; c < vectors; c++)"),
        ):
            yield

    def chain_body(self, head: Contract, scope: Scope, name: str, place: str, order: Order) -> None:
        """The loops over the summed axes, in order."""
        self.summed(head, list(head.over), scope, order, lambda: self.accumulate(head, scope, name, place))

    def summed(self, head: Contract | Max, over: list[str], scope: Scope, order: Order, body) -> None:  # type: ignore[no-untyped-def]
        """Nested loops over summed axes; the outermost is cut into blocks."""
        if not over:
            found = self.conditions(head, scope)
            if found:
                with self.out.block(f"if ({' && '.join(found)})"):
                    body()
            else:
                body()
            return
        name = scope.axis(over[0])
        outermost = over[0] == head.over[0] and order.block is not None
        low, high = ("first", "last") if outermost else ("0", self.size(head.sizes[over[0]]))
        with self.out.block(f"for (index_t {name} = {low}; {name} < {high}; {name}++)"):
            self.summed(head, over[1:], scope, order, body)

    def accumulate(self, head: Contract, scope: Scope, name: str, place: str) -> None:
        """One term, into every register of the tile."""
        with self.each_register(place):
            self.out.add(f"{name}{place} = {self.term(head, scope, name + place)};")

    def sum_in_lanes(self, head: Contract, scope: Scope) -> None:
        """A sum in 16 lanes, added by the fixed tree."""
        order, real = order_of(head), self.scope.real if self.dtype(head) == "real" else "f64"
        name, kind = f"{head.out}_v", real
        self.out.add(f"{kind} {name} = {self.start(head, scope)};")
        begins = "" if head.init else f"{name} = "
        del begins

        def body() -> None:
            self.lanes_body(head, scope, order, real)
            self.out.add(f"{name} = {name} + tree_{real}(lane);")

        self.blocks(head, order, scope, name, "", kind, lambda: self.lane_block(body))

    def lane_block(self, body) -> None:  # type: ignore[no-untyped-def]
        """Lanes live inside their block only."""
        with self.out.block(""):
            body()

    def lanes_body(self, head: Contract, scope: Scope, order: Order, real: str) -> None:
        """The terms of a block, each to the lane of its position."""
        self.out.add(f"{real} lane[16] = {{0}};")
        outer, last = list(head.over[:-1]), head.over[-1]
        cut = len(head.over) == 1 and order.block is not None
        low, high = ("first", "last") if cut else ("0", self.size(head.sizes[last]))
        name = scope.axis(last)
        inner = scope.at(**{last: f"{name} + k"})
        known = self.conditions(head, scope)
        found = self.conditions(head, inner)
        each = " && ".join(c for c in found if c not in known)  # those that the lane's own position decides
        term = f"{f'if ({each}) ' if each else ''}lane[k] = {self.term(head, inner, 'lane[k]')};"

        def rows() -> None:
            self.out.add(f"index_t {name} = {low};")
            with self.out.block(f"for (; {name} + 16 <= {high}; {name} += 16)"):
                self.out.add(f"LL_UNROLL for (int k = 0; k < 16; k++) {term}")
            self.out.add(f"for (int k = 0; {name} + k < {high}; k++) {term}")

        def allowed() -> None:
            whole = " && ".join(c for c in found if c in known)
            if not whole:
                rows()
                return
            with self.out.block(f"if ({whole})"):
                rows()

        if not outer:
            allowed()
            return
        self.summed(replace(head, over=tuple(outer), factors=(), guards=()), outer, scope, order, allowed)

    def maximum(self, head: Max, scope: Scope) -> None:
        """The largest value, or where it first occurs."""
        real = self.scope.real
        lowest = "real_f32(0xff800000u)" if real == "f32" else "real_f64(0xfff0000000000000ull)"
        best = f"{head.out}_best" if head.position else f"{head.out}_v"
        self.out.add(f"{real} {best} = {lowest};")
        if head.position:
            self.out.add(f"i32 {head.out}_v = 0;")
        place = "0"
        for axis in head.over:
            place = (
                scope.axis(axis) if place == "0" else f"({place}) * {self.size(head.sizes[axis])} + {scope.axis(axis)}"
            )

        def body() -> None:
            value = scope.element(head.value)
            if head.position:
                with self.out.block(f"if ({value} > {best})"):
                    self.out.add(f"{best} = {value};", f"{head.out}_v = (i32)({place});")
            else:
                self.out.add(f"{best} = max_{real}({value}, {best});")

        self.summed(head, list(head.over), scope, Order(False, None), body)

    # ---- register tiles

    def tile_function(self) -> None:
        """One register tile: ``height`` steps of the tile's axis by ``vectors`` registers."""
        nest, head = self.nest, self.nest.head
        assert isinstance(head, Contract)
        assert nest.tile is not None
        assert nest.vector is not None
        tile, vector = self.scope.axis(nest.tile), self.scope.axis(nest.vector)
        others = [a for a in nest.axes if a not in (nest.tile, nest.vector)]
        places = "".join(f", index_t {self.scope.axis(a)}" for a in (*others, nest.tile, nest.vector))
        scope = self.scope.at(**{nest.tile: f"{tile} + r", nest.vector: f"{vector} + {nest.lanes} * c"})
        head_text = (
            f"LL_INLINE void {self.name}_tile(const struct tensors *t{places}, const int height, const int vectors)"
        )
        with self.out.block(head_text):
            self.pointers()
            name = f"{head.out}_v"
            self.out.add(f"{scope.type()} {name}[{nest.height}][{nest.vectors}];")
            with self.each_register("[r][c]"):
                self.out.add(f"{name}[r][c] = {self.start(head, scope)};")
            self.chain(head, scope, name, "[r][c]")
            with self.each_register("[r][c]"):
                scope = scope.knowing(head.out, f"{name}[r][c]")
                self.keep(head, scope)
                for statement in nest.maps:
                    scope = self.map(statement, scope)

    def tile_loops(self) -> None:
        """Every tile: whole ones first, then the steps and registers that are left over."""
        nest = self.nest
        assert nest.tile is not None
        assert nest.vector is not None
        others = [a for a in nest.axes if a not in (nest.tile, nest.vector)]
        self.other_loops(others)

    def other_loops(self, others: list[str]) -> None:
        """Loops over the output axes that belong to no tile."""
        if others:
            name = self.scope.axis(others[0])
            low, high = self.bounds(others[0])
            with self.out.block(f"for (index_t {name} = {low}; {name} < {high}; {name}++)"):
                self.other_loops(others[1:])
            return
        nest = self.nest
        assert nest.vector is not None
        size = nest.sizes[nest.vector]
        assert isinstance(size, int), "a tile's vectors run along an axis of known extent"
        whole = -(-size // nest.lanes)
        step, name = nest.lanes * nest.vectors, self.scope.axis(nest.vector)
        if nest.vector == nest.split:
            with self.out.block(f"for (index_t {name} = begin; {name} < end; {name} += {nest.lanes})"):
                self.tile_steps(name, 1)
            return
        panels, rest = divmod(whole, nest.vectors)
        if panels == 1:
            self.tile_steps("0", nest.vectors)
        elif panels:
            with self.out.block(f"for (index_t {name} = 0; {name} < {panels * step}; {name} += {step})"):
                self.tile_steps(name, nest.vectors)
        if rest:
            self.tile_steps(str(panels * step), rest)

    def tile_steps(self, vector: str, vectors: int) -> None:
        """The loop along the tile's axis, in steps of the whole height, then of fewer."""
        nest = self.nest
        assert nest.tile is not None
        name = self.scope.axis(nest.tile)
        low, high = self.bounds(nest.tile)
        others = "".join(f"{self.scope.axis(a)}, " for a in nest.axes if a not in (nest.tile, nest.vector))
        size = nest.sizes[nest.tile]
        with self.out.block(""):
            self.out.add(f"index_t {name} = {low};")
            for height in self.heights(size):
                self.out.add(
                    f"for (; {name} + {height} <= {high}; {name} += {height}) "
                    f"{self.name}_tile(t, {others}{name}, {vector}, {height}, {vectors});"
                )

    def heights(self, size: Extent) -> list[int]:
        """Tile heights to go through, largest first."""
        steps = [h for h in (self.nest.height, 4, 1) if h <= self.nest.height and (isinstance(size, str) or h <= size)]
        return list(dict.fromkeys(steps))


def type_bytes(dtype: str) -> int:
    """Bytes of a number."""
    return BYTES[dtype]
