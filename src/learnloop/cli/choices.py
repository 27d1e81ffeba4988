"""What the user chose, and what it makes: a network, a loss, an optimizer."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from ..data import Dataset
from ..errors import DescriptionError
from ..network import Network
from ..rules import LOSSES, OPTIMIZERS, Constant, Cosine, Dense, Dropout, Layer, Loss, Optimizer, Schedule, lookup
from .recipes import SGD_RATE, Recipe, recipe


@dataclass(frozen=True)
class Choices:
    """The options of ``learnloop train`` as they were typed; None where the data set decides."""

    name: str
    hidden: str | None
    activation: str | None
    dropout: float | None
    loss: str | None
    optimizer: str
    learning_rate: float | None
    schedule: str
    momentum: float | None
    weight_decay: float | None
    epochs: int | None
    batch_size: int | None
    seed: int
    threads: int | None
    dtype: str
    test: float
    validation: float | None


@dataclass(frozen=True)
class Plan:
    """The choices in full.

    Attributes:
        network: what to train.
        loss: how wrong a row is.
        optimizer: how weights change.
        train: the remaining arguments of :func:`learnloop.train`.
        options: everything as plain data, for ``--json``.
    """

    network: Network
    loss: Loss
    optimizer: Optimizer
    train: dict[str, Any]
    options: dict[str, Any]


def settle(choices: Choices, data: Dataset) -> Plan:
    """Fill the gaps with what suits the data, and build.

    Raises:
        DescriptionError: for choices that make no sense.
        UnknownName: for rules that do not exist.
    """
    suits = recipe(data.name)
    problems = _problems(choices)
    if problems:
        raise DescriptionError(problems)
    loss = _loss(choices.loss, data)
    hidden = suits.hidden if choices.hidden is None else _units(choices.hidden)
    activation = suits.activation if choices.activation is None else choices.activation
    dropout = suits.dropout if choices.dropout is None else choices.dropout
    network = _network(data, loss, hidden, activation, dropout)
    optimizer = _optimizer(choices, suits)
    train = {
        "epochs": suits.epochs if choices.epochs is None else choices.epochs,
        "batch_size": suits.batch_size if choices.batch_size is None else choices.batch_size,
        "seed": choices.seed, "threads": choices.threads, "dtype": choices.dtype, "validation": choices.validation,
    }  # fmt: skip
    options = {
        "hidden": list(hidden), "activation": activation, "dropout": dropout, "loss": loss.name,
        "optimizer": choices.optimizer, "learning_rate": _rate(choices, suits), "schedule": choices.schedule,
        "momentum": getattr(optimizer, "momentum", None), "weight_decay": optimizer.weight_decay, **train,
        "test": choices.test,
    }  # fmt: skip
    return Plan(network, loss, optimizer, train, options)


def _problems(choices: Choices) -> list[str]:
    """What the command line alone can tell; the rest is checked by what is built."""
    found = []
    for name in ("test", "validation"):
        share = getattr(choices, name)
        if share is not None and not 0 < share < 1:
            found.append(f"--{name} is {share:g}; expected a share between 0 and 1, as in 0.2.")
    if choices.hidden is not None and _units(choices.hidden) == ():
        if choices.hidden.strip().lower() not in ("", "none"):
            found.append(f"--hidden is {choices.hidden!r}; expected whole numbers with commas, as in 64,32, or none.")
    if choices.schedule not in ("cosine", "constant"):
        found.append(f"--schedule is {choices.schedule!r}; expected cosine or constant.")
    return found


def _units(text: str) -> tuple[int, ...]:
    """Whole numbers with commas between; () for anything else."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        return ()
    return tuple(int(part) for part in parts)


def _loss(name: str | None, data: Dataset) -> Loss:
    classes = len(data.target_names) if data.task == "classification" else 0
    if name is None:
        name = ("binary_cross_entropy" if classes == 2 else "cross_entropy") if classes else "mse"
    loss = lookup("loss", LOSSES, name, Loss)
    if fits(loss, classes):
        return loss
    others = [other for other, known in LOSSES.items() if fits(known, classes)]
    aim = f"has {classes} classes" if classes else "has numbers as targets"
    raise DescriptionError(f"the loss {name} does not suit {data.name}, which {aim}. Fix: --loss {' or '.join(others)}.")


def fits(loss: Loss, classes: int) -> bool:
    """Whether a loss suits so many classes; 0 classes for numbers."""
    if loss.labels:
        return classes > 0
    return classes == 2 if loss.name == "binary_cross_entropy" else classes == 0


def _network(data: Dataset, loss: Loss, hidden: tuple[int, ...], activation: str, dropout: float) -> Network:
    layers: list[Layer] = []
    for units in hidden:
        layers.append(Dense(units, activation))
        if dropout:
            layers.append(Dropout(dropout))
    outputs = len(data.target_names) if loss.labels else 1
    return Network(data.X.shape[1], [*layers, Dense(outputs)])


def _rate(choices: Choices, suits: Recipe) -> float:
    if choices.learning_rate is not None:
        return choices.learning_rate
    return SGD_RATE if choices.optimizer == "sgd" else suits.learning_rate


def _optimizer(choices: Choices, suits: Recipe) -> Optimizer:
    named: dict[str, Any] = dict(OPTIMIZERS)
    kind = lookup("optimizer", named, choices.optimizer, type)
    rate = _rate(choices, suits)
    schedule: Schedule = Cosine(rate) if choices.schedule == "cosine" else Constant(rate)
    given = {k: getattr(choices, k) for k in ("momentum", "weight_decay") if getattr(choices, k) is not None}
    known = {field.name for field in fields(kind)}
    for name in given:
        if name not in known:
            raise DescriptionError(f"the optimizer {choices.optimizer} has no {name}. Fix: leave it out, or --optimizer sgd.")
    optimizer: Optimizer = kind(schedule, **given)
    return optimizer
