"""Where the units of a network stand: columns from left to right where there is room, else rows from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..measure import width as measure
from ..path import Box, Xy
from ..scene import WIDE
from ..shapes import MARGIN, SMALL, Text, around

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Layer:
    """A layer, as it is said in a picture.

    Attributes:
        title: "hidden layer 1".
        detail: "8 units, tanh".
        units: how many it has.
        names: of its units, where they have some.
    """

    title: str
    detail: str
    units: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Net:
    """A network.

    Attributes:
        layers: from the inputs to the outputs.
        weights: between each two of them, (units, units of the next); None where layers are left out.
        loss: its number: "0.0123", or "".
        when: the weights were so: "before update 412".
    """

    layers: tuple[Layer, ...]
    weights: tuple[Array | None, ...]
    loss: str
    when: str


@dataclass(frozen=True)
class Form:
    """Measures of a picture.

    Attributes:
        most: units of a layer that are drawn.
        radius: of a unit.
        pitch: between the middles of two units.
        apart: pixels between the units of two layers, at least.
    """

    most: int
    radius: float
    pitch: float
    apart: float


NAMES = 88.0
"""Pixels for the names of inputs and outputs beside a column, at most."""
LOSS = 76.0
"""Pixels of the box of the loss."""
LABELS = 114.0
"""Pixels for what is said of a row."""
LEAST = 82.0
"""Pixels from column to column, at least: room for "hidden", "layer 1"."""
END, ARROW, RADIUS = 92.0, 34.0, 11.0
"""Pixels for what is said above the first and the last column, for the arrow to the loss, and of a unit."""
AIR = 10.0


class Placed:
    """The units, and what is said of them, for a width.

    Args:
        net: the network.
        width: of the picture, in pixels.
        margin: pixels to the right of rows that are for something else.
        labels: pixels for what is said of a row.
    """

    def __init__(self, net: Net, width: float, margin: float = 0.0, labels: float = LABELS) -> None:
        self.net, self.width, self.margin, self.labels = net, width, margin, labels
        self.columns = width >= WIDE and self._pitch() >= LEAST
        self.form = Form(7, RADIUS, 34, 0) if self.columns else _rows(self._room)

    @property
    def _room(self) -> float:
        """Pixels for the units of a row."""
        return self.width - self.labels - self.margin - 2 * MARGIN

    def _named(self, layer: Layer) -> float:
        """Pixels that the names of its units take beside a column."""
        return min(max((measure(name, SMALL) for name in layer.names), default=-8.0) + 8, NAMES)

    def _side(self, layer: Layer) -> float:
        """Pixels beside the middle of the first or the last column: for names, and for half of what is said above."""
        return max(self._named(layer) + RADIUS + 4, END / 2)

    def _pitch(self) -> float:
        """Pixels from column to column."""
        layers = self.net.layers
        free = self.width - 2 * MARGIN - self._side(layers[0]) - self._side(layers[-1]) - LOSS - ARROW
        return free / max(len(layers) - 1, 1)

    def shown(self, layer: int) -> list[int]:
        """Which units of a layer are drawn: all, or the first ones and the last."""
        units = self.net.layers[layer].units
        return list(range(units)) if units <= self.form.most else [*range(self.form.most - 2), units - 1]

    def slots(self, layer: int) -> int:
        """Places of a layer: one for each unit, and one for those that are left out."""
        return min(self.net.layers[layer].units, self.form.most)

    @cached_property
    def texts(self) -> list[Text]:
        """What is said of each layer, in lines."""
        return [self._above(k) if self.columns else self._beside(layer) for k, layer in enumerate(self.net.layers)]

    def _above(self, place: int) -> Text:
        layer, inner = self.net.layers[place], 0 < place < len(self.net.layers) - 1
        text = Text(self._pitch() - 8 if inner else END).say(layer.title, SMALL, bold=True, lines=3)
        return text.say(layer.detail, SMALL, ink="quiet", lines=3)

    def _beside(self, layer: Layer) -> Text:
        text = Text(self.labels - AIR).say(layer.title, SMALL, bold=True, lines=3).say(layer.detail, SMALL, ink="quiet", lines=3)
        return text.say(", ".join(name[:40] for name in layer.names[:12]), SMALL, ink="quiet", italic=True, lines=3)

    @property
    def reach(self) -> float:
        """Pixels from the middle of the last column to the end of what is written beside it and above."""
        return self._side(self.net.layers[-1])

    @cached_property
    def header(self) -> float:
        """Pixels above the units of columns: what is said of them."""
        return MARGIN + max(text.height for text in self.texts) + AIR

    @cached_property
    def length(self) -> float:
        """Pixels that the longest layer takes, across."""
        return max(self.slots(k) for k in range(len(self.net.layers))) * self.form.pitch

    @cached_property
    def mains(self) -> list[float]:
        """Where each layer stands: x of a column, y of a row."""
        if self.columns:
            first = MARGIN + self._side(self.net.layers[0])
            return [first + k * self._pitch() for k in range(len(self.net.layers))]
        found, top = [], MARGIN
        for text in self.texts:
            high = max(text.height, 2 * self.form.radius)
            found.append(top + high / 2)
            top += max(high + AIR, 2 * self.form.radius + self.form.apart)
        return found

    def place(self, layer: int, slot: int) -> Xy:
        """The middle of a place."""
        across = (slot + 0.5 - self.slots(layer) / 2) * self.form.pitch + self.length / 2
        main = self.mains[layer]
        if self.columns:
            return main, self.header + across
        return MARGIN + self.labels + (self._room - self.length) / 2 + across, main

    def unit(self, layer: int, unit: int) -> Xy:
        """The middle of a unit that is drawn."""
        shown = self.shown(layer)
        slot = shown.index(unit)
        return self.place(layer, slot + (len(shown) < self.slots(layer) and slot == len(shown) - 1))

    def circle(self, layer: int) -> list[Box]:
        """The boxes of the units that are drawn."""
        r = self.form.radius
        return [(x - r, y - r, x + r, y + r) for x, y in (self.unit(layer, u) for u in self.shown(layer))]

    @cached_property
    def end(self) -> float:
        """Where the last layer ends: y below the columns, or below the last row."""
        if self.columns:
            return self.header + self.length
        last = max(self.texts[-1].height, 2 * self.form.radius)
        return self.mains[-1] + last / 2

    @cached_property
    def units_box(self) -> Box:
        """What all units take."""
        return around([box for k in range(len(self.net.layers)) for box in self.circle(k)])


def _rows(room: float) -> Form:
    """Of what fits into a row: smaller units where there is little room."""
    pitch, radius = (26.0, 10.0) if room >= 130 else (22.0, 8.5)
    most = max(3, min(12, int(room // pitch)))
    return Form(most, radius, min(room / most, 30.0), 58.0)
