"""Pixels with soft edges: lines and discs, and nothing that two machines would compute differently."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Colour = tuple[int, int, int]
Place = tuple[float, float]


class Canvas:
    """A picture that is being painted.

    Args:
        width, height: in pixels.
        colour: of its ground.
    """

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self._pixels = np.empty((height, width, 3))
        self._pixels[:] = colour

    def line(self, start: Place, end: Place, width: float, colour: Colour, opacity: float = 1.0) -> None:
        """A straight line with round ends."""
        (x0, y0), (x1, y1) = start, end
        reach = width / 2 + 1
        box = self._box(min(x0, x1) - reach, min(y0, y1) - reach, max(x0, x1) + reach, max(y0, y1) + reach)
        x, y = self._places(box)
        along = (x1 - x0) ** 2 + (y1 - y0) ** 2
        part = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / max(along, 1e-9), 0, 1)
        self._paint(box, _distance(x - x0 - part * (x1 - x0), y - y0 - part * (y1 - y0)), width / 2, colour, opacity)

    def disc(self, middle: Place, radius: float, colour: Colour) -> None:
        """A filled circle."""
        x0, y0 = middle
        box = self._box(x0 - radius - 1, y0 - radius - 1, x0 + radius + 1, y0 + radius + 1)
        x, y = self._places(box)
        self._paint(box, _distance(x - x0, y - y0), radius, colour, 1.0)

    def pixels(self) -> Array:
        """What was painted: uint8, (rows, columns, 3)."""
        return np.asarray(np.rint(self._pixels), np.uint8)

    def _box(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
        rows, columns = self._pixels.shape[:2]
        return slice(max(int(top), 0), _within(int(bottom) + 1, rows)), slice(max(int(left), 0), _within(int(right) + 1, columns))

    def _places(self, box: tuple[slice, slice]) -> tuple[Array, Array]:
        rows, columns = box
        return np.arange(columns.start, columns.stop) + 0.5, (np.arange(rows.start, rows.stop) + 0.5)[:, np.newaxis]

    def _paint(self, box: tuple[slice, slice], distance: Array, radius: float, colour: Colour, opacity: float) -> None:
        cover = (np.clip(radius + 0.5 - distance, 0, 1) * opacity)[..., np.newaxis]
        under = self._pixels[box]
        under += cover * (np.array(colour) - under)


def _within(end: int, most: int) -> int:
    return max(0, min(end, most))  # a negative end would count from the other side


def _distance(x: Array, y: Array) -> Array:
    return np.asarray(np.sqrt(x * x + y * y))  # the square root is exact on every machine; hypot is not
