"""The three statements, and the tensors they define.

Map      out[a..] = Expr                                      out-of-bounds access reads 0
Contract out[a..] = (init +)? sum(r.., Access * ..., Guard*)  a term whose guard or bounds fail is skipped
Max      out[a..] = max | argmax (r.., Access, Guard*)        argmax: the first position
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .expression import Expr, rename_index
from .index import Access, Affine, Extent, Index, plain

REAL, DOUBLE, INTEGER = "real", "float64", "int32"
"""Types of tensors: the program's own float32 or float64; clocks and rates; labels and row numbers."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """A named array.

    Attributes:
        name: a C identifier that learnloop chose; never a user's string.
        dims: its extents.
        dtype: "real", "float64" or "int32".
        role: "input" (given with each batch), "option" (given with each run), "parameter", "state" or "value".
    """

    name: str
    dims: tuple[Extent, ...]
    dtype: str = REAL
    role: str = "value"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The guard ``index >= 0``."""

    index: Affine

    def indices(self) -> tuple[Index, ...]:
        """The indices it compares."""
        return (self.index,)

    def substitute(self, new: Mapping[str, Affine]) -> Guard:
        """The guard with some axes replaced."""
        return AtLeast(self.index.substitute(new))

    def __str__(self) -> str:
        return f"{self.index}>=0"


@dataclass(frozen=True, slots=True)
class Same:
    """The guard ``left == right``."""

    left: Index
    right: Index

    def indices(self) -> tuple[Index, ...]:
        """The indices it compares."""
        return (self.left, self.right)

    def substitute(self, new: Mapping[str, Affine]) -> Guard:
        """The guard with some axes replaced."""
        return Same(self.left.substitute(new), self.right.substitute(new))

    def __str__(self) -> str:
        return f"{self.left}=={self.right}"


Guard = AtLeast | Same


@dataclass(frozen=True)
class Statement:
    """What all three statements have.

    Attributes:
        out: the tensor it defines.
        axes: the axes of the output, in the order of its dimensions.
        sizes: the extent of every axis.
    """

    out: str
    axes: tuple[str, ...]
    sizes: Mapping[str, Extent] = field(hash=False)

    @property
    def dims(self) -> tuple[Extent, ...]:
        """The extents of the output."""
        return tuple(self.sizes[a] for a in self.axes)

    @property
    def target(self) -> Access:
        """The element of the output that one pass computes."""
        return plain(self.out, self.axes)

    @property
    def summed(self) -> tuple[str, ...]:
        """The axes that are summed or searched."""
        return ()

    def values(self) -> list[Access]:
        """The accesses whose values enter, without those inside indices and guards."""
        raise NotImplementedError

    def guards_of(self) -> tuple[Guard, ...]:
        """The guards."""
        return ()

    def reads(self) -> list[Access]:
        """Every access, the ones inside indices and guards, too."""
        return self._reads

    @cached_property
    def _reads(self) -> list[Access]:  # passes ask for them thousands of times
        places: list[Index] = list(self.values())
        for guard in self.guards_of():
            places += guard.indices()
        found = [a for place in places if isinstance(place, Access) for a in place.nested()]
        return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Map(Statement):
    """An elementwise expression."""

    expr: Expr

    def values(self) -> list[Access]:
        """The accesses of the expression, those in the arguments of ``uniform`` included."""
        return list(dict.fromkeys(i for i in self.expr.indices() if isinstance(i, Access)))

    def __str__(self) -> str:
        return f"{self.target} = {self.expr}"


@dataclass(frozen=True)
class Contract(Statement):
    """A sum of products."""

    over: tuple[str, ...]
    factors: tuple[Access, ...]
    init: Access | None = None
    guards: tuple[Guard, ...] = ()

    @property
    def summed(self) -> tuple[str, ...]:
        """The axes of the sum, outermost first."""
        return self.over

    def values(self) -> list[Access]:
        """The factors, then the init."""
        return [*self.factors, *([self.init] if self.init else [])]

    def guards_of(self) -> tuple[Guard, ...]:
        """The guards."""
        return self.guards

    def __str__(self) -> str:
        head = f"{self.init} + " if self.init else ""
        guards = "".join(f", {g}" for g in self.guards)
        return f"{self.target} = {head}sum({', '.join(self.over)}, {'*'.join(map(str, self.factors))}{guards})"


@dataclass(frozen=True)
class Max(Statement):
    """The largest value, or the place where it first occurs (row-major over the searched axes)."""

    over: tuple[str, ...]
    value: Access
    position: bool = False
    guards: tuple[Guard, ...] = ()

    @property
    def summed(self) -> tuple[str, ...]:
        """The axes of the search, outermost first."""
        return self.over

    def values(self) -> list[Access]:
        """The one access."""
        return [self.value]

    def guards_of(self) -> tuple[Guard, ...]:
        """The guards."""
        return self.guards

    def __str__(self) -> str:
        guards = "".join(f", {g}" for g in self.guards)
        name = "argmax" if self.position else "max"
        return f"{self.target} = {name}({', '.join(self.over)}, {self.value}{guards})"


@dataclass(frozen=True, slots=True)
class Commit:
    """``state <- value`` after the last statement; updating in place is a decision about memory."""

    state: str
    value: str

    def __str__(self) -> str:
        return f"{self.state} <- {self.value}"


def renamed(statement: Statement, axes: Mapping[str, str]) -> Statement:
    """The statement with its axes renamed one to one."""
    new = {old: Affine(((name, 1),)) for old, name in axes.items()}
    out, own = statement.out, tuple(axes.get(a, a) for a in statement.axes)
    sizes = {axes.get(a, a): s for a, s in statement.sizes.items()}
    if isinstance(statement, Map):
        return Map(out, own, sizes, statement.expr.substitute(new))
    guards = tuple(g.substitute(new) for g in statement.guards_of())
    over = tuple(axes.get(a, a) for a in statement.summed)
    if isinstance(statement, Max):
        return Max(out, own, sizes, over, statement.value.substitute(new), statement.position, guards)
    assert isinstance(statement, Contract)
    init = statement.init.substitute(new) if statement.init else None
    terms = tuple(f.substitute(new) for f in statement.factors)
    return Contract(out, own, sizes, over, terms, init, guards)


def reading(statement: Contract, old: Access, new: Access) -> Contract:
    """The sum with one factor replaced."""
    terms = tuple(new if f == old else f for f in statement.factors)
    return Contract(
        statement.out, statement.axes, statement.sizes, statement.over, terms, statement.init, statement.guards
    )


__all__ = [
    "DOUBLE",
    "INTEGER",
    "REAL",
    "AtLeast",
    "Commit",
    "Contract",
    "Guard",
    "Map",
    "Max",
    "Same",
    "Statement",
    "Tensor",
    "reading",
    "rename_index",
    "renamed",
]
