"""Runs a compiled program over examples: forward in time, in pieces short enough to stop between."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..compile import Artefact
from ..compile.artefact import NOT_FINITE
from ..program import Program
from .chooser import Chooser
from .examples import Examples
from .memory import Memory
from .team import Team
from .trace import Trace

Array = np.ndarray[Any, np.dtype[Any]]
Snapshot = Mapping[str, Array]

PIECE = 0.05
"""Seconds between two looks at the world: stops, progress."""
COPIES = 0.02
"""The share of the time that copies of the weights may take: what goes back after a loss that is no number."""
CHUNK = 256
"""Rows that are predicted at once."""


class Engine:
    """One run in the making.

    Args:
        program: what to run.
        artefact: the program compiled.
        examples: what to learn from.
        rows: the rows to learn from, or None for all.
        batch_size: rows of an update.
        updates: how many updates the run has at most.
        seed: keys everything random.
        options: numbers given at run time.
        threads: how many threads, or None to choose by measured cost.
    """

    def __init__(
        self,
        program: Program,
        artefact: Artefact,
        examples: Examples,
        rows: Array | None,
        batch_size: int,
        updates: int,
        seed: int,
        options: dict[str, float],
        threads: int | None,
    ) -> None:
        self.program, self.artefact, self.examples = program, artefact, examples
        self.updates, self.seed = updates, seed
        self.rows = None if rows is None else np.ascontiguousarray(rows, np.int32)
        count = examples.rows if rows is None else len(rows)
        self.batch_size = min(batch_size, count)
        self.per_epoch = -(-count // self.batch_size)
        self.memory = Memory(program, artefact, max(self.batch_size, CHUNK))
        self.losses = np.zeros(updates, artefact.source.dtype)
        self._order = np.zeros(count, np.int32)
        self.diverged, self._step = False, 1
        self._options = options
        self._call = self.memory.call()
        examples.point(self._call)
        call = self._call
        call.count, call.batch, call.seed = count, self.batch_size, seed
        call.rows = None if self.rows is None else self.rows.ctypes.data
        call.order, call.losses = self._order.ctypes.data, self.losses.ctypes.data
        self.initialise()
        self._chooser = Chooser(artefact) if threads is None else None
        self._team = Team(artefact, threads or 1)

    @property
    def update(self) -> int:
        """The next update."""
        return int(self._call.update)

    @property
    def count(self) -> int:
        """How many rows it learns from."""
        return int(self._call.count)

    @property
    def threads(self) -> int:
        """How many threads run."""
        return self._team.threads

    def initialise(self) -> None:
        """Back to before the first update."""
        self.memory.set_options(self._options)
        self.artefact.library.ll_initialise(ctypes.byref(self._call))
        self._begin_at(0)

    def stand(self, update: int, snapshot: Snapshot) -> None:
        """Before an update, with the parameters and states that it starts from."""
        self.memory.restore(snapshot)
        self._begin_at(update)

    def _begin_at(self, update: int) -> None:
        self._call.update, self._call.epoch = update, -1
        self._snapshots: list[tuple[int, dict[str, Array]]] = [(update, self.memory.snapshot())]
        self._copied, self._copying = time.perf_counter(), 0.0

    def advance(self, stop: int) -> Iterator[int]:
        """Train up to an update, in pieces; yields the next update after each.

        It ends early, without an error, at a loss that is not finite: see :attr:`diverged`.
        """
        if stop > self.updates:  # the program writes losses as far as it goes
            raise ValueError(f"the run has {self.updates} updates, and {stop} were asked for")
        self.diverged = False
        while self.update < stop:
            begin, first = time.perf_counter(), self.update
            self._call.stop = min(stop, first + self._step)
            status = self._team.run(self._call)
            took = time.perf_counter() - begin
            if status == NOT_FINITE:
                self.diverged = True
                return
            done = self.update - first
            if self._chooser is not None:
                self._team = self._chooser.after(self._team, took / max(done, 1))
            self._step = max(1, min(4 * self._step, int(PIECE / max(took / max(done, 1), 1e-9))))
            self._remember()
            yield self.update

    def walk(self, stop: int) -> None:
        """Train up to an update, or to a loss that is not finite."""
        for _ in self.advance(stop):
            pass

    def record(self, trace: Trace, stop: int) -> None:
        """Train up to an update, and leave a copy of the traced tensors after each."""
        trace.start(self._call)
        try:
            self.walk(stop)
        finally:
            trace.stop(self._call)

    def _remember(self) -> None:
        """Copy the weights into the older of two places, unless copying would cost more than its share."""
        begin = time.perf_counter()
        if (begin - self._copied) * COPIES < self._copying:
            return
        if len(self._snapshots) < 2:
            self._snapshots.append((self.update, self.memory.snapshot()))
        else:
            _, place = self._snapshots.pop(0)
            self._snapshots.append((self.update, self.memory.snapshot(place)))
        self._copied = time.perf_counter()
        self._copying = self._copied - begin

    def rewind(self, update: int) -> None:
        """Go back to the weights before an update, which a copy of them is not behind."""
        start, snapshot = next(s for s in reversed(self._snapshots) if s[0] <= update)
        self.memory.restore(snapshot)
        self._call.update, self._call.epoch = start, -1
        if start < update:
            self._call.stop = update
            self._team.run(self._call)

    def epoch_order(self, epoch: int) -> Array:
        """The rows of the data in the order in which an epoch is given them, (rows to learn from,)."""
        order = np.zeros_like(self._order)
        call = self.memory.call()
        call.order, call.count, call.seed = order.ctypes.data, len(order), self.seed
        call.rows = None if self.rows is None else self.rows.ctypes.data
        call.epoch = epoch
        self.artefact.library.ll_shuffle(ctypes.byref(call))
        return order

    def batch_rows(self, update: int) -> Array:
        """The rows of the data that an update is given, in order."""
        first = update % self.per_epoch * self.batch_size
        return self.epoch_order(update // self.per_epoch)[first : first + self.batch_size]

    def close(self) -> None:
        """Let the threads go."""
        self._team.close()
        if self._chooser is not None:
            self._chooser.close()


def predict(memory: Memory, X: Array, outputs: tuple[str, ...]) -> tuple[Array, ...]:
    """Run the prediction over rows, some hundreds at a time.

    Args:
        memory: an arena with the weights.
        X: inputs, (rows, inputs), contiguous and of the program's type.
        outputs: the tensors wanted.
    """
    call = memory.call()
    call.X = X.ctypes.data
    return _sweep(memory, call, memory.artefact.library.ll_predict, outputs, np.arange(len(X), dtype=np.int32))


def evaluate(
    memory: Memory, examples: Examples, outputs: tuple[str, ...], rows: Array | None = None
) -> tuple[Array, ...]:
    """The same with targets: outputs and the loss of each row."""
    call = memory.call()
    examples.point(call)
    chosen = np.arange(examples.rows, dtype=np.int32) if rows is None else np.ascontiguousarray(rows, np.int32)
    return _sweep(memory, call, memory.artefact.library.ll_evaluate, outputs, chosen)


def _sweep(memory: Memory, call: Any, function: Any, outputs: tuple[str, ...], rows: Array) -> tuple[Array, ...]:
    most = memory.capacity - 16
    shapes = [memory.view(name, 0) for name in outputs]
    results = tuple(np.empty((len(rows), *s.shape[1:]), s.dtype) for s in shapes)
    for first in range(0, len(rows), most):
        part = rows[first : first + most]
        call.rows, call.count = part.ctypes.data, len(part)
        with memory.lock:  # results lie in the arena until they are copied; others may predict at the same time
            function(ctypes.byref(call))
            for name, result in zip(outputs, results, strict=True):
                result[first : first + len(part)] = memory.view(name, len(part))
    return results
