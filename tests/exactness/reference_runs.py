"""Runs whose digests are published: different layers, losses, optimizers, types, batch sizes. All of them are quick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import learnloop as ll


def _digits(**how: Any) -> ll.Run:
    X, y = ll.datasets.load("digits")
    net = ll.mlp(64, 32, 10)
    return ll.train(net, X / 16, y, optimizer=ll.SGD(0.1, momentum=0.9), epochs=2, seed=1, **how)


def _moons(**how: Any) -> ll.Run:
    X, y = ll.datasets.load("moons")
    net = ll.mlp(2, 8, 8, 1, activation="tanh")
    return ll.train(net, X, y, optimizer=ll.SGD(0.1), batch_size=10, epochs=5, seed=2**40 + 7, **how)


def _diabetes(**how: Any) -> ll.Run:
    X, y = ll.datasets.load("diabetes").standardised()
    block = ll.Residual(ll.LayerNorm(), ll.Dense(17, "gelu"), ll.Dropout(0.1), ll.Dense(33, weight="he"))
    net = ll.Network(10, [ll.Dense(33, "silu"), block, ll.Dense(1)])
    optimizer = ll.AdamW(ll.Warmup(4, ll.Cosine(3e-3)), clip_norm=1.0)
    return ll.train(net, X, y / 100, loss=ll.Huber(0.5), optimizer=optimizer, epochs=3, seed=3, validation=0.2, **how)


def _iris(**how: Any) -> ll.Run:
    X, y = ll.datasets.load("iris").standardised()
    net = ll.Network(4, [ll.Dense(7, "softsign", weight="glorot_normal"), ll.Dense(5, "softplus"), ll.Dense(3)])
    optimizer = ll.Adam(0.01, weight_decay=1e-3)
    return ll.train(net, X, y, optimizer=optimizer, batch_size=11, epochs=6, seed=4, dtype="float64", **how)


def _wine(**how: Any) -> ll.Run:
    X, y = ll.datasets.load("wine").standardised()
    targets = np.eye(3)[y]
    weights = 0.5 + (np.arange(len(X)) % 3)
    net = ll.Network(13, [ll.Dense(20, "selu", weight="lecun_normal"), ll.Dense(9, "elu"), ll.Dense(3, "softmax")])
    optimizer = ll.SGD(0.05, momentum=0.8, nesterov=True, weight_decay=0.01, decoupled=True)
    return ll.train(
        net, X, targets, loss="mae", optimizer=optimizer, batch_size=150, epochs=8, seed=5, sample_weight=weights,
        dtype="float64", **how,
    )  # fmt: skip


def _sine(**how: Any) -> ll.Run:
    X, y = ll.datasets.load("sine", rows=500)
    net = ll.Network(1, [ll.Dense(40, "sigmoid"), ll.Dense(40, "leaky_relu"), ll.Dense(1)])
    return ll.train(net, X, y, optimizer=ll.Adam(ll.Cosine(0.01, floor=1e-4)), batch_size=200, epochs=10, seed=6, **how)


def _subnormal(**how: Any) -> ll.Run:
    """Numbers so small that flushing them to zero would show."""
    X, y = ll.datasets.load("xor")
    net = ll.Network(2, [ll.Dense(6, weight=ll.Normal(1e-3)), ll.Dense(6, "tanh"), ll.Dense(1)])
    return ll.train(net, X * 1e-37, y * 1e-3, loss="mse", optimizer=ll.SGD(0.5), batch_size=13, epochs=2, seed=7, **how)


RUNS: dict[str, Callable[..., ll.Run]] = {
    "digits": _digits,
    "moons": _moons,
    "diabetes": _diabetes,
    "iris": _iris,
    "wine": _wine,
    "sine": _sine,
    "subnormal": _subnormal,
}
