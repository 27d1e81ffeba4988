"""The program: a network's whole learning loop as one list of statements that a person can print and read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..language import Commit, Contract, Statement, Tensor, order_of
from ..rules import Parameter

ARITHMETIC = 1
"""Changes when the same statements come to give other bits: functions, random numbers, orders. Runs remember it."""


@dataclass(frozen=True)
class Section:
    """A named stretch of a function's statements: "forward", "loss", "backward" ..."""

    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Function:
    """One thing that a program can do.

    Attributes:
        name: "train", "predict" or "initialise".
        tensors: every tensor that its statements mention.
        sections: the statements, in order.
        commits: what happens after the last statement.
        outputs: the tensors that somebody reads afterwards.
    """

    name: str
    tensors: Mapping[str, Tensor]
    sections: tuple[Section, ...]
    commits: tuple[Commit, ...] = ()
    outputs: tuple[str, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements in order."""
        return tuple(s for section in self.sections for s in section.statements)


@dataclass(frozen=True)
class Program:
    """What a network, a loss and an optimizer come to.

    Attributes:
        functions: by name.
        parameters: what is learnt, in the order of their declaration.
        options: numbers given at run time, and what they are unless given.
        layer_of: the layer of each tensor of ``train`` that belongs to one.
        gradients: the gradient of each parameter tensor.
        inputs: numbers in a row.
        outputs: numbers that come out.
        labels: whether targets are class indices.
    """

    functions: Mapping[str, Function]
    parameters: tuple[Parameter, ...]
    options: Mapping[str, float]
    layer_of: Mapping[str, str]
    gradients: Mapping[str, str]
    inputs: int
    outputs: int
    labels: bool

    @cached_property
    def fixed(self) -> dict[str, Tensor]:
        """Parameters and state: what is kept from one update to the next, in the order of declaration."""
        train = self.functions["train"].tensors.values()
        kept = [t for role in ("parameter", "state") for t in train if t.role == role]
        return {t.name: t for t in kept}

    def text(self) -> str:
        """The program without what users called their layers."""
        return "\n".join(_lines(self))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text: two programs with one digest compute the same bits."""
        return hashlib.sha256(self.text().encode()).hexdigest()

    def __str__(self) -> str:
        legend = [f"# {p.tensor:<6} {p.name}  {list(p.dims)}" for p in self.parameters]
        return "\n".join([*legend, "", self.text()])


def _lines(program: Program) -> Iterator[str]:
    for function in program.functions.values():
        yield f"{function.name}:"
        for section in function.sections:
            yield f"  {section.title}"
            for statement in section.statements:
                note = f"   # {order_of(statement)}" if isinstance(statement, Contract) else ""
                yield f"    {statement}{note}"
        for commit in function.commits:
            yield f"    {commit}"
