"""How the loss falls over a run, step by step; and what the size of a step does."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from ..path import Xy, circle, line, write
from ..scene import WIDE, Drawing, Part, Shape, Stroke
from ..shapes import MARGIN, SMALL, Text, words


@dataclass(frozen=True)
class Descent:
    """The losses of a run.

    Attributes:
        points: (update, loss), in order, at least one; means of stretches where a run has many updates. All are finite.
        start, end: the first and the last loss, as they are said.
        last: the last update.
        rate: the learning rate of the run, as it is said.
    """

    points: tuple[Xy, ...]
    start: str
    end: str
    last: int
    rate: str


@dataclass(frozen=True)
class Area:
    """Where the surface is: its frame in pixels, and what it spans."""

    left: float
    top: float
    right: float
    bottom: float
    points: tuple[Xy, ...]

    def at(self, place: Xy) -> Xy:
        """Pixels of (update, loss)."""
        first, last = self.points[0][0], self.points[-1][0]
        most = max(max(y for _, y in self.points), 0.0)
        least = min(min(y for _, y in self.points), 0.0)
        x = (place[0] - first) / ((last - first) or 1.0)
        y = (place[1] - least) / ((most - least) or 1.0)
        return self.left + x * (self.right - self.left), self.bottom - 12 - y * (self.bottom - self.top - 12)


STEPS = 4
"""Arrows from the start to the end."""
HEADER, AXIS = 42.0, 22.0
VALLEY = 92.0
"""Pixels that a valley is high."""
VALLEYS: tuple[tuple[str, str, str, float, float, int], ...] = (
    ("small", "rate too small", "many steps, little way", -1.0, 0.05, 5),
    ("right", "rate about right", "down in a few steps", -1.0, 0.27, 5),
    ("large", "rate too large", "over the valley, and up again", -0.55, 1.08, 5),
)
"""Name of the part, title, what is said, where a ball starts, the rate, and steps, on the loss w²."""


def dynamics_drawing(descent: Descent, width: float) -> Drawing:
    """The picture for a width."""
    high = 210.0 if width >= WIDE else 170.0
    area = Area(MARGIN + 8, MARGIN + HEADER + 16, width - MARGIN - 8, MARGIN + HEADER + high, descent.points)
    bottom = area.bottom + AXIS
    valleys, height = _valleys(bottom + 14, width)
    parts = (_surface(descent, area), _start(descent, area), *_steps(area), _end(descent, area), *valleys)
    said = (
        f"The loss of the batches from update 0, {descent.start}, to update {descent.last}, {descent.end}. Below, three valleys: "
        f"steps that are too small hardly move, good ones go down, and those that are too large jump out. This run had the rate {descent.rate}."
    )
    return Drawing(width, height + MARGIN, "Training: the loss falls step by step", said, parts)


def _surface(descent: Descent, area: Area) -> Part:
    curve = [area.at(point) for point in descent.points]
    corners = [(curve[-1][0], area.bottom), (curve[0][0], area.bottom)]
    y = area.bottom + 16
    return Part("surface", (
        Stroke(line([*curve, *corners], closed=True), "paper", 0.5, "soft"), Stroke(line(curve), "accent", 2.2),
        Stroke(line([(area.left, area.bottom), (area.right, area.bottom)]), "quiet", 1.2),
        words(area.left, y, "update 0", SMALL, ink="quiet"),
        *([words(area.right, y, f"update {descent.last}", SMALL, "end", ink="quiet")] if descent.last else []),
    ))  # fmt: skip


def _label(text: str, number: str, x: float, y: float, anchor: Literal["start", "end"]) -> Shape:
    return words(x, y, f"{text}: loss {number}", SMALL, anchor, bold=True)


def _start(descent: Descent, area: Area) -> Part:
    x, y = area.at(area.points[0])
    return Part("start", (Stroke(circle(x, y, 5.0), "ink", 1.0, "ink"), _label("start", descent.start, area.left - 4, MARGIN + 12, "start")))


def _end(descent: Descent, area: Area) -> Part:
    x, y = area.at(area.points[-1])
    top = MARGIN + (12 if area.right > WIDE / 2 else 32)
    drop = Stroke(line([(x, top + 7), (x, y - 8)]), "quiet", 1.0, dash=True)
    return Part("end", (_label("end", descent.end, area.right + 4, top, "end"), drop, Stroke(circle(x, y, 5.0), "ink", 1.0, "accent")))


def _steps(area: Area) -> list[Part]:
    """Hops from point to point that lie equally far apart along the curve."""
    return [Part(f"step-{k}", (_hop(a, b, area),)) for k, (a, b) in enumerate(pairwise(_stations(area)), 1)]


def _stations(area: Area) -> list[Xy]:
    curve = [area.at(point) for point in area.points]
    ways = [0.0, *accumulate(((c - a) ** 2 + (d - b) ** 2) ** 0.5 for (a, b), (c, d) in pairwise(curve))]
    found = [curve[0]]
    for k in range(1, STEPS):
        want = ways[-1] * k / STEPS
        found.append(next((point for point, way in zip(curve, ways, strict=True) if way >= want), curve[-1]))
    return [*found, curve[-1]]


def _hop(start: Xy, end: Xy, area: Area) -> Stroke:
    (a, b), (c, d) = start, end
    x, y = (a + c) / 2, max(min(b, d) - 16, area.top - 14)
    far = (((c - x) ** 2 + (d - y) ** 2) ** 0.5) or 1.0
    tip = (c - (c - x) / far * 7, d - (d - y) / far * 7)  # in front of the dot
    return Stroke(write([("M", (a, b - 6)), ("Q", (x, y - 6, *tip))]), "ink", 1.6, arrow=True)


def _valleys(top: float, width: float) -> tuple[list[Part], float]:
    gap = 18.0 if width < WIDE else 44.0
    wide = (width - 2 * MARGIN - 2 * gap) / 3
    parts, bottom = [], top
    for k, (name, title, said, at, rate, steps) in enumerate(VALLEYS):
        left = MARGIN + k * (wide + gap)
        text = Text(wide).say(title, bold=True).say(said, SMALL, ink="quiet")
        shapes = [*_valley(left, top, wide, at, rate, steps), *text.at(left + wide / 2, top + VALLEY + 8)]
        low = top + VALLEY + 8 + text.height
        parts.append(Part(name, tuple(shapes), (left - 2, top - 2, left + wide + 2, low + 1)))
        bottom = max(bottom, low)
    return parts, bottom


def _valley(left: float, top: float, wide: float, at: float, rate: float, steps: int) -> list[Shape]:
    """The loss w², and gradient descent on it."""
    across = min(wide, 150.0)
    first = left + (wide - across) / 2

    def place(w: float) -> Xy:
        return first + (w + 1.1) / 2.2 * across, top + 8 + (1 - w * w / 1.21) * (VALLEY - 14)

    ball = [at * (1 - 2 * rate) ** k for k in range(steps + 1)]
    ball = [w for w in ball if abs(w) <= 1.05]
    slope = line([place(-1.1 + 2.2 * k / 32) for k in range(33)])
    points = [place(w) for w in ball]
    moving = Stroke(line(points), "negative", 1.8, arrow=True)
    return [Stroke(slope, "accent", 2.0), moving, *(Stroke(circle(*point, 3.2), "ink", 1.0, "ink") for point in points[:-1])]
