"""What tensors held after each of many updates: copied by the program itself, so that Python need not stop at each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..compile import Call
from ..compile.layout import ALIGNMENT, ROW_STEP, Buffer
from .memory import Memory

Array = np.ndarray[Any, np.dtype[Any]]


class Trace:
    """Room for copies of some tensors, one for each update and one from before the first.

    Args:
        memory: the arena that the tensors lie in.
        tensors: their names.
        batch_size: rows of an update.
        updates: how many updates there is room for.
    """

    def __init__(self, memory: Memory, tensors: Iterable[str], batch_size: int, updates: int) -> None:
        self._memory, self.batch_size, self.updates = memory, batch_size, updates
        buffers = [memory.artefact.layout.buffers[name] for name in dict.fromkeys(tensors)]
        sizes = [_bytes(b, batch_size) for b in buffers]
        self._spans = np.array([(memory.offset(b), size) for b, size in zip(buffers, sizes, strict=True)], np.int64)
        places = np.cumsum([0, *sizes])
        self._buffers = {b.name: (b, int(p)) for b, p in zip(buffers, places[:-1], strict=True)}
        self.slot = int(places[-1])
        self._copies = np.empty((updates + 1, self.slot), np.uint8)

    @staticmethod
    def slot_bytes(memory: Memory, tensors: Iterable[str], batch_size: int) -> int:
        """How many bytes each update takes."""
        return sum(_bytes(memory.artefact.layout.buffers[name], batch_size) for name in dict.fromkeys(tensors))

    def start(self, call: Call) -> None:
        """Take the copy from before the first update, and let the updates of a call take theirs."""
        place = 0
        for offset, size in self._spans.tolist():
            self._copies[0, place : place + size] = self._memory.arena[offset : offset + size]
            place += size
        call.spans, call.span_count = self._spans.ctypes.data, len(self._spans)
        call.trace = self._copies.ctypes.data + self.slot

    def stop(self, call: Call) -> None:
        """No more copies."""
        call.span_count = 0

    def view(self, tensor: str) -> Array:
        """All copies of a tensor, (1 + updates, dimensions of the tensor): no copy of them.

        Rows that a shorter batch does not have are left from an update before.
        """
        buffer, place = self._buffers[tensor]
        dtype = np.dtype(buffer.dtype)
        dims = [d if isinstance(d, int) else self.batch_size for d in buffer.dims]
        strides = [self.slot, *(s * dtype.itemsize for s in buffer.strides)]
        return np.ndarray([self.updates + 1, *dims], dtype, self._copies.data, place, strides)


def _bytes(buffer: Buffer, batch_size: int) -> int:
    """What is copied of a tensor: whole vectors, no more rows than a batch has."""
    rows = -(-batch_size // ROW_STEP) * ROW_STEP
    first = buffer.dims[0] if buffer.dims else 1
    count = (first if isinstance(first, int) else rows) * (buffer.strides[0] if buffer.dims else 1)
    size = np.dtype(buffer.dtype).itemsize
    return -(-count * size // ALIGNMENT) * ALIGNMENT
