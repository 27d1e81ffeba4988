"""What diagrams say of a run: read, rounded and named here, so that layouts only place it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ....data import Source
from ....errors import LearnloopError, short
from ....program import reference
from ....runs import Moment
from ....runs.check import batch_loss
from ...facts.formats import written
from ...facts.subject import Subject
from .callouts import Illustration
from .curve import activation_curve
from .dynamics import Descent
from .flow import Flow
from .loop import Loop
from .neuron import Input, NeuronPicture
from .units import Layer, Net

Array = np.ndarray[Any, np.dtype[Any]]
STRONGEST = 5
"""Inputs of a neuron that have a line of their own."""
SIMPLE = 7
"""Inputs up to which all have one."""
POINTS = 72
"""Points of the curve of the losses."""
FRONT, BACK = 7, 4
"""Layers at both ends of a network that is too deep to be drawn whole."""
LONGEST = 120
"""Characters of a name that somebody gave, at most."""


class Unfit(Exception):
    """A diagram that cannot be: what is wrong, and how to fix it.

    Attributes:
        option: the option of the block that it is about.
    """

    def __init__(self, option: str, text: str) -> None:
        super().__init__(text)
        self.option = option


@dataclass(frozen=True)
class Where:
    """What of a run is shown.

    Attributes:
        update: which update; None for what suits the diagram.
        neuron: a layer and one of its units, or None.
        row: a row of the data, or None for the first one of the batch.
    """

    update: int | None = None
    neuron: tuple[str, int] | None = None
    row: int | None = None

    @classmethod
    def of(cls, subject: Subject, options: Mapping[str, str]) -> Where:
        """What the options of a block say.

        Raises:
            Unfit: for a value that the run does not have.
        """
        try:
            update = subject.update(_whole("update", options["update"], "last")) if "update" in options else None
        except LearnloopError as error:
            raise Unfit("update", str(error)) from error
        neuron = _neuron(subject, options["neuron"]) if "neuron" in options else None
        row = int(_whole("row", options["row"])) if "row" in options else None
        return cls(update, neuron, row)


def _whole(option: str, given: str, word: str = "") -> str:
    if given != word and not (given.isascii() and given.isdigit() and len(given) < 12):
        raise Unfit(option, f"{option} is {short(given)}; expected a whole number{f', or {word}' if word else ''}. Fix: {option}: 0")
    return given


def _neuron(subject: Subject, given: str) -> tuple[str, int]:
    layer, _, unit = given.rpartition(":")
    known = dict(_weights(subject))
    if layer not in known or not (unit.isascii() and unit.isdigit() and len(unit) < 12) or int(unit) >= known[layer][1]:
        names = ", ".join(f"{name}:0 to {name}:{units - 1}" for name, (_, units) in list(known.items())[:6])
        raise Unfit("neuron", f"neuron is {short(given)}; expected one of {names}. Fix: {next(iter(known))}:0")
    return layer, int(unit)


def _weights(subject: Subject) -> list[tuple[str, tuple[int, int]]]:
    """Layers with a table of weights, in order: (name, (inputs, units))."""
    found = [(p.layer, p.dims) for p in subject.program.parameters if len(p.dims) == 2 and p.name.endswith(".weight")]
    if not found:
        raise Unfit("", "the network has no layer with weights from unit to unit. Fix: a network with dense layers.")
    return [(layer, (int(dims[0]), int(dims[1]))) for layer, dims in found]


def number(value: float) -> str:
    """A number as a picture has it."""
    return written(float(value), "number")


def compact(value: float, most: int = 9) -> str:
    """A number in little room: with an exponent where it would have more characters than that."""
    text = number(value)
    if len(text) <= most and "×" not in text:
        return text
    mantissa, _, power = f"{value:.1e}".partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(power)}".replace("-", "−")


def named(text: str) -> str:
    """A name that somebody gave, cut where it is very long."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def count(many: int, one: str, more: str = "") -> str:
    """So many of something."""
    return f"{written(many, 'count')} {one if many == 1 else more or one + 's'}"


def loop_of(subject: Subject, where: Where) -> Loop:
    """One update, with its numbers."""
    moment = subject.moment(subject.update("0") if where.update is None else where.update)
    place = _batch_row(moment, where)
    row = int(moment.rows[place])
    sizes = _weights(subject)
    units = [sizes[0][1][0], *(size for _, (_, size) in sizes)]
    network = " → ".join(str(n) for n in (units if len(units) <= 6 else [*units[:2], "…", *units[-2:]]))
    return Loop(
        _rows(subject, len(moment.rows)), network, f"row {row}: {_answer(subject, moment, place)}",
        _target(subject, row), number(float(moment.loss)), number(_loss_after(subject, moment)), _step(subject, moment), moment.update,
    )  # fmt: skip


