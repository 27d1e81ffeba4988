"""Facts of what was trained and what it learnt from: network, layers, data."""

from __future__ import annotations

import math

from ...data.generated import GENERATORS
from ...rules import Activation, Dense
from .kinds import LAYER, Asked, Kind, missing


def _dense(asked: Asked) -> list[Dense]:
    return [layer for layer in asked.subject.layers.values() if isinstance(layer, Dense)]


def _parameters(asked: Asked, layer: str | None = None) -> int:
    return sum(math.prod(p.dims) for p in asked.subject.program.parameters if layer is None or p.layer == layer)


def _units(asked: Asked) -> int:
    """Of a layer: how many numbers it hands on."""
    structure = asked.subject.structure
    return int(structure.train.tensors[structure.activation(asked.layer)].dims[-1])


def _inputs(asked: Asked) -> int:
    weight = asked.subject.structure.parameters_of(asked.layer).get("weight")
    if weight is None:
        raise missing(f"the layer {asked.layer} has no weights, and so no inputs of its own", f"{asked.layer}.units")
    return int(weight.dims[0])


def _activation(asked: Asked) -> str:
    layer = asked.subject.layers.get(asked.layer)
    if not isinstance(layer, Dense):
        raise missing(f"the layer {asked.layer} has no activation of its own", "a dense layer")
    assert isinstance(layer.activation, Activation)
    return layer.activation.name


def _row_count(asked: Asked) -> int:
    return len(asked.subject.learnt.chosen) + asked.subject.test_count


def _class_count(asked: Asked) -> int:
    return len(asked.subject.classes)


def _class(asked: Asked) -> str:
    return asked.subject.class_name(asked.place("class", _class_count(asked)))


def _column(asked: Asked) -> str:
    names = asked.subject.data.feature_names
    return names[asked.place("column", len(names))]


def _target(asked: Asked) -> str:
    if asked.subject.has_classes:
        raise missing("the run has classes, and no number to predict", "data.class[0]")
    return asked.subject.data.target_names[0]


def _option(name: str, unit: str, meaning: str) -> Kind:
    """An option of generated data."""

    def read(asked: Asked) -> float:
        part = (asked.subject.found.scenario or {}).get("data", {})
        options = part.get("options", {})
        if part.get("name") not in GENERATORS or name not in options:
            raise missing(f"the data of the run have no {name} that was chosen", "a run on generated data, such as spirals")
        return float(options[name]) if unit == "number" else int(options[name])

    return Kind(f"data.{name}", unit, meaning, read)


DESCRIBED = (
    Kind("network.inputs", "count", "numbers of a row", lambda a: a.subject.run.network.inputs),
    Kind("network.outputs", "count", "numbers that come out", lambda a: a.subject.run.network.outputs),
    Kind("network.layers", "count", "layers with weights, the output layer among them", lambda a: len(_dense(a))),
    Kind("network.hidden_layers", "count", "the same without the output layer", lambda a: len(_dense(a)) - 1),
    Kind("network.units", "count", "units of all these layers", lambda a: sum(layer.units for layer in _dense(a))),
    Kind("network.parameters", "count", "weights and biases", _parameters),
    Kind(f"{LAYER}.units", "count", "units of the layer", _units),
    Kind(f"{LAYER}.inputs", "count", "inputs of each of its units", _inputs),
    Kind(f"{LAYER}.parameters", "count", "its weights and biases", lambda a: _parameters(a, a.layer)),
    Kind(f"{LAYER}.activation.name", "name", "tanh, relu ...", _activation),
    Kind("data.name", "name", "name of the data set", lambda a: a.subject.data.name),
    Kind("data.rows", "count", "rows in all", _row_count),
    Kind("data.train", "count", "rows learnt from", lambda a: len(a.subject.learnt.chosen)),
    Kind("data.test", "count", "rows held out to test on", lambda a: a.subject.test_count),
    Kind("data.columns", "count", "inputs", lambda a: len(a.subject.data.feature_names)),
    Kind("data.column[k]", "name", "name of an input", _column),
    Kind("data.classes", "count", "classes", _class_count),
    Kind("data.class[k]", "name", "name of a class", _class),
    Kind("data.target", "name", "name of the number to predict", _target),
    _option("noise", "number", "standard deviation of the noise of generated data"),
    _option("turns", "number", "how often an arm of generated data winds around"),
    _option("seed", "index", "what keys generated data"),
)
"""Facts of the description."""
