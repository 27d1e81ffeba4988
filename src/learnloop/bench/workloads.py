"""What is measured: small and middling networks on random data. Only the shapes matter to the clock."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..errors import UnknownName

Array = np.ndarray[Any, np.dtype[Any]]
SGD_RATE, ADAM_RATE = 0.01, 1e-3


@dataclass(frozen=True)
class Workload:
    """One network, its data and how it learns.

    Attributes:
        name: what users call it.
        units: inputs, hidden units, outputs.
        batch: rows of an update.
        optimizer: "sgd" or "adam".
        loss: "cross_entropy", "binary_cross_entropy" or "mse".
        activation: of the hidden layers: "relu" or "tanh".
        rows: of the data; whole batches, so that no framework meets a shorter last one.
    """

    name: str
    units: tuple[int, ...]
    batch: int
    optimizer: str
    loss: str
    activation: str
    rows: int

    @property
    def rate(self) -> float:
        """The learning rate."""
        return SGD_RATE if self.optimizer == "sgd" else ADAM_RATE

    @property
    def per_epoch(self) -> int:
        """Updates of an epoch."""
        return self.rows // self.batch

    @property
    def text(self) -> str:
        """The shapes in a few words."""
        return f"{'-'.join(map(str, self.units))} b{self.batch} {self.optimizer}"

    @property
    def operations(self) -> int:
        """Multiplications and additions of an update's matrix products: forward, weights, and inputs but the first."""
        products = [a * b for a, b in pairwise(self.units)]
        return 2 * self.batch * (3 * sum(products) - products[0])

    def data(self) -> tuple[Array, Array]:
        """Inputs (rows, inputs) and targets: class indices (rows,), or float32 (rows, 1)."""
        draw = np.random.default_rng(7)
        X = draw.standard_normal((self.rows, self.units[0]), dtype=np.float32)
        if self.loss == "cross_entropy":
            return X, draw.integers(0, self.units[-1], self.rows)
        y = draw.standard_normal((self.rows, 1), dtype=np.float32)
        return X, (y > 0).astype(np.float32) if self.loss == "binary_cross_entropy" else y


WORKLOADS = (
    Workload("playground", (2, 8, 8, 1), 10, "sgd", "binary_cross_entropy", "tanh", 500),
    Workload("digits", (64, 32, 10), 32, "sgd", "cross_entropy", "relu", 1792),
    Workload("tabular", (30, 64, 64, 1), 64, "adam", "mse", "relu", 6400),
    Workload("mnist", (784, 128, 64, 10), 64, "adam", "cross_entropy", "relu", 6400),
    Workload("mnist-wide", (784, 512, 512, 10), 128, "adam", "cross_entropy", "relu", 6400),
    Workload("wide", (1024, 1024, 1024, 10), 256, "sgd", "cross_entropy", "relu", 6400),
)


def choose(part: str | None) -> tuple[Workload, ...]:
    """The workloads whose name has a part; all for None.

    Raises:
        UnknownName: if there is none.
    """
    exact = tuple(w for w in WORKLOADS if w.name == part)
    found = exact or tuple(w for w in WORKLOADS if part is None or part in w.name)
    if not found:
        raise UnknownName("workload", part, [w.name for w in WORKLOADS])
    return found
