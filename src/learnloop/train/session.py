"""Carries a task out: trains, measures what is held out, and lets others watch."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..compile import Artefact
from ..errors import ProgramError
from ..program import ARITHMETIC
from .diagnose import first_layer_not_finite
from .engine import Engine, Snapshot, evaluate
from .memory import Memory
from .metrics import metrics
from .progress import Silent
from .task import Task

Array = np.ndarray[Any, np.dtype[Any]]
History = tuple[dict[str, float], ...]


@dataclass(frozen=True, eq=False)
class Reached:
    """How far a run has come: all that the rest of it depends on.

    Attributes:
        update: the next update.
        state: parameters and states before it, by tensor.
        losses: those of the updates before.
        history: the epochs before.
    """

    update: int
    state: Snapshot
    losses: Array
    history: History = ()


@dataclass(frozen=True)
class Divergence:
    """Where a loss stopped being a finite number.

    Attributes:
        update: the update.
        layer: the layer with the first value that is none; "loss" for none of them.
        tensor: the tensor.
    """

    update: int
    layer: str
    tensor: str


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a task.

    Attributes:
        losses: one number for each update.
        weights: by the names that users gave.
        state: what the optimizer kept, by tensor.
        stand: the update that these weights are before.
        history: for each epoch, what was measured.
        status: "finished", "interrupted" or "diverged".
        seconds: how long training took, of one that was resumed since then.
        timed: how many updates were done in that time; None where that is not known.
        threads_used: how many threads it ran on at last.
        target: what it was compiled for.
        compiler: what compiled it.
        divergence: where it diverged, or None.
    """

    losses: Array
    weights: dict[str, Array]
    state: dict[str, Array]
    stand: int
    history: History = ()
    status: str = "finished"
    seconds: float = 0.0
    threads_used: int = 1
    target: str = ""
    compiler: str = ""
    divergence: Divergence | None = None
    timed: int | None = None


class Watcher:
    """Sees a run in the making; this one looks away."""

    def begin(self, engine: Engine) -> None:
        """The engine stands where the run begins, or goes on."""

    def next_stop(self, update: int) -> int | None:
        """The next update before which it wants to look, whatever the clock says; None for none."""
        return None

    def look(self, engine: Engine) -> None:
        """The engine stands between two updates."""

    def epoch(self, record: dict[str, float]) -> None:
        """An epoch was measured."""


def engine_of(task: Task, artefact: Artefact, threads: int | None = None) -> Engine:
    """An engine that stands where the task begins.

    Raises:
        ProgramError: for a run that was made with another version of the arithmetic.
    """
    if task.arithmetic != ARITHMETIC:
        raise ProgramError(
            f"the run was made with version {task.arithmetic} of the arithmetic, and this learnloop has version "
            f"{ARITHMETIC}: its updates cannot be had again, its weights can be used. Fix: train it again."
        )
    options = task.options
    engine = Engine(
        task.program, artefact, task.data, task.rows, options.batch_size, task.updates, options.seed, task.numbers,
        threads,
    )  # fmt: skip
    if task.start is not None:
        engine.stand(task.start.update, task.start.state)
        engine.losses[: task.start.update] = task.start.losses
    return engine


