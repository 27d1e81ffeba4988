"""Shapes that drawings are made of: words with their measure, boxes with words in them, arrows, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from .measure import clean, width, wrap
from .path import Box, rectangle
from .scene import Ink, Shape, Stroke, Words

TEXT, SMALL = 14.0, 12.5
"""Sizes of text: what a thing is called, and what is said of it."""
LEADING = 1.3
"""Lines are so many sizes apart."""
BASE = 0.78
"""The baseline is so many sizes below the top of a line."""
PAD = 10.0
"""Pixels between a box and its words."""
MARGIN = 3.0
"""Pixels around a drawing and around what a part draws, where a hand may stray."""


def words(
    x: float, y: float, text: str, size: float = TEXT, anchor: Literal["start", "middle", "end"] = "start", *,
    ink: Ink = "ink", bold: bool = False, italic: bool = False,
) -> Words:  # fmt: skip
    """A line of text, measured.

    Args:
        x, y: of its anchor, on the baseline.
        text: what it says; it is cleaned.
        size: of the font, in pixels.
        anchor: which end of it x is.
        ink, bold, italic: how it looks.
    """
    shown = clean(text)
    return Words(x, y, shown, size, width(shown, size, bold), anchor, ink, bold, italic)


class Text:
    """Lines of several kinds, wrapped to a width: how high they are, and where they go.

    Args:
        most: pixels that a line may take.
    """

    def __init__(self, most: float) -> None:
        self.most = most
        self._lines: list[tuple[str, float, Ink, bool, bool]] = []

    def say(
        self, text: str, size: float = TEXT, *, ink: Ink = "ink", bold: bool = False, italic: bool = False, lines: int = 1000
    ) -> Text:
        """Add a text, which is wrapped; of an empty one nothing."""
        wrapped = [line for line in wrap(text, size, self.most, bold, lines) if line]
        self._lines += [(line, size, ink, bold, italic) for line in wrapped]
        return self

    @property
    def height(self) -> float:
        """Pixels from the top of the first line to the bottom of the last."""
        return sum(size * LEADING for _, size, *_ in self._lines)

    @property
    def width(self) -> float:
        """Pixels of the longest line."""
        return max((width(text, size, bold) for text, size, _, bold, _ in self._lines), default=0.0)

    def at(self, x: float, top: float, anchor: Literal["start", "middle", "end"] = "middle") -> list[Shape]:
        """The lines as shapes.

        Args:
            x: of their anchor.
            top: of the first line.
            anchor: which end of them x is.
        """
        found: list[Shape] = []
        for text, size, ink, bold, italic in self._lines:
            y = top + (LEADING - 1) / 2 * size + BASE * size
            found.append(words(x, y, text, size, anchor, ink=ink, bold=bold, italic=italic))
            top += LEADING * size
        return found


def boxed(box: Box, text: Text, ink: Ink = "quiet", fill: Ink | None = "paper", radius: float = 8.0) -> list[Shape]:
    """A box with words in its middle."""
    left, top, right, bottom = box
    return [
        Stroke(rectangle(box, radius), ink, 1.5, fill),
        *text.at((left + right) / 2, (top + bottom - text.height) / 2),
    ]


def grown(box: Box, by: float = MARGIN) -> Box:
    """The box with a margin around it."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of them."""
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
