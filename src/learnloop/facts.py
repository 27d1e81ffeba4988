"""What is known of a run without doing anything: its description, and what came of it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from .compile import generate, native_target, target_named
from .network import Network
from .program import Program
from .rules import Loss, Optimizer
from .train.examples import Examples
from .train.memory import weights_digest
from .train.options import Options
from .train.session import Outcome
from .train.task import Task

Array = np.ndarray[Any, np.dtype[Any]]


class Facts:
    """The facts of a run, by the names that people use.

    Args:
        task: everything that the run is a pure function of.
        outcome: what came of it.
    """

    def __init__(self, task: Task, outcome: Outcome) -> None:
        self.task, self.outcome = task, outcome

    @property
    def network(self) -> Network:
        """The description of the network."""
        return self.task.network

    @property
    def loss(self) -> Loss:
        """The loss."""
        return self.task.loss

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer."""
        return self.task.optimizer

    @property
    def options(self) -> Options:
        """Batch size, epochs, seed, threads, dtype."""
        return self.task.options

    @property
    def losses(self) -> Array:
        """One number for each update: the mean over its actual rows, penalties not included."""
        return self.outcome.losses

    @property
    def weights(self) -> dict[str, Array]:
        """{"dense_1.weight": (inputs, units), "dense_1.bias": (units,), ...}."""
        return self.outcome.weights

    @property
    def state(self) -> dict[str, Array]:
        """What the optimizer kept, by tensor."""
        return self.outcome.state

    @property
    def history(self) -> tuple[dict[str, float], ...]:
        """For each epoch its loss and the metrics of the validation rows, where there are some."""
        return self.outcome.history

    @property
    def status(self) -> str:
        """"finished", "interrupted" or "diverged"."""
        return self.outcome.status

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended it."""
        return self.outcome.status == "interrupted"

    @property
    def seconds(self) -> float:
        """How long training took, without compiling."""
        return self.outcome.seconds

    @property
    def threads_used(self) -> int:
        """How many threads it ran on at last."""
        return self.outcome.threads_used

    @property
    def target(self) -> str:
        """What it was compiled for."""
        return self.outcome.target

    @property
    def compiler(self) -> str:
        """What compiled it."""
        return self.outcome.compiler

    @property
    def updates_per_epoch(self) -> int:
        """How many updates an epoch has."""
        return self.task.updates_per_epoch

    @property
    def data_digest(self) -> str:
        """SHA-256 of the data that it learnt from."""
        return self.task.data_digest

    @property
    def examples(self) -> Examples | None:
        """What it learnt from, or None for a run that was read without its data."""
        return self.task.examples

    @property
    def rows(self) -> Array | None:
        """The rows it learnt from, or None for all."""
        return self.task.rows

    @property
    def held_out(self) -> Array | None:
        """The rows that ``validation`` as a share held out, or None."""
        return None if self.task.held is None else self.task.held.rows

    @property
    def program(self) -> Program:
        """The whole learning loop as statements; print it."""
        return self.task.program

    @cached_property
    def source(self) -> str:
        """The C source of the run, as it was compiled for this machine."""
        return generate(
            self.program, target_named(self.target) if self.target else native_target(), self.options.dtype
        ).text

    @property
    def digest(self) -> str:
        """SHA-256 of the final weights: little-endian, in the order of their declaration, NaN canonicalised."""
        return weights_digest(self.weights)

    @property
    def updates(self) -> int:
        """How many updates have a loss."""
        return len(self.losses)

    @property
    def state_at_end(self) -> dict[str, Array]:
        """Parameters and states as they are at last, by tensor: what another update would start from."""
        return {p.tensor: self.weights[p.name] for p in self.program.parameters} | self.state
