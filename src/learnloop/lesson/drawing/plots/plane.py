"""What a network of two inputs answers over the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....predictor import Predictor
from ..path import Xy
from .contour import zero_lines
from .material import Material, Sample
from .problem import Unfit
from .scales import diverging, of_classes

Array = np.ndarray[Any, np.dtype[Any]]
CELLS = 128
"""On each side."""
PALE = 0.62
"""How much of the paper a sure answer covers: points on it are stronger."""
EDGE = 0.06
"""Around the points, as a share of their span."""
Range = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Plane:
    """A map of answers.

    Attributes:
        x, y: the range of both inputs, in the units of the data set.
        pixels: (rows, columns, 4) uint8, the first row at the top.
        edges: lines between classes, (column, row) in shares of the map, from its top left.
        shares: how much of the plane is answered by each class; empty for numbers.
        span: the lowest and highest answer that colours tell apart, for numbers; else None.
    """

    x: Range
    y: Range
    pixels: Array
    edges: list[list[Xy]]
    shares: tuple[float, ...]
    span: Range | None


def plane_of(material: Material, predictor: Predictor) -> Plane:
    """Ask the network at every cell.

    Raises:
        Unfit: for a network that has other than two inputs, or that gives several answers at once.
    """
    run = material.run
    if run.network.inputs != 2:
        raise Unfit(f"a plane needs a network of 2 inputs, and this one has {run.network.inputs}. Fix: plot `confusion` or `weights` instead.")
    if not material.has_classes and run.network.outputs != 1:
        raise Unfit(f"a plane shows one answer at each place, and this network gives {run.network.outputs}. Fix: plot `loss` instead.")
    places = np.concatenate([material.in_units(sample.X) for sample in _samples(material)])
    x, y = _range(places[:, 0]), _range(places[:, 1])
    X = _grid(x, y)
    inputs = X if material.inputs is None else material.inputs.transform(X)
    if material.has_classes:
        return _of_classes(x, y, predictor.predict_proba(inputs).astype(np.float64).reshape(CELLS, CELLS, -1))
    return _of_numbers(material, x, y, predictor.predict(inputs).astype(np.float64).reshape(CELLS, CELLS))


def _samples(material: Material) -> list[Sample]:
    return [sample for sample in (material.train, material.test) if sample is not None]


def _range(values: Array) -> Range:
    low, high = float(values.min()), float(values.max())
    margin = EDGE * (high - low) if high > low else 1.0
    return low - margin, high + margin


def _grid(x: Range, y: Range) -> Array:
    """The middles of all cells, (cells, 2), row by row from the top."""
    middles = (np.arange(CELLS) + 0.5) / CELLS
    across, up = np.meshgrid(x[0] + middles * (x[1] - x[0]), y[1] - middles * (y[1] - y[0]))
    return np.stack([across.ravel(), up.ravel()], axis=1)


def _of_classes(x: Range, y: Range, shares: Array) -> Plane:
    count = shares.shape[-1]
    pixels = diverging(shares[..., 1] - shares[..., 0], PALE) if count == 2 else of_classes(shares, PALE)
    said = np.bincount(shares.argmax(axis=-1).ravel(), minlength=count) / CELLS**2
    edges = [line for k in range(count - 1) for line in _lead(shares, k)]
    return Plane(x, y, pixels, edges, tuple(said.tolist()), None)


def _lead(shares: Array, k: int) -> list[list[Xy]]:
    """Where a class is as likely as the best of those behind it, and no earlier one is likelier: each edge is drawn once."""
    rest = np.delete(shares, k, axis=-1).max(axis=-1)
    found = zero_lines(shares[..., k] - rest)
    return [[((column + 0.5) / CELLS, (row + 0.5) / CELLS) for column, row in line] for line in found]


def _of_numbers(material: Material, x: Range, y: Range, values: Array) -> Plane:
    middle = 0.0 if material.target is not None else float(material.train.truth.mean())
    reach = max(float(np.abs(material.train.truth - middle).max()), 1e-12)
    low, high = material.answer_in_units(np.array([middle - reach, middle + reach])).tolist()
    return Plane(x, y, diverging((values - middle) / reach, PALE), [], (), (low, high))
