"""What a printed line may refer to: positions of axes, places in memory, values in registers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ...language import Access, Affine, Index
from ..layout import Buffer
from ..shape import GATHER

_RESERVED = frozenset(
    re.findall(
        r"\w+",
        """t r c k rows seed NULL begin end first last lane part total height vectors at f32 f64 i32 i64 u32 u64 index_t
        auto break case char const continue default do double else enum extern float for goto if inline int long register restrict
        return short signed sizeof static struct switch typedef union unsigned void volatile while""",
    )
)
SHORT = {"float32": "f32", "float64": "f64", "int32": "i32"}


def identifier(name: str) -> str:
    """A name that means nothing else in the C text."""
    return f"{name}_" if name in _RESERVED else name


@dataclass(frozen=True)
class Scope:
    """The place in the text.

    Attributes:
        buffers: memory of every tensor.
        real: "f32" or "f64", the program's own type.
        lanes: numbers in a register, 1 for scalars.
        vector: the axis that registers run along.
        position: what an axis is called here, where it is not its own name: ``n + r``.
        registers: values computed before, by tensor.
    """

    buffers: Mapping[str, Buffer]
    real: str
    lanes: int = 1
    vector: str | None = None
    position: Mapping[str, str] = field(default_factory=dict)
    registers: Mapping[str, str] = field(default_factory=dict)

    def at(self, **position: str) -> Scope:
        """The scope with axes elsewhere."""
        return replace(self, position={**self.position, **position})

    def knowing(self, tensor: str, register: str) -> Scope:
        """The scope with one more value in a register."""
        return replace(self, registers={**self.registers, tensor: register})

    def type(self, dtype: str | None = None) -> str:
        """The C type of a register."""
        scalar = self.real if dtype is None else SHORT[dtype]
        return scalar if self.lanes == 1 else f"{scalar}x{self.lanes}"

    def scalar(self) -> Scope:
        """The same place, one number at a time."""
        return replace(self, lanes=1, vector=None)

    def pointer(self, tensor: str) -> str:
        """The name of a tensor's memory."""
        return identifier(self.buffers[tensor].name)

    def axis(self, name: str) -> str:
        """Where an axis stands."""
        if name in self.position:
            return self.position[name]
        taken = {b.name for b in self.buffers.values()}
        return f"{identifier(name)}_" if name in taken else identifier(name)

    def index(self, index: Index) -> str:
        """An index as C text."""
        if isinstance(index, Access):
            return self.element(index)
        return _sum([(self.axis(a), f) for a, f in index.terms], index.offset)

    def offset(self, access: Access) -> str:
        """The element of an access, counted from the start of its tensor."""
        buffer = self.buffers[access.tensor]
        terms: dict[str, int] = {}
        constant = 0
        for index, stride in zip(access.indices, buffer.strides, strict=True):
            if isinstance(index, Affine):
                constant += index.offset * stride
                for name, factor in index.terms:
                    terms[self.axis(name)] = terms.get(self.axis(name), 0) + factor * stride
            else:
                terms[f"(index_t){self.element(index)}"] = stride
        return _sum(list(terms.items()), constant)

    def element(self, access: Access) -> str:
        """One number in memory."""
        return f"{self.pointer(access.tensor)}[{self.offset(access)}]"

    def stride(self, access: Access) -> int:
        """Elements from one lane to the next."""
        if self.vector is None:
            return 0
        total = 0
        for index, stride in zip(access.indices, self.buffers[access.tensor].strides, strict=True):
            if isinstance(index, Access):
                if self.vector in index.axes():
                    return GATHER
            else:
                total += index.factor(self.vector) * stride
        return total


def _sum(terms: list[tuple[str, int]], constant: int) -> str:
    parts: list[str] = []
    for text, factor in terms:
        if factor == 0:
            continue
        body = text if abs(factor) == 1 else f"{_wrap(text)} * {abs(factor)}"
        sign = "-" if factor < 0 else "+"
        parts.append(f"{sign} {_wrap(body) if factor == -1 else body}")
    if constant or not parts:
        parts.append(f"{'-' if constant < 0 else '+'} {abs(constant)}")
    text = " ".join(parts)
    return text[2:] if text.startswith("+ ") else f"-{text[2:]}"


def _wrap(text: str) -> str:
    return (
        f"({text})"
        if " " in text and not (text.startswith("(") and text.endswith(")") and text.count("(") == 1)
        else text
    )
