"""Where every tensor lives: the arena, and the manifest that NumPy and JavaScript read it through.

The arena is one block of memory: first what does not depend on the batch (options, parameters, state, single values),
then what has one entry for each row. Last dimensions are padded to whole vectors; the padding is the same on every
target, so a manifest fits every artefact of a program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ProgramError
from ..language import DATA, DOUBLE, INTEGER, ROWS, Extent, Tensor
from ..program import Program

ALIGNMENT = 64
"""Bytes: a cache line, and the widest vector."""
ROW_STEP = 16
"""The capacity of an arena is a multiple of so many rows, so that vectors over rows may run past the last one."""
BYTES = {"float32": 4, "float64": 8, "int32": 4}


@dataclass(frozen=True, slots=True)
class Buffer:
    """The memory of a tensor.

    Attributes:
        name: the tensor.
        dims: its extents.
        dtype: "float32", "float64" or "int32".
        strides: elements from one index to the next, for each dimension.
        place: "fixed" (at ``offset``), "rows" (at the start of the rows plus ``offset`` times the capacity) or "data"
            (given with each call).
        offset: bytes.
    """

    name: str
    dims: tuple[Extent, ...]
    dtype: str
    strides: tuple[int, ...]
    place: str
    offset: int

    @property
    def padded(self) -> bool:
        """Whether a vector may run past the end of the last dimension."""
        return self.place != "data"

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {k: getattr(self, k) for k in self.__slots__}


@dataclass(frozen=True)
class Layout:
    """All buffers of a program.

    Attributes:
        buffers: by tensor; functions that use one name mean one place, and never run at the same time.
        fixed_bytes: where the rows begin.
        row_bytes: bytes for each row of capacity.
    """

    buffers: Mapping[str, Buffer]
    fixed_bytes: int
    row_bytes: int

    def size(self, capacity: int) -> int:
        """Bytes of an arena for so many rows."""
        return self.fixed_bytes + self.row_bytes * capacity

    def to_dict(self) -> dict[str, Any]:
        """The manifest: name, shape, dtype, strides and offset of every tensor."""
        tensors = {name: b.to_dict() for name, b in self.buffers.items()}
        return {"fixed_bytes": self.fixed_bytes, "row_bytes": self.row_bytes, "tensors": tensors}


def padded(size: int) -> int:
    """The stride of a last dimension: whole vectors of 16, or the next power of two below.

    Rows that lie a multiple of 256 elements apart would share a few sets of the caches: one vector more keeps them apart.
    """
    if size < ROW_STEP:
        return 1 << max(0, size - 1).bit_length()
    whole = -(-size // ROW_STEP) * ROW_STEP
    return whole + ROW_STEP if whole % 256 == 0 else whole


def _strides(dims: tuple[Extent, ...], pad: bool) -> tuple[int, ...]:
    strides, step = [], 1
    for place, size in reversed(list(enumerate(dims))):
        strides.append(step)
        if place:
            assert isinstance(size, int), "only the first dimension may have an unknown extent"
            step *= padded(size) if pad and step == 1 and place == len(dims) - 1 else size
    return tuple(reversed(strides))


class _Arena:
    """Hands out places."""

    def __init__(self, dtype: str) -> None:
        self.dtype, self.fixed, self.rows = dtype, 0, 0

    def place(self, tensor: Tensor) -> Buffer:
        dtype = {DOUBLE: "float64", INTEGER: "int32"}.get(tensor.dtype, self.dtype)
        data = DATA in tensor.dims
        strides = _strides(tensor.dims, pad=not data)
        if data:
            return Buffer(tensor.name, tensor.dims, dtype, strides, "data", 0)
        if tensor.dims and tensor.dims[0] == ROWS:
            width = strides[0] if len(tensor.dims) > 1 else 1
            buffer = Buffer(tensor.name, tensor.dims, dtype, strides, "rows", self.rows)
            self.rows += width * BYTES[dtype]
            return buffer
        first = tensor.dims[0] if tensor.dims else 1
        assert isinstance(first, int)
        count = strides[0] * first if len(tensor.dims) > 1 else padded(first)
        buffer = Buffer(tensor.name, tensor.dims, dtype, strides, "fixed", self.fixed)
        self.fixed += -(-count * BYTES[dtype] // ALIGNMENT) * ALIGNMENT
        return buffer


def arrange(program: Program, dtype: str, kept: Iterable[Tensor]) -> Layout:
    """Give every tensor its place.

    Args:
        program: the program.
        dtype: "float32" or "float64", what "real" stands for.
        kept: the values that live in memory, copies that the compiler added included.

    Raises:
        ProgramError: if two functions mean different shapes by one name.
    """
    arena = _Arena(dtype)
    wanted = [Tensor(name, (), DOUBLE, "option") for name in program.options]
    buffers: dict[str, Buffer] = {}
    for tensor in (*wanted, *program.fixed.values(), *kept):
        if tensor.name not in buffers:
            buffers[tensor.name] = arena.place(tensor)
        elif buffers[tensor.name].dims != tensor.dims:
            raise ProgramError(f"the tensor {tensor.name} has two shapes")
    return Layout(buffers, -(-arena.fixed // 4096) * 4096, arena.rows)