class Session:
    """One task, carried out.

    Args:
        task: what to do.
        artefact: its program, compiled.
        shown: who tells people.
        watcher: who keeps a record.
        reached: where to go on; None for the beginning.
    """

    def __init__(
        self, task: Task, artefact: Artefact, shown: Silent, watcher: Watcher, reached: Reached | None = None
    ) -> None:
        self.task, self.artefact, self.shown, self.watcher = task, artefact, shown, watcher
        start = task.start if reached is None else reached
        self.history: list[dict[str, float]] = [] if start is None else list(start.history)
        self.engine = engine_of(task, artefact, task.options.threads)
        if reached is not None:
            self.engine.stand(reached.update, reached.state)
            self.engine.losses[: reached.update] = reached.losses
        self.first = self.engine.update

    def run(self) -> Outcome:
        """Train to the end, to Ctrl-C, or to a loss that is no number."""
        begin, status = time.perf_counter(), "finished"
        try:
            try:
                self.shown.start(self.task.updates, self.task.updates_per_epoch)
                self.watcher.begin(self.engine)
                self._loop()
            except KeyboardInterrupt:
                status = "interrupted"
            finally:
                self.shown.close()
            return self._outcome(status, time.perf_counter() - begin)
        finally:
            self.engine.close()

    def _outcome(self, status: str, seconds: float) -> Outcome:
        engine, memory, divergence = self.engine, self.engine.memory, None
        count = stand = engine.update
        if engine.diverged and status == "finished":
            status, divergence = "diverged", Divergence(stand, *first_layer_not_finite(engine))
            stand = self._rewind()
        states = [t.name for t in self.task.program.fixed.values() if t.role == "state"]
        return Outcome(
            engine.losses[:count].copy(), memory.weights(), {n: memory.view(n).copy() for n in states}, stand,
            tuple(self.history), status, seconds, engine.threads, self.artefact.target.name,
            self.artefact.toolchain.kind, divergence, count - self.first,
        )  # fmt: skip

    def _rewind(self) -> int:
        """Back to the weights that the last finite loss was computed from, or to where a branch begins; their update."""
        engine, start = self.engine, self.task.start
        stand = max(engine.update - 1, self.task.first)
        if stand < self.first:  # it was resumed right before this: no copy of the weights is as old as that
            if start is None:
                engine.initialise()
            else:
                engine.stand(start.update, start.state)
            engine.walk(stand)
        else:
            engine.rewind(stand)
        return stand

    def _loop(self) -> None:
        engine, task = self.engine, self.task
        if self._is_unmeasured(engine.update):
            self._measure(engine.update)
        while engine.update < task.updates:
            stop = task.updates
            if task.held is not None:
                stop = (engine.update // task.updates_per_epoch + 1) * task.updates_per_epoch
            self._go_to(stop)
            if engine.diverged:
                return
            if task.held is not None:
                self._measure(stop)

    def _is_unmeasured(self, update: int) -> bool:
        """Whether it goes on between the last update of an epoch and what is measured after it."""
        epoch, rest = divmod(update, self.task.updates_per_epoch)
        known = self.history[-1]["epoch"] if self.history else 0
        return self.task.held is not None and epoch > 0 and rest == 0 and known < epoch

    def _go_to(self, stop: int) -> None:
        """Train up to an update, with a look whenever somebody wants one."""
        engine = self.engine
        while engine.update < stop and not engine.diverged:
            wanted = self.watcher.next_stop(engine.update)
            for done in engine.advance(stop if wanted is None else min(stop, wanted)):
                self.watcher.look(engine)
                if self.task.held is None or done < stop:  # at its end an epoch is shown once, with what was measured
                    self._show(done)

    def _measure(self, stop: int) -> None:
        record = measure(self.task, self.engine.memory, self._losses_of_epoch(stop), stop)
        self.history.append(record)
        self.watcher.epoch(record)
        self._show(stop)

    def _losses_of_epoch(self, stop: int) -> Array:
        return self.engine.losses[stop - self.task.updates_per_epoch : stop]

    def _show(self, done: int) -> None:
        """The mean loss of as many updates as an epoch has, and the metrics of the last epoch."""
        recent = self.engine.losses[max(0, done - self.task.updates_per_epoch) : done]
        held = {k: v for k, v in self.history[-1].items() if k.startswith("validation")} if self.history else {}
        self.shown.show(done, float(recent.mean()), held)


def measure(task: Task, memory: Memory, losses: Array, stop: int) -> dict[str, float]:
    """What is kept of an epoch: its mean loss, and how well the rows held out are done.

    Args:
        task: with rows held out.
        memory: with the weights at the end of the epoch.
        losses: of the epoch's updates.
        stop: the update after it.
    """
    assert task.held is not None
    examples, rows = task.held_examples, task.held.rows
    outputs, of_rows = evaluate(memory, examples, task.program.functions["evaluate"].outputs, rows)
    found = metrics(task.loss, outputs, of_rows, examples, rows)
    begin = {"epoch": float(stop // task.updates_per_epoch), "loss": float(losses.mean())}
    return begin | {f"validation_{k}": v for k, v in found.items()}
