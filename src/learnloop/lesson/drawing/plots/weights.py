"""The weights of one neuron: a picture where its inputs are the pixels of one, else bars, the strongest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....data import Source
from ....run import Run
from ..measure import clean, fitted
from ..path import Box, line
from ..png import png
from ..scene import WIDE, Drawer, Drawing, Image, Part, Shape, Stroke
from ..shapes import words
from .curves import weights_at
from .decision import when_said
from .key import ramp
from .pen import LINE, SMALL, bar, headed, rule, widest
from .scales import diverging
from .words import listed, number, plural, signed

Array = np.ndarray[Any, np.dtype[Any]]
BARS = 10
"""Inputs with a bar of their own."""
SIGNED = 0.5
"""Cells at least so strong, as a share of the strongest, have their sign written on them."""


@dataclass(frozen=True, eq=False)
class Neuron:
    """What is drawn.

    Attributes:
        name: "dense_1:7".
        weights: of its inputs, (inputs,) float64.
        bias: its bias, or None.
        inputs: what these are called.
        shape: (height, width) where they are the pixels of an image.
        when: "after 1 005 updates".
    """

    name: str
    weights: Array
    bias: float | None
    inputs: tuple[str, ...]
    shape: tuple[int, int] | None
    when: str

    @property
    def strongest(self) -> list[int]:
        """Its inputs, those with the strongest weights first."""
        return np.argsort(-np.abs(np.nan_to_num(self.weights)), kind="stable").tolist()  # type: ignore[no-any-return]

    @property
    def reach(self) -> float:
        """The strongest of its numbers without its sign."""
        found = np.abs([*self.weights.tolist(), *([] if self.bias is None else [self.bias])])
        return float(np.nanmax(found, initial=0.0)) or 1.0


def weights_plot(run: Run, neuron: tuple[str, int], update: int | None = None) -> Drawer:
    """The weights of a neuron at the end of the run, or before an update."""
    layer, unit = neuron
    weights, source = weights_at(run, update), Source.of(run)
    of_unit = weights[f"{layer}.weight"][:, unit].astype(np.float64)
    bias = weights.get(f"{layer}.bias")
    is_first = layer == next(name.rpartition(".")[0] for name in run.weights)
    known = source if is_first and source is not None and len(source.columns) == len(of_unit) else None
    names = tuple(known.columns) if known else tuple(f"input {k}" for k in range(len(of_unit)))
    found = Neuron(
        f"{layer}:{unit}", of_unit, None if bias is None else float(bias[unit]), names, known.image_shape if known else None,
        when_said(run, update),
    )  # fmt: skip
    return (lambda width: _patch(found, width)) if found.shape else (lambda width: _bars(found, width))


def _bars(found: Neuron, width: float) -> Drawing:
    wide = width >= WIDE
    rows = [(found.inputs[k], float(found.weights[k])) for k in found.strongest[:BARS]]
    hidden = len(found.weights) - len(rows)
    bias = [] if found.bias is None else [("bias", found.bias)]
    left = min(widest(fitted(name, SMALL, width) for name, _ in [*rows, *bias]), 200.0 if wide else 96.0) + 1
    number_room = widest(signed(value) for _, value in [*rows, *bias]) + 8
    middle = (left + 12 + width) / 2
    half = width - number_room - middle - 2
    head, end = headed(f"{found.name}, {found.when}", width)
    top = end + LINE + 8
    bars: list[Shape] = []
    texts: list[Shape] = []
    bottom = top
    for name, value in [*rows, *bias]:
        gap = 10.0 if name == "bias" and (name, value) in bias and bottom > top else 0.0
        bars += _bar((middle, bottom + gap, half), value, found.reach)
        texts += _named(name, value, (left, middle, bottom + gap), half * abs(value) / found.reach if np.isfinite(value) else 0.0)
        bottom += gap + 26
    more = [words(1, bottom + 14, _more(found, hidden), SMALL, ink="quiet")] if hidden else []
    whole = bottom + (LINE + 6 if hidden else 2)
    parts = (
        Part("bars", (rule([(middle, top - 4), (middle, bottom)], "quiet", 1.25), *bars)),
        Part("labels", (*head, *texts, *more)),
        Part("legend", tuple(_directions(middle, top - 12))),
    )  # fmt: skip
    return Drawing(width, whole, f"Weights of the neuron {found.name}, {found.when}", _described(found), parts)


def _bar(place: tuple[float, float, float], value: float, reach: float) -> list[Shape]:
    """From zero to the right or to the left; nothing for no number."""
    middle, top, half = place
    if not np.isfinite(value) or value == 0:
        return []
    end = middle + half * value / reach
    box: Box = (min(middle, end), top + 4, max(middle, end), top + 20)
    return [bar(box, "positive" if value > 0 else "negative")]


def _named(name: str, value: float, place: tuple[float, float, float], taken: float) -> list[Shape]:
    left, middle, top = place
    at, anchor = (middle - taken - 6, "end") if value < 0 else (middle + taken + 6, "start")
    shown = words(left, top + 16, fitted(name, SMALL, left - 0.5), SMALL, "end")
    return [shown, words(at, top + 16, signed(value), SMALL, anchor)]  # type: ignore[arg-type]


def _more(found: Neuron, hidden: int) -> str:
    rest = found.weights[found.strongest[BARS:]]
    return f"and {plural(hidden, 'input')} more, none beyond {number(float(np.nanmax(np.abs(rest), initial=0.0)))}"


def _directions(middle: float, y: float) -> list[Shape]:
    """What right and left mean."""
    return [words(middle - 6, y, "− negative", SMALL, "end", ink="negative"), words(middle + 6, y, "positive +", SMALL, ink="positive")]


def _patch(found: Neuron, width: float) -> Drawing:
    assert found.shape is not None
    rows, columns = found.shape
    wide = width >= WIDE
    side = 320.0 if wide else 256.0
    cell = side / max(rows, columns)
    high, broad = rows * cell, columns * cell
    reach = float(np.nanmax(np.abs(found.weights), initial=0.0)) or 1.0
    grid = found.weights.reshape(rows, columns) / reach
    head, end = headed(f"{found.name}, {found.when}", width)
    top = end + 8
    picture: list[Shape] = [Image(1, top, broad, high, png(diverging(grid))), *_signs(grid, 1, top, cell)]
    left, below = (broad + 32, top) if wide else (1.0, top + high + 12)
    strip = png(diverging(np.linspace(-1, 1, 65)[None]))
    legend = ramp(strip, left, below, min(240.0, width - left - 1), (signed(-reach), "0", signed(reach)))
    said = [] if found.bias is None else [words(left, below + 54, f"bias {signed(found.bias)}", SMALL)]
    parts = (
        Part("patch", tuple(picture), (0, top - 1, broad + 2, top + high + 1)),
        Part("labels", (*head, *said)),
        Part("legend", tuple(legend)),
    )  # fmt: skip
    return Drawing(width, max(top + high + 2, below + 62), f"Weights of the neuron {found.name}, {found.when}", _described(found), parts)


def _signs(grid: Array, left: float, top: float, cell: float) -> list[Shape]:
    """A plus or a minus on the strongest cells, where they are large enough."""
    if cell < 8:
        return []
    arm = min(cell * 0.22, 6.0)
    level: list[str] = []
    for row, column in np.argwhere(np.abs(np.nan_to_num(grid)) >= SIGNED).tolist():
        x, y = left + (column + 0.5) * cell, top + (row + 0.5) * cell
        level.append(line([(x - arm, y), (x + arm, y)]))
        if grid[row, column] > 0:
            level.append(line([(x, y - arm), (x, y + arm)]))
    d = "".join(level)
    return [Stroke(d, "paper", 4), Stroke(d, "ink", 1.5)] if d else []  # a rim of paper: it stands out from any colour


def _described(found: Neuron) -> str:
    """The strongest weights in words."""
    kept = found.strongest[:5]
    strongest = listed([f"{clean(found.inputs[k])[:60]} with {signed(float(found.weights[k]))}" for k in kept])
    up, down = int((found.weights > 0).sum()), int((found.weights < 0).sum())
    said = f"The neuron {found.name} {found.when} has {plural(len(found.weights), 'input')}: {up} weights are positive and {down} negative."
    bias = "" if found.bias is None else f" Its bias is {signed(found.bias)}."
    return f"{said} The strongest are {strongest}.{bias}"
