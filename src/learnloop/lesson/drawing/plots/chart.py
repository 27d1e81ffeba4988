"""A chart with lines: where values lie, its axes, lines that may leave it, and a label at the end of each line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..measure import fitted, width
from ..path import Xy, circle, line
from ..scene import Ink, Shape, Stroke
from ..shapes import words
from .curves import Curve
from .pen import LINE, SMALL, point, rule, widest
from .ticks import Ticks

GAP = 8.0
"""Pixels between an axis and what stands at it."""


@dataclass(frozen=True)
class Field:
    """Where a chart has its values.

    Attributes:
        left, top, right, bottom: in pixels.
        x: (low, high) from left to right.
        y: (low, high) from bottom to top.
    """

    left: float
    top: float
    right: float
    bottom: float
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, value: float) -> float:
        """Pixels from the left of the drawing."""
        low, high = self.x
        return self.left + (value - low) / ((high - low) or 1.0) * (self.right - self.left)

    def up(self, value: float) -> float:
        """Pixels from the top of the drawing."""
        low, high = self.y
        return self.bottom - (value - low) / ((high - low) or 1.0) * (self.bottom - self.top)

    def place(self, x: float, y: float) -> Xy:
        """Where a value is."""
        return self.across(x), self.up(y)


@dataclass(frozen=True)
class Label:
    """What stands at the end of a line.

    Attributes:
        y: pixels at which it would stand.
        lines: its texts, the first one bold.
        ink: the colour of the line.
    """

    y: float
    lines: tuple[str, ...]
    ink: Ink


def axes(field: Field, x: Ticks, y: Ticks, names: tuple[str, str], y_texts: Sequence[str] = ()) -> list[Shape]:
    """Faint lines at the marks of y, a line below, marks of x, and what both are called.

    Args:
        field: where values lie.
        x, y: the marks.
        names: of x and of y.
        y_texts: what stands at the marks of y; their numbers unless given.
    """
    found: list[Shape] = []
    for value, text in zip(y.values, y_texts or y.texts(), strict=True):
        at = field.up(value)
        found += [rule([(field.left, at), (field.right, at)], "neutral", 0.5), words(field.left - GAP, at + 4, text, SMALL, "end", ink="quiet")]
    found.append(rule([(field.left, field.bottom), (field.right, field.bottom)], "quiet", 1.25))
    for value, text in zip(x.values, x.texts(), strict=True):
        at = field.across(value)
        found += [rule([(at, field.bottom), (at, field.bottom + 5)], "quiet", 1.25), words(at, field.bottom + 19, text, SMALL, "middle", ink="quiet")]
    found.append(words((field.left + field.right) / 2, field.bottom + 19 + LINE, names[0], SMALL, "middle", ink="quiet"))
    found.append(words(field.left, field.top - 12, names[1], SMALL, ink="quiet"))
    return found


def margin(ticks: Ticks, texts: Sequence[str] = ()) -> float:
    """Pixels that the texts at the marks of y take on the left."""
    return widest(texts or ticks.texts()) + GAP + 1


def curve(field: Field, values: Curve, ink: Ink, wide: float, *, dash: bool = False) -> list[Shape]:
    """A line through values, cut where it leaves the chart, with an arrow head there; a dot at its last value."""
    places = [field.place(x, y) if np.isfinite(y) else (field.across(x), -np.inf if y != -np.inf else np.inf) for x, y in zip(values.x, values.y, strict=True)]
    pieces, left = _inside(places, field.top, field.bottom)
    d = "".join(line(piece) for piece in pieces if len(piece) > 1)
    found: list[Shape] = [Stroke(d, ink, wide, dash=dash)] if d else []
    found += [Stroke(point("triangle" if y <= field.top else "down", x, y + (3 if y <= field.top else -3), 4), ink, 1, ink) for x, y in left[:1]]
    x, y = places[-1] if places else (0.0, np.inf)
    return [*found, Stroke(circle(x, y, wide + 1.25), ink, 1, ink)] if field.top <= y <= field.bottom else found


def _inside(places: Sequence[Xy], top: float, bottom: float) -> tuple[list[list[Xy]], list[Xy]]:
    """The pieces of a line between two heights, and the places at which it leaves."""
    pieces: list[list[Xy]] = [[]]
    left: list[Xy] = []
    for k, here in enumerate(places):
        before = places[k - 1] if k else None
        inside = top <= here[1] <= bottom
        if before is not None and inside != (top <= before[1] <= bottom):
            edge = _crossing(before, here, top, bottom)
            pieces[-1].append(edge)
            if not inside:
                left.append(edge)
                pieces.append([])
        if inside:
            pieces[-1].append(here)
    return pieces, left


def _crossing(one: Xy, other: Xy, top: float, bottom: float) -> Xy:
    """Where the line from one place to another, of which one is inside, crosses the edge."""
    (x, y), (a, b) = (one, other) if top <= one[1] <= bottom else (other, one)
    edge = top if b < top else bottom
    if not np.isfinite(b):
        return a, edge  # a line to infinity would be upright
    share = (edge - y) / (b - y)
    return x + share * (a - x), edge


def end_labels(field: Field, labels: Sequence[Label], right: float) -> list[Shape]:
    """Labels right of the chart, moved apart where they would lie on each other.

    Args:
        field: the chart.
        labels: what to write; the last lines of the stack are kept above the bottom of the chart.
        right: where the drawing ends.
    """
    found: list[Shape] = []
    for label, top in zip(*_apart(sorted(labels, key=lambda each: each.y), field.top - 14, field.bottom + 6), strict=True):
        for k, text in enumerate(label.lines):
            shown = fitted(text, SMALL, right - field.right - GAP - 1, bold=k == 0)
            found.append(words(field.right + GAP, top + 12 + k * 15, shown, SMALL, ink=label.ink if k == 0 else "ink", bold=k == 0))
    return found


def _apart(labels: list[Label], top: float, bottom: float) -> tuple[list[Label], list[float]]:
    """The tops of labels, in their order, none on another one."""
    heights = [15.0 * len(label.lines) + 4 for label in labels]
    tops = [label.y - height / 2 for label, height in zip(labels, heights, strict=True)]
    for k in range(len(tops)):
        tops[k] = max(tops[k], top if k == 0 else tops[k - 1] + heights[k - 1])
    for k in reversed(range(len(tops))):
        below = bottom if k + 1 == len(tops) else tops[k + 1]
        tops[k] = min(tops[k], below - heights[k])
    return labels, tops


def label_room(labels: Sequence[Label], most: float) -> float:
    """Pixels that labels take right of a chart."""
    return min(most, max((width(text, SMALL, bold=k == 0) for label in labels for k, text in enumerate(label.lines)), default=0.0)) + GAP + 2


