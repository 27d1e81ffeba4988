"""The picture that other sites show beside a link: the network with its weights, and how its loss fell. No words."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ...run import Run
from ..drawing.png import png
from ..model import Lesson
from .canvas import Canvas, Colour, Place

Array = np.ndarray[Any, np.dtype[Any]]
WIDTH, HEIGHT = 1200, 630
UNITS, COLUMNS, POINTS = 8, 5, 90
"""How much of a run is drawn: units of a layer, layers, and points of the curve."""
_GROUND, _INK, _QUIET, _PLUS, _MINUS = (251, 251, 250), (28, 33, 38), (134, 141, 148), (8, 119, 189), (194, 102, 10)


def card(lesson: Lesson) -> bytes:
    """The card of a lesson: a PNG of 1200 x 630 pixels, made of its first run."""
    canvas = Canvas(WIDTH, HEIGHT, _GROUND)
    run = lesson.runs[""].run
    matrices = _chain(run)
    if matrices:
        _network(canvas, matrices, 90, 620)
    _curve(canvas, run.losses, 730 if matrices else 90, 1110)
    return png(canvas.pixels())


def _chain(run: Run) -> list[Array]:
    """The matrices between layers, as far as each takes what the one before gives; a few rows and columns of each."""
    found: list[Array] = []
    for weights in run.weights.values():
        if weights.ndim == 2 and len(found) < COLUMNS - 1 and (not found or found[-1].shape[1] == weights.shape[0]):
            found.append(weights)
    return [matrix[np.ix_(_some(matrix.shape[0]), _some(matrix.shape[1]))] for matrix in found]


def _some(count: int) -> Array:
    """Which units of a layer are drawn: all of a small one, else some that are evenly apart."""
    return np.arange(count) if count <= UNITS else np.arange(UNITS) * count // UNITS


def _network(canvas: Canvas, matrices: list[Array], left: float, right: float) -> None:
    sizes = [matrices[0].shape[0], *(matrix.shape[1] for matrix in matrices)]
    columns = [_column(size, left + (right - left) * k / len(matrices)) for k, size in enumerate(sizes)]
    for k, matrix in enumerate(matrices):
        largest = max(float(np.nan_to_num(np.abs(matrix), posinf=0).max()), 1e-12)
        for (i, j), weight in np.ndenumerate(matrix):
            share = float(np.nan_to_num(abs(weight) / largest, posinf=1))
            canvas.line(columns[k][i], columns[k + 1][j], 1 + 7 * share, _PLUS if weight > 0 else _MINUS, 0.25 + 0.6 * share)
    for place in (place for column in columns for place in column):
        canvas.disc(place, 24, _INK)
        canvas.disc(place, 20.5, _GROUND)


def _column(size: int, x: float) -> list[Place]:
    gap = min(100.0, 440 / max(size - 1, 1))
    return [(x, HEIGHT / 2 + (k - (size - 1) / 2) * gap) for k in range(size)]


def _curve(canvas: Canvas, losses: Array, left: float, right: float) -> None:
    """The losses of the batches, in stretches of which each shows its mean."""
    top, bottom = 150.0, 480.0
    for end in ((left, top - 20), (right, bottom)):
        canvas.line((left, bottom), end, 3, _QUIET)
    means = _means(losses)
    if len(means) < 2:
        return
    most = max(float(means.max()), 1e-12)
    x = left + 14 + np.arange(len(means)) / (len(means) - 1) * (right - left - 20)
    y = bottom - 10 - means / most * (bottom - top - 10)
    places = [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    for start, end in pairwise(places):
        canvas.line(start, end, 7, _PLUS)
    _dot(canvas, places[-1], _MINUS)


def _dot(canvas: Canvas, place: Place, colour: Colour) -> None:
    canvas.disc(place, 15, _GROUND)
    canvas.disc(place, 11, colour)


def _means(losses: Array) -> Array:
    finite = np.abs(losses[np.isfinite(losses)].astype(np.float64))
    return np.array([part.mean() for part in np.array_split(finite, min(POINTS, len(finite)))]) if len(finite) else finite
