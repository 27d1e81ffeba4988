"""The plan: what the C printer prints. A closed grammar, verified after the last pass.

    Plan   = Routine*                                     one for each function of the program
    Routine= Phase*                                       threads meet between phases
    Phase  = Nest*                                        each thread runs its share of every nest
    Nest   = loops over the output axes { chain; Map* }   chain: one Contract or Max, or none
             vector: the axis that a vector register runs along; tile: the axis whose steps share loaded values

Inside a nest every output element meets its terms in the order that the statement has; tiles, vectors, threads and the
order of the outputs are free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..language import INTEGER, ROWS, Contract, Extent, Map, Max, Statement, Tensor


@dataclass(frozen=True)
class Nest:
    """Loops over output axes; in each element a chain, then maps.

    Attributes:
        head: the sum or maximum, if there is one.
        maps: elementwise statements on the same output axes; they see the values before them in registers.
        vector: the output axis of the vector registers, or None for scalars.
        lanes: numbers in a register; without such an axis, in one of a sum in 16 lanes.
        vectors: how many registers side by side.
        tile: the output axis of the register tile, or None.
        height: how many steps of it.
        stored: the outputs that somebody else reads.
        blocked: whether two output axes are walked in small squares, because memory is read along one of them and
            written along the other.
    """

    head: Contract | Max | None
    maps: tuple[Map, ...]
    vector: str | None = None
    lanes: int = 1
    vectors: int = 1
    tile: str | None = None
    height: int = 1
    stored: frozenset[str] = frozenset()
    blocked: bool = False

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Everything that the nest computes, in order."""
        head: tuple[Statement, ...] = (self.head,) if self.head else ()
        return (*head, *self.maps)

    @property
    def axes(self) -> tuple[str, ...]:
        """The output axes."""
        return self.statements[0].axes

    @property
    def sizes(self) -> Mapping[str, Extent]:
        """The extents of all axes."""
        return {a: s for statement in reversed(self.statements) for a, s in statement.sizes.items()}

    @property
    def outputs(self) -> set[str]:
        """What it defines."""
        return {s.out for s in self.statements}

    @property
    def inputs(self) -> set[str]:
        """What it reads from memory."""
        return {a.tensor for s in self.statements for a in s.reads()} - self.outputs

    @property
    def split(self) -> str | None:
        """The axis that threads share out: the first output axis; None where one thread does it all."""
        return self.axes[0] if self.axes else None

    @property
    def over_rows(self) -> bool:
        """Whether threads share out the rows of the batch."""
        return self.split is not None and self.sizes[self.split] == ROWS


@dataclass(frozen=True)
class Phase:
    """Nests that threads run without waiting for each other."""

    nests: tuple[Nest, ...]


@dataclass(frozen=True)
class Routine:
    """One function of the program, planned.

    Attributes:
        name: of the function.
        tensors: every tensor, copies that a pass added included.
        phases: in order.
        places: a committed value lives in its state's memory.
        outputs: tensors that the caller reads.
    """

    name: str
    tensors: Mapping[str, Tensor]
    phases: tuple[Phase, ...]
    places: Mapping[str, str]
    outputs: tuple[str, ...]

    @property
    def nests(self) -> tuple[Nest, ...]:
        """All nests in order."""
        return tuple(n for phase in self.phases for n in phase.nests)

    def in_memory(self) -> list[Tensor]:
        """The tensors that have a buffer of their own."""
        named = {t for n in self.nests for t in (*n.inputs, *n.stored)} | {"row", "update"}
        return [t for t in self.tensors.values() if t.name in named and t.name not in self.places]


@dataclass(frozen=True)
class Sketch:
    """A function while the passes work on it: nests in order, no phases yet."""

    name: str
    tensors: dict[str, Tensor]
    nests: tuple[Nest, ...]
    places: dict[str, str] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()

    def with_nests(self, nests: list[Nest]) -> Sketch:
        """The sketch with other nests."""
        return replace(self, nests=tuple(nests))

    def producer(self) -> dict[str, int]:
        """The place of the nest that defines each tensor."""
        return {out: k for k, nest in enumerate(self.nests) for out in nest.outputs}

    def is_integer(self, nest: Nest) -> bool:
        """Whether a nest computes labels or row numbers."""
        return any(self.tensors[o].dtype == INTEGER for o in nest.outputs)
