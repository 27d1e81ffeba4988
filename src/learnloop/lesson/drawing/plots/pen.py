"""What plots are drawn with, beside the shapes of all drawings: points of classes, thin lines, texts that fit their place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import cast

from ..measure import width, wrap
from ..path import Box, Xy, circle, line, rectangle
from ..scene import SMALLEST, Ink, Shape, Stroke
from ..shapes import words

TEXT, SMALL = 13.0, SMALLEST
"""Sizes of text in pixels: of what is said, and of what stands at marks."""
LINE = 17.0
"""Pixels from one line of text to the next."""
CLASS_INKS = 4
"""Colours that points of classes have; shapes tell further ones apart."""
SHAPES = ("circle", "square", "triangle", "diamond", "cross")
_OUTLINES: dict[str, tuple[Xy, ...]] = {
    "circle": tuple((math.sin(k * math.pi / 5) * 1.02, -math.cos(k * math.pi / 5) * 1.02) for k in range(10)),  # as round as a few pixels are
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "triangle": ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    "down": ((0, 1.15), (1.1, -0.85), (-1.1, -0.85)),
    "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "cross": (
        (-1, -0.4), (-0.4, -0.4), (-0.4, -1), (0.4, -1), (0.4, -0.4), (1, -0.4),
        (1, 0.4), (0.4, 0.4), (0.4, 1), (-0.4, 1), (-0.4, 0.4), (-1, 0.4),
    ),
}  # fmt: skip


def widest(texts: Iterable[str], size: float = SMALL, *, bold: bool = False) -> float:
    """Pixels that the longest of some texts takes."""
    return max((width(each, size, bold) for each in texts), default=0.0)


def headed(text: str, room: float) -> tuple[list[Shape], float]:
    """What a plot says above itself, in as many lines as it takes, and where it ends."""
    lines = wrap(text, SMALL, room - 2, bold=True, lines=4)
    return [words(1, 13 + k * LINE, each, SMALL, bold=True) for k, each in enumerate(lines)], LINE * len(lines)


def class_ink(index: int) -> Ink:
    """The colour of a class."""
    return cast(Ink, f"class-{index % CLASS_INKS}")


def class_shape(index: int) -> str:
    """What points of a class are drawn as: colour alone says nothing to many."""
    return SHAPES[index % len(SHAPES)]


def point(shape: str, x: float, y: float, r: float) -> str:
    """The path of a point.

    Args:
        shape: one of SHAPES, or "down".
        x, y: its middle.
        r: its radius, a few pixels; all shapes have about the same area.
    """
    return line([(round(x + r * dx, 1), round(y + r * dy, 1)) for dx, dy in _OUTLINES[shape]], closed=True)


def points(shape: str, places: Iterable[Xy], r: float, ink: Ink) -> list[Stroke]:
    """Points as one stroke, each with a rim of paper around it; nothing where there is none."""
    d = "".join(point(shape, x, y, r) for x, y in places)
    return [Stroke(d, "paper", 1.75, ink)] if d else []


def rule(ends: Sequence[Xy], ink: Ink = "neutral", wide: float = 1.0, *, dash: bool = False) -> Stroke:
    """A straight line that helps to read others."""
    return Stroke(line(ends), ink, wide, dash=dash)


def bar(box: Box, ink: Ink) -> Stroke:
    """A filled rectangle."""
    return Stroke(rectangle(box), ink, 1.0, ink)


def rings(places: Iterable[Xy], r: float) -> list[Stroke]:
    """Circles around points, as one stroke."""
    d = "".join(circle(x, y, r) for x, y in places)
    return [Stroke(d, "ink", 1.1)] if d else []