def _rows(subject: Subject, many: int) -> str:
    return f"{count(many, 'row')}{f' of {_data_name(subject)}' if _data_name(subject) else ''}"


def _data_name(subject: Subject) -> str:
    """What the data are called, or "" for arrays that have no name."""
    source = Source.of(subject.run)
    return "" if source is None else named(source.name)


def _batch_row(moment: Moment, where: Where) -> int:
    """The place of the row in the batch."""
    if where.row is None:
        return 0
    found = np.flatnonzero(moment.rows == where.row)
    if not len(found):
        rows = ", ".join(map(str, moment.rows[:12].tolist())) + (" …" if len(moment.rows) > 12 else "")
        raise Unfit("row", f"row {where.row} is not in the batch of update {moment.update}, which has {rows}. Fix: row: {int(moment.rows[0])}")
    return int(found[0])


def _answer(subject: Subject, moment: Moment, place: int) -> str:
    """What the network said of a row."""
    out = moment.layer(moment.layers[-1]).activation[place].astype(np.float64)
    if not subject.has_classes:
        return ", ".join(map(number, out[:3].tolist())) + (" …" if len(out) > 3 else "")
    if subject.run.loss.labels:
        raised = np.exp(out - out.max())
        shares = raised / raised.sum()
        best = int(np.argmax(out))
        return f"{named(_class(subject, best))}, {written(float(shares[best]), 'share', 'percent')}"
    share = float(1 / (1 + np.exp(-out[0])))
    best = int(out[0] > 0)
    return f"{named(_class(subject, best))}, {written(share if best else 1 - share, 'share', 'percent')}"


def _target(subject: Subject, row: int) -> str:
    examples = subject.run.task.data
    if examples.labels is not None:
        return named(_class(subject, int(examples.labels[row])))
    assert examples.Y is not None, "targets are labels or numbers"
    values = examples.Y[row].astype(np.float64)
    if subject.has_classes and len(values) == 1 and values[0] in (0, 1):
        return named(_class(subject, int(values[0])))
    return ", ".join(map(number, values[:3].tolist())) + (" …" if len(values) > 3 else "")


def _class(subject: Subject, label: int) -> str:
    names = subject.data.target_names
    return names[label] if subject.data.task == "classification" and label < len(names) else f"class {label}"


def _loss_after(subject: Subject, moment: Moment) -> float:
    """The loss of the same rows, with the same random numbers, once the weights have changed."""
    structure = subject.structure
    known = {"labels": subject.run.task.data.labels, "Y": subject.run.task.data.Y}
    needed = [t.name for t in structure.train.tensors.values() if t.role != "value" and known.get(t.name, 0) is not None]
    values = {name: np.asarray(moment.tensor(name)) for name in needed} | {"row": moment.rows}
    after = {p.tensor: np.asarray(moment.tensor(structure.value_of[p.tensor])) for p in subject.program.parameters}
    with np.errstate(all="ignore"):
        return float(reference.run(batch_loss(structure.train), values | after, subject.run.options.dtype, moment.seed)["loss"])


def _step(subject: Subject, moment: Moment) -> str:
    """How weights change: the plain formula where it is what happened, else the name of the rule."""
    rate = moment.learning_rate
    layer = _weights(subject)[0][0]
    weight = moment.layer(layer).parameters["weight"]
    plain = weight.before.astype(np.float64) - rate * weight.gradient.astype(np.float64)
    if np.allclose(weight.after, plain, rtol=1e-5, atol=1e-7, equal_nan=True):
        return f"W ← W − {number(rate)} · ∂L/∂W"
    return f"by a step of {type(subject.run.optimizer).__name__}, learning rate {number(rate)}"


def neuron_of(subject: Subject, where: Where) -> NeuronPicture:
    """One neuron, for one row, with its numbers."""
    moment = subject.moment(subject.update("last") if where.update is None else where.update)
    layer, unit = where.neuron or (_weights(subject)[0][0], 0)
    place = _batch_row(moment, where)
    found = moment.neuron(layer, unit, place)
    products = [a * b for a, b in zip(found.inputs, found.weights, strict=True)]
    title, names = _title(subject, layer), _input_names(subject, layer, len(products))
    order = sorted(range(len(products)), key=lambda k: (-abs(products[k]), k))
    chosen = sorted(order if len(products) <= SIMPLE else order[:STRONGEST])
    inputs = [Input(names[k], compact(found.inputs[k]), f"× {compact(found.weights[k])}", products[k]) for k in chosen]
    rest = [products[k] for k in range(len(products)) if k not in set(chosen)]
    if rest:
        inputs.append(Input(f"{written(len(rest), 'count')} more", compact(sum(rest)), "", sum(rest)))
    inputs += [Input("bias", compact(found.bias), "", found.bias)] if "bias" in moment.layer(layer).parameters else []
    rule, curve = activation_curve(subject.layers.get(layer), found.pre_activation)
    return NeuronPicture(
        f"{title}, unit {unit}", f"update {moment.update}, row {found.row}", tuple(inputs), found.pre_activation, found.activation,
        compact(found.pre_activation, 7), compact(found.activation, 7), rule, curve,
    )  # fmt: skip


