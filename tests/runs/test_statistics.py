"""The statistics of an update are those of its moment, and the state of a unit follows from its slope alone."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import learnloop as ll
from learnloop.rules import ACTIVATIONS, Activation
from learnloop.runs import Traveller
from learnloop.runs.looks import Looks
from learnloop.runs.statistics import Observer, elementwise
from learnloop.runs.structure import Structure
from runs.visited import traveller_of

UNITS = 6


@pytest.mark.parametrize("body", ["plain", "all"])
def test_norms(body: str) -> None:
    traveller = traveller_of(ll.AdamW(0.02), body)
    moment = traveller.at(update=5)
    seen = Observer(Structure(traveller.run.program)).read(moment)
    assert (seen.update, seen.rows, seen.loss) == (5, len(moment.rows), moment.loss)
    whole = 0.0
    for layer in seen.layers:
        found = moment.layer(layer.name)
        gradients = [p.gradient.astype(float) for p in found.parameters.values()]
        whole += sum((g**2).sum() for g in gradients)
        assert layer.gradient == pytest.approx(sum((g**2).sum() for g in gradients) ** 0.5)
        assert layer.weight_gradient == pytest.approx(np.sqrt((found.weight_gradient.astype(float) ** 2).mean()))
        assert layer.weight == pytest.approx(np.linalg.norm(found.weight.astype(float)))
        moved = found.weight_after.astype(float) - found.weight
        assert layer.update_ratio == pytest.approx(np.linalg.norm(moved) / layer.weight)
        assert layer.activation == pytest.approx(np.abs(found.activation.astype(float)).mean())
        assert seen.layer(layer.name) is layer
    named = {name: layer.weight_gradient for name, layer in ((x.name, x) for x in seen.layers)}
    assert list(named) == [n for n in moment.layers if "pre_activation" in moment.layer(n).arrays]
    if body == "plain":
        assert seen.gradient == pytest.approx(whole**0.5)


@cache
def states(activation: str | Activation, by: float) -> list[tuple[int, int, int]]:
    """How many units are off, alive and saturated in the first update, if all inputs are pushed to one side."""
    X, y = ll.datasets.load("iris").standardised()
    network = ll.Network(2, [ll.Dense(UNITS, activation, weight=ll.Ones(), bias=ll.Zeros()), ll.Dense(3)])
    run = ll.train(network, np.column_stack([X[:, 2], np.full(len(X), by)]), y, epochs=1, progress=False)
    seen = Observer(Structure(run.program)).read(run.at(0))
    return [(int(x.off.sum()), int(x.alive.sum()), int(x.saturated.sum())) for x in seen.layers]


@pytest.mark.parametrize("activation", [a for a in ACTIVATIONS if a != "softmax"])
def test_units_around_zero_are_alive(activation: str) -> None:
    assert states(activation, 0.0)[0] == (0, UNITS, 0)


@pytest.mark.parametrize(
    ("activation", "by", "expected"),
    [
        ("relu", -50.0, (UNITS, 0, 0)),
        ("relu", 50.0, (0, UNITS, 0)),
        ("leaky_relu", -50.0, (0, UNITS, 0)),
        ("gelu", -50.0, (UNITS, 0, 0)),
        ("silu", -50.0, (UNITS, 0, 0)),
        ("sigmoid", -50.0, (UNITS, 0, 0)),
        ("sigmoid", 50.0, (0, UNITS, UNITS)),
        ("tanh", 50.0, (0, UNITS, UNITS)),
        ("tanh", -50.0, (0, UNITS, UNITS)),
        ("elu", -50.0, (0, UNITS, UNITS)),
        ("softplus", -50.0, (UNITS, 0, 0)),
        ("identity", -50.0, (0, UNITS, 0)),
    ],
)
def test_units_that_are_pushed_to_one_side(activation: str, by: float, expected: tuple[int, int, int]) -> None:
    assert states(activation, by)[0] == expected
    assert states(activation, by)[1][1] == 3


def test_an_activation_of_ones_own_needs_no_name() -> None:
    assert states(Activation("mine", "where(z > 0, z*z, 0)"), -50.0)[0] == (UNITS, 0, 0)


def test_units_that_depend_on_each_other_have_no_slope() -> None:
    X, y = ll.datasets.load("iris").standardised()
    run = ll.train(ll.mlp(4, 6, 3, output="softmax"), X, np.eye(3)[y], loss="mse", epochs=1, progress=False)
    structure = Structure(run.program)
    z = {name: structure.pre_activation(name).out for name in structure.layers}
    assert elementwise(structure, z["dense_1"], structure.activation("dense_1"))
    assert not elementwise(structure, z["dense_2"], structure.activation("dense_2"))
    last = Observer(structure).read(run.at(0)).layers[1]
    assert not (last.off.any() or last.alive.any() or last.saturated.any())


def test_outputs_may_be_saturated() -> None:
    X, y = ll.datasets.load("iris").standardised()
    network = ll.Network(4, [ll.Dense(3, "sigmoid", weight=ll.Normal(50.0))])
    run = ll.train(network, X, np.eye(3)[y], loss="mse", epochs=1, progress=False)
    outputs = run.at(0).layer("dense_1").activation
    assert ((outputs < 1e-3) | (outputs > 0.999)).mean() > 0.8
    assert not Observer(Structure(run.program)).read(run.at(0)).layers[0].saturated.any()


def test_onsets_are_traced_to_the_update() -> None:
    X, y = ll.datasets.load("iris").standardised()
    run = ll.train(ll.mlp(4, 8, 3), X, y, epochs=200, progress=False)
    with Traveller(run) as traveller:
        looks = Looks(traveller, looks=5)
        assert looks.updates == [0, 62, 250, 562, 999]
        for place, start in ((1, 40), (1, 1), (2, 63), (4, 999)):
            assert looks.onset(place, lambda seen, start=start: seen.update >= start) == start
        assert looks.onset(0, lambda seen: True) == 0
        assert looks.onset(1, lambda seen: seen.update in (10, 61, 62)) == 61
        assert looks.count < 5 + 61 + 2 * 9 + 1
