"""Everything that a run is a pure function of: what to train, how, and from what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import DataError
from ..network import Network
from ..program import ARITHMETIC, Program, build
from ..rules import Loss, Optimizer
from .examples import Examples, digest_examples
from .options import Options

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Held:
    """Rows that are measured after every epoch, not learnt from.

    Attributes:
        examples: where they are; None for the examples that are learnt from.
        rows: which of them; None for all.
        digest: SHA-256 of examples of its own; "" for none.
    """

    examples: Examples | None
    rows: Array | None
    digest: str = ""

    @classmethod
    def apart(cls, examples: Examples) -> Held:
        """Examples that are not among those that are learnt from."""
        return cls(examples, None, digest_examples(examples))


@dataclass(frozen=True, eq=False)
class Start:
    """Where a branch begins: at an update of another run, with the state that this one had there.

    Attributes:
        update: the first update that is the branch's own.
        state: parameters and states before it, by tensor.
        losses: those of the updates before.
        history: the epochs before.
        parent: what the updates before are a function of.
    """

    update: int
    state: Mapping[str, Array]
    losses: Array
    history: tuple[dict[str, float], ...]
    parent: Task


@dataclass(frozen=True, eq=False)
class Task:
    """A run before it is carried out.

    Attributes:
        network: what to train.
        loss: what is made small.
        optimizer: how weights change.
        options: batch size, epochs, seed, threads, dtype.
        count: how many rows it learns from.
        data_digest: SHA-256 of its data.
        examples: the data; None where they are not at hand.
        rows: the rows of them to learn from; None for all.
        held: what is measured after every epoch, or None.
        start: where a branch begins; None for the first weights.
        arithmetic: the version of it that the run was made with.
    """

    network: Network
    loss: Loss
    optimizer: Optimizer
    options: Options
    count: int
    data_digest: str
    examples: Examples | None
    rows: Array | None = None
    held: Held | None = None
    start: Start | None = None
    arithmetic: int = ARITHMETIC

    @classmethod
    def of(
        cls, network: Network, loss: Loss, optimizer: Optimizer, options: Options, examples: Examples,
        rows: Array | None = None, held: Held | None = None, program: Program | None = None,
    ) -> Task:  # fmt: skip
        """A task from its data, and from its program where that is built; a batch has no more rows than there are.

        Raises:
            DataError: if every row to learn from, or every row held out, has the weight 0.
        """
        _check_weights(examples, rows, held)
        count = examples.rows if rows is None else len(rows)
        fitting = replace(options, batch_size=min(options.batch_size, count))
        made = cls(network, loss, optimizer, fitting, count, digest_examples(examples), examples, rows, held)
        if program is not None:
            made.__dict__["program"] = program
        return made

    @cached_property
    def program(self) -> Program:
        """The whole learning loop as statements."""
        return build(self.network, self.loss, self.optimizer)

    @property
    def updates_per_epoch(self) -> int:
        """How many updates an epoch has."""
        return -(-self.count // self.options.batch_size)

    @property
    def updates(self) -> int:
        """How many updates the run has, if nothing stops it."""
        return self.options.epochs * self.updates_per_epoch

    @property
    def first(self) -> int:
        """The first update that is not another run's."""
        return 0 if self.start is None else self.start.update

    @property
    def numbers(self) -> dict[str, float]:
        """What the program is given at run time."""
        return dict(self.program.options) | {"total_updates": float(self.updates)}

    @property
    def data(self) -> Examples:
        """The data.

        Raises:
            DataError: if they are not at hand.
        """
        if self.examples is None:
            raise DataError(
                f"the run does not hold its data, whose SHA-256 begins with {self.data_digest[:12]}. "
                "Fix: run = run.with_data(X, y), with the arrays that it learnt from."
            )
        return self.examples

    @property
    def held_examples(self) -> Examples:
        """The data of the rows held out.

        Raises:
            DataError: if they are not at hand.
        """
        if self.held is None or not self.held.digest:
            return self.data
        if self.held.examples is None:
            raise DataError(
                f"the run does not hold its validation data, whose SHA-256 begins with {self.held.digest[:12]}. "
                "Fix: run = run.with_data(X, y, validation=(X, y)), with the arrays that it had."
            )
        return self.held.examples

    def check_data(self) -> None:
        """See that the data are what was learnt from: large ones stay the caller's, who may have written to them.

        Raises:
            DataError: if they are not, or not at hand.
        """
        parts = [("data", self.data, self.data_digest)]
        if self.held is not None and self.held.digest:
            parts.append(("validation data", self.held_examples, self.held.digest))
        for what, examples, digest in parts:
            if digest_examples(examples) != digest:
                raise DataError(
                    f"the {what} were written to since the run learnt from them: their SHA-256 does not begin with "
                    f"{digest[:12]} any more. Fix: run.with_data(X, y) with what they were."
                )

    def with_examples(self, examples: Examples) -> Task:
        """The same with its data at hand, which were checked; so has the run that a branch came from, if it learnt
        from the same.

        Raises:
            DataError: for rows that the data do not have: a compiled program trusts them.
        """
        held = None if self.held is None or self.held.digest else self.held.rows
        named = [rows for rows in (self.rows, held) if rows is not None]
        count = examples.rows if self.rows is None else len(self.rows)
        if count != self.count or any(rows.max() >= examples.rows for rows in named):
            raise DataError(f"the run names rows that its data, which have {examples.rows}, do not have. Fix: train it again.")
        start = self.start
        if start is not None and start.parent.examples is None and start.parent.data_digest == self.data_digest:
            start = replace(start, parent=start.parent.with_examples(examples))
        return replace(self, examples=examples, start=start)

    def with_held(self, examples: Examples) -> Task:
        """The same with its validation data at hand, which were checked; so have the runs that a branch came from."""
        if self.held is None or self.held.digest != digest_examples(examples):
            return self
        start = self.start if self.start is None else replace(self.start, parent=self.start.parent.with_held(examples))
        return replace(self, held=replace(self.held, examples=examples), start=start)

    def weighted(self, weights: Array) -> Task:
        """The same with other weights of the rows."""
        examples = replace(self.data, weights=np.ascontiguousarray(weights, self.data.weights.dtype))
        _check_weights(examples, self.rows, self.held)
        return replace(self, examples=examples, data_digest=digest_examples(examples))

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled and copied: the program is built again."""
        return {k: v for k, v in self.__dict__.items() if k != "program"}


def _check_weights(examples: Examples, rows: Array | None, held: Held | None) -> None:
    if not np.any(_of_rows(examples.weights, rows) > 0):
        raise DataError("sample_weight is 0 for every row to learn from. Fix: give some row a weight above 0.")
    if held is not None and not np.any(_of_rows((held.examples or examples).weights, held.rows) > 0):
        raise DataError("sample_weight is 0 for every row held out. Fix: give (X, y) as validation.")


def _of_rows(values: Array, rows: Array | None) -> Array:
    return values if rows is None else values[rows]