def _title(subject: Subject, layer: str) -> str:
    names = [name for name, _ in _weights(subject)]
    if layer not in names:
        return layer
    return "output layer" if layer == names[-1] else f"hidden layer\u00a0{names.index(layer) + 1}"


def _input_names(subject: Subject, layer: str, many: int) -> list[str]:
    if layer == _weights(subject)[0][0] and len(subject.data.feature_names) == many:
        return [named(name) for name in subject.data.feature_names]
    return [f"unit {k}" for k in range(many)]


def net_of(subject: Subject, where: Where) -> Net:
    """The network, with its weights before an update or at the end."""
    sizes = _weights(subject)
    weights = subject.run.weights if where.update is None else {f"{name}.weight": subject.moment(where.update).layer(name).weight for name, _ in sizes}
    given: list[Array | None] = [np.asarray(weights[f"{name}.weight"], np.float64) for name, _ in sizes]
    layers = [_inputs_layer(subject, sizes[0][1][0])]
    layers += [_layer(subject, name, units) for name, (_, units) in sizes]
    layers[-1] = replace(layers[-1], names=_output_names(subject, layers[-1].units))
    for k, weight in enumerate(given):  # between blocks that are no chain of tables there is none to draw
        if weight is not None and weight.shape != (layers[k].units, layers[k + 1].units):
            given[k] = None
    if len(layers) > FRONT + BACK + 1:
        layers = [*layers[:FRONT], *layers[-BACK:]]
        given = [*given[: FRONT - 1], None, *given[-BACK + 1 :]]
    losses = subject.run.losses
    loss = number(float(losses[-1 if where.update is None else where.update])) if len(losses) else ""
    when = "at the end of the run" if where.update is None else f"before update {where.update}"
    return Net(tuple(layers), tuple(given), loss, when)


def _inputs_layer(subject: Subject, units: int) -> Layer:
    names = subject.data.feature_names if len(subject.data.feature_names) == units <= 16 else ()
    return Layer("input layer", count(units, "unit"), units, tuple(map(named, names)))


def _layer(subject: Subject, name: str, units: int) -> Layer:
    rule, _ = activation_curve(subject.layers.get(name), 0.0)
    detail = count(units, "unit") + (f", {named(rule)}" if rule not in ("", "identity") else "")
    return Layer(_title(subject, name), detail, units)


def _output_names(subject: Subject, units: int) -> tuple[str, ...]:
    names = subject.data.target_names
    if units == 1 and subject.has_classes and len(names) == 2:
        return (named(names[1]),)
    return tuple(map(named, names)) if len(names) == units <= 16 else ()


def illustration_of(subject: Subject, where: Where) -> Illustration:
    """The network, and what a neuron of it says."""
    net = net_of(subject, where)
    moment = subject.moment(subject.update("last") if where.update is None else where.update)
    names = [name for name, _ in _weights(subject)]
    layer = names[-2] if len(names) > 2 else names[-1]
    return Illustration(net, number(moment.layer(layer).activation[0, -1]))


def flow_of(subject: Subject, where: Where) -> Flow:
    """The counts of the rows."""
    run = subject.run
    try:
        tested = len(subject.tested.chosen)
    except LearnloopError:
        tested = 0
    return Flow(_data_name(subject), run.network.inputs, run.task.count, tested, run.options.batch_size, run.updates_per_epoch, run.updates)


def descent_of(subject: Subject, where: Where) -> Descent:
    """The losses of the batches, in means where there are many."""
    losses = np.asarray(subject.run.losses, np.float64)
    known = np.flatnonzero(np.isfinite(losses))
    if not len(known):
        raise Unfit("", "the run has no update with a finite loss. Fix: a smaller learning rate.")
    parts = np.array_split(known, min(POINTS, len(known)))
    points = [(float(part.mean()), float(losses[part].mean())) for part in parts]
    points[0] = (float(known[0]), float(losses[known[0]]) if len(known) <= POINTS else points[0][1])
    points[-1] = (float(known[-1]), points[-1][1])
    rate = number(subject.moment(subject.update("0")).learning_rate)
    return Descent(tuple(points), number(losses[known[0]]), number(losses[known[-1]]), int(known[-1]), rate)
