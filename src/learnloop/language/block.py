"""A list of statements under construction: what rules write into and what the adjoint extends."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..errors import ProgramError
from .expression import const
from .index import Extent
from .parse import parse
from .statement import INTEGER, REAL, Map, Max, Statement, Tensor

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


class Block:
    """Tensors and the statements that define them, each tensor once."""

    def __init__(self) -> None:
        self.tensors: dict[str, Tensor] = {}
        self.statements: list[Statement] = []

    def declare(self, name: str, dims: tuple[Extent, ...], dtype: str = REAL, role: str = "value") -> str:
        """Add a tensor that no statement defines, or that one is about to.

        Raises:
            ProgramError: if the name is taken or is no C identifier.
        """
        if name in self.tensors:
            raise ProgramError(f"the tensor {name!r} is defined twice")
        if not _NAME.match(name):
            raise ProgramError(f"the tensor name {name!r} is no identifier")
        self.tensors[name] = Tensor(name, dims, dtype, role)
        return name

    def emit(self, statement: Statement, dtype: str = REAL) -> str:
        """Append a statement and declare its output; returns the output's name."""
        if isinstance(statement, Max) and statement.position:
            dtype = INTEGER
        for access in statement.reads():
            if access.tensor not in self.tensors:
                raise ProgramError(f"{statement} reads {access.tensor!r} before anything defines it")
        self.declare(statement.out, statement.dims, dtype)
        self.statements.append(statement)
        return statement.out

    def write(
        self, text: str, let: Mapping[str, float | Extent] | None = None, dtype: str = REAL, /, **names: str
    ) -> str:
        """Append one statement written as text; returns its output's name.

        Args:
            text: the statement, see :func:`learnloop.language.parse.parse`.
            let: numbers and axis sizes that the text mentions.
            dtype: the type of the output.
            **names: what a name in the text is called in this block.
        """
        return self.emit(parse(text, self.tensors, let, names), dtype)

    def constant(self, name: str, dims: tuple[Extent, ...], value: float) -> str:
        """A tensor with one value everywhere."""
        axes = tuple(f"i{k}" for k in range(len(dims)))
        return self.emit(Map(name, axes, dict(zip(axes, dims, strict=True)), const(value)))

    def fresh(self, base: str) -> str:
        """A name that is still free."""
        if base not in self.tensors:
            return base
        count = 2
        while f"{base}_{count}" in self.tensors:
            count += 1
        return f"{base}_{count}"
