"""Small trainings that PyTorch did, too: every activation, layer, loss, kind of optimizer and schedule is in one.

The recipes follow from the registries: a new activation gets one by being there; then run scripts/make_torch_vectors.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import cycle
from typing import Any

import numpy as np

from learnloop import Network
from learnloop.errors import DescriptionError
from learnloop.language.random import random_u32, uniform
from learnloop.program import Program, build
from learnloop.rules import (
    ACTIVATIONS,
    LOSSES,
    PURPOSE_SHUFFLE,
    SGD,
    Activation,
    Adam,
    AdamW,
    BinaryCrossEntropy,
    Constant,
    Cosine,
    Dense,
    Dropout,
    Layer,
    LayerNorm,
    Loss,
    Optimizer,
    Residual,
    Warmup,
)

Array = np.ndarray[Any, np.dtype[Any]]

OPTIMIZERS: tuple[Optimizer, ...] = (
    SGD(0.1),
    SGD(0.1, momentum=0.9),
    SGD(Constant(0.05), momentum=0.8, nesterov=True),
    SGD(0.1, weight_decay=0.05),
    SGD(0.1, momentum=0.7, weight_decay=0.1, decoupled=True),
    SGD(Cosine(0.2, floor=0.01), momentum=0.9, weight_decay=0.01, nesterov=True),
    SGD(Warmup(5, Constant(0.2)), clip_norm=0.05),
    Adam(0.02),
    Adam(Cosine(0.03), betas=(0.8, 0.95), epsilon=1e-3),
    Adam(Warmup(6, Cosine(0.03, floor=0.001)), weight_decay=0.05),
    Adam(0.02, weight_decay=0.1, decoupled=True, clip_norm=0.1),
    AdamW(0.02),
    AdamW(Cosine(0.04, updates=12, floor=0.002), weight_decay=0.2, clip_norm=0.2),
)
BODIES: tuple[tuple[Layer, ...], ...] = (
    (),
    (LayerNorm(),),
    (Dropout(0.3),),
    (Residual(Dense(6, "tanh"), LayerNorm(1e-3), Dense(5)),),
    (Dense(3, "sigmoid"), Dropout(0.5), LayerNorm()),
)


@dataclass(frozen=True)
class Recipe:
    """One training.

    Attributes:
        name: what its vectors are called.
        network: of 4 inputs.
        loss: what is made small.
        optimizer: how.
        rows: of the data.
        batch: of an update; it does not divide the rows.
        weighted: whether rows have weights of their own, some of them 0.
        seed: keys data, first weights, shuffle and dropout.
    """

    name: str
    network: Network
    loss: Loss
    optimizer: Optimizer
    rows: int
    batch: int
    weighted: bool
    seed: int
    epochs: int = 4

    @cached_property
    def program(self) -> Program:
        """The program."""
        return build(self.network, self.loss, self.optimizer)

    @property
    def per_epoch(self) -> int:
        """Updates of an epoch."""
        return -(-self.rows // self.batch)

    @property
    def updates(self) -> int:
        """Updates of all epochs."""
        return self.per_epoch * self.epochs

    def numbers(self, stream: int, *shape: int) -> Array:
        """Fixed numbers in [-1, 1), which float32 holds exactly."""
        return (uniform(self.seed, 1000 + stream, 0, 0, np.arange(int(np.prod(shape)))) * 2 - 1).reshape(shape)

    @property
    def X(self) -> Array:
        """Inputs."""
        return self.numbers(0, self.rows, self.network.inputs)

    @property
    def targets(self) -> Array:
        """Class indices, zeros and ones, or numbers."""
        if self.loss.labels:
            return np.array(
                random_u32(self.seed, 1001, 0, 0, np.arange(self.rows)) % np.uint64(self.network.outputs), np.int64
            )
        numbers = self.numbers(1, self.rows, self.network.outputs)
        return (numbers > 0).astype(float) if isinstance(self.loss, BinaryCrossEntropy) else numbers

    @property
    def weights(self) -> Array:
        """Of the rows."""
        return (
            np.round(np.maximum(self.numbers(2, self.rows) + 0.7, 0) * 4) / 4 if self.weighted else np.ones(self.rows)
        )

    def first_weights(self) -> dict[str, Array]:
        """Parameters before the first update, by the names users see."""
        found = {}
        for k, p in enumerate(self.program.parameters):
            values = self.numbers(10 + k, *p.dims) * 0.75
            found[p.name] = values + 1 if p.name.endswith("weight") and len(p.dims) == 1 else values
        return found

    def batch_rows(self, update: int) -> Array:
        """The rows of an update: the shuffle of its epoch, written here once more."""
        order = list(range(self.rows))
        for i in range(self.rows - 1, 0, -1):
            j = int(random_u32(self.seed, PURPOSE_SHUFFLE, update // self.per_epoch, 0, i)) * (i + 1) >> 32
            order[i], order[j] = order[j], order[i]
        first = update % self.per_epoch * self.batch
        return np.array(order[first : first + self.batch])


def _network(activation: Activation, body: tuple[Layer, ...], loss: Loss) -> tuple[Network, Loss]:
    """The activation in a hidden layer, or at the output where it can stand nowhere else."""
    outputs = 3 if loss.labels else 2
    try:
        return Network(4, [Dense(5, activation), *body, Dense(outputs)]), loss
    except DescriptionError:
        return Network(4, [Dense(5, "tanh"), *body, Dense(outputs, activation)]), LOSSES["mse"]


def _recipes() -> dict[str, Recipe]:
    count = max(len(ACTIVATIONS), len(LOSSES), len(OPTIMIZERS), len(BODIES))
    turns = zip(
        range(count),
        cycle(ACTIVATIONS.values()),
        cycle(LOSSES.values()),
        cycle(OPTIMIZERS),
        cycle(BODIES),
        strict=False,
    )
    found = {}
    for k, activation, loss, optimizer, body in turns:
        network, fitting = _network(activation, body, loss)
        name = f"{k:02d}_{activation.name}_{fitting.name}_{type(optimizer).__name__.lower()}"
        found[name] = Recipe(
            name, network, fitting, optimizer, (23, 17)[k % 2], (4, 3, 7)[k % 3], k % 3 == 1, 100 + k, (4, 5, 7)[k % 3]
        )
    return found


RECIPES = _recipes()
