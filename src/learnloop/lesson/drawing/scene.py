"""Pictures as values: shapes in named parts, measured in CSS pixels. A drawer makes one for a width; see docs/decisions/0018."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

WIDE, NARROW = 640.0, 288.0
"""The widths that every picture is drawn for: a page of 320 px has 288 for it."""
SMALLEST = 12.0
"""Pixels that text has at least."""

Ink = Literal["ink", "quiet", "accent", "positive", "negative", "neutral", "soft", "paper", "class-0", "class-1", "class-2", "class-3"]
"""Colours by what they mean; the page's style sheet has them for light and dark. Sign is never told by colour alone.

A fill is a tint of its colour, but one of the stroke's own colour is the colour itself. "soft" is a tint of the accent, for fills."""


@dataclass(frozen=True)
class Stroke:
    """A line: an SVG path, drawn from its beginning to its end; filled with ``fill`` once it is drawn, if that is given."""

    d: str
    ink: Ink = "ink"
    width: float = 1.5
    fill: Ink | None = None
    dash: bool = False
    arrow: bool = False


@dataclass(frozen=True)
class Words:
    """A line of text.

    Attributes:
        x, y: of its anchor, on the baseline.
        text: as it is shown.
        size: of the font, in pixels.
        length: how wide it is, measured; the SVG forces it.
        anchor: "start", "middle" or "end".
    """

    x: float
    y: float
    text: str
    size: float
    length: float
    anchor: Literal["start", "middle", "end"] = "start"
    ink: Ink = "ink"
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Image:
    """Pixels as a PNG, shown without smoothing; made by :func:`.png.png`."""

    x: float
    y: float
    width: float
    height: float
    png: bytes


Shape = Stroke | Words | Image


@dataclass(frozen=True)
class Part:
    """Shapes that appear together.

    Attributes:
        name: what cues call it: letters, digits and hyphens; unique in its drawing.
        shapes: in the order in which they are drawn.
        box: (left, top, right, bottom) of what the part claims for itself: no other part may overlap it; None for lines that may
            cross others.
    """

    name: str
    shapes: tuple[Shape, ...]
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Drawing:
    """A picture of one width.

    Attributes:
        width, height: in pixels; everything is inside.
        title, description: for those who cannot see it.
        parts: in the order in which they are drawn.
    """

    width: float
    height: float
    title: str
    description: str
    parts: tuple[Part, ...]


Drawer = Callable[[float], Drawing]
"""Draws for a width; the drawings of all widths have parts of the same names in the same order."""
