"""Facts of single updates: what a unit computed for a row, what a weight was, and what was done to it."""

from __future__ import annotations

import math

import numpy as np

from ...errors import UnknownName
from ...rules import Softmax
from ...runs.layer import ParameterMoment
from ...runs.neuron import Neuron
from ...runs.window import checked_place
from ...train.metrics import classes, row_classes
from .kinds import LAYER, Asked, Kind, missing, within
from .subject import Array, chances_of


def _of_unit(what: str, meaning: str) -> Kind:
    """A number of a unit for a row of the batch."""

    def read(asked: Asked) -> float:
        found = asked.subject.layer(asked.layer, asked.at)
        try:
            values: Array = getattr(found, what)
        except UnknownName:
            raise missing(f"the layer {asked.layer} has no {what}", "a layer that has some") from None
        return float(values[asked.batch_row(), asked.place(f"unit of {asked.layer}", values.shape[1])])

    return Kind(f"{LAYER}[u].{what}@K#n", "number", meaning, read, exact=True)


def _neuron(asked: Asked) -> Neuron:
    return asked.subject.moment(asked.at).neuron(asked.layer, asked.places[0], asked.batch_row())


def _input(asked: Asked) -> float:
    found = _neuron(asked)
    return found.inputs[asked.place(f"input of {asked.layer}", len(found.inputs), 1)]


def _product(asked: Asked) -> float:
    found = _neuron(asked)
    k = asked.place(f"input of {asked.layer}", len(found.inputs), 1)
    return float(found.inputs[k] * found.weights[k])


def _parameter(asked: Asked, label: str) -> tuple[str, tuple[int, ...]]:
    """The name of a parameter and a place in it."""
    found = asked.subject.structure.parameters_of(asked.layer).get(label)
    if found is None:
        raise missing(f"the layer {asked.layer} has no {label}", "a layer that has some")
    return found.name, checked_place(found.name, asked.places, found.dims)


def _moment_of(asked: Asked, label: str) -> ParameterMoment:
    return asked.subject.layer(asked.layer, asked.at).parameters[label]


def _value(label: str) -> Kind:
    def read(asked: Asked) -> float:
        name, place = _parameter(asked, label)
        values = asked.subject.run.weights[name] if asked.update is None else _moment_of(asked, label).before
        return float(values[place])

    where = "i,u" if label == "weight" else "u"
    return Kind(f"{LAYER}.{label}[{where}](@K)", "number", f"{label} before update K; without @K, at the end of the run", read, exact=True)


def _around(label: str, what: str, meaning: str) -> Kind:
    """What an update did to a number of a parameter."""

    def read(asked: Asked) -> float:
        _, place = _parameter(asked, label)
        found = _moment_of(asked, label)
        if what == "change":
            return float(np.float64(found.after[place]) - np.float64(found.before[place]))
        values: Array = getattr(found, what)
        return float(values[place])

    where = "i,u" if label == "weight" else "u"
    return Kind(f"{LAYER}.{label}[{where}].{what}@K", "number", meaning.format(label), read, exact=what != "change")


def _norm(asked: Asked) -> float:
    """The common norm of all gradients."""
    program, moment = asked.subject.program, asked.subject.moment(asked.at)
    gradients = [moment.tensor(program.gradients[p.tensor]).astype(np.float64) for p in program.parameters]
    return math.sqrt(math.fsum(float((g * g).sum()) for g in gradients))


def _row(asked: Asked) -> int:
    return int(asked.subject.moment(asked.at).rows[asked.batch_row()])


def _target(asked: Asked) -> float | str:
    row, examples = _row(asked), asked.subject.run.task.data
    known = row_classes(asked.subject.run.loss, examples)
    if known is not None:
        return asked.subject.class_name(int(known[row]))
    assert examples.Y is not None
    return float(examples.Y[row, 0])


def _outputs(asked: Asked) -> Array:
    """What the network said of the row in this update, (1, outputs)."""
    values = asked.subject.layer(asked.subject.run.network.names[-1], asked.at).activation
    row: Array = values[asked.batch_row()]
    return row.reshape(1, -1)


