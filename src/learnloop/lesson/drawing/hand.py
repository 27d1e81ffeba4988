"""Strokes as a hand draws them: a little off, the same on every machine. Only + - * / and whole numbers are used for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .check import contains, extent
from .path import HEAD, Box, Command, Xy, read, write
from .scene import Drawing, Part, Stroke

WOBBLE = 1.1
"""Pixels that a point is off at most."""
BOW = 0.012
"""How far a straight line bends aside, as a share of its length."""
LONGEST_BOW = 1.8
"""Pixels that it bends aside at most."""
_MASK = (1 << 64) - 1


def hand_drawn(drawing: Drawing, seed: int) -> Drawing:
    """The drawing with all its strokes drawn by hand; texts and images keep their places, strokes stay in what their part claims."""
    return replace(drawing, parts=tuple(_part(drawing, k, part, seed) for k, part in enumerate(drawing.parts)))


def rough(d: str, seed: int, within: Box | None = None) -> str:
    """A path as a hand draws it.

    Args:
        d: the path.
        seed: another one for another hand.
        within: (left, top, right, bottom) that it does not leave; None for anywhere.

    >>> rough("M0 0L100 0", 1) == rough("M0 0L100 0", 1) != rough("M0 0L100 0", 2)
    True
    """
    return write([(name, _kept(values, within)) for name, values in _rough(read(d), _numbers(seed))])


def _part(drawing: Drawing, place: int, part: Part, seed: int) -> Part:
    shapes = []
    for k, shape in enumerate(part.shapes):
        if isinstance(shape, Stroke):
            room = _room(drawing, part, shape)
            shape = replace(shape, d=rough(shape.d, seed * 1_000_003 + place * 1009 + k, room))
        shapes.append(shape)
    return replace(part, shapes=tuple(shapes))


def _room(drawing: Drawing, part: Part, shape: Stroke) -> Box:
    """Where a stroke may be: in what its part claims, if it was there; an arrow head needs more room than its line."""
    whole = (0.0, 0.0, drawing.width, drawing.height)
    box = part.box if part.box and contains(part.box, extent(shape)) else whole
    edge = shape.width / 2 + (HEAD / 2 if shape.arrow else 0.0)
    return box[0] + edge, box[1] + edge, box[2] - edge, box[3] - edge


def _rough(commands: list[Command], numbers: Iterator[float]) -> Iterator[Command]:
    """Lines become slight curves; all points move a little, but where a path closes it meets itself, as nearly as a hand does."""
    here = start = (0.0, 0.0)
    for k, (name, values) in enumerate(commands):
        if name == "M":
            here = start = (values[0], values[1])
            yield "M", _moved(values, numbers)
        elif name == "Z":
            if here != start:
                yield _bowed(here, start, numbers)
            here = start
        else:
            last = k + 1 == len(commands)
            yield _bowed(here, (values[0], values[1]), numbers) if name == "L" else (name, _moved(values, numbers, 0.4 if last else 1.0))
            here = (values[-2], values[-1])


def _bowed(start: Xy, end: Xy, numbers: Iterator[float]) -> Command:
    (a, b), (c, d) = start, end
    x, y = c - a, d - b
    far = abs(x) + abs(y)
    aside = next(numbers) * (min(BOW, LONGEST_BOW / far) if far else 0.0)
    first, second = 0.3 + 0.1 * next(numbers), 0.7 + 0.1 * next(numbers)
    handles = (a + x * first - y * aside, b + y * first + x * aside, a + x * second - y * aside, b + y * second + x * aside)
    return "C", (*handles, *_moved((c, d), numbers, 0.6))


def _moved(values: tuple[float, ...], numbers: Iterator[float], much: float = 0.6) -> tuple[float, ...]:
    return tuple(value + WOBBLE * much * next(numbers) for value in values)


def _kept(values: tuple[float, ...], within: Box | None) -> tuple[float, ...]:
    if within is None:
        return values
    return tuple(min(max(value, within[k % 2]), within[k % 2 + 2]) for k, value in enumerate(values))


def _numbers(seed: int) -> Iterator[float]:
    """Numbers from -1 to 1: splitmix64 (Steele, Lea, Flood 2014)."""
    state = seed & _MASK
    while True:
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        mixed = state
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = ((mixed ^ (mixed >> shift)) * factor) & _MASK
        yield ((mixed ^ (mixed >> 31)) >> 11) / (1 << 52) - 1.0
