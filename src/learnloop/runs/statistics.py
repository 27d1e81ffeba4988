"""What one update says about each layer: norms of gradients, weights and changes, and the units that are stuck."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..language import ROWS, Map
from ..language.index import plain
from .moment import Moment
from .structure import Structure

Array = np.ndarray[Any, np.dtype[Any]]
FLAT = 5e-3
"""A slope below it passes nothing on: that of a tanh beyond 3.3; the 0.01 of a leaky unit is above it."""
MOST_ROWS = 0.9
"""A unit is saturated whose slope is flat for this share of the rows."""
FAINT = 1e-30
"""Gradients below it have lost digits to underflow, and say nothing about a slope."""


@dataclass(frozen=True)
class LayerStatistics:
    """A layer with weights during one update.

    Attributes:
        name: the layer.
        gradient: norm of the gradient of all its parameters.
        weight_gradient: root mean square of the gradient of its weights.
        weight: norm of its weights before the update.
        change: norm of what the update changed of them.
        activation: mean size of its activations.
        off: (units,) which units gave 0 with a slope of 0, for every row of the batch.
        alive: (units,) which units passed a gradient on or gave something.
        saturated: (units,) which units were flat for most rows, away from 0.
    """

    name: str
    gradient: float
    weight_gradient: float
    weight: float
    change: float
    activation: float
    off: Array
    alive: Array
    saturated: Array

    @property
    def update_ratio(self) -> float:
        """Norm of the change over norm of the weights; NaN for weights that are all 0, or infinite."""
        return self.change / self.weight if self.weight else math.nan


@dataclass(frozen=True)
class UpdateStatistics:
    """One update.

    Attributes:
        update: which one.
        rows: how many rows its batch had.
        loss: of the batch.
        layers: the layers with weights, first to last.
    """

    update: int
    rows: int
    loss: float
    layers: tuple[LayerStatistics, ...]

    @property
    def gradient(self) -> float:
        """Norm of the gradient of all parameters."""
        return math.hypot(*(layer.gradient for layer in self.layers))

    def layer(self, name: str) -> LayerStatistics:
        """The layer of that name."""
        return next(layer for layer in self.layers if layer.name == name)


@dataclass(frozen=True)
class Places:
    """Which tensors hold what of a layer."""

    layer: str
    weights: tuple[str, ...]
    parameters: tuple[str, ...]
    activation: str
    delta: str | None
    above: str | None


class Observer:
    """Reads the statistics of moments of one run.

    Args:
        structure: the run's program.

    Attributes:
        places: what holds what, for each layer with weights.
        output: the last layer.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> run = ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=3, progress=False)
    >>> seen = Observer(Structure(run.program)).read(run.at(0))
    >>> seen.layers[0].name, 0 < seen.layers[0].update_ratio < 0.1
    ('dense_1', True)
    """

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self.places = [p for p in map(self._find, structure.layers) if p is not None]
        self.output = structure.layers[-1]

    def _find(self, layer: str) -> Places | None:
        structure = self._structure
        z = structure.pre_activation(layer)
        if z is None:
            return None
        own = [p.tensor for p in structure.parameters_of(layer).values()]
        weights = tuple(f.tensor for f in z.factors if f.tensor in own)
        activation, gradients = structure.activation(layer), structure.gradient_of
        known = elementwise(structure, z.out, activation)
        delta, above = (gradients.get(t) if known else None for t in (z.out, activation))
        return Places(layer, weights, tuple(own), activation, delta, above)

    def read(self, moment: Moment) -> UpdateStatistics:
        """The statistics of one moment.

        Args:
            moment: of the run that the structure belongs to.
        """
        with np.errstate(over="ignore", invalid="ignore"):  # just before a run diverges nearly all is infinite
            layers = tuple(self._layer(moment, places) for places in self.places)
        return UpdateStatistics(moment.update, len(moment.rows), float(moment.loss), layers)

    def _layer(self, moment: Moment, places: Places) -> LayerStatistics:
        of, new, read = self._structure.program.gradients, self._structure.value_of, moment.tensor
        activation = np.abs(read(places.activation))
        gradients = [read(of[p]) for p in places.weights]
        return LayerStatistics(
            places.layer,
            gradient=_norm(*(read(of[p]) for p in places.parameters)),
            weight_gradient=_norm(*gradients) / max(1.0, sum(g.size for g in gradients)) ** 0.5,
            weight=_norm(*(read(w) for w in places.weights)),
            change=_norm(*(read(new[w]).astype(np.float64) - read(w) for w in places.weights)),
            activation=float(activation.mean(dtype=np.float64)),
            **self._units(moment, places, activation),
        )

    def _units(self, moment: Moment, places: Places, size: Array) -> dict[str, Any]:
        """The states of all units, from how much of the gradient each passes on for each row."""
        none = np.zeros(size.shape[-1], bool)
        if places.delta is None or places.above is None:
            return {"off": none, "alive": none, "saturated": none}
        above, delta = moment.tensor(places.above), moment.tensor(places.delta)
        known = np.abs(above) > FAINT
        flat = known & (np.abs(delta) < FLAT * np.abs(above))
        heard = np.asarray(known.any(axis=0))
        silent = heard & (flat | ~known).all(axis=0) & (size <= FLAT).all(axis=0)
        most = flat.sum(axis=0) >= MOST_ROWS * np.maximum(known.sum(axis=0), 1)
        hidden = places.layer != self.output  # an output at the end of its range may be just what is asked for
        stuck = most & (flat & (size > FLAT)).any(axis=0) if hidden else none
        return {"off": silent, "alive": heard & ~silent, "saturated": stuck}


def elementwise(structure: Structure, z: str, activation: str) -> bool:
    """Whether every activation comes from its own pre-activation alone: then their gradients' ratio is the slope."""
    if activation == z:
        return True
    statement = structure.defined.get(activation)
    if not isinstance(statement, Map):
        return False
    reads = [a for a in statement.reads() if ROWS in structure.train.tensors[a.tensor].dims]
    return all(a == plain(a.tensor, statement.axes) and elementwise(structure, z, a.tensor) for a in reads)


def _norm(*parts: Array) -> float:
    """The Euclidean norm of all numbers together, in float64; infinite where it overflows."""
    squares = sum(float(np.square(np.asarray(p, np.float64)).sum()) for p in parts)
    return math.sqrt(squares)
