"""From the options of a ``run`` block to the scenario that is trained: what suits the data, but for what was chosen."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from ..data.recipes import SGD_RATE, Recipe
from ..errors import DescriptionError, LearnloopError, UnknownName
from ..explore import scenario as scenarios
from ..explore.limits import UNITS
from ..explore.opening import of_recipe
from ..explore.rows import Split
from ..explore.scenario import Scenario, Structure
from ..network import Network
from ..rules import ACTIVATIONS, LOSSES, OPTIMIZERS, Adam, Dense, Loss, Optimizer
from ..train.metrics import fits
from ..train.options import Options
from .train_data import Learnt
from .train_values import Values

EPOCHS, BATCH = 20_000, 8192
"""Epochs and rows of a batch that a lesson's run has at most."""
_LARGEST = 2**64 - 1
_RECIPE = {"hidden": "hidden", "activation": "activation", "dropout": "dropout", "learning-rate": "learning_rate",
           "epochs": "epochs", "batch-size": "batch_size"}  # fmt: skip
"""Options that change what suits the data, and what a recipe calls them."""
_NUMBERS = {"momentum": "momentum", "weight-decay": "weight_decay", "clip-norm": "clip_norm"}
"""Options that an optimizer may have, and what it calls them."""


def chosen(values: Values, learnt: Learnt) -> Scenario | None:
    """The scenario of a block.

    Args:
        values: its options.
        learnt: what it learns from.

    Returns:
        The scenario; None if an option makes no sense, and then problems were kept.
    """
    options = {name: read for name in _RECIPE if (read := _recipe_option(values, name)) is not None}
    optimizer, loss = _optimizer(values, learnt.how, options), _loss(values, learnt)
    split = Split(_or(values.number("test", 0, 1, inside=True), Split.test), _or(values.whole("split-seed", 0, _LARGEST), Split.seed))
    seed = _or(values.whole("seed", 0, _LARGEST), 0)
    if not values.sound:
        return None
    how = replace(learnt.how, **{_RECIPE[name]: value for name, value in options.items()})
    try:
        base = of_recipe(learnt.part, learnt.columns, learnt.classes, how)
        structure = _structure(base.structure, optimizer, loss, learnt.classes)
        found = Scenario(base.data, split, structure, Options(how.batch_size, how.epochs, seed))
        scenarios.read(found.to_dict())  # a page refuses what it cannot read, and this is said here rather than there
    except LearnloopError as error:
        values.refuse_all("", error)
        return None
    return found


def _or(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None else value


def _recipe_option(values: Values, name: str) -> Any:
    match name:
        case "hidden":
            return values.wholes(name, UNITS)
        case "activation":
            return values.taken(name, _activation)
        case "dropout":
            return values.number(name, 0, 0.99)
        case "learning-rate":
            return values.number(name, 0, math.inf)
        case "epochs":
            return values.whole(name, 1, EPOCHS)
        case _:
            return values.whole(name, 1, BATCH)


def _activation(name: str) -> str:
    known = [other for other in ACTIVATIONS if other != "softmax"]
    if name not in known:
        raise UnknownName("activation", name, known)
    return name


def _loss(values: Values, learnt: Learnt) -> Loss | None:
    def read(name: str) -> Loss:
        suited = [other for other, loss in LOSSES.items() if fits(loss, learnt.classes)]
        if name not in LOSSES:
            raise UnknownName("loss", name, suited)
        if name not in suited:
            aim = f"has {learnt.classes} classes" if learnt.classes else "has numbers to predict"
            raise DescriptionError(f"the loss {name} does not suit {learnt.name}, which {aim}. Fix: {' or '.join(suited)}.")
        return LOSSES[name]

    return values.taken("loss", read)


def _optimizer(values: Values, how: Recipe, options: Mapping[str, Any]) -> Optimizer:
    name = values.taken("optimizer", _known_optimizer) or "adam"
    kind: type[Optimizer] = OPTIMIZERS[name]
    rate = options.get("learning-rate", SGD_RATE if name == "sgd" else how.learning_rate)
    given: dict[str, Any] = {}
    for option, own in _NUMBERS.items():
        if option not in values.block.options:
            continue
        if own not in {field.name for field in fields(kind)}:
            values.refuse(option, f"the optimizer {name} has no {option}. Fix: leave it out, or :optimizer: sgd.")
        given[own] = values.number(option, 0, 1 if own == "momentum" else math.inf)
    try:
        return kind(rate, **given)
    except (DescriptionError, TypeError) as error:
        if values.sound:
            values.refuse_all("clip-norm" if "clip_norm" in str(error) else "", error)
        return Adam()


def _known_optimizer(name: str) -> str:
    if name not in OPTIMIZERS:
        raise UnknownName("optimizer", name, OPTIMIZERS)
    return name


def _structure(base: Structure, optimizer: Optimizer, loss: Loss | None, classes: int) -> Structure:
    """The structure with another optimizer, and with another loss, which may want another number of outputs."""
    loss = loss or base.loss
    network = Network(base.network.inputs, [*base.network.layers[:-1], Dense(classes if loss.labels else 1)])
    return Structure(network, loss, optimizer, base.dtype)


def command(values: Values, learnt: Learnt, scenario: Scenario) -> str:
    """The command that trains the same; "" where the command line cannot.

    Args:
        values: the options of the block.
        learnt: what it learns from.
        scenario: what they came to.
    """
    split = scenario.split
    if learnt.options or split is None or split.seed != scenario.options.seed:
        return ""
    words = ["learnloop", "train", learnt.file or learnt.name]
    if learnt.target:
        words += ["--target", learnt.target]
    for name, given in values.block.options.items():
        if name in _TYPED:
            words += [f"--{name}", "".join(given.text.split())]
    return shlex.join([*words, "--schedule", "constant"])


_TYPED = frozenset({*_RECIPE, *_NUMBERS, "loss", "optimizer", "seed", "test"})
"""Options that the command line calls the same."""
