"""Scenarios: everything that a run of a page is a pure function of, as plain JSON, read with suspicion.

The server makes the task of a scenario that the page makes of it, so that both end with the same digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import DescriptionError, LearnloopError, UnknownName, short
from ..network import Network
from ..rules import Loss, Optimizer, from_data, to_data
from ..rules.registry import is_whole
from ..run import WITH_DATA
from ..train.examples import Examples, check_examples, own
from ..train.options import Options
from ..train.task import Held, Task
from .holding import Holding
from .limits import check_network, check_shape, check_updates
from .rows import Ready, Split, make_ready, read_part, read_split, read_table, whole_number

Array = np.ndarray[Any, np.dtype[Any]]
VERSION = 1
PARTS = ("version", "data", "split", "network", "loss", "optimizer", "options", "without")
OPTIONS = ("batch_size", "epochs", "seed", "dtype")
_SAFE = 2**53 - 1
"""The largest whole number that JavaScript reads as it is."""


@dataclass(frozen=True, eq=False)
class Structure:
    """What is compiled.

    Attributes:
        network: what to train.
        loss: what is made small.
        optimizer: how weights change.
        dtype: "float32" or "float64".
    """

    network: Network
    loss: Loss
    optimizer: Optimizer
    dtype: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON.

        Raises:
            DescriptionError: for rules of one's own.
        """
        return {"network": self.network.to_dict(), "loss": to_data(self.loss), "optimizer": to_data(self.optimizer)}


