"""What each row of the data did: the run trained again without it, for every row asked for."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compile import compile_program, find_toolchain, native_target
from ..errors import DataError, DescriptionError, UnknownName
from ..rules.registry import is_whole, plain, short
from ..train.engine import Engine, evaluate, predict
from ..train.examples import Examples, check_examples
from ..train.memory import weights_digest
from ..train.metrics import is_classifier, metrics
from ..train.progress import Silent
from ..train.session import engine_of
from ..train.task import Task
from .whatif import check_rows

if TYPE_CHECKING:
    from ..run import Run

Array = np.ndarray[Any, np.dtype[Any]]
MEASURES = ("loss", "accuracy", "r2", "probabilities", "outputs")
LINES = 5


@dataclass(frozen=True, eq=False)
class Influence:
    """What leaving out each row does to a measure; every number comes of a real training.

    Attributes:
        measure: what was measured.
        rows: the rows left out, one at a time.
        base: the measure with all rows, trained to the end in the same way: a number, or an array (examples, outputs).
        values: the measure without each row, (rows, ...); NaN where the loss stopped being a number.
        digests: SHA-256 of the weights without each row.
        interrupted: whether Ctrl-C ended it; rows that were not reached are left out.
    """

    measure: str
    rows: Array
    base: Array
    values: Array
    digests: tuple[str, ...]
    interrupted: bool = False

    @property
    def effects(self) -> Array:
        """What leaving the row out changes, (rows, ...)."""
        return self.values - self.base

    @property
    def strength(self) -> Array:
        """How large each effect is, (rows,): its absolute value, or the norm of its array."""
        flat = self.effects.reshape(len(self.rows), self.base.size)
        return np.asarray(np.sqrt((flat.astype(np.float64) ** 2).sum(axis=1)))

    def strongest(self, count: int = LINES) -> Array:
        """The rows with the strongest effects, strongest first."""
        return self.rows[self._order()[:count]]

    def _order(self) -> Array:
        return np.argsort(-np.nan_to_num(self.strength, nan=np.inf), kind="stable")

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "measure": self.measure, "rows": self.rows.tolist(), "base": self.base.tolist(),
            "values": self.values.tolist(), "digests": list(self.digests), "interrupted": self.interrupted,
        }  # fmt: skip

    def _lines(self) -> Iterator[tuple[str, str]]:
        for k in self._order()[:LINES]:
            effect = f"{float(self.effects[k]):+.6g}" if self.effects.ndim == 1 else f"{self.strength[k]:.6g}"
            yield f"without row {self.rows[k]}", effect

    def __str__(self) -> str:
        shown = list(self._lines())
        width = max((len(name) for name, _ in shown), default=0)
        base = f" {float(self.base):.6g}" if self.base.ndim == 0 else ""
        head = f"{self.measure}{base}; {len(self.rows)} rows left out one at a time, each a real training:"
        return "\n".join([head, *(f"  {name:<{width}}  {effect}" for name, effect in shown)])

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{escape(name)}</td><td>{escape(effect)}</td></tr>" for name, effect in self._lines())
        return f"<table><caption>effect on {escape(self.measure)}</caption>{rows}</table>"


class _Judge:
    """Measures an engine that has trained.

    Args:
        task: what was trained.
        measure: one of :data:`MEASURES`.
        on: what to measure on.
    """

    def __init__(self, task: Task, measure: str, on: Examples | Array) -> None:
        self.task, self.measure, self.on = task, measure, on

    def __call__(self, engine: Engine) -> Array:
        functions = self.task.program.functions
        if isinstance(self.on, Examples):
            outputs, losses = evaluate(engine.memory, self.on, functions["evaluate"].outputs)
            return np.asarray(metrics(self.task.loss, outputs, losses, self.on)[self.measure])
        out, linked = predict(engine.memory, self.on, functions["predict"].outputs)
        return linked if self.measure == "probabilities" else out


def leave_one_out(
    run: Run, rows: Any = None, *, measure: str = "loss", on: Any = None, threads: int | None = None,
    shown: Silent | None = None,
) -> Influence:  # fmt: skip
    """Train again without each row, everything else held the same.

    Args:
        run: with its data at hand; not a branch.
        rows: which rows; None for all that it learnt from.
        measure: "loss", "accuracy", "r2", "probabilities" or "outputs".
        on: what to measure on: (X, y), or X for probabilities and outputs; None for the rows held out, or, where
            there are none, the data.
        threads: how many trainings at once; None for one on each core.
        shown: who tells people.

    Raises:
        DescriptionError, UnknownName, DataError: for what cannot be asked.
    """
    task = run.task
    if task.start is not None:
        raise DescriptionError("the run is a branch. Fix: ask the run that it branched from: run.parent.leave_one_out().")
    task.check_data()
    judge = _Judge(task, _check_measure(task, measure), _examples(run, measure, on))
    threads = plain(threads)
    chosen = check_rows(task, _learnt(task) if rows is None else rows)
    if threads is not None and (not is_whole(threads) or threads < 1):
        raise DescriptionError(f"threads is {short(threads)}; expected a whole number of at least 1.")
    return _Many(task, judge, chosen, threads or os.cpu_count() or 1, shown or Silent()).run()


def _learnt(task: Task) -> Array:
    return np.arange(task.data.rows) if task.rows is None else np.sort(task.rows)


def _check_measure(task: Task, measure: str) -> str:
    classes = is_classifier(task.loss)
    known = [m for m in MEASURES if m not in (("r2",) if classes else ("accuracy", "probabilities"))]
    if measure not in known:
        raise UnknownName("measure", measure, known)
    return measure


def _examples(run: Run, measure: str, on: Any) -> Examples | Array:
    task = run.task
    if measure in ("probabilities", "outputs"):
        if on is None:
            given = task.held_examples.X
            return given if task.held is None or task.held.rows is None else given[task.held.rows]
        from ..data.check import check_inputs

        X = on[0] if isinstance(on, tuple) else on
        return check_inputs(X, inputs=task.network.inputs, dtype=np.dtype(task.options.dtype), what="X")
    if on is None:
        return _picked(task.held_examples, None if task.held is None else task.held.rows)
    if not isinstance(on, tuple | list) or len(on) != 2:
        raise DataError(f"{measure} needs targets. Fix: on=(X, y), or measure='outputs' for predictions alone.")
    X, y = on
    return check_examples(task.network, task.loss, X, y, None, task.options.dtype)


def _picked(examples: Examples, rows: Array | None) -> Examples:
    if rows is None:
        return examples
    parts = (examples.X, examples.labels, examples.Y, examples.weights)
    X, labels, Y, weights = (None if part is None else np.ascontiguousarray(part[rows]) for part in parts)
    assert X is not None
    assert weights is not None
    return Examples(X, labels, Y, weights)


class _Many:
    """Trainings side by side, each thread with an engine and row weights of its own."""

    def __init__(
        self, task: Task, judge: _Judge, rows: Array, threads: int, shown: Silent
    ) -> None:
        self.task, self.judge, self.rows, self.shown = task, judge, rows, shown
        self.threads = min(threads, len(rows))
        self.artefact = compile_program(task.program, task.options.dtype, "fast", native_target(), find_toolchain())
        self.found: dict[int, tuple[Array, str]] = {}
        self.errors: list[BaseException] = []
        self.waiting = iter(range(len(rows)))
        self.news, self.stop = threading.Condition(), False

    def run(self) -> Influence:
        base, _ = self._trained(self._engine(), None)
        helpers = [threading.Thread(target=self._help, daemon=True) for _ in range(self.threads)]
        interrupted = False
        self.shown.start(len(self.rows), 1, "row")
        try:
            for helper in helpers:
                helper.start()
            self._wait()
        except KeyboardInterrupt:
            interrupted = True
        finally:
            self.stop = True
            for helper in helpers:
                helper.join()
            self.shown.close()
        if self.errors:
            raise self.errors[0]
        done = sorted(self.found)
        values = np.array([self.found[k][0] for k in done]).reshape(len(done), *base.shape)
        digests = tuple(self.found[k][1] for k in done)
        return Influence(self.judge.measure, self.rows[done], base, values, digests, interrupted)

    def _wait(self) -> None:
        with self.news:
            while len(self.found) < len(self.rows) and not self.errors:
                self.news.wait(0.1)
                self.shown.show(len(self.found), None, {})

    def _engine(self) -> Engine:
        weights = self.task.data.weights.copy()
        own = replace(self.task, examples=replace(self.task.data, weights=weights))
        return engine_of(own, self.artefact, 1)

    def _help(self) -> None:
        try:
            engine = self._engine()
            while not self.stop:
                with self.news:
                    place = next(self.waiting, None)
                if place is None:
                    return
                result = self._trained(engine, int(self.rows[place]))
                with self.news:
                    if not self.stop:
                        self.found[place] = result
                    self.news.notify_all()
        except BaseException as error:  # what a thread raises is raised again where somebody waits for it
            with self.news:
                self.errors.append(error)
                self.news.notify_all()

    def _trained(self, engine: Engine, row: int | None) -> tuple[Array, str]:
        """What is measured, and the digest of the weights, after a training without a row."""
        weights = engine.examples.weights
        kept = None if row is None else weights[row]
        if row is not None:
            weights[row] = 0
        engine.initialise()
        for _ in engine.advance(self.task.updates):
            if self.stop:
                break  # what it gives is dropped
        if row is not None:
            weights[row] = kept
        found = self.judge(engine)
        missing = np.full_like(found, np.nan, dtype=np.float64) if engine.diverged else found
        return np.asarray(missing), weights_digest(engine.memory.weights())
