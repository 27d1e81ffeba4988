"""An arena of a compiled program, and NumPy views of the tensors in it."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Mapping

import numpy as np

from ..compile import Artefact, Call
from ..compile.layout import ALIGNMENT, ROW_STEP, Buffer
from ..program import Program


class Memory:
    """The arena of one run: allocated once, never in the loop.

    Args:
        program: what the artefact was compiled from.
        artefact: whose layout the arena has.
        batch_size: the largest batch that it must hold.
    """

    def __init__(self, program: Program, artefact: Artefact, batch_size: int) -> None:
        self.program, self.artefact = program, artefact
        self.capacity = (batch_size // ROW_STEP + 2) * ROW_STEP
        size = artefact.layout.size(self.capacity)
        raw = np.zeros(size + ALIGNMENT, np.uint8)
        start = -raw.ctypes.data % ALIGNMENT
        self.arena = raw[start : start + size]
        self.lock = threading.Lock()

    def call(self) -> Call:
        """A call that points at this arena."""
        return Call(arena=self.arena.ctypes.data, capacity=self.capacity, epoch=-1)

    def view(self, tensor: str, rows: int | None = None) -> np.ndarray:
        """A tensor as it lies in the arena: no copy.

        Args:
            tensor: its name in the program.
            rows: how many rows of a tensor that has one entry for each row of the batch.
        """
        buffer = self.artefact.layout.buffers[tensor]
        dtype = np.dtype(buffer.dtype)
        dims = [d if isinstance(d, int) else rows or 0 for d in buffer.dims]
        strides = [s * dtype.itemsize for s in buffer.strides]
        return np.ndarray(dims, dtype, self.arena.data, self.offset(buffer), strides)

    def offset(self, buffer: Buffer) -> int:
        """Where a buffer begins, in bytes."""
        if buffer.place == "rows":
            return self.artefact.layout.fixed_bytes + buffer.offset * self.capacity
        return buffer.offset

    def weights(self) -> dict[str, np.ndarray]:
        """Copies of all parameters by the names users gave."""
        return {p.name: self.view(p.tensor).copy() for p in self.program.parameters}

    def set_weights(self, weights: dict[str, np.ndarray]) -> None:
        """Overwrite all parameters."""
        for parameter in self.program.parameters:
            self.view(parameter.tensor)[...] = weights[parameter.name]

    def set_options(self, options: dict[str, float]) -> None:
        """Overwrite numbers that are given at run time."""
        for name, value in options.items():
            if name in self.artefact.layout.buffers:
                self.view(name)[...] = value

    def snapshot(self, place: dict[str, np.ndarray] | None = None) -> dict[str, np.ndarray]:
        """Copies of parameters and state: all that the next update depends on.

        Args:
            place: an older snapshot to overwrite.
        """
        if place is None:
            return {name: self.view(name).copy() for name in self.program.fixed}
        for name, values in place.items():
            np.copyto(values, self.view(name))
        return place

    def restore(self, snapshot: Mapping[str, np.ndarray]) -> None:
        """Go back to a snapshot."""
        for name, values in snapshot.items():
            self.view(name)[...] = values


def weights_digest(weights: dict[str, np.ndarray]) -> str:
    """SHA-256 of weights: little-endian, in the order of their declaration, NaN canonicalised."""
    total = hashlib.sha256()
    for values in weights.values():
        clean = np.where(np.isnan(values), np.array(math.nan, values.dtype), values)
        total.update(np.ascontiguousarray(clean, values.dtype.newbyteorder("<")).tobytes())
    return total.hexdigest()
