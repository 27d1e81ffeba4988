"""What all parts of the C printer write with: the text so far, the nest at hand, and what its names mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ...language import INTEGER, Access, Expr, Extent, Map, Statement, Tensor, const
from ..layout import Buffer
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

    @contextmanager
    def loop(self, name: str, low: str, high: str, step: int = 1) -> Iterator[None]:
        """A counting loop."""
        further = f"{name}++" if step == 1 else f"{name} += {step}"
        with self.block(f"for (index_t {name} = {low}; {name} < {high}; {further})"):
            yield


class Pen(Lines):
    """Writes one nest.

    Args:
        name: what its function is called.
        nest: what to print.
        tensors: the tensors of the function.
        buffers: their memory.
        real: "f32" or "f64".
    """

    def __init__(
        self, name: str, nest: Nest, tensors: Mapping[str, Tensor], buffers: Mapping[str, Buffer], real: str
    ) -> None:
        super().__init__()
        self.name, self.nest, self.tensors = name, nest, tensors
        self.walk = Walk(tensors)
        self.scope = Scope(buffers, real, nest.lanes if nest.vector else 1, nest.vector)

    def dtype(self, statement: Statement) -> str:
        """The type of what a statement defines."""
        return self.tensors[statement.out].dtype

    def printer(self, statement: Statement, scope: Scope, lines: list[str] | None = None) -> Printer:
        """A printer of the statement's expressions."""
        return Printer(scope, statement, [] if lines is None else lines, self.dtype(statement))

    def size(self, size: Extent) -> str:
        """An extent as C text."""
        return "t->rows" if isinstance(size, str) else str(size)

    def extent(self, axis: str) -> str:
        """The size of an axis."""
        return self.size(self.nest.sizes[axis])

    def bounds(self, axis: str) -> tuple[str, str]:
        """Where a loop over an output axis starts and ends."""
        return ("begin", "end") if axis == self.nest.split else ("0", self.extent(axis))

    def pointers(self) -> None:
        """Names for the memory that the function touches."""
        places = {self.scope.buffers[s].name for s in self.nest.stored}
        touched = sorted({self.scope.buffers[n].name for n in (*self.nest.inputs, *self.nest.stored)})
        for name in touched:
            kind = SHORT[self.scope.buffers[name].dtype]
            const_ = "" if name in places else "const "
            self.add(f"{const_}{kind} *restrict const {identifier(name)} = t->{identifier(name)};")

    def map(self, statement: Map, scope: Scope) -> Scope:
        """One map in registers; stored where somebody else reads it."""
        if self.dtype(statement) == INTEGER:
            self.add(f"{scope.element(statement.target)} = {scope.element(statement.expr.access)};")
            return scope
        lines: list[str] = []
        printer = self.printer(statement, scope, lines)
        value = printer.print(self.bounded(statement))
        self.add(*lines)
        name = f"{identifier(statement.out)}_v"
        self.add(f"const {printer.kind} {name} = {printer.wide(value)};")
        scope = scope.knowing(statement.out, name)
        self.keep(statement, scope)
        return scope

    def bounded(self, statement: Map) -> Expr:
        """The expression of a map; reads out of bounds give 0."""
        expr = statement.expr
        for access in expr.reads():
            if self.walk.inside(statement, access):
                continue
            value = guarded = Expr("access", (access,))
            for index, size in zip(access.indices, self.tensors[access.tensor].dims, strict=True):
                if isinstance(size, int) and not isinstance(index, Access):
                    place = Expr("axis", (index,))
                    guarded = Expr("where", (Expr("ge", (place, const(0))), guarded, const(0)))
                    guarded = Expr("where", (Expr("gt", (const(size), place)), guarded, const(0)))
            expr = expr.swap(value, guarded)
        return expr

    def keep(self, statement: Statement, scope: Scope) -> None:
        """Store a value that is read from memory later."""
        if statement.out not in self.nest.stored:
            return
        value = scope.registers[statement.out]
        if scope.lanes == 1:
            self.add(f"{scope.element(statement.target)} = {value};")
            return
        offset, pointer = scope.offset(statement.target), scope.pointer(statement.out)
        place = pointer if offset == "0" else f"{pointer} + {offset}"
        self.add(f"store_{self.printer(statement, scope).kind}({place}, {value});")
