"""A run as facts ask for it: everything is computed when it is first asked for, and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ...data import Dataset
from ...errors import DescriptionError
from ...explore.holding import Table
from ...explore.opening import table_of
from ...program import Program
from ...rules import Layer, Residual, default_names
from ...run import Run
from ...runs import Insights, LayerMoment, Moment
from ...runs.structure import Structure
from ...train.engine import evaluate
from ...train.examples import Examples
from ...train.metrics import classes, is_classifier, metrics, row_classes
from ..model import LessonRun

Array = np.ndarray[Any, np.dtype[Any]]
MOMENTS = 16
"""Updates that are kept as they were visited; each holds everything that was computed in it."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that a run is measured on.

    Attributes:
        examples: where they are.
        chosen: which of them, in order.
        numbers: what pages call them: those that are tested on come behind those that are learnt from.
    """

    examples: Examples
    chosen: Array
    numbers: Array


@dataclass(frozen=True, eq=False)
class Judged:
    """What the network answers for rows of classes, against what is true.

    Attributes:
        rows: what pages call them.
        truths, answers: classes, (rows,).
        chances: how likely the network takes each class to be, (rows, classes).
    """

    rows: Array
    truths: Array
    answers: Array
    chances: Array

    @cached_property
    def mistakes(self) -> list[int]:
        """The places of wrong answers, the surest foremost."""
        wrong = np.flatnonzero(self.truths != self.answers)
        return sorted(wrong.tolist(), key=lambda k: (-self.chances[k, self.answers[k]], self.rows[k]))


class Subject:
    """A run, and what is known of it.

    Args:
        found: a run of a lesson.
    """

    def __init__(self, found: LessonRun) -> None:
        self.found, self.run = found, found.run
        self._measured: dict[str, dict[str, float]] = {}
        self._moments: OrderedDict[int, Moment] = OrderedDict()

    @cached_property
    def structure(self) -> Structure:
        """What the program says about its layers."""
        return Structure(self.run.program)

    @property
    def program(self) -> Program:
        """The whole learning loop as statements."""
        return self.run.program

    @cached_property
    def layers(self) -> dict[str, Layer]:
        """The layers by name, those inside others, too."""
        return dict(_layers(self.run.network.layers))

    @cached_property
    def table(self) -> Table:
        """The rows with their names."""
        return table_of(self.run)

    @property
    def data(self) -> Dataset:
        """The rows that are learnt from, with their names."""
        return self.table.data

    @property
    def single(self) -> bool:
        """Whether numbers of the run are float32."""
        return self.run.options.dtype == "float32"

    def update(self, given: str) -> int:
        """An update of the run.

        Args:
            given: a whole number, or "last".

        Raises:
            DescriptionError: for one that the run does not have.
        """
        last = self.run.updates - 1
        if last < 0:
            raise DescriptionError("the run has no update with a finite loss. Fix: a smaller learning rate.")
        if given == "last":
            return last
        if int(given) > last:
            raise DescriptionError(f"update {given} is not in the run, which has the updates 0 to {last}. Fix: one of these, or last.")
        return int(given)

    def moment(self, update: int) -> Moment:
        """Everything that was computed in an update."""
        if update not in self._moments:
            self._moments[update] = self.run.at(update)
            if len(self._moments) > MOMENTS:
                self._moments.popitem(last=False)
        self._moments.move_to_end(update)
        return self._moments[update]

    def layer(self, name: str, update: int) -> LayerMoment:
        """What a layer computed in an update."""
        return self.moment(update).layer(name)

    @cached_property
    def insights(self) -> Insights:
        """What happened during the run."""
        return self.run.insights()

    @cached_property
    def learnt(self) -> Rows:
        """The rows that it learnt from."""
        examples = self.run.task.data
        chosen = np.arange(examples.rows) if self.run.rows is None else np.asarray(self.run.rows)
        return Rows(examples, chosen, chosen)

    @cached_property
    def tested(self) -> Rows:
        """The rows that were held out.

        Raises:
            DescriptionError: if there are none.
        """
        given = self.table.given
        held = None if given is None else given.held
        if held is None:
            raise DescriptionError("the run held no rows out to test on. Fix: use the facts that end in train, or hold some out.")
        if held.examples is None:
            assert held.rows is not None, "rows that do not lie apart are named"
            chosen = np.asarray(held.rows)
            return Rows(self.run.task.data, chosen, chosen)
        chosen = np.arange(held.examples.rows)
        return Rows(held.examples, chosen, chosen + self.run.task.data.rows)

    @property
    def test_count(self) -> int:
        """How many rows were held out."""
        given = self.table.given
        return 0 if given is None or given.held is None else len(self.tested.chosen)

    def measure(self, part: str) -> dict[str, float]:
        """Loss, and accuracy or R2, of the rows held out ("test"), of those that it learnt from ("train"), and of those held
        out before the first update ("start")."""
        if part not in self._measured:
            run = self._first if part == "start" else self.run
            rows = self.learnt if part == "train" else self.tested
            names = run.program.functions["evaluate"].outputs
            outputs, losses = evaluate(run._compiled[1], rows.examples, names, rows.chosen)
            self._measured[part] = metrics(run.loss, outputs, losses, rows.examples, rows.chosen)
        return self._measured[part]

    @cached_property
    def _first(self) -> Run:
        """The run as it was before its first update."""
        state = self.run.state_before(0)
        weights = {p.name: state[p.tensor] for p in self.program.parameters}
        return Run(self.run.task, replace(self.run.outcome, weights=weights))

    @property
    def has_classes(self) -> bool:
        """Whether the network tells classes apart."""
        return is_classifier(self.run.loss)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes.

        Raises:
            DescriptionError: if the run predicts numbers.
        """
        if self.data.task != "classification":
            raise DescriptionError("the run predicts numbers, and has no classes. Fix: facts of classes are for runs that have some.")
        return self.data.target_names

    def class_name(self, label: int) -> str:
        """The name of a class."""
        return self.classes[label]

    @cached_property
    def judged(self) -> Judged:
        """The answers to the rows held out.

        Raises:
            DescriptionError: if there are no classes, or no such rows.
        """
        self.classes, self.tested  # noqa: B018  (what is missing shall be told first)
        rows = self.tested
        outputs, linked = self.run._outputs(rows.examples.X[rows.chosen])
        truths = row_classes(self.run.loss, rows.examples)
        assert truths is not None, "whoever has classes has one for each row"
        return Judged(rows.numbers, truths[rows.chosen].astype(np.int64), classes(self.run.loss, outputs), chances_of(linked))


def chances_of(linked: Array) -> Array:
    """How likely each class is, (rows, classes), from what the link gives: of one number, that of the second of two."""
    wide = linked.astype(np.float64)
    return np.hstack([1 - wide, wide]) if wide.shape[1] == 1 else wide


def _layers(layers: tuple[Layer, ...], before: str = "") -> Iterator[tuple[str, Layer]]:
    for layer, name in zip(layers, default_names(layers), strict=True):
        yield f"{before}{name}", layer
        if isinstance(layer, Residual):
            yield from _layers(layer.layers, f"{before}{name}.")
