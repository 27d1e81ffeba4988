"""Small runs to visit, each made once."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np

import learnloop as ll
from learnloop.rules import SGD, Adam, AdamW, Dense, Dropout, Layer, LayerNorm, Optimizer, Residual
from learnloop.runs import Traveller
from rules.recipes import OPTIMIZERS as RECIPES

DECAYS = ({}, {"weight_decay": 0.05}, {"weight_decay": 0.05, "decoupled": True})
CLIPS = ({}, {"clip_norm": 0.05})
MOMENTA = ({}, {"momentum": 0.9}, {"momentum": 0.8, "nesterov": True})
OPTIMIZERS: tuple[Optimizer, ...] = (
    *(SGD(0.1, **m, **d, **c) for m, d, c in product(MOMENTA, DECAYS, CLIPS)),
    *(Adam(0.02, **d, **c) for d, c in product(DECAYS, CLIPS)),
    *(AdamW(0.02, **c) for c in CLIPS),
    *(o for o in RECIPES if "Cosine" in repr(o) or "Warmup" in repr(o)),
)
BODIES: dict[str, tuple[Layer, ...]] = {
    "plain": (),
    "norm": (LayerNorm(),),
    "dropout": (Dropout(0.3), Dense(4, "relu")),
    "residual": (Residual(Dense(6, "gelu"), Dense(5)),),
    "all": (LayerNorm(), Dropout(0.2), Residual(Dense(4, "sigmoid"), LayerNorm(1e-3), Dense(5))),
}
INPUTS, ROWS = 3, 23


@cache
def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, classes and row weights, some of them 0."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(ROWS, INPUTS)).astype(np.float32)
    return X, rng.integers(0, 3, ROWS), rng.choice([0.0, 0.5, 1.0, 2.0], ROWS)


@cache
def run_of(
    optimizer: Optimizer, body: str = "all", dtype: str = "float32", epochs: int = 4, validation: float | None = None
) -> ll.Run:
    """A run of a few updates; the last batch of an epoch is shorter."""
    X, y, weights = data()
    network = ll.Network(INPUTS, [Dense(5, "tanh"), *BODIES[body], Dense(3)])
    return ll.train(
        network, X, y, optimizer=optimizer, batch_size=7, epochs=epochs, seed=11, sample_weight=weights, dtype=dtype,
        validation=validation, progress=False,
    )  # fmt: skip


@cache
def traveller_of(optimizer: Optimizer, body: str = "all", dtype: str = "float32") -> Traveller:
    """Its traveller."""
    return Traveller(run_of(optimizer, body, dtype))
