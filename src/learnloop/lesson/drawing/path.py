"""Paths: written, read, measured. They are made of M, L, C, Q and Z with absolute coordinates, and nothing else."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

Xy = tuple[float, float]
Box = tuple[float, float, float, float]
Command = tuple[str, tuple[float, ...]]

TAKES = {"M": 2, "L": 2, "C": 6, "Q": 4, "Z": 0}
ROUND = 0.5523
"""How far the handles of a curve reach that is like a quarter of a circle."""
STEPS = 12
"""Straight pieces that stand for a curve where it is measured."""
HEAD = 8.0
"""Pixels that the sides of an arrow head have along its line."""


def number(value: float) -> str:
    """A coordinate with at most two decimals, and one spelling for each.

    >>> number(3.0), number(-0.001), number(2.125)
    ('3', '0', '2.12')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def write(commands: Sequence[Command]) -> str:
    """The path as SVG has it."""
    return "".join(name + " ".join(map(number, values)) for name, values in commands)


def read(d: str) -> list[Command]:
    """The commands of a path.

    Raises:
        ValueError: if it has others than M, L, C, Q and Z.

    >>> read("M0 0L3 4Z")
    [('M', (0.0, 0.0)), ('L', (3.0, 4.0)), ('Z', ())]
    """
    found: list[Command] = []
    for name, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", d):
        values = tuple(map(float, re.findall(r"-?\d*\.?\d+", rest)))
        takes = TAKES.get(name, -1)
        if takes < 0 or (takes == 0) != (not values) or (takes and len(values) % takes):
            raise ValueError(f"the path {d[:80]!r} has {name}{rest[:40]}; expected M, L, C, Q, Z with absolute coordinates")
        found += [(name, values[k : k + takes]) for k in range(0, max(len(values), 1), max(takes, 1))]
    return found


def line(points: Sequence[Xy], closed: bool = False) -> str:
    """Straight lines from point to point."""
    commands: list[Command] = [("L" if k else "M", (x, y)) for k, (x, y) in enumerate(points)]
    return write([*commands, ("Z", ())] if closed else commands)


def rectangle(box: Box, radius: float = 0.0) -> str:
    """A rectangle with round corners, from its upper left one on."""
    left, top, right, bottom = box
    if radius <= 0:
        return line([(left, top), (right, top), (right, bottom), (left, bottom)], closed=True)
    r, k = radius, radius * (1 - ROUND)
    return write([
        ("M", (left + r, top)), ("L", (right - r, top)), ("C", (right - k, top, right, top + k, right, top + r)),
        ("L", (right, bottom - r)), ("C", (right, bottom - k, right - k, bottom, right - r, bottom)),
        ("L", (left + r, bottom)), ("C", (left + k, bottom, left, bottom - k, left, bottom - r)),
        ("L", (left, top + r)), ("C", (left, top + k, left + k, top, left + r, top)), ("Z", ()),
    ])  # fmt: skip


def circle(x: float, y: float, r: float) -> str:
    """A circle, from its top on, clockwise."""
    k = r * ROUND
    return write([
        ("M", (x, y - r)), ("C", (x + k, y - r, x + r, y - k, x + r, y)), ("C", (x + r, y + k, x + k, y + r, x, y + r)),
        ("C", (x - k, y + r, x - r, y + k, x - r, y)), ("C", (x - r, y - k, x - k, y - r, x, y - r)), ("Z", ()),
    ])  # fmt: skip


def turning(points: Sequence[Xy], radius: float = 8.0) -> str:
    """Straight lines from point to point whose corners are round."""
    commands: list[Command] = [("M", points[0])]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        commands += [("L", _towards(corner, before, radius)), ("Q", (*corner, *_towards(corner, after, radius)))]
    return write([*commands, ("L", points[-1])])


def bend(start: Xy, end: Xy, upright: bool = False) -> str:
    """A curve that leaves and arrives level, or upright."""
    (a, b), (c, d) = start, end
    handles = (a, (b + d) / 2, c, (b + d) / 2) if upright else ((a + c) / 2, b, (a + c) / 2, d)
    return write([("M", start), ("C", (*handles, c, d))])


def with_head(d: str, size: float = HEAD) -> str:
    """The path with an arrow head at its end, drawn after it and without lifting the pen."""
    commands = read(d)
    tip = commands[-1][1][-2:]
    (x, y), (from_x, from_y) = tip, _before(commands, size)
    along = math.sqrt((x - from_x) ** 2 + (y - from_y) ** 2)
    if along == 0:
        return d
    u, v = (x - from_x) / along * size, (y - from_y) / along * size
    left, right = (x - u - v / 2, y - v + u / 2), (x - u + v / 2, y - v - u / 2)
    return write([*commands, ("L", left), ("L", (x, y)), ("L", right)])


def flat(d: str) -> list[list[Xy]]:
    """The path as points between which lines are straight; one list for each of its pieces."""
    found: list[list[Xy]] = []
    for name, values in read(d):
        if name == "M":
            found.append([(values[0], values[1])])
        elif name == "Z":
            found[-1].append(found[-1][0])
        else:
            found[-1] += _points(found[-1][-1], values)
    return found


def length(d: str) -> float:
    """How long the path is, in pixels.

    >>> length("M0 0L3 4")
    5.0
    """
    return sum(math.sqrt((c - a) ** 2 + (e - b) ** 2) for piece in flat(d) for (a, b), (c, e) in pairwise(piece))


def bounds(d: str) -> Box:
    """(left, top, right, bottom) of the path without the width of its stroke."""
    points = [point for piece in flat(d) for point in piece]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _points(start: Xy, values: tuple[float, ...]) -> Iterator[Xy]:
    """Points of a line or a curve behind its start."""
    if len(values) == 2:
        yield values[0], values[1]
        return
    x0, y0 = start
    for k in range(1, STEPS + 1):
        t = k / STEPS
        s = 1 - t
        if len(values) == 4:
            a, b, c, d = values
            yield s * s * x0 + 2 * s * t * a + t * t * c, s * s * y0 + 2 * s * t * b + t * t * d
        else:
            a, b, c, d, e, f = values
            yield (s * s * s * x0 + 3 * s * s * t * a + 3 * s * t * t * c + t * t * t * e,
                   s * s * s * y0 + 3 * s * s * t * b + 3 * s * t * t * d + t * t * t * f)  # fmt: skip


def _before(commands: Sequence[Command], size: float) -> Xy:
    """A point that the path comes from at its end: what an arrow head looks along."""
    x, y = commands[-1][1][-2:]
    handle = commands[-1][1][-4:-2]
    if len(handle) == 2 and (handle[0] - x) ** 2 + (handle[1] - y) ** 2 > 1:
        return handle[0], handle[1]
    points = flat(write(commands))[-1]
    far = [(a, b) for a, b in points if (a - x) ** 2 + (b - y) ** 2 >= size * size]
    return far[-1] if far else points[0]


def _towards(start: Xy, end: Xy, far: float) -> Xy:
    """A point on the way from one point to another, no further than half of it."""
    (a, b), (c, d) = start, end
    whole = math.sqrt((c - a) ** 2 + (d - b) ** 2)
    share = min(far / whole, 0.5) if whole else 0.0
    return a + (c - a) * share, b + (d - b) * share
