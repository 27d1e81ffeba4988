"""What the user chose, and what it makes: a network, a loss, an optimizer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from ..data import Dataset
from ..data.recipes import SGD_RATE, Recipe, suited
from ..errors import DescriptionError, UnknownName
from ..network import Network
from ..rules import LOSSES, OPTIMIZERS, Constant, Cosine, Dense, Dropout, Layer, Loss, Optimizer, Schedule, lookup
from ..train.metrics import fits
from ..train.options import Options
from .given import Asked
from .suggest import learnloop

_FIELD = re.compile(r"(?:\w+: )?(\w+) is (.+)", re.DOTALL)
_FLAGS = {"units": "hidden", "rate": "dropout"}
"""What rules call a choice, and what the command line calls it where that is something else."""

NUMBERS = ("momentum", "weight_decay", "clip_norm")
"""What an optimizer may have besides its learning rate."""


@dataclass(frozen=True)
class Choices:
    """The options of ``learnloop train`` as they were typed; None where the data set decides."""

    name: str
    hidden: str | None = None
    activation: str | None = None
    dropout: float | None = None
    loss: str | None = None
    optimizer: str = "adam"
    learning_rate: float | None = None
    schedule: str = "cosine"
    momentum: float | None = None
    weight_decay: float | None = None
    clip_norm: float | None = None
    epochs: int | None = None
    batch_size: int | None = None
    seed: int = 0
    threads: int | None = None
    dtype: str = "float32"
    test: float = 0.2
    validation: float | None = None
    target: str | None = None
    task: str | None = None
    kind: tuple[str, ...] = ()
    size: str | None = None
    labels: str | None = None

    @property
    def data(self) -> Asked:
        """What was written of data."""
        return Asked(self.name, self.target, self.task, self.kind, self.size, self.labels)

    def command(self, **changes: Any) -> str:
        """The same command line, but for some changes.

        >>> Choices("iris", seed=3).command(epochs=50)
        'learnloop train iris --epochs 50 --seed 3'
        """
        changed = replace(self, **changes)
        words = ["train", self.name]
        for field in fields(changed):
            value = getattr(changed, field.name)
            if field.name != "name" and value != field.default:
                for each in value if isinstance(value, tuple) else (value,):
                    words += [f"--{field.name.replace('_', '-')}", f"{each:g}" if isinstance(each, float) else str(each)]
        return learnloop(*words)


@dataclass(frozen=True)
class Plan:
    """The choices in full.

    Attributes:
        choices: as they were typed.
        suits: what suits the data set.
        network: what to train.
        loss: how wrong a row is.
        optimizer: how weights change.
        train: the remaining arguments of :func:`learnloop.train`.
        options: everything as plain data, for ``--json``.
    """

    choices: Choices
    suits: Recipe
    network: Network
    loss: Loss
    optimizer: Optimizer
    train: dict[str, Any]
    options: dict[str, Any]

    def smaller_rate(self) -> float:
        """A learning rate to try where this one was too large: the usual one, or a tenth where it is no larger."""
        rate: float = self.options["learning_rate"]
        usual = _usual_rate(self.choices, self.suits)
        return usual if rate > usual else rate / 10


def settle(choices: Choices, data: Dataset) -> Plan:
    """Fill the gaps with what suits the data, and build.

    Raises:
        DescriptionError: for choices that make no sense and rules that do not exist, all at once.
    """
    suits = suited(data)
    full = _filled(choices, suits)
    plain = {k: full[k] for k in ("batch_size", "epochs", "seed", "threads", "dtype")}
    problems = [*_problems(choices), *map(as_typed, Options(**plain).problems())]
    for part in _parts(choices, data, full):
        problems += _problems_of(part)
    if problems:
        raise DescriptionError(list(dict.fromkeys(problems)))
    loss = _loss(choices.loss, data)
    network, optimizer = _network(data, loss, full), _optimizer(choices, _schedule(choices, full["learning_rate"]))
    full |= {"loss": loss.name, "weight_decay": optimizer.weight_decay}
    return Plan(choices, suits, network, loss, optimizer, {**plain, "validation": choices.validation}, full)


def _parts(choices: Choices, data: Dataset, full: dict[str, Any]) -> list[Callable[[], object]]:
    """What is built of the choices, each part by itself, so that one mistake does not hide another."""
    parts: list[Callable[[], object]] = [partial(Dense, units, full["activation"]) for units in full["hidden"] or [1]]
    if full["dropout"]:
        parts.append(partial(Dropout, full["dropout"]))
    parts += [partial(_loss, choices.loss, data), partial(_schedule, choices, full["learning_rate"])]
    return [*parts, partial(_optimizer, choices, Constant(0.0))]


def _problems_of(build: Callable[[], object]) -> list[str]:
    try:
        build()
    except DescriptionError as error:
        return [as_typed(problem) for problem in error.problems]
    except UnknownName as error:
        return [str(error)]
    return []


def as_typed(problem: str) -> str:
    """A problem of a rule or an option in the words of the command line.

    >>> as_typed("Cosine: learning_rate is -1.0; expected a number in [0, inf).")
    '--learning-rate is -1.0; expected a number of at least 0.'
    """
    found = _FIELD.match(problem)
    if found is None:
        return problem
    name = _FLAGS.get(found[1], found[1])
    least = "finite number of at least 0" if found[2].startswith("inf") else "number of at least 0"
    text = found[2].replace("number in [0, inf)", least).replace("in [0, 1)", "from 0 to less than 1")
    return f"--{name.replace('_', '-')} is {text.replace('in [0, 1]', 'from 0 to 1')}"


def _filled(choices: Choices, suits: Recipe) -> dict[str, Any]:
    """All choices by name, those of the data set where the user made none."""
    full: dict[str, Any] = {k: v for k, v in vars(choices).items() if k not in vars(choices.data)}
    for field in fields(suits):
        if full[field.name] is None:
            full[field.name] = getattr(suits, field.name)
    if choices.hidden is not None:
        full["hidden"] = _units(choices.hidden)
    if choices.learning_rate is None:
        full["learning_rate"] = _usual_rate(choices, suits)
    return full | {"hidden": list(full["hidden"])}


def _usual_rate(choices: Choices, suits: Recipe) -> float:
    """The learning rate that suits data set and optimizer."""
    return SGD_RATE if choices.optimizer == "sgd" else suits.learning_rate


def _problems(choices: Choices) -> list[str]:
    """What the command line alone can tell; the rest is checked by what is built."""
    found = []
    for name in ("test", "validation"):
        share = getattr(choices, name)
        if share is not None and not 0 < share < 1:
            found.append(f"--{name} is {share:g}; expected a share between 0 and 1, as in 0.2.")
    hidden = "none" if choices.hidden is None else choices.hidden.strip().lower()
    if hidden not in ("", "none") and not _units(hidden):
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
    fix = f"Fix: --loss {' or '.join(others)}."
    raise DescriptionError(f"the loss {name} does not suit {data.name}, which {aim}. {fix}")


def _network(data: Dataset, loss: Loss, full: dict[str, Any]) -> Network:
    layers: list[Layer] = []
    for units in full["hidden"]:
        layers.append(Dense(units, full["activation"]))
        if full["dropout"]:
            layers.append(Dropout(full["dropout"]))
    outputs = len(data.target_names) if loss.labels else 1
    return Network(data.X.shape[1], [*layers, Dense(outputs)])


def _schedule(choices: Choices, rate: float) -> Schedule:
    return Cosine(rate) if choices.schedule == "cosine" else Constant(rate)


def _optimizer(choices: Choices, schedule: Schedule) -> Optimizer:
    named: dict[str, Any] = dict(OPTIMIZERS)
    kind = lookup("optimizer", named, choices.optimizer, type)
    given = {k: getattr(choices, k) for k in NUMBERS if getattr(choices, k) is not None}
    check_numbers(choices.optimizer, kind, given)
    optimizer: Optimizer = kind(schedule, **given)
    return optimizer


def check_numbers(name: str, kind: type, given: Iterable[str]) -> None:
    """Refuse numbers that an optimizer of this kind does not have.

    Raises:
        DescriptionError: for the first one.
    """
    known = {field.name for field in fields(kind)}
    for number in given:
        if number not in known:
            fix = f"Fix: leave out --{number.replace('_', '-')}, or --optimizer sgd."
            raise DescriptionError(f"the optimizer {name} has no {number}. {fix}")
