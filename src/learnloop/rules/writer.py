"""What a rule writes with: a block of statements that knows its place in the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..language import DOUBLE, INTEGER, ROWS, Block, Extent
from .initializers import Initializer

PURPOSE_SHUFFLE = 0
PURPOSE_PARAMETERS = 1 << 16
PURPOSE_DROPOUT = 2 << 16


@dataclass(frozen=True)
class Parameter:
    """A tensor that learning changes.

    Attributes:
        name: what the user calls it, "dense_1.weight".
        tensor: what the program calls it, "W1".
        dims: its shape.
        initializer: its values before the first update.
        fans: inputs and outputs of one unit, which initializers scale with.
        layer: the name of its layer.
    """

    name: str
    tensor: str
    dims: tuple[int, ...]
    initializer: Initializer
    fans: tuple[int, int]
    layer: str


@dataclass
class Writer:
    """The statements of one pass through a network, and what the rules declare on the way.

    Attributes:
        training: whether dropout is at work.
        block: the statements so far.
        parameters: the parameters, in the order of their declaration.
        options: numbers given at run time, and what they are unless given.
        starts: the first values of the state that does not start at zero.
        layer_of: the layer of each tensor.
    """

    training: bool
    block: Block = field(default_factory=Block)
    parameters: list[Parameter] = field(default_factory=list)
    options: dict[str, float] = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)
    layer_of: dict[str, str] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    count: int = 0
    dropouts: int = 0

    @contextmanager
    def layer(self, name: str) -> Iterator[None]:
        """Everything written inside belongs to this layer."""
        self.path.append(name)
        self.count += 1
        before = set(self.block.tensors)
        yield
        inner = [t for t in self.block.tensors if t not in before]
        self.layer_of.update({t: ".".join(self.path) for t in inner if t not in self.layer_of})
        self.path.pop()

    def name(self, symbol: str) -> str:
        """The symbol with the number of the layer: ``z`` becomes ``z3``."""
        return self.block.fresh(f"{symbol}{self.count}")

    def write(self, text: str, let: Mapping[str, float | Extent] | None = None, /, **names: str) -> str:
        """One statement over rows and units; see :meth:`learnloop.language.Block.write`."""
        return self.block.write(text, let, **names)

    def parameter(
        self, symbol: str, label: str, dims: tuple[int, ...], initializer: Initializer, fans: tuple[int, int]
    ) -> str:
        """Declare a parameter of the layer at hand; returns its tensor."""
        tensor = self.block.declare(self.name(symbol), dims, role="parameter")
        layer = ".".join(self.path)
        self.parameters.append(Parameter(f"{layer}.{label}", tensor, dims, initializer, fans, layer))
        return tensor

    def option(self, name: str, value: float) -> str:
        """Declare a number that is given at run time, not compiled in; returns its tensor."""
        if name not in self.block.tensors:
            self.block.declare(name, (), DOUBLE, "option")
            self.options[name] = value
        return name

    def number(self, name: str, text: str, /, **names: str) -> str:
        """A rank-0 number computed in float64 and rounded once to the program's own type."""
        output = text.split("=")[0].strip()
        exact = self.block.write(text, None, DOUBLE, **{output: f"{name}_exact"}, **names)
        return self.block.write("r = e", None, r=name, e=exact)

    def next_dropout(self) -> int:
        """The purpose that keys the random numbers of one dropout layer."""
        self.dropouts += 1
        return PURPOSE_DROPOUT + self.dropouts

    def units(self, tensor: str) -> int:
        """How many units a (rows, units) tensor has."""
        size = self.block.tensors[tensor].dims[-1]
        assert isinstance(size, int)
        return size

    def batch_tensors(self) -> None:
        """Declare what every pass is given: the rows of the batch and the count of updates."""
        self.block.declare("row", (ROWS,), INTEGER, "input")
        self.block.declare("update", (), INTEGER, "input")
