"""A stretch of a run as windows: some hundreds of updates at a time, each tensor with an axis over updates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..language import DATA
from ..train.examples import Examples
from ..train.trace import Trace
from .structure import Structure
from .travel import Traveller
from .window import Window

Array = np.ndarray[Any, np.dtype[Any]]
MEMORY = 32 << 20
"""Bytes of a trace."""


def windows(
    traveller: Traveller,
    parameter: str,
    start: int,
    stop: int,
    spans: tuple[range, ...] = (),
    memory: int | None = None,
) -> Iterator[Window]:
    """The windows of a stretch, one after the other; each is overwritten by the next.

    Args:
        traveller: of the run.
        parameter: the tensor whose explanation is wanted.
        start: the first update.
        stop: where to end.
        spans: the places that are looked at together; see :class:`Window`.
        memory: bytes of a trace; None for the usual ones.
    """
    structure = traveller.structure
    tensors = structure.program.functions["train"].tensors
    sources = {structure.state_of.get(name, name) for name in (*structure.sources(parameter), "row")}
    kept = sorted(n for n in sources if n not in tensors or DATA not in tensors[n].dims)
    for first, count, trace in traveller.traces(kept, start, stop, memory or MEMORY):
        sizes = traveller.batch_sizes(first, first + count)
        yield Window(first, sizes, _reader(structure, trace, traveller.examples, count), spans)


def _reader(structure: Structure, trace: Trace, examples: Examples, count: int) -> Callable[[str], Array]:
    data = {"X": examples.X, "labels": examples.labels, "Y": examples.Y, "weights": examples.weights}
    old = structure.program.fixed

    def read(tensor: str) -> Array:
        given = data.get(tensor)
        if given is not None:
            return np.broadcast_to(given, (count, *given.shape))
        if tensor in old:
            return trace.view(tensor)[:count]
        return trace.view(structure.state_of.get(tensor, tensor))[1 : count + 1]

    return read
