"""A key: what marks and colours mean, as a list beside a picture, or in lines below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..measure import fitted, width
from ..path import circle
from ..scene import Image, Ink, Shape, Stroke
from ..shapes import words
from .pen import LINE, SMALL, point

MARK = 18.0
"""Pixels that a mark takes before its words."""
SPACE = 16.0
"""Between two entries of a line."""


@dataclass(frozen=True)
class Entry:
    """A line of a key.

    Attributes:
        text: what it says.
        shape: of its mark; "ring" for a circle that is not filled, "" for none.
        ink: of its mark.
        bold: whether the text is.
    """

    text: str
    shape: str = ""
    ink: Ink = "ink"
    bold: bool = False

    @property
    def indent(self) -> float:
        """Pixels before its words."""
        return MARK if self.shape else 0.0


def flowing(entries: Sequence[Entry], left: float, right: float, top: float) -> tuple[list[Shape], float]:
    """Entries one after the other, in as many lines as they take.

    Args:
        entries: what to write.
        left, right: where lines begin and end.
        top: of the first line.

    Returns:
        The shapes, and where they end.
    """
    found: list[Shape] = []
    x, y = left, top
    for entry in entries:
        text = fitted(entry.text, SMALL, right - left - entry.indent, entry.bold)
        taken = entry.indent + width(text, SMALL, entry.bold)
        if x > left and x + taken > right:
            x, y = left, y + LINE + 2
        found += _entry(entry, text, x, y)
        x += taken + SPACE
    return found, y + LINE + 2


def _entry(entry: Entry, text: str, x: float, top: float) -> list[Shape]:
    said = words(x + entry.indent, top + 13, text, SMALL, ink="ink" if entry.shape or entry.bold else "quiet", bold=entry.bold)
    if not entry.shape:
        return [said]
    at = (x + 7, top + 9)
    if entry.shape == "ring":
        return [Stroke(circle(*at, 5.5), "ink", 1.25), said]
    return [Stroke(point(entry.shape, *at, 4.5), entry.ink, 0.5, entry.ink), said]


def ramp(png: bytes, left: float, top: float, wide: float, texts: tuple[str, str, str]) -> list[Shape]:
    """A strip of colours with what its ends and its middle mean below it."""
    right, middle, base = left + wide, left + wide / 2, top + 12 + 15
    ends = [words(left, base, texts[0], SMALL), words(right, base, texts[2], SMALL, "end")]
    return [Image(left, top, wide, 12, png), *ends, words(middle, base, texts[1], SMALL, "middle", ink="quiet")]
