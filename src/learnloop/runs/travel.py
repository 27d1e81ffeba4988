"""Going to any update of a finished run, bit for bit: fast between checkpoints, glass for the update itself."""

from __future__ import annotations

import threading
import weakref
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compile import Artefact, compile_program, find_toolchain, native_target
from ..errors import DescriptionError, ProgramError
from ..rules.registry import is_whole, plain, short
from ..train.engine import Engine, Snapshot
from ..train.metrics import row_classes
from ..train.progress import Late, Silent
from ..train.session import engine_of
from ..train.task import Task
from ..train.trace import Trace
from .moment import Moment
from .structure import Structure

if TYPE_CHECKING:
    from ..run import Run

Array = np.ndarray[Any, np.dtype[Any]]
MEMORY = 64 << 20
"""Bytes of checkpoints that a traveller keeps unless told otherwise."""
MOST_CHECKPOINTS = 256


class Traveller:
    """Visits the updates of a run.

    Args:
        run: a run with its data.
        memory: bytes of checkpoints to keep.

    Raises:
        DataError: for a run that was read without its data.
        DescriptionError: for a memory that is no whole number.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> run = ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=3, progress=False)
    >>> moment = Traveller(run).at(update=-1)
    >>> bool(moment.loss == run.losses[-1]) and moment.change("dense_1.weight", 0, 2).ticks
    True
    """

    def __init__(self, run: Run, *, memory: int = MEMORY) -> None:
        if not is_whole(memory) or memory < 0:
            raise DescriptionError(f"memory is {short(memory)}; expected a number of bytes, such as 64 * 2**20.")
        self.run, self.examples = run, run.task.data
        self.structure, self._closed = Structure(run.program), False
        self._alone = threading.RLock()  # what is visited lies in the arenas until it is copied
        self._fast = self._engine("fast")
        start = self._fast.memory.snapshot()
        self._states: dict[int, Snapshot] = {run.task.first: start}
        recorded = [update for update in run.checkpoints if run.task.first < update <= run.outcome.stand]
        self._marks: list[int] = [run.task.first, *recorded]
        self._here: tuple[int, Snapshot] = (run.task.first, start)
        size = sum(values.nbytes for values in start.values())
        self._room = max(1, min(MOST_CHECKPOINTS, memory // max(size, 1)))
        self._stride = max(1, -(-run.updates // self._room))

    def _engine(self, form: str) -> Engine:
        task = self.run.task
        artefact = compile_program(task.program, task.options.dtype, form, native_target(), find_toolchain())
        engine = engine_of(task, artefact, self.run.threads_used if form == "fast" else 1)
        weakref.finalize(self, engine.close)
        return engine

    @cached_property
    def _glass(self) -> Engine:
        return self._engine("glass")

    @cached_property
    def classes(self) -> Array | None:
        """The class of each row of the data; None where targets are no classes."""
        return row_classes(self.run.loss, self.examples)

    @property
    def updates(self) -> int:
        """How many updates can be visited."""
        return self.run.updates

    def at(self, update: int | None = None, *, epoch: int | None = None) -> Moment:
        """One update, with everything that was computed in it.

        Args:
            update: 0 for the first one, -1 for the last one.
            epoch: an epoch in place of an update: its first update; negative ones count from the end.

        Raises:
            DescriptionError: for an update or epoch that the run does not have, or both, or neither.
            ProgramError: if the loss is not the run's, bit for bit: then the run was not made from this description.
        """
        return self._visit(self._find(update, epoch))

    def moments(self, start: int = 0, stop: int | None = None) -> Iterator[Moment]:
        """The updates from start up to stop, which is left out, one after the other.

        Args:
            start: the first update.
            stop: where to end; None for the end of the run.

        Raises:
            DescriptionError: for updates that the run does not have.
        """
        first, last = self.stretch(start, stop, empty=True)
        return map(self._visit, range(first, last))

    def stretch(self, start: int | None, stop: int | None, *, empty: bool = False) -> tuple[int, int]:
        """The updates from start up to stop, checked; None for the first that is the run's own, and for the end.

        Raises:
            DescriptionError: for updates that the run does not have, or none where there must be one.
        """
        last = self.updates if stop is None else plain(stop)
        start = self.run.task.first if start is None else plain(start)
        for name, given in (("start", start), ("stop", last)):
            if not is_whole(given) or not 0 <= given <= self.updates:
                raise DescriptionError(f"{name} is {short(given)}; expected a whole number from 0 to {self.updates}.")
        if start >= last and not empty:
            raise DescriptionError(f"there is no update from {start} up to {last}. Fix: a start below the stop.")
        return int(start), int(last)

    @property
    def dtype(self) -> np.dtype[Any]:
        """What the run computed in."""
        return np.dtype(self.run.options.dtype)

    def _find(self, update: int | None, epoch: int | None) -> int:
        if (update is None) == (epoch is None):
            raise DescriptionError("expected either an update or an epoch. Fix: at(update=10) or at(epoch=2).")
        per_epoch = self.run.updates_per_epoch
        if update is not None:
            return _within("update", update, self.updates)
        return _within("epoch", epoch, -(-self.updates // per_epoch)) * per_epoch

    def state(self, update: int) -> Snapshot:
        """Parameters and states before an update, by tensor: not to be written to.

        Args:
            update: 0 for the first ones; the number of updates for the last ones.

        Raises:
            DescriptionError: for an update that the run does not have.
        """
        update = plain(update)
        if not is_whole(update) or not 0 <= update <= self.updates:
            raise DescriptionError(f"update is {short(update)}; expected a whole number from 0 to {self.updates}.")
        if self.run.parent is not None and update < self.run.task.first:
            return self.run.parent.state_before(update)
        with self._alone:
            return self._before(update)

    def _visit(self, update: int) -> Moment:
        with self._alone:
            return self._visited(update)

    def _visited(self, update: int) -> Moment:
        if self.run.parent is not None and update < self.run.task.first:
            return self.run.parent.at(update)
        before = self._before(update)
        glass = self._glass
        glass.stand(update, before)
        glass.walk(update + 1)
        self._compare(glass, update, update + 1)
        epoch = update // self.run.updates_per_epoch
        return Moment(
            self.structure, glass.memory, before, self.examples,
            update=update, epoch=epoch, order=glass.epoch_order(epoch), batch_size=glass.batch_size, seed=glass.seed,
        )  # fmt: skip

    def _compare(self, walker: Engine, start: int, stop: int) -> None:
        """Refuse losses that are not the run's; a walk that ended before its stop met one that is no finite number."""
        done = walker.update
        found, known = walker.losses[start:done], self.run.losses[start:done]
        differ = np.flatnonzero(found.view(f"u{found.itemsize}") != known.view(f"u{known.itemsize}"))
        if len(differ) or done < stop:
            k = int(differ[0]) if len(differ) else done - start
            loss = found[k] if len(differ) else "nan"
            raise ProgramError(
                f"update {start + k} gave the loss {loss} and the run has {self.run.losses[start + k]}: it was made from "
                "another description, other data or another version. Fix: train it again; if its data were written "
                "to since, give it what they were."
            )

    def traces(self, tensors: Iterable[str], start: int, stop: int, memory: int) -> Iterator[tuple[int, int, Trace]]:
        """Go through a stretch of updates with a trace of some tensors; nothing else is visited meanwhile.

        Args:
            tensors: tensors of the arena.
            start: the first update.
            stop: where to end.
            memory: bytes of a trace.

        Yields:
            The first update, how many there are, and their trace; the next one takes its place.

        Raises:
            ProgramError: if a loss is not the run's, bit for bit.
        """
        names, batch = list(tensors), self._glass.batch_size
        count = max(1, min(stop - start, memory // max(1, Trace.slot_bytes(self._glass.memory, names, batch))))
        trace = Trace(self._glass.memory, names, batch, count)
        self._glass.stand(start, self._before(start))
        with progress(stop - start, self.run.updates_per_epoch) as shown:
            for first in range(start, stop, count):
                last = min(stop, first + count)
                self._glass.record(trace, last)
                self._compare(self._glass, first, last)
                shown.show(last - start, None, {})
                yield first, last - first, trace

    def batch_sizes(self, start: int, stop: int) -> Array:
        """How many rows the batch of each update of a stretch has."""
        first = np.arange(start, stop) % self.run.updates_per_epoch * self._glass.batch_size
        return np.minimum(self._glass.batch_size, self._glass.count - first)

    def _before(self, update: int) -> Snapshot:
        """Parameters and state before an update; checkpoints are left on the way."""
        if self._closed:
            raise DescriptionError("the traveller is closed. Fix: visit updates before close(), or make another one.")
        if update < self._marks[0]:
            raise DescriptionError(
                f"update {update} lies before the branch at update {self._marks[0]}, and this goes through one run only. "
                "Fix: ask run.parent for what came before the branch."
            )
        near = self._marks[bisect_right(self._marks, update) - 1]
        start = self._here if near <= self._here[0] <= update else (near, self._mark(near))
        fast = self._fast
        fast.stand(*start)
        with progress(update - fast.update, self.run.updates_per_epoch) as shown:
            while fast.update < update:
                first, stop = fast.update, min(update, (fast.update // self._stride + 1) * self._stride)
                for done in fast.advance(stop):
                    shown.show(done - start[0], None, {})
                self._compare(fast, first, stop)
                self._leave_checkpoint()
        self._here = start if start[0] == update else (update, fast.memory.snapshot())
        return self._here[1]

    def _mark(self, update: int) -> Snapshot:
        """The state at a mark: kept here, or read from where the run was recorded."""
        if update not in self._states:
            self._states[update] = self.run.checkpoint(update)
        return self._states[update]

    def _leave_checkpoint(self) -> None:
        here = self._fast.update
        if here % self._stride == 0 and here not in self._states:
            self._states[here] = self._fast.memory.snapshot()
            if here not in self._marks:
                insort(self._marks, here)

    def close(self) -> None:
        """Let the threads go. Moments stay as they are; no other one can be visited."""
        self._closed = True
        self._fast.close()

    def __enter__(self) -> Traveller:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Traveller {self.updates} updates, {len(self._marks)} checkpoints>"


@contextmanager
def progress(updates: int, per_epoch: int) -> Iterator[Silent]:
    """A bar for a way that takes longer than a second; nothing where there is no terminal."""
    shown = Late(1.0)
    shown.start(updates, per_epoch)
    try:
        yield shown
    finally:
        shown.close()


def _within(what: str, given: Any, count: int) -> int:
    """A place from the front or, negative, from the end."""
    if not count:
        raise DescriptionError(f"the run has no {what}s to visit. Fix: train with epochs=1 or more.")
    given = plain(given)
    if not is_whole(given) or not -count <= given < count:
        raise DescriptionError(
            f"{what} {short(given)} is not in the run. "
            f"Fix: a whole number from 0 to {count - 1}, or -{count} to -1 from the end."
        )
    return int(given) % count


def first_state(task: Task, artefact: Artefact | None = None) -> Snapshot:
    """Parameters and states before the first update."""
    artefact = artefact or compile_program(
        task.program, task.options.dtype, "fast", native_target(), find_toolchain()
    )
    engine = engine_of(task if task.start is None else replace(task, start=None), artefact, 1)
    try:
        return engine.memory.snapshot()
    finally:
        engine.close()
