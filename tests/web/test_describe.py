"""The description is small, plain, and has what its grammar says."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

import learnloop as ll
from learnloop.language.expression import CONDITIONS, SLOPES
from learnloop.program import Program, build
from learnloop.rules import LOSSES, BinaryCrossEntropy
from learnloop.runs import Traveller
from learnloop.web.describe import describe_program
from runs.visited import BODIES, OPTIMIZERS
from web.asked import Asked, as_sent

OPERATORS = {*SLOPES, *CONDITIONS, "where"}


def programs() -> list[Program]:
    """Every optimizer, every kind of layer, every loss."""
    shapes = [ll.Network(3, [ll.Dense(5, "tanh"), *body, ll.Dense(3)]) for body in BODIES.values()]
    found = [build(shapes[-1], loss, ll.SGD(0.1)) for loss in LOSSES.values()]
    found += [build(shape, BinaryCrossEntropy(), ll.AdamW(0.1)) for shape in shapes]
    return found + [build(shapes[0], BinaryCrossEntropy(), optimizer) for optimizer in OPTIMIZERS]


def check_index(index: Any, axes: dict[str, Any], tensors: dict[str, Any]) -> None:
    if isinstance(index, str):
        assert index in axes
    elif isinstance(index, list):
        tensor, *inner = index
        assert len(tensors[tensor][0]) == len(inner)
        for part in inner:
            check_index(part, axes, tensors)
    elif isinstance(index, dict):
        assert index.keys() == {"terms", "offset"}
        assert index["terms"].keys() <= axes.keys()
    else:
        assert isinstance(index, int)


def check_expr(expr: Any, axes: dict[str, Any], tensors: dict[str, Any]) -> None:
    if isinstance(expr, float):
        return
    op, *parts = expr
    if op in ("read", "axis"):
        check_index(*parts, axes, tensors)
    elif op == "uniform":
        for part in parts[1:]:
            check_index(part, axes, tensors)
    else:
        assert op in OPERATORS
        for part in parts:
            check_expr(part, axes, tensors)


def check_statement(statement: dict[str, Any], tensors: dict[str, Any]) -> None:
    axes = statement["sizes"]
    common = {"kind", "out", "axes", "sizes"}
    if statement["kind"] == "map":
        assert statement.keys() == common | {"expr"}
        check_expr(statement["expr"], axes, tensors)
        return
    sums = {"over", "guards", "factors", "init", "order"}
    assert statement.keys() == common | (sums if statement["kind"] == "sum" else {"over", "guards", "value", "position"})
    accesses = [*statement.get("factors", []), *([statement["init"]] if statement.get("init") else [])]
    for access in accesses or [statement["value"]]:
        check_index(access, axes, tensors)
    for kind, *indices in statement["guards"]:
        assert (kind, len(indices)) in (("ge", 1), ("eq", 2))
        for index in indices:
            check_index(index, axes, tensors)


def test_the_grammar() -> None:
    for program in programs():
        data = json.loads(json.dumps(describe_program(program), allow_nan=False))
        assert data["functions"].keys() == program.functions.keys()
        for section in data["functions"]["train"]["sections"]:
            for statement in section["statements"]:
                check_statement(statement, data["tensors"])
        for parameter in data["parameters"]:
            assert {parameter["tensor"], parameter["gradient"], *parameter["sources"]} <= data["tensors"].keys()


def test_it_is_small() -> None:
    for optimizer in OPTIMIZERS:
        program = build(ll.mlp(2, 8, 8, 1, activation="tanh"), BinaryCrossEntropy(), optimizer)
        assert len(json.dumps(describe_program(program), separators=(",", ":"))) < 40_000


def test_names_are_data_only() -> None:
    """Names of layers that mean something in JavaScript or HTML mean nothing here."""
    names = ("constructor", "__proto__", "<script>alert(1)</script>")
    network = ll.Network(2, [ll.Dense(3, "tanh", name=name) for name in names] + [ll.Dense(1, name="hasOwnProperty")])
    X = np.random.default_rng(0).normal(size=(8, 2))
    run = ll.train(network, X, X[:, 0], epochs=2, optimizer=ll.Adam(0.1), progress=False)
    moment, asked, expected = Traveller(run).at(update=1), Asked(), []
    for name in moment.layers:
        asked.ask(moment, {"what": "change", "name": f"{name}.weight", "place": [1, 0]})
        asked.ask(moment, {"what": "neuron", "name": name, "unit": 0, "position": 1})
        expected += [moment.change(f"{name}.weight", 1, 0), moment.neuron(name, 0, 1)]
    assert asked.answers() == [as_sent(answer.to_dict()) for answer in expected]
