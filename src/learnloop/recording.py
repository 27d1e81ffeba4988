"""Runs that are recorded while they are in the making.

The thread that trains only copies what became due; another one digests it and writes it. What is in the store is a
promise: a run goes on from there, whatever happens to the process.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import numpy as np

from . import archive
from .carrying import carry_out
from .compile import Artefact, compile_program, find_toolchain, native_target
from .errors import Diverged, LearnloopError, RecordError, StoreError, UnknownRun
from .files import pack
from .run import WITH_DATA, Run
from .store import Claim, Data, Store
from .train.engine import Engine
from .train.memory import weights_digest
from .train.progress import Silent, reporter
from .train.session import Outcome, Reached, Watcher
from .train.task import Task

Array = np.ndarray[Any, np.dtype[Any]]
State = Mapping[str, Array]
INTERVAL = 1.0
"""Seconds between two transactions: what a crash can cost."""
REST = 50
"""So many times as long as a transaction took, nothing is written: what recording costs at most."""
MARKS = 128
"""Updates of a run whose digest is kept, at most."""
APART = 32
"""Updates between two checkpoints, at least: fewer are done again at once."""
SMALL, LARGE, FEW = 2 << 20, 32 << 20, 24
"""Bytes of checkpoints: up to SMALL as many as there are marks; FEW of larger states, within LARGE."""


def stride(updates: int, most: int) -> int:
    """How far apart marks are: a power of two, so that runs of different lengths have marks in common.

    >>> stride(100, 128), stride(100_000, 128)
    (1, 1024)
    """
    step = 1
    while step * most < updates:
        step *= 2
    return step


def _checkpoints(size: int) -> int:
    """How many checkpoints of so many bytes are kept."""
    return max(1, min(MARKS, max(SMALL // size, min(FEW, LARGE // size))))


class Recorder(Watcher):
    """Writes a run into a store while it is trained.

    Args:
        store: where to.
        claim: on the run.
        task: what is trained.
        done: how many updates the store has already; None for a run that is new there.
    """

    def __init__(self, store: Store, claim: Claim, task: Task, done: int | None = None) -> None:
        self.store, self.claim, self.task = store, claim, task
        self.error: StoreError | None = None
        kept = task.program.fixed
        size = sum(math.prod(d for d in t.dims if isinstance(d, int)) for t in kept.values())
        size = max(size * np.dtype(task.options.dtype).itemsize, 1)
        self._step = stride(task.updates, MARKS)
        self._keep = max(self._step, stride(task.updates, _checkpoints(size)), APART)
        self._new = done is None
        self._written = self._marked = task.first if done is None else done
        self._states: list[tuple[int, State]] = []
        self._epochs: list[dict[str, float]] = []
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="learnloop-record")
        self._writing: Future[float] | None = None
        self._end_at: int | None = None
        self._next = time.perf_counter() + INTERVAL

    @property
    def id(self) -> str:
        """The run."""
        return self.claim.id

    def begin(self, engine: Engine) -> None:
        """Record where a new run begins."""
        if self._new:
            self.write_first(engine.memory.snapshot())

    def write_first(self, state: State) -> None:
        """Record the state before the first update, and the arrays that are the task's own.

        Raises:
            StoreError: if the store cannot be written: then nothing was learnt yet.
        """
        first, start = self.task.first, self.task.start
        losses = b"" if start is None else np.ascontiguousarray(start.losses).data
        self.store.append(self.id, done=first, losses=losses, checkpoints=[(first, self._packed(first, state))])
        self._new = False

    def _packed(self, update: int, state: State) -> bytes:
        """A state as it is kept; the arrays that are the task's own go with the first one."""
        own = archive.arrays_of_task(self.task) if update == self.task.first else {}
        return packed(state, **{f"task/{part}": values for part, values in own.items()})

    def next_stop(self, update: int) -> int | None:
        """The next mark."""
        return None if self.error else (update // self._step + 1) * self._step

    def epoch(self, record: dict[str, float]) -> None:
        """Keep what was measured."""
        self._epochs.append(record)

    def look(self, engine: Engine) -> None:
        """Copy the state at a mark; hand over what is due when it is time."""
        update = engine.update
        if self.error is None and update % self._step == 0 and update > self._marked:
            self._states.append((update, engine.memory.snapshot()))
            self._marked = update
        if time.perf_counter() < self._next or not self._is_idle():
            return
        state = self._states[-1][1] if self._states and self._states[-1][0] == update else engine.memory.snapshot()
        self._hand_over(update, engine.losses[self._written : update], (update, state))

    def _is_idle(self) -> bool:
        """Whether the writer has nothing to do, and nothing went wrong; how long the last transaction took counts."""
        if self.error is not None:
            return False
        if self._writing is None:
            return True
        if not self._writing.done():
            return False
        self._settle()
        return self.error is None and time.perf_counter() >= self._next

    def _settle(self) -> None:
        """Wait for the writer."""
        writing, self._writing = self._writing, None
        if writing is None:
            return
        try:
            self._next = max(self._next, time.perf_counter() + REST * writing.result())
        except Exception as error:  # whatever it is, the training goes on
            self.error = self._trouble(error)

    def _hand_over(self, done: int, losses: Array, latest: tuple[int, State]) -> None:
        self._next = time.perf_counter() + INTERVAL
        self._writing = self._writer.submit(self._write, done, losses, self._states, self._epochs, latest)
        self._states, self._epochs, self._written = [], [], done  # not before: Ctrl-C may come between any two lines

    def _write(
        self, done: int, losses: Array, states: list[tuple[int, State]], epochs: list[dict[str, float]],
        latest: tuple[int, State],
    ) -> float:  # fmt: skip
        begin = time.perf_counter()
        final = (latest[0], self._packed(*latest))
        last = [final] if latest[0] == self._end_at else []
        self.store.append(
            self.id, done=done, losses=np.ascontiguousarray(losses, losses.dtype.newbyteorder("<")).data,
            digests=[(update, self._digest(state)) for update, state in states],
            checkpoints=[(update, self._packed(update, state)) for update, state in states if update % self._keep == 0] + last,
            latest=final,
            history=[(int(record["epoch"]), record) for record in epochs],
        )  # fmt: skip
        return time.perf_counter() - begin

    def _digest(self, state: State) -> str:
        return weights_digest({p.name: state[p.tensor] for p in self.task.program.parameters})

    def finish(self, run: Run) -> None:
        """Record the end.

        Raises:
            RecordError: if something could not be recorded; it holds the run.
        """
        outcome = run.outcome
        try:
            self._settle()
            if self.error is None:
                self._end(run, outcome)
        except Exception as error:  # whatever it is, the run is not lost
            self.error = self._trouble(error)
        finally:
            self.close()
        if self.error is not None:
            raise RecordError(self.error, run) from self.error

    def _end(self, run: Run, outcome: Outcome) -> None:
        state = {p.tensor: outcome.weights[p.name] for p in self.task.program.parameters} | outcome.state
        count = len(outcome.losses)
        if self._new:  # Ctrl-C came before its first state was there
            self.write_first(state)
        self._states = [(update, kept) for update, kept in self._states if update <= outcome.stand]
        self._end_at = outcome.stand  # kept: a run that diverged stands before an update that was seen already
        self._hand_over(count, outcome.losses[min(self._written, count) :], (outcome.stand, state))
        self._settle()
        if self.error is None:
            facts = archive.describe_outcome(outcome) | {"metrics": _measured(outcome)}
            del facts["history"]
            self.store.finish(self.id, outcome.status, digest=run.digest, facts=facts)

    def _trouble(self, error: Exception) -> StoreError:
        """What went wrong, as an error of the store."""
        if isinstance(error, StoreError):
            return error
        if isinstance(error, UnknownRun):
            return gone(self.store, self.id)
        trouble = StoreError(f"the run {self.id} could not be recorded: {type(error).__name__}, {error}.")
        trouble.__cause__ = error
        return trouble

    def fail(self) -> None:
        """The training ended in an error that says nothing of the run; one without a first state is forgotten."""
        try:
            self._settle()
            if self.error is None and not self._new:
                self.store.finish(self.id, "failed")
        except LearnloopError as error:
            self.error = self._trouble(error)
        finally:
            self.close()
        if self._new:
            with suppress(LearnloopError):
                self.store.delete(self.id)

    def close(self) -> None:
        """Let the run go: others may resume it."""
        self._writer.shutdown()
        self.claim.release()


def gone(store: Store, id: str) -> StoreError:
    """The error for a run that was there."""
    return StoreError(
        f"the run {id} is gone from the store {store.path}: it, or the whole file, was deleted meanwhile. "
        "Fix: delete nothing of it before it has ended."
    )


def _measured(outcome: Outcome) -> dict[str, dict[str, float]]:
    """What was measured of the rows held out after the last epoch, where lists find it."""
    last = outcome.history[-1] if outcome.history else {}
    found = {name.removeprefix("validation_"): value for name, value in last.items() if name.startswith("validation_")}
    return {"validation": found} if found else {}


def packed(state: State, **more: Array) -> bytes:
    """A state as the bytes of a safetensors file."""
    return pack({f"state/{name}": values for name, values in state.items()} | more)


def begin(store: Store, task: Task, artefact: Artefact, name: str, notes: Mapping[str, Any]) -> Recorder:
    """Make a run in the store, with all that it is a function of.

    Raises:
        DescriptionError: for rules of one's own, which cannot be read back, or a name that cannot be one.
        StoreError: if the store cannot be written.
    """
    described = {"task": archive.describe_task(task), "notes": dict(notes), "program": task.program.digest}
    arrays = archive.arrays_of_data(task)
    keeps = sum(values.nbytes for values in arrays.values()) <= WITH_DATA
    about = {part: [values.dtype.str, list(values.shape)] for part, values in arrays.items()}
    parts = {part: np.ascontiguousarray(values).data for part, values in arrays.items()} if keeps else None
    claim = store.create(
        name, described, planned=task.updates, itemsize=np.dtype(task.options.dtype).itemsize,
        data=Data(task.data_digest, parts, about), source=artefact.source.text,
    )  # fmt: skip
    return Recorder(store, claim, task)


def record_run(
    task: Task, *, record: Any = False, name: str | None = None, progress: bool | Silent = False,
    notes: dict[str, Any] | None = None, artefact: Artefact | None = None,
) -> Run:  # fmt: skip
    """Carry a task out, and record it where that is asked for.

    Args:
        task: what to do.
        record: False; True for the user's own store; or a store, or its path.
        name: what the run is called there, with a number behind it.
        progress: True, False, or one's own way to show it.
        notes: what the run is to know besides.
        artefact: its program, compiled; None to do that now.

    Raises:
        Diverged, StoreError, RecordError, DescriptionError: see :func:`learnloop.train`.
    """
    store, shown = _store(record), reporter(progress)
    artefact = artefact or compile_program(task.program, task.options.dtype, "fast", native_target(), find_toolchain())
    if store is None:
        return carry_out(task, shown, artefact=artefact, notes=notes)
    recorder = begin(store, task, artefact, "run" if name is None else name, notes or {})
    return recorded(recorder, lambda: carry_out(task, shown, watcher=recorder, artefact=artefact, notes=notes))


def recorded(recorder: Recorder, train: Callable[[], Run]) -> Run:
    """Train, and record the end of it, whichever it is."""
    try:
        run = train()
    except Diverged as error:
        error.run.record = (recorder.store, recorder.id)
        recorder.finish(error.run)
        raise
    except BaseException:
        recorder.fail()
        raise
    run.record = (recorder.store, recorder.id)
    recorder.finish(run)
    return run


def _store(given: Any) -> Store | None:
    if given is False or given is None:
        return None
    if isinstance(given, Store):
        return given
    if given is True:
        return Store()
    return Store(given)


__all__ = ["Reached", "Recorder", "begin", "record_run", "recorded", "stride"]
