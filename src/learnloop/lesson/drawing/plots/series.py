"""Plots over time: loss by update, accuracy or R2 by epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ..scene import WIDE, Drawer, Drawing, Ink, Part, Shape
from .chart import Field, Label, axes, curve, end_labels, label_room, margin
from .curves import Curve
from .pen import LINE, headed
from .ticks import Ticks, round_ticks


@dataclass(frozen=True)
class Line:
    """A line of a plot.

    Attributes:
        part: "batch", "test" ...
        curve: its values; a wide and a narrow form where they differ.
        label: what stands at its end.
        ink: its colour.
        wide: pixels of its stroke.
        dash: whether it is dashed.
    """

    part: str
    curve: tuple[Curve, Curve]
    label: tuple[str, ...]
    ink: Ink
    wide: float = 2.0
    dash: bool = False

    def form(self, wide: bool) -> Curve:
        """Its values for a wide or a narrow place."""
        return self.curve[0 if wide else 1]


@dataclass(frozen=True)
class Plot:
    """What a plot over time shows.

    Attributes:
        title, description: in words.
        names: of the horizontal and the vertical axis.
        x, y: (low, high) of the axes.
        lines: in drawing order.
        notes: what happened outside of the picture; above it.
        percent: whether y is a share.
    """

    title: str
    description: str
    names: tuple[str, str]
    x: tuple[float, float]
    y: tuple[float, float]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = field(default=())
    percent: bool = False

    def drawer(self) -> Drawer:
        """Draws it."""
        return self._draw

    def _draw(self, width: float) -> Drawing:
        wide = width >= WIDE
        noted, end = headed("; ".join(self.notes), width) if self.notes else ([], 0.0)
        top = 30.0 + end
        bottom = top + (228.0 if wide else 176.0)
        y = round_ticks(*self.y, 6 if wide else 5)
        y_texts = [f"{100 * value:.0f}\u00a0%" for value in y.values] if self.percent else y.texts()
        most = 130.0 if wide else 84.0
        room = label_room([Label(0, line.label, line.ink) for line in self.lines], most)
        place = Field(margin(y, y_texts), top, width - room, bottom, self.x, self.y)
        parts = [Part("axes", (*axes(place, _x_ticks(place), y, self.names, y_texts), *noted))]
        parts += [Part(line.part, tuple(curve(place, line.form(wide), line.ink, line.wide, dash=line.dash))) for line in self.lines]
        parts.append(Part("labels", tuple(self._labels(place, wide, width))))
        return Drawing(width, bottom + 19 + LINE + 6, self.title, self.description, tuple(parts))

    def _labels(self, place: Field, wide: bool, width: float) -> list[Shape]:
        labels = []
        for line in self.lines:
            last = float(line.form(wide).y[-1])
            at = place.up(last) if math.isfinite(last) else place.top
            labels.append(Label(min(max(at, place.top), place.bottom), line.label, line.ink))
        return end_labels(place, labels, width)


def _x_ticks(place: Field) -> Ticks:
    """As many marks as have room."""
    low, high = place.x
    for most in (9, 7, 6, 5, 4, 3):
        ticks = round_ticks(low, high, most, whole=True)
        between = place.across(low + ticks.step) - place.across(low)
        if len(ticks.values) < 2 or between >= margin(ticks) + 6:
            return ticks
    return round_ticks(low, high, 2, whole=True)


