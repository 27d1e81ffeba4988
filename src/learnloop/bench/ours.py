"""learnloop, as a contender: the engine alone, without compiling."""

from __future__ import annotations

from ..compile import compile_program
from ..network import mlp
from ..program import build
from ..rules import LOSSES, OPTIMIZERS
from ..train.engine import Engine
from ..train.examples import check_examples
from .measure import Contender
from .workloads import Workload

MOST = 1 << 24
"""Updates of a measurement that an engine has room for."""


class Trainer:
    """An engine that trains as often as asked.

    Args:
        workload: what to train.
        threads: how many threads.
    """

    def __init__(self, workload: Workload, threads: int) -> None:
        network = mlp(*workload.units, activation=workload.activation)
        loss, optimizer = LOSSES[workload.loss], OPTIMIZERS[workload.optimizer](workload.rate)
        program = build(network, loss, optimizer)
        examples = check_examples(network, loss, *workload.data(), None, "float32")
        options = dict(program.options) | {"total_updates": float(MOST)}
        self.engine = Engine(
            program, compile_program(program), examples, None, workload.batch, MOST, 0, options, threads
        )  # fmt: skip

    def updates(self, count: int) -> None:
        """Train from the first weights."""
        for _ in self.engine.advance(count):
            pass
        if self.engine.diverged:
            raise ArithmeticError("a benchmark diverged: its time would mean nothing")

    def contender(self) -> Contender:
        """How to measure it: every repeat is the same run from the start."""
        return Contender(f"learnloop {self.engine.threads}", self.updates, prepare=self.engine.initialise)
