"""Runs read from a store, resumed there, and put there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from . import archive, store
from .carrying import carry_out
from .compile import compile_program, find_toolchain, native_target
from .errors import DescriptionError, StoreError, short
from .files import unpack
from .recording import Recorder, begin, recorded
from .run import Run
from .store import Entry
from .train.progress import Silent, reporter
from .train.session import Outcome, Reached
from .train.task import Task

Array = np.ndarray[Any, np.dtype[Any]]


class Store(store.Store):
    """Recorded runs in one file.

    Args:
        path: the file; None for the one that LEARNLOOP_STORE names, or else the user's own.

    >>> import learnloop as ll, tempfile
    >>> runs = Store(tempfile.mkdtemp() + "/runs.sqlite")
    >>> X, y = ll.datasets.load("xor")
    >>> run = ll.train(ll.mlp(2, 4, 1), X, y, epochs=2, record=runs, name="xor", progress=False)
    >>> [(entry.id, entry.status) for entry in runs.entries()], runs.load("last").digest == run.digest
    ([('xor-1', 'finished')], True)
    """

    def load(self, id: str = "last") -> Run:
        """A recorded run, as far as it has come.

        Args:
            id: its id, a beginning of it, or "last".

        Raises:
            UnknownRun: if there is none.
            StoreError: if it cannot be read.
        """
        entry = self.entry(id)
        return _run(self, entry, _task(self, entry))

    def resume(
        self, id: str = "last", *, data: tuple[Any, ...] | None = None, validation: tuple[Any, Any] | None = None,
        progress: bool | Silent = True,
    ) -> Run:  # fmt: skip
        """Go on with a run that was interrupted; it ends with the bits that it would have had.

        Args:
            id: its id, a beginning of it, or "last".
            data: (X, y) or (X, y, sample_weight) for a run whose data are not in the store.
            validation: (X, y) for such a run that is measured on other data than it learns from.
            progress: True for a bar (plain lines where there is no terminal), False for none.

        Returns:
            The run; one that has finished as it is.

        Raises:
            UnknownRun: if there is none.
            StoreError: if another process trains it, or it diverged.
        """
        given = partial(_with_data, data=data, validation=validation)
        entry = self.entry(id)
        ended = self._ended(entry, given)
        if ended is not None:
            return ended
        claim = self.claim(entry.id)
        try:
            ended = self._ended(self.entry(entry.id), given)  # another process may have ended it before the claim
            if ended is not None:
                claim.release()
                return ended
            run = given(self.load(entry.id))
            task, stand = run.task, run.outcome.stand
            task.data, task.held_examples  # noqa: B018  (what is missing shall be told before anything is done)
            recorder = Recorder(self, claim, task, stand)
        except BaseException:
            claim.release()
            raise
        reached = Reached(stand, run.state_at_end, run.losses, run.history)
        shown = reporter(progress)
        return recorded(recorder, lambda: carry_out(task, shown, watcher=recorder, reached=reached, notes=run.notes))

    def _ended(self, entry: Entry, given: Callable[[Run], Run]) -> Run | None:
        """The run, if it has finished; None if there is something to go on with."""
        if entry.status == store.DIVERGED:
            raise StoreError(f"the run {entry.id} diverged: there is nothing to go on with. Fix: branch it before that.")
        return given(self.load(entry.id)) if entry.status == store.FINISHED else None

    def add(self, run: Run, name: str = "run") -> str:
        """Put a run that was not recorded into the store; going to its updates takes longer there.

        Args:
            run: what to put there.
            name: what its id begins with.

        Returns:
            Its id.

        Raises:
            StoreError: if it cannot be written.
            DescriptionError: if it has rules of one's own.
        """
        from .runs.travel import first_state  # what runs can be asked need not be imported to train one

        if not isinstance(run, Run):
            raise DescriptionError(f"run is {short(run)}; expected a run, such as train and load give.")
        task = run.task
        task.data  # noqa: B018  (what is missing shall be told before anything is done)
        artefact = compile_program(task.program, task.options.dtype, "fast", native_target(), find_toolchain())
        first = first_state(task, artefact) if task.start is None else task.start.state
        recorder = begin(self, task, artefact, name, run.notes)
        try:
            recorder.write_first(first)
        except BaseException:
            recorder.fail()
            raise
        for record in run.history[0 if task.start is None else len(task.start.history) :]:
            recorder.epoch(record)
        recorder.finish(run)
        return recorder.id


def _with_data(run: Run, data: tuple[Any, ...] | None, validation: tuple[Any, Any] | None) -> Run:
    return run if data is None else run.with_data(*data, validation=validation)


def _task(shelf: store.Store, entry: Entry) -> Task:
    if not shelf.checkpoints(entry.id):
        raise StoreError(
            f"the run {entry.id} was cut off before its first update was recorded. "
            f"Fix: train it again; learnloop runs --delete {entry.id} forgets it."
        )
    try:
        given = shelf.data(entry.id)
        parts = {} if given.parts is None else {n: _array(b, given.about[n]) for n, b in given.parts.items()}
        first = unpack(shelf.checkpoint(entry.id, shelf.checkpoints(entry.id)[0]))
        own = {name.removeprefix("task/"): v for name, v in first.items() if name.startswith("task/")}
        return archive.read_task(entry.description["task"], own, parts)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise _unreadable(shelf, entry, error) from error


def _array(content: bytes | memoryview, about: Any) -> Array:
    kind, shape = about
    return np.frombuffer(content, np.dtype(kind)).reshape(shape)


def _run(shelf: store.Store, entry: Entry, task: Task) -> Run:
    try:
        outcome = _ended(shelf, entry, task) if entry.digest else _cut_off(shelf, entry, task)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(shelf, entry, error) from error
    run = Run(task, outcome, entry.description.get("notes"))
    run.record = (shelf, entry.id)
    if entry.digest and run.digest != entry.digest:
        raise _unreadable(shelf, entry, ValueError("its weights do not have the digest that was recorded"))
    return run


def _unreadable(shelf: store.Store, entry: Entry, error: Exception) -> StoreError:
    return StoreError(f"the run {entry.id} in {shelf.path} cannot be read: {str(error).rstrip('.')}. Fix: train it again.")


def _ended(shelf: store.Store, entry: Entry, task: Task) -> Outcome:
    """What was recorded at the end."""
    text = entry.facts | {"history": _history(shelf, entry, entry.planned)}
    return _outcome(shelf, entry, task, text, entry.facts["stand"], entry.done)


def _cut_off(shelf: store.Store, entry: Entry, task: Task) -> Outcome:
    """What there is of a run that has no end: up to its last checkpoint."""
    stand = [update for update in shelf.checkpoints(entry.id) if update <= entry.done][-1]
    text = {
        "stand": stand, "status": "interrupted" if entry.status != store.FAILED else "failed", "seconds": 0.0,
        "threads_used": 1, "target": "", "compiler": "", "divergence": None,
        "history": _history(shelf, entry, stand // task.updates_per_epoch),
    }  # fmt: skip
    return _outcome(shelf, entry, task, text, stand, stand)


def _history(shelf: store.Store, entry: Entry, epochs: int) -> list[dict[str, float]]:
    return [facts for epoch, facts in sorted(shelf.history(entry.id).items()) if epoch <= epochs]


def _outcome(shelf: store.Store, entry: Entry, task: Task, text: dict[str, Any], stand: int, count: int) -> Outcome:
    state = state_of(shelf, entry.id, stand)
    arrays = {f"weight/{p.name}": state[p.tensor] for p in task.program.parameters}
    arrays |= {f"state/{name}": values for name, values in state.items()}
    kind = np.dtype(task.options.dtype).newbyteorder("<")
    arrays["losses"] = np.frombuffer(shelf.losses(entry.id, 0, count), kind).astype(task.options.dtype)
    outcome = archive.read_outcome(task, text, arrays)
    start = task.start
    return outcome if start is None else replace(outcome, history=(*start.history, *outcome.history))


def state_of(shelf: store.Store, id: str, update: int) -> dict[str, Array]:
    """Parameters and states before an update that has a checkpoint.

    Raises:
        DescriptionError: if it has none.
        StoreError, FileError: if it cannot be read.
    """
    if update not in shelf.checkpoints(id):
        raise DescriptionError(f"the run {id} has no checkpoint at update {update}.")
    arrays = unpack(shelf.checkpoint(id, update))
    return {name.removeprefix("state/"): v for name, v in arrays.items() if name.startswith("state/")}
