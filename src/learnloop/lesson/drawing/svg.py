"""A drawing as SVG: no style, no script; colours are classes, which css/drawing.css has for light and dark."""

from __future__ import annotations

import base64
from html import escape

from .measure import clean
from .path import length, number, with_head
from .scene import Drawing, Image, Part, Shape, Stroke, Words

DASH, GAP = 5.0, 4.0
"""Pixels of a dash, and between two."""


def to_svg(drawing: Drawing, *, prefix: str, classes: str = "") -> str:
    """The drawing as an ``<svg>`` for a page.

    Every stroke is a ``<path class="ink">`` of ``pathLength="1"``, so that a page can draw it from 0 to 1; dashes are an
    attribute in the same unit, over which a style sheet wins while the stroke is drawn.

    Args:
        drawing: the picture.
        prefix: of the ids of its title and description; unique on the page.
        classes: of the ``<svg>``, beside "drawing".
    """
    wide, high = number(drawing.width), number(drawing.height)
    title, described = f"{prefix}-title", f"{prefix}-desc"
    return (
        f'<svg class="{_attribute(f"drawing {classes}".strip())}" role="img" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'aria-labelledby="{_attribute(f"{title} {described}")}"><title id="{_attribute(title)}">{_text(drawing.title)}</title>'
        f'<desc id="{_attribute(described)}">{_text(drawing.description)}</desc>{"".join(map(_part, drawing.parts))}</svg>'
    )


def _part(part: Part) -> str:
    return f'<g data-part="{_attribute(part.name)}">{"".join(map(_shape, part.shapes))}</g>'


def _shape(shape: Shape) -> str:
    match shape:
        case Stroke():
            return _stroke(shape)
        case Words():
            return _words(shape)
        case Image():
            return _image(shape)


def _stroke(shape: Stroke) -> str:
    d = with_head(shape.d) if shape.arrow else shape.d
    filled = (f" fill-{shape.fill}" if shape.fill else "") + (" arrow" if shape.arrow else "")
    return f'<path class="ink ink-{shape.ink}{filled}" d="{d}" stroke-width="{number(shape.width)}" pathLength="1"{_dashes(d) if shape.dash else ""}/>'


def _dashes(d: str) -> str:
    whole = length(d)
    if whole <= DASH:
        return ""
    return f' stroke-dasharray="{DASH / whole:.4f} {GAP / whole:.4f}"'


def _words(shape: Words) -> str:
    shown = clean(shape.text)
    if not shown:
        return ""
    marks = "".join(f" {mark}" for mark in ("bold", "italic") if getattr(shape, mark))
    anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
    return (
        f'<text class="words ink-{shape.ink}{marks}" x="{number(shape.x)}" y="{number(shape.y)}" font-size="{number(shape.size)}"{anchor} '
        f'textLength="{number(shape.length)}" lengthAdjust="spacingAndGlyphs">{_text(shown)}</text>'
    )


def _image(shape: Image) -> str:
    data = base64.b64encode(shape.png).decode("ascii")
    places = " ".join(f'{name}="{number(getattr(shape, name))}"' for name in ("x", "y", "width", "height"))
    return f'<image class="pixels" {places} preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'


def _text(text: str) -> str:
    return escape(clean(text), quote=False)


def _attribute(text: str) -> str:
    return escape(clean(text))
