"""Native training for pages: recorded while it goes on, watched by any number of tabs, stopped with the tab it began in."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import recording
from ..carrying import carry_out
from ..compile import compile_program, find_toolchain, native_target
from ..errors import DescriptionError, Diverged, RecordError
from ..run import Run
from ..stored import Store
from ..train.engine import Engine
from ..train.progress import Silent
from ..train.session import Reached, Watcher
from ..train.task import Task
from .answers import Busy, Gone, message_of

Array = np.ndarray[Any, np.dtype[Any]]
AT_ONCE = 4
"""Trainings at the same time."""
ENDED = 4
"""Trainings that have ended and are still remembered, for tabs that come back; the store has all of them."""


@dataclass(eq=False)
class Live:
    """A training in the making; the thread that trains writes, any number of tabs read.

    Attributes:
        task: what is trained.
        id: the run in the store.
        losses: of all updates; the first ``done`` of them are there.
        done: how many.
        history: what was measured after each epoch.
        end: how it ended, as plain data; None while it goes on.
    """

    task: Task
    id: str
    losses: Array
    done: int
    history: list[dict[str, float]]
    end: dict[str, Any] | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def facts(self) -> dict[str, Any]:
        """What a tab is told first."""
        task = self.task
        return {
            "run": self.id, "planned": task.updates, "updates_per_epoch": task.updates_per_epoch, "done": self.done,
            "dtype": task.options.dtype, "first": task.first,
        }  # fmt: skip

    def stop(self) -> None:
        """End it at the next look; what was learnt stays, and can be gone on with."""
        self.stopping.set()


class Feed(Watcher):
    """Records, and lets tabs see what is recorded.

    Args:
        live: where tabs look.
        recorder: what keeps the run.
    """

    def __init__(self, live: Live, recorder: recording.Recorder) -> None:
        self.live, self.recorder = live, recorder

    def begin(self, engine: Engine) -> None:
        """The first state is recorded before anything is learnt."""
        self.recorder.begin(engine)
        self._check()

    def next_stop(self, update: int) -> int | None:
        """Where the recorder wants to look."""
        return self.recorder.next_stop(update)

    def look(self, engine: Engine) -> None:
        """Hand on what is new.

        Raises:
            KeyboardInterrupt: if it shall end; a session ends then as it does with Ctrl-C.
        """
        self.recorder.look(engine)
        live, update = self.live, engine.update
        live.losses[live.done : update] = engine.losses[live.done : update]
        live.done = update
        self._check()

    def epoch(self, record: dict[str, float]) -> None:
        """An epoch was measured."""
        self.recorder.epoch(record)
        self.live.history.append(record)

    def _check(self) -> None:
        if self.live.stopping.is_set():
            raise KeyboardInterrupt


class Hub:
    """All trainings of a server.

    Args:
        store: where they are recorded.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._all: dict[str, Live] = {}
        self._alone = threading.Lock()
        self._closed = False

    def start(self, task: Task, name: str, notes: dict[str, Any]) -> Live:
        """Train a task, recorded.

        Args:
            task: what to train.
            name: what it learns from; its id begins so, as far as ids may.
            notes: what it shall know of where its rows come from.

        Raises:
            Busy: if enough is being trained.
            StoreError, CompileError: if it cannot be recorded or compiled.
        """
        self._check_room()
        artefact = compile_program(task.program, task.options.dtype, "fast", native_target(), find_toolchain())
        recorder = recording.begin(self.store, task, artefact, usable_name(name), notes)
        live = Live(task, recorder.id, np.zeros(task.updates, task.options.dtype), 0, [])
        feed = Feed(live, recorder)
        return self._go(live, recorder, lambda: carry_out(task, Silent(), watcher=feed, artefact=artefact, notes=notes))

    def resume(self, id: str) -> Live:
        """Go on with a run that was interrupted.

        Raises:
            DescriptionError: if it has ended.
            UnknownRun, StoreError, DataError: if it is not there, is trained elsewhere, or has no data.
        """
        self._check_room()
        claim = self.store.claim(id)
        try:
            run = self.store.load(id)
            if self.store.entry(id).digest and run.status in ("finished", "diverged"):
                raise DescriptionError(f"the run {id} has {run.status}: there is nothing to go on with.")
            task, stand = run.task, run.outcome.stand
            task.data, task.held_examples  # noqa: B018  (what is missing shall be told before anything is done)
            recorder = recording.Recorder(self.store, claim, task, stand)
        except BaseException:
            claim.release()
            raise
        live = Live(task, id, np.zeros(task.updates, task.options.dtype), stand, list(run.history))
        live.losses[:stand] = run.losses[:stand]
        feed, reached = Feed(live, recorder), Reached(stand, run.state_at_end, run.losses, run.history)
        return self._go(live, recorder, lambda: carry_out(task, Silent(), watcher=feed, reached=reached, notes=run.notes))

    def _check_room(self) -> None:
        with self._alone:
            if self._closed or sum(live.end is None for live in self._all.values()) >= AT_ONCE:
                raise Busy(f"{AT_ONCE} runs are being trained already. Fix: stop one, then try again.")

    def _go(self, live: Live, recorder: recording.Recorder, train: Any) -> Live:
        live.thread = threading.Thread(target=_train, args=(live, recorder, train), name="learnloop-live", daemon=True)
        with self._alone:
            self._all[live.id] = live
            for id in [id for id, known in self._all.items() if known.end is not None][:-ENDED]:
                del self._all[id]
        live.thread.start()
        return live

    def live(self, id: str) -> Live:
        """A training of this server, also one that ended a while ago.

        Raises:
            Gone: if there is none.
        """
        with self._alone:
            if id not in self._all:
                raise Gone(f"this server does not train the run {id}.")
            return self._all[id]

    def close(self, patience: float = 10.0) -> None:
        """Stop everything, and wait until it is recorded."""
        with self._alone:
            self._closed, everything = True, list(self._all.values())
        for live in everything:
            live.stop()
        for live in everything:
            if live.thread is not None:
                live.thread.join(patience)


def _train(live: Live, recorder: recording.Recorder, train: Any) -> None:
    """The thread: whatever happens, tabs are told how it ended."""
    try:
        run = recording.recorded(recorder, train)
        end = _ended(live, run)
    except Diverged as error:
        divergence = error.run.outcome.divergence
        end = _ended(live, error.run) | {"error": str(error), "divergence": vars(divergence)}
    except RecordError as error:
        end = _ended(live, error.run) | {"error": str(error), "recorded": False}
    except Exception as error:
        end = {"status": "failed", "error": message_of(error), "digest": None}
    live.end = end


def _ended(live: Live, run: Run) -> dict[str, Any]:
    """How a run ended; its losses to the last one are there before it is said."""
    live.losses[: run.updates] = run.losses
    live.done = run.updates
    return {"status": run.status, "digest": run.digest, "error": None, "stand": run.outcome.stand, "recorded": True}


def usable_name(given: str) -> str:
    """A name of runs made of any text.

    >>> usable_name("my data (2).csv"), usable_name("../<b>"), usable_name("---")
    ('my_data_2_csv', 'b', 'run')
    """
    found = re.sub(r"[^\w]+", "_", given, flags=re.ASCII).strip("_")[:40]
    return found or "run"
