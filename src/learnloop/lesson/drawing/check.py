"""What is wrong with a drawing. A lesson never ships one with problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from .path import Box, bounds, with_head
from .scene import SMALLEST, Drawing, Image, Part, Shape, Stroke, Words

ASCENT, DESCENT = 0.78, 0.24
"""How far letters reach above and below their line, as shares of the size."""
SLACK = 0.05
"""Pixels that nobody sees."""


def problems(drawing: Drawing) -> list[str]:
    """What is wrong with a drawing; nothing for a good one.

    Parts that overlap in what they claim, shapes outside of the drawing, words outside of what their part claims, words that
    lie on others or that are too small, and names that are used twice.
    """
    return [*_names(drawing), *_outside(drawing), *_overlaps(drawing), *_words(drawing)]


def extent(shape: Shape) -> Box:
    """(left, top, right, bottom) of a shape, the width of strokes included."""
    match shape:
        case Words():
            left = shape.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor] * shape.length
            return left, shape.y - ASCENT * shape.size, left + shape.length, shape.y + DESCENT * shape.size
        case Image():
            return shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
        case Stroke():
            left, top, right, bottom = bounds(with_head(shape.d) if shape.arrow else shape.d)
            edge = shape.width / 2
            return left - edge, top - edge, right + edge, bottom + edge


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return min(one[2], other[2]) - max(one[0], other[0]) > SLACK and min(one[3], other[3]) - max(one[1], other[1]) > SLACK


def contains(outer: Box, inner: Box) -> bool:
    """Whether a box lies in another."""
    return all(a <= b + SLACK for a, b in zip(outer[:2], inner[:2], strict=True)) and all(a >= b - SLACK for a, b in zip(outer[2:], inner[2:], strict=True))


def _names(drawing: Drawing) -> Iterator[str]:
    for name, count in Counter(part.name for part in drawing.parts).items():
        if count > 1:
            yield f"{count} parts are called {name!r}."
        if not name or not all(char.isascii() and (char.isalnum() or char == "-") for char in name):
            yield f"a part is called {name!r}; expected letters, digits and hyphens."


def _outside(drawing: Drawing) -> Iterator[str]:
    whole = (0.0, 0.0, drawing.width, drawing.height)
    for part in drawing.parts:
        if part.box and not contains(whole, part.box):
            yield f"part {part.name!r} claims {_shown(part.box)}, which is not in {_shown(whole)}."
        for shape in part.shapes:
            if not contains(whole, extent(shape)):
                yield f"{_called(shape)} of part {part.name!r} is at {_shown(extent(shape))}, not in {_shown(whole)}."
            elif isinstance(shape, Words) and part.box and not contains(part.box, extent(shape)):
                yield f"{_called(shape)} of part {part.name!r} is at {_shown(extent(shape))}, not in what the part claims, {_shown(part.box)}."


def _overlaps(drawing: Drawing) -> Iterator[str]:
    claims: Sequence[tuple[Part, Box]] = [(part, part.box) for part in drawing.parts if part.box]
    for (one, here), (other, there) in combinations(claims, 2):
        if overlap(here, there):
            yield f"parts {one.name!r} at {_shown(here)} and {other.name!r} at {_shown(there)} overlap."


def _words(drawing: Drawing) -> Iterator[str]:
    words = [shape for part in drawing.parts for shape in part.shapes if isinstance(shape, Words) and shape.text]
    for shape in words:
        if shape.size < SMALLEST:
            yield f"{_called(shape)} has {shape.size:g} px; expected {SMALLEST:g} or more."
    for one, other in combinations(words, 2):
        if overlap(extent(one), extent(other)):
            yield f"{_called(one)} and {_called(other)} lie on each other."


def _called(shape: Shape) -> str:
    return f"text {shape.text[:40]!r}" if isinstance(shape, Words) else "a stroke" if isinstance(shape, Stroke) else "an image"


def _shown(box: Box) -> str:
    return "({:.1f}, {:.1f}, {:.1f}, {:.1f})".format(*box)