@dataclass(frozen=True, eq=False)
class Scenario:
    """A scenario that was read.

    Attributes:
        data: its data part, as it was written.
        split: how rows are split; None where they are given.
        structure: what is compiled.
        options: batch size, epochs, seed, dtype.
        without: rows of the run that are left out.
    """

    data: dict[str, Any]
    split: Split | None
    structure: Structure
    options: Options
    without: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The scenario as plain JSON; :func:`read` reads it."""
        how = None if self.split is None else {"test": self.split.test, "seed": _safe(self.split.seed)}
        options = {name: getattr(self.options, name) for name in OPTIONS}
        return {
            "version": VERSION, "data": self.data, "split": how, **self.structure.to_dict(),
            "options": options | {"seed": _safe(self.options.seed)}, "without": list(self.without),
        }  # fmt: skip


def _safe(number: int) -> int | str:
    """A whole number that JavaScript reads as it is: as text where it is large."""
    return number if number <= _SAFE else str(number)


def read(given: Any) -> Scenario:
    """A scenario from plain JSON, which may be anybody's.

    Raises:
        DescriptionError, UnknownName: if it describes nothing that can be trained.
    """
    check_shape(given)
    if not isinstance(given, Mapping) or given.get("version") != VERSION:
        raise DescriptionError(f"this is no scenario of version {VERSION}. Fix: reload the page.")
    unknown = sorted(set(given) - set(PARTS))
    if unknown:
        raise UnknownName("part of a scenario", unknown[0], PARTS)
    options = _options(given.get("options"))
    structure = read_structure({**given, "dtype": options.dtype}, options.batch_size)
    return Scenario(read_part(given.get("data")), read_split(given.get("split")), structure, options, _without(given.get("without")))


def read_structure(given: Mapping[str, Any], batch: int = 1) -> Structure:
    """What is compiled, from plain JSON: ``network``, ``loss``, ``optimizer`` and ``dtype``.

    Raises:
        DescriptionError, UnknownName: if it describes nothing that can be compiled, or more than is taken.
    """
    check_shape(given)
    _only_named(given)
    try:
        network, loss = Network.from_dict(given["network"]), from_data(given["loss"])
        optimizer, dtype = from_data(given["optimizer"]), given.get("dtype", "float32")
    except LearnloopError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise DescriptionError("network, loss and optimizer describe nothing that can be trained. Fix: reload the page.") from error
    if not isinstance(loss, Loss) or not isinstance(optimizer, Optimizer) or not isinstance(dtype, str):
        raise DescriptionError("the loss, the optimizer or dtype is none. Fix: reload the page.")
    problems = Options(dtype=dtype).problems()
    if problems:
        raise DescriptionError(problems)
    check_network(network, batch)
    return Structure(network, loss, optimizer, dtype)


def _only_named(data: Any) -> None:
    """Refuse formulas: rules come by name or by their numbers.

    Raises:
        DescriptionError: for a rule that brings one.
    """
    if isinstance(data, Mapping):
        if data.get("rule") == "Activation":
            raise DescriptionError("an activation of your own cannot come from a page. Fix: train it in Python, then open the run.")
        data = list(data.values())
    if isinstance(data, list | tuple):
        for item in data:
            _only_named(item)


def _options(given: Any) -> Options:
    if not isinstance(given, Mapping) or not set(given) <= set(OPTIONS):
        raise DescriptionError(f"options is {short(given)}; expected {', '.join(OPTIONS)}.")
    values = dict(given)
    if "seed" in values:
        values["seed"] = whole_number(values["seed"])
    options = Options(**values)
    problems = options.problems()
    if problems:
        raise DescriptionError(problems)
    return options


def _without(given: Any) -> tuple[int, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or not all(is_whole(row) and row >= 0 for row in given):
        raise DescriptionError(f"without is {short(given)}; expected a list of rows, such as [0, 7].")
    return tuple(sorted(set(given)))


def ready(scenario: Scenario, held: Holding) -> Ready:
    """Its rows, split and scaled.

    Raises:
        DataError, DescriptionError, UnknownName, Gone: for data that are none.
    """
    return make_ready(read_table(scenario.data, held), scenario.split)


def to_task(scenario: Scenario, rows: Ready) -> Task:
    """Everything that the run is a pure function of.

    Args:
        scenario: what was asked for.
        rows: its rows.

    Raises:
        DescriptionError, DataError: for data that do not suit the network, or too much of something.
    """
    given, parts, structure = rows.table.given, scenario.options, scenario.structure
    chosen, held = (None, _tested(scenario, rows)) if rows.is_split or given is None else (given.rows, _held(scenario, given.held))
    count = len(rows.train) if chosen is None else len(chosen)
    check_updates(parts, count)
    X, y = rows.X[rows.train], rows.y[rows.train]
    weights = _weights(scenario, rows, parts.dtype)
    examples = own(check_examples(structure.network, structure.loss, X, y, weights, parts.dtype), WITH_DATA)
    return Task.of(structure.network, structure.loss, structure.optimizer, parts, examples, chosen, held)


def _weights(scenario: Scenario, rows: Ready, dtype: str) -> Array | None:
    """The weights of the rows of the run, 0 for those that are left out; None for 1 each."""
    given = rows.table.given
    known = None if given is None or given.weights is None else given.weights[rows.train]
    if not scenario.without:
        return known
    if scenario.without[-1] >= len(rows.train):
        raise DescriptionError(f"without has the row {scenario.without[-1]}; the run has rows 0 to {len(rows.train) - 1}.")
    weights: Array = np.ones(len(rows.train), dtype) if known is None else known.copy()
    weights[list(scenario.without)] = 0
    return weights


def _tested(scenario: Scenario, rows: Ready) -> Held | None:
    """The rows to test on, measured after every epoch: they are looked at, not learnt from."""
    if not len(rows.test):
        return None
    structure = scenario.structure
    given = rows.table.given
    weights = None if given is None or given.weights is None else given.weights[rows.test]
    return Held.apart(
        check_examples(structure.network, structure.loss, rows.X[rows.test], rows.y[rows.test], weights, structure.dtype, "test ")
    )


def _held(scenario: Scenario, held: Held | None) -> Held | None:
    """What a run measured, checked against the network that it has now."""
    if held is None or held.examples is None:
        return held if held is None or held.rows is not None else None
    structure, examples = scenario.structure, held.examples
    return Held.apart(_again(structure, examples))


def _again(structure: Structure, examples: Examples) -> Examples:
    targets = examples.labels if examples.labels is not None else examples.Y
    if structure.loss.labels and targets is not None:
        targets = targets.reshape(len(targets), -1)[:, 0].astype(np.int64)
    return check_examples(structure.network, structure.loss, examples.X, targets, examples.weights, structure.dtype, "validation ")
