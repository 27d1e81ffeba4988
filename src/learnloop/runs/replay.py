"""Computing a run again from its description, and comparing it with what it was, bit for bit."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compile import compile_program, find_toolchain, native_target
from ..train.engine import Engine
from ..train.memory import weights_digest
from ..train.progress import Silent
from ..train.session import engine_of

if TYPE_CHECKING:
    from ..run import Run

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Replay:
    """A run computed again.

    Attributes:
        update: the first update that differs; None if none does.
        what: what differs there: "loss", "weights", "state", or "end" where it stopped being a finite number; None.
        was, now: it, as text.
        losses, digests, states: how many of each were compared.
        digest: of the last weights that were compared: the run's, unless they differ before.
        target: what it was computed for.
        made_on: what the run was computed for.
        seconds: how long it took.
    """

    update: int | None
    what: str | None
    was: str
    now: str
    losses: int
    digests: int
    states: int
    digest: str
    target: str
    made_on: str
    seconds: float

    @property
    def same(self) -> bool:
        """Whether everything that was compared is the same, to the last bit."""
        return self.update is None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {**asdict(self), "same": self.same}


def replay(run: Run, *, target: str | None = None, thorough: bool = True, shown: Silent | None = None) -> Replay:
    """Compute a run again, with what it branched from, and compare.

    Args:
        run: with its data at hand.
        target: "avx512", "avx2", "baseline" or "aarch64"; None for the best that the machine has.
        thorough: whether to compare every digest and state that was recorded, besides the losses and the last weights.
        shown: who tells people.

    Raises:
        DataError: for a run that was read without its data.
        DescriptionError: for a target that this machine cannot run.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> replay(ll.train(ll.mlp(2, 4, 1), X, y, epochs=2, progress=False)).same
    True
    """
    if run.parent is not None:
        before = replay(run.parent, target=target, thorough=thorough, shown=shown)
        if not before.same:
            return before
    return _Again(run, target, thorough, shown or Silent()).compare()


class _Again:
    """An engine that goes where the run was recorded, and looks."""

    def __init__(self, run: Run, target: str | None, thorough: bool, shown: Silent) -> None:
        self.run, self.shown, self.begin = run, shown, time.perf_counter()
        task = run.task
        task.data  # noqa: B018  (what is missing shall be told before anything is compiled)
        self.artefact = compile_program(
            task.program, task.options.dtype, "fast", native_target(target), find_toolchain()
        )
        self.engine: Engine = engine_of(task, self.artefact, run.threads_used)
        stand = run.outcome.stand
        digests, states = (run.digests, run.checkpoints) if thorough else ({}, [])
        self.digests = {at: sha256 for at, sha256 in digests.items() if task.first <= at <= stand}
        self.digests[stand] = run.digest
        self.states = [at for at in states if task.first <= at <= stand]
        self.digest = ""
        self.done, self.counts = task.first, {"losses": 0, "digests": 0, "states": 0}

    def compare(self) -> Replay:
        """Go, and stop at the first difference."""
        self.shown.start(self.run.task.updates, self.run.updates_per_epoch)
        try:
            for mark in sorted({*self.digests, *self.states, self.run.updates}):
                found = self._until(mark)
                if found is not None:
                    return self._told(*found)
            return self._told(None, None)
        finally:
            self.shown.close()
            self.engine.close()

    def _until(self, mark: int) -> tuple[int, str, str, str] | None:
        """The first difference up to a mark."""
        engine = self.engine
        for done in engine.advance(mark):
            epoch = engine.losses[max(0, done - self.run.updates_per_epoch) : max(done, 1)]  # as training shows it
            self.shown.show(done, float(epoch.mean()), {})
        return self._loss(engine.update) or self._end(mark) or self._weights(mark) or self._state(mark)

    def _loss(self, stop: int) -> tuple[int, str, str, str] | None:
        was, now = self.run.losses[self.done : stop], self.engine.losses[self.done : stop]
        differ = np.flatnonzero(_bits(was) != _bits(now))
        if len(differ):
            at = int(differ[0])
            return self.done + at, "loss", f"{was[at]:.9g}", f"{now[at]:.9g}"
        self.counts["losses"] += stop - self.done
        self.done = stop
        return None

    def _end(self, mark: int) -> tuple[int, str, str, str] | None:
        """A loss that was a number and is none any more."""
        if not self.engine.diverged:
            return None
        at = self.engine.update
        return at, "end", f"{self.run.losses[at]:.9g}" if at < len(self.run.losses) else "a number", "no finite number"

    def _weights(self, mark: int) -> tuple[int, str, str, str] | None:
        if mark not in self.digests:
            return None
        now = self.digest = weights_digest(self.engine.memory.weights())
        if now != self.digests[mark]:
            return mark, "weights", self.digests[mark], now
        self.counts["digests"] += 1
        return None

    def _state(self, mark: int) -> tuple[int, str, str, str] | None:
        if mark not in self.states:
            return None
        was, now = self.run.checkpoint(mark), self.engine.memory.snapshot()
        for name, values in now.items():
            if name not in was or was[name].tobytes() != values.tobytes():
                return mark, "state", f"recorded {name}", f"another {name}"
        self.counts["states"] += 1
        return None

    def _told(self, update: int | None, what: str | None, was: str = "", now: str = "") -> Replay:
        return Replay(
            update, what, was, now, **self.counts, digest=self.digest,
            target=self.artefact.target.name, made_on=self.run.target, seconds=time.perf_counter() - self.begin,
        )  # fmt: skip


def _bits(values: Array) -> Array:
    whole: Array = np.ascontiguousarray(values).view(f"u{values.dtype.itemsize}")
    return whole
