"""A scenario as a Python script that trains the same run: every text in it is a literal, so no name can become code."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from ..errors import DescriptionError
from ..network import Network
from ..rules import Constant, Dense, Residual, to_data
from ..rules.registry import Checked
from .holding import Holding
from .rows import Split, make_ready, numbers, read_table
from .scenario import Scenario


def script(scenario: Scenario, held: Holding) -> str:
    """The script.

    Args:
        scenario: what to train, on a built-in data set.
        held: what the server holds.

    Raises:
        DescriptionError: for rows that a script could not get at.
    """
    if scenario.data.get("kind") != "builtin":
        raise DescriptionError(
            "a script cannot hold these rows: they are in this server. Fix: export the run file, which holds them."
        )
    table = read_table(scenario.data, held)
    rows, options = make_ready(table, scenario.split), scenario.options
    lines = [
        '"""Trains what the explorer shows, with the same bits."""', "", *_imports(scenario.split), "",
        f"data = ll.datasets.load({table.data.name!r}{_options(scenario)})",
        *_prepared(scenario.split, rows.target is not None), *_left_out(scenario),
        f"network = {network_text(scenario.structure.network)}",
        "run = ll.train(",
        f"    network, X, y, loss={rule_text(scenario.structure.loss)}, optimizer={rule_text(scenario.structure.optimizer)},",
        f"    batch_size={options.batch_size}, epochs={options.epochs}, seed={options.seed}, dtype={options.dtype!r},"
        + (" sample_weight=weights," if scenario.without else ""),
        ")", 'print(run.digest)', "",
    ]  # fmt: skip
    return "\n".join(lines)


def _imports(how: Split | None) -> list[str]:
    more = ["from learnloop.data.prepare import prepare"] if how is not None else []
    return ["import numpy as np", "", "import learnloop as ll", *more]


def _options(scenario: Scenario) -> str:
    given = numbers(scenario.data["options"])
    return "".join(f", {name}={value!r}" for name, value in given.items())  # names that the data set was found to have


def _prepared(how: Split | None, scaled_target: bool) -> list[str]:
    if how is not None:
        return [
            f"prepared = prepare(data, {how.test!r}, {how.seed})  # split, then scaled by the rows to learn from",
            "X, y = prepared.X[prepared.train], prepared.y[prepared.train]",
        ]
    if scaled_target:
        return ["X = data.standardised().X", "y = ll.data.Standardiser.fit(data.y[:, None]).transform(data.y[:, None])[:, 0]"]
    return ["X, y = data.standardised()"]


def _left_out(scenario: Scenario) -> list[str]:
    if not scenario.without:
        return []
    return ["weights = np.ones(len(X))", f"weights[{list(scenario.without)}] = 0  # rows that are left out"]


def network_text(network: Network) -> str:
    """A network as Python.

    >>> from learnloop import mlp
    >>> network_text(mlp(2, 8, 1, activation="tanh"))
    "ll.Network(2, [ll.Dense(8, 'tanh'), ll.Dense(1)])"
    """
    return f"ll.Network({network.inputs}, [{', '.join(map(rule_text, network.layers))}])"


def rule_text(rule: Any) -> str:
    """A rule as Python, without what it has by default."""
    if isinstance(rule, list | tuple):
        return f"({', '.join(map(rule_text, rule))})"
    if not isinstance(rule, Checked):
        return repr(rule)
    data = to_data(rule)
    if set(data) == {"named"}:
        return repr(data["named"])
    if isinstance(rule, Constant):
        return repr(rule.learning_rate)
    kind, words = type(rule).__name__, []
    if isinstance(rule, Residual):
        words = [*map(rule_text, rule.layers), *([] if rule.name is None else [f"name={rule.name!r}"])]
        return f"ll.{kind}({', '.join(words)})"
    for field in fields(rule):  # type: ignore[arg-type]
        value = getattr(rule, field.name)
        if field.default is MISSING or value != getattr(_usual(rule), field.name, MISSING):
            plain = rule_text(value)
            words.append(plain if isinstance(rule, Dense) and field.name in ("units", "activation") else f"{field.name}={plain}")
    return f"ll.{kind}({', '.join(words)})"


def _usual(rule: Checked) -> Any:
    """The rule of this kind with its defaults."""
    return Dense(1) if isinstance(rule, Dense) else type(rule)()
