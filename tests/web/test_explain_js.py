"""What a page explains is what Python explains: the same parts, the same fractions, the same ticks."""

from __future__ import annotations

from itertools import cycle, product
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from learnloop.runs import Moment, Traveller
from runs.visited import BODIES, OPTIMIZERS, traveller_of
from web.asked import Asked, as_sent

Wanted = list[tuple[Asked, dict[str, Any]]]


def change_of(moment: Moment, name: str, *place: int) -> tuple[dict[str, Any], Any]:
    """A question and its answer."""
    return {"what": "change", "name": name, "place": list(place)}, moment.change(name, *place).to_dict()


def neuron_of(moment: Moment, name: str, unit: int, position: int) -> tuple[dict[str, Any], Any]:
    """A question and its answer."""
    question = {"what": "neuron", "name": name, "unit": unit, "position": position}
    return question, moment.neuron(name, unit, position).to_dict()


def some_change(moment: Moment, rng: np.random.Generator) -> tuple[dict[str, Any], Any]:
    parameters = moment._structure.program.parameters
    p = parameters[rng.integers(len(parameters))]
    return change_of(moment, p.name, *(int(rng.integers(d)) for d in p.dims))


def some_neuron(moment: Moment, rng: np.random.Generator) -> tuple[dict[str, Any], Any]:
    layers = [name for name in moment.layers if "pre_activation" in moment.layer(name).arrays]
    layer = moment.layer(layers[rng.integers(len(layers))])
    rows, units = layer.pre_activation.shape
    return neuron_of(moment, layer.name, int(rng.integers(units)), int(rng.integers(rows)))


def agree(found: list[tuple[Moment, tuple[dict[str, Any], Any]]]) -> None:
    """JavaScript gives the same answers, to the last bit."""
    asked, expected = Asked(), {}
    for moment, (question, answer) in found:
        asked.ask(moment, question)
        expected.setdefault(id(moment), []).append((question, answer))
    order = [pair for moment, _ in asked.moments for pair in expected[id(moment)]]
    for (question, answer), told in zip(order, asked.answers(), strict=True):
        assert told == as_sent(answer), question


def test_random_updates_of_all_optimizers() -> None:
    rng = np.random.default_rng(7)
    found = []
    for optimizer in OPTIMIZERS:
        traveller = traveller_of(optimizer)
        moment = traveller.at(update=int(rng.integers(traveller.updates)))
        found += [(moment, some_change(moment, rng)) for _ in range(4)]
        found += [(moment, some_neuron(moment, rng)) for _ in range(2)]
    assert len(found) > 100
    assert all(answer["ticks"] for _, (_, answer) in found)
    agree(found)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_networks(dtype: str) -> None:
    rng, found = np.random.default_rng(8), []
    for body, optimizer in zip(BODIES, cycle([ll.SGD(0.1, momentum=0.9, nesterov=True, clip_norm=0.1), ll.AdamW(0.02)])):
        moment = traveller_of(optimizer, body, dtype).at(update=3)
        found += [
            (moment, change_of(moment, p.name, *(int(rng.integers(d)) for d in p.dims)))
            for p in moment._structure.program.parameters
        ]
        found += [(moment, some_neuron(moment, rng)) for _ in range(4)]
    agree(found)


def test_regression_and_batches_of_several_blocks() -> None:
    X, y = ll.datasets.load("diabetes").standardised()
    run = ll.train(ll.mlp(X.shape[1], 3, 1), X, (y - y.mean()) / y.std(), loss="mse", batch_size=200, epochs=2,
                   optimizer=ll.Adam(0.01), progress=False)  # fmt: skip
    moment, rng = Traveller(run).at(update=-1), np.random.default_rng(9)
    agree([(moment, some_change(moment, rng)) for _ in range(5)] + [(moment, some_neuron(moment, rng)) for _ in range(3)])


def test_a_changed_byte_loses_the_tick() -> None:
    """The tick is computed from the numbers: with another number it goes."""
    moment = traveller_of(ll.SGD(0.1, momentum=0.9), "plain").at(update=5)
    asked = Asked()
    question = {"what": "change", "name": "dense_1.weight", "place": [1, 2]}
    unit = {"what": "neuron", "name": "dense_1", "unit": 2, "position": 0}
    asked.ask(moment, question, unit)
    stride = moment._memory.artefact.layout.buffers["W1"].strides[0]
    rows = moment._memory.artefact.layout.buffers["dz1"].strides[0]
    spoils = [
        ("W1_next", stride + 2), ("vW1", 5 + 2), ("dz1", 2), ("dz1", 3 * rows + 2), ("keep", 0), ("rate", 0),
    ]  # fmt: skip
    names = moment._structure.train.tensors
    for tensor, element in spoils:
        if tensor in names:
            asked.ask(moment, question | {"spoil": {"tensor": tensor, "element": element, "byte": 2, "bit": 6}})
    for tensor, element in (("z1", 2), ("W1", 2)):
        asked.ask(moment, unit | {"spoil": {"tensor": tensor, "element": element, "byte": 2, "bit": 6}})
    first, second, *spoilt = asked.answers()
    assert first["ticks"] and second["ticks"]
    assert len(spoilt) >= 6
    assert not any(answer["ticks"] for answer in spoilt)


def test_the_first_number_that_is_not_finite() -> None:
    moment, asked = traveller_of(ll.SGD(0.1), "plain").at(update=1), Asked()
    asked.ask(moment, {"what": "divergence"})
    for tensor in ("z1", "dz1", "b2_next"):
        spoil = {"tensor": tensor, "element": 0, "infinite": True}
        asked.ask(moment, {"what": "divergence", "spoil": spoil})
    found = asked.answers()
    assert found[0] is None
    assert [(f["layer"], f["tensor"]) for f in found[1:]] == [
        ("dense_1", "z1"), ("dense_1", "dz1"), (None, "b2_next")
    ]  # fmt: skip


def test_gradients_are_checked() -> None:
    """The difference quotient to its own precision, everything else to the last bit."""
    rng, expected, asked = np.random.default_rng(10), [], Asked()
    optimizers = cycle([ll.SGD(0.1), ll.AdamW(0.02)])
    for (body, dtype), optimizer in zip(product(BODIES, ("float32", "float64")), optimizers, strict=False):
        moment = traveller_of(optimizer, body, dtype).at(update=4)
        for p in moment._structure.program.parameters:
            place = [int(rng.integers(d)) for d in p.dims]
            asked.ask(moment, {"what": "check", "name": p.name, "place": place})
            expected.append(moment.check(p.name, *place).to_dict())
    for told, answer in zip(asked.answers(), expected, strict=True):
        assert told.pop("difference") == pytest.approx(answer.pop("difference"), rel=1e-6, abs=2e-9)
        assert told == as_sent(answer)
        assert told["agrees"]


def test_a_large_network_is_checked_within_a_second() -> None:
    X = np.random.default_rng(0).normal(size=(32, 784)).astype(np.float32)
    run = ll.train(ll.mlp(784, 128, 64, 10), X, np.arange(32) % 10, epochs=1, progress=False)
    moment, asked = Traveller(run).at(update=0), Asked()
    asked.ask(moment, {"what": "check", "name": "dense_1.weight", "place": [300, 7]}, neuron_of(moment, "dense_1", 3, 1)[0])
    (told, _), seconds = asked.answers(), [m / 1000 for m in asked.milliseconds]
    assert told["agrees"]
    print(seconds)
    assert max(seconds) < 3  # well below one on a machine that does nothing else