def _output(asked: Asked) -> float:
    values = _outputs(asked)[0]
    return float(values[within("output", asked.places[0] if asked.places else 0, len(values))])


def _chances(asked: Asked) -> Array:
    """The probabilities of the classes that these outputs mean, (classes,)."""
    asked.subject.classes  # noqa: B018  (a run without classes has none)
    z = _outputs(asked).astype(np.float64)
    if isinstance(asked.subject.run.loss.link, Softmax):
        shares = np.exp(z - z.max())
        return np.asarray((shares / shares.sum()).reshape(-1))
    with np.errstate(over="ignore"):
        return chances_of(1 / (1 + np.exp(-z))).reshape(-1)


def _answer(asked: Asked) -> float | str:
    if not asked.subject.has_classes:
        return _output(asked)
    return asked.subject.class_name(int(classes(asked.subject.run.loss, _outputs(asked))[0]))


def _sure(asked: Asked) -> float:
    return float(_chances(asked)[int(classes(asked.subject.run.loss, _outputs(asked))[0])])


def _chance_of_truth(asked: Asked) -> float:
    chances = _chances(asked)
    known = row_classes(asked.subject.run.loss, asked.subject.run.task.data)
    assert known is not None, "whoever has classes has one for each row"
    return float(chances[int(known[_row(asked)])])


def _label(asked: Asked) -> int:
    """The class of the row as a number, as the loss reads it."""
    asked.subject.classes  # noqa: B018  (a run without classes has none)
    known = row_classes(asked.subject.run.loss, asked.subject.run.task.data)
    assert known is not None, "whoever has classes has one for each row"
    return int(known[_row(asked)])


def _chance(asked: Asked) -> float:
    chances = _chances(asked)
    return float(chances[within("class", asked.places[0], len(chances))])


def _row_loss(asked: Asked) -> float:
    losses = asked.subject.moment(asked.at).tensor(asked.subject.program.functions["evaluate"].outputs[-1])
    return float(losses[asked.batch_row()])


UPDATES = (
    Kind("update@K", "index", "K itself: for texts that name an update", lambda a: a.at),
    _of_unit("activation", "what unit u hands on for row n of the batch (0 unless given)"),
    _of_unit("pre_activation", "weighted sum and bias of the unit"),
    _of_unit("delta", "gradient of the batch loss with respect to that sum"),
    Kind(f"{LAYER}[u].input[i]@K#n", "number", "input i of the unit", _input, exact=True),
    Kind(f"{LAYER}[u].product[i]@K#n", "number", "input i times its weight", _product),
    *(kind for label in ("weight", "bias") for kind in (
        _value(label), _around(label, "after", "{} after update K"), _around(label, "change", "after minus before"),
        _around(label, "gradient", "gradient of the batch loss with respect to the {}"),
    )),
    Kind("gradient.norm@K", "number", "common norm of all gradients", _norm),
    Kind("batch.rows@K", "count", "rows of the batch", lambda a: len(a.subject.moment(a.at).rows)),
    Kind("batch.row@K#n", "index", "which row of the data row n of the batch is; numbered as in the live parts", _row),
    Kind("batch.target@K#n", "name", "what is true: a class, or a number as it is learnt", _target),
    Kind("batch.label@K#n", "index", "the number of the class that is true, from 0", _label),
    Kind("batch.probability[k]@K#n", "number", "the probability that the network gives to class k, as a number from 0 to 1", _chance),
    Kind("batch.answer@K#n", "name", "what the network says: a class, or a number as it is learnt", _answer),
    Kind("batch.sure@K#n", "share", "how sure the network is of its answer", _sure),
    Kind("batch.probability_of_truth@K#n", "share", "the probability that it gives the class of the row", _chance_of_truth),
    Kind("batch.output@K#n", "number", "the first output, before it becomes a probability", _output, exact=True),
    Kind("batch.output[j]@K#n", "number", "output j", _output, exact=True),
    Kind("batch.loss@K#n", "number", "loss of the row", _row_loss, exact=True),
)  # fmt: skip
"""Facts of single updates."""
