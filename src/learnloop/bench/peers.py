"""PyTorch and JAX, as contenders: each written as its own documentation would, for speed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np

from .measure import Contender
from .workloads import Workload

THREADS = (1, 2)
BETAS, EPSILON = (0.9, 0.999), 1e-8


def missing() -> list[str]:
    """Those that are not installed."""
    return [name for name in ("torch", "jax") if find_spec(name) is None]


def peers(workload: Workload) -> list[Contender]:
    """Those that are installed."""
    found = []
    if find_spec("torch") is not None:
        found += [_torch(workload, threads) for threads in THREADS]
    if find_spec("jax") is not None:
        found.append(_jax(workload))
    return found


def _torch(workload: Workload, threads: int) -> Contender:
    """Eager PyTorch: the usual loop, shuffled every epoch, Adam fused."""
    import torch

    model, optimizer = _torch_model(workload)
    X, y = (torch.from_numpy(np.asarray(values)) for values in workload.data())
    losses = {"cross_entropy": torch.nn.CrossEntropyLoss, "mse": torch.nn.MSELoss,
              "binary_cross_entropy": torch.nn.BCEWithLogitsLoss}  # fmt: skip
    criterion: Any = losses[workload.loss]()

    def updates(count: int) -> None:
        for update in range(count):
            turn = update % workload.per_epoch
            if turn == 0:
                order = torch.randperm(workload.rows)
            rows = order[turn * workload.batch : (turn + 1) * workload.batch]
            optimizer.zero_grad(set_to_none=True)
            criterion(model(X[rows]), y[rows]).backward()
            optimizer.step()

    return Contender(f"torch {threads}", updates, prepare=lambda: torch.set_num_threads(threads))


def _torch_model(workload: Workload) -> tuple[Any, Any]:
    import torch

    activation: Any = torch.nn.Tanh if workload.activation == "tanh" else torch.nn.ReLU
    layers: list[Any] = []
    for inputs, units in pairwise(workload.units):
        layers += [torch.nn.Linear(inputs, units), activation()]
    model = torch.nn.Sequential(*layers[:-1])
    if workload.optimizer == "sgd":
        return model, torch.optim.SGD(model.parameters(), lr=workload.rate)
    return model, torch.optim.Adam(model.parameters(), lr=workload.rate, fused=True)


def _jax(workload: Workload) -> Contender:
    """JAX: one compiled program for a whole epoch; it takes as many threads as it likes."""
    import jax

    wait: Any = jax.block_until_ready
    epoch, state = _jax_epoch(workload)
    held = {"state": state, "epochs": 0}

    def updates(count: int) -> None:
        for _ in range(count // workload.per_epoch):
            held["epochs"] += 1
            held["state"] = epoch(held["state"], jax.random.PRNGKey(held["epochs"]))
        wait(held["state"])

    return Contender("jax", updates, step=workload.per_epoch)


def _jax_epoch(workload: Workload) -> tuple[Callable[..., Any], Any]:
    import jax
    import jax.numpy as jnp

    X, y = (jnp.asarray(values) for values in workload.data())
    gradient, step = jax.grad(_jax_loss(workload)), _jax_step(workload)

    def update(state: Any, rows: Any) -> tuple[Any, None]:
        return step(state, gradient(state[0], X[rows], y[rows])), None

    @jax.jit
    def epoch(state: Any, key: Any) -> Any:
        order = jax.random.permutation(key, workload.rows).reshape(workload.per_epoch, workload.batch)
        return jax.lax.scan(update, state, order)[0]

    draw = np.random.default_rng(3)
    weights = []
    for a, b in pairwise(workload.units):
        start = draw.standard_normal((a, b), dtype=np.float32) / np.sqrt(np.float32(a))
        weights.append((jnp.asarray(start), jnp.zeros(b, jnp.float32)))
    zeros = jax.tree_util.tree_map(jnp.zeros_like, weights)
    return epoch, (weights, zeros, zeros, jnp.zeros((), jnp.float32))


def _jax_loss(workload: Workload) -> Callable[..., Any]:
    import jax
    import jax.numpy as jnp

    activation = jnp.tanh if workload.activation == "tanh" else jax.nn.relu

    def loss(weights: Any, x: Any, y: Any) -> Any:
        for number, (w, b) in enumerate(weights, start=1):
            x = x @ w + b
            x = activation(x) if number < len(weights) else x
        if workload.loss == "cross_entropy":
            return -jnp.take_along_axis(jax.nn.log_softmax(x), y[:, None], axis=1).mean()
        return ((x - y) ** 2).mean() if workload.loss == "mse" else (jax.nn.softplus(x) - y * x).mean()

    return loss


def _jax_step(workload: Workload) -> Callable[..., Any]:
    import jax
    import jax.numpy as jnp

    each = jax.tree_util.tree_map

    def sgd(state: Any, gradient: Any) -> Any:
        return (each(lambda w, g: w - workload.rate * g, state[0], gradient), *state[1:])

    def adam(state: Any, gradient: Any) -> Any:
        weights, first, second, time = state
        time = time + 1
        first = each(lambda m, g: BETAS[0] * m + (1 - BETAS[0]) * g, first, gradient)
        second = each(lambda v, g: BETAS[1] * v + (1 - BETAS[1]) * g * g, second, gradient)
        rate, root = workload.rate / (1 - BETAS[0] ** time), jnp.sqrt(1 - BETAS[1] ** time)
        move = lambda w, m, v: w - rate * m / (jnp.sqrt(v) / root + EPSILON)  # noqa: E731
        return each(move, weights, first, second), first, second, time

    return sgd if workload.optimizer == "sgd" else adam
