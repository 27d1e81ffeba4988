"""Blocks as they stand in the article. Everything is there without JavaScript; what a script adds, it adds to this."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable

from ..drawing.svg import to_svg
from ..model import Answer, Shown
from .formula import formula
from .markup import Attributes, Markup, element
from .text import Values, inline, passages

IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
_KINDS = {"idea": "Idea", "careful": "Careful", "history": "History"}
_TAGS = re.compile(r"<[^>]*>")
_LONG = 12
"""Signs of a formula from which on it may not fit a telephone: such a one can be scrolled, also by keyboard."""
_LONGER = 24
"""Signs from which on it is written smaller."""
_SPACE = 3
"""Signs that a space may be as wide as."""


def block(shown: Shown, values: Values) -> Markup:
    """A block, as an element that events can find.

    Args:
        shown: the block.
        values: what facts are.

    Raises:
        ValueError: for a kind that pages do not know, or an image of another type than they show.
    """
    writer = _WRITERS.get(shown.kind)
    if writer is None:
        raise ValueError(f"a page cannot show a block of the kind {shown.kind!r}; it knows {', '.join(sorted(_WRITERS))}")
    return writer(shown, values)


def _named(shown: Shown, more: Attributes | None = None, classes: str = "") -> Attributes:
    """What all blocks have: the id by which events call them."""
    names = " ".join(filter(None, ("block", f"block-{shown.kind}", classes)))
    return {"class": names, "id": f"ll-b-{shown.id}", "data-block": shown.id, **(more or {})}


def _prose(shown: Shown, values: Values) -> Markup:
    return element("div", _named(shown), passages(shown.passages, values))


def _note(shown: Shown, values: Values) -> Markup:
    kind = shown.variant if shown.variant in _KINDS else "idea"
    head = element("p", {"class": "note-head"}, element("span", {"class": "note-kind"}, _KINDS[kind]), *_note_title(shown, kind))
    return element("aside", _named(shown, classes=f"note-{kind}"), head, passages(shown.passages, values))


def _note_title(shown: Shown, kind: str) -> list[Markup]:
    if not shown.title or shown.title == _KINDS[kind]:
        return []
    return [Markup(" "), element("strong", {"class": "note-title"}, shown.title)]


def _equation(shown: Shown, values: Values) -> Markup:
    written = formula(shown.mathml)
    signs = len(_TAGS.sub("", written)) + _SPACE * written.count("<mspace")
    scrolled: Attributes = {"tabindex": 0, "role": "group", "aria-label": "Formula"} if signs > _LONG else {}
    classes = "equation-math equation-long" if signs > _LONGER else "equation-math"
    label = [element("p", {"class": "equation-label"}, shown.label)] if shown.label else []
    said = [element("p", {"class": "equation-spoken"}, shown.spoken)] if shown.spoken else []
    return element("div", _named(shown), *label, element("div", {"class": classes, **scrolled}, written), *said, *_below(shown, values))


def _picture(shown: Shown, values: Values) -> Markup:
    inner = _image(shown) if shown.image else _drawing(shown)
    return element("figure", _named(shown), inner, *_caption(shown, values))


def _drawing(shown: Shown) -> Markup:
    """Both drawings; the style sheet shows the one that fits."""
    sketches = zip(shown.sketch or (), ("wide", "narrow"), strict=False)
    both = (Markup(to_svg(sketch, prefix=f"ll-{width}-{shown.id}", classes=width)) for sketch, width in sketches)
    return element("div", {"class": "drawing"}, *both)


def _image(shown: Shown) -> Markup:
    assert shown.image is not None
    kind, content, alternative = shown.image
    if kind not in IMAGES:
        raise ValueError(f"a page cannot show an image of the type {kind!r}; it shows {', '.join(IMAGES)}")
    return element("img", {"src": f"data:{kind};base64,{b64encode(content).decode()}", "alt": alternative})


def _caption(shown: Shown, values: Values) -> list[Markup]:
    return [element("figcaption", {}, inline(shown.caption, values))] if shown.caption else []


def _below(shown: Shown, values: Values) -> list[Markup]:
    """The caption of what is no figure."""
    return [element("p", {"class": "block-caption"}, inline(shown.caption, values))] if shown.caption else []


def _code(shown: Shown, values: Values) -> Markup:
    language = shown.language or "text"
    scrolled: Attributes = {"tabindex": 0, "role": "group", "aria-label": f"Code, {language}"}
    head = element("p", {"class": "code-head"}, language)
    code = element("pre", scrolled, element("code", {"translate": "no"}, shown.code))
    return element("div", _named(shown), head, code, *_below(shown, values))


def _check(shown: Shown, values: Values) -> Markup:
    """A form of the method that sends nothing: Enter in a field must not leave the page where no script takes it."""
    asked = f"ll-asked-{shown.id}"
    question = element("div", {"class": "check-asked", "id": asked}, passages(shown.passages, values))
    field = _number(shown, asked) if shown.number else _choices(shown, asked, values)
    answer = element("details", {"class": "check-answer"}, element("summary", {}, "Answer"), *_right(shown, values))
    return element("form", _named(shown, {"method": "dialog"}), question, field, answer)


def _choices(shown: Shown, asked: str, values: Values) -> Markup:
    def choice(k: int, answer: Answer) -> Markup:
        radio = element("input", {"type": "radio", "name": f"ll-choice-{shown.id}", "value": k})
        return element("label", {"class": "check-choice", "data-choice": k}, radio, element("span", {}, inline(answer.text, values)))

    choices = (choice(k, answer) for k, answer in enumerate(shown.answers))
    return element("div", {"class": "check-choices", "role": "radiogroup", "aria-labelledby": asked}, *choices)


def _number(shown: Shown, asked: str) -> Markup:
    attributes = {"type": "number", "step": "any", "class": "check-number", "aria-labelledby": asked, "autocomplete": "off"}
    return element("p", {"class": "check-field"}, element("input", attributes))


def _right(shown: Shown, values: Values) -> list[Markup]:
    if shown.number:
        return [element("p", {}, shown.number[2])]
    right = [element("p", {}, inline(answer.text, values)) for answer in shown.answers if answer.right]
    return right or [element("p", {}, "None of these.")]


def _live(shown: Shown, values: Values) -> Markup:
    """The picture at rest; the page's script puts the run itself in its place."""
    more = {f"data-{name}": str(shown.options[name]) for name in ("neuron", "update") if name in shown.options}
    still = element("div", {"class": "still"}, _drawing(shown)) if shown.sketch else element("div", {"class": "still"})
    ask = [element("p", {"class": "live-ask"}, element("strong", {}, "Your turn."), f" {shown.ask}")] if shown.ask else []
    quiet = element("noscript", {}, element("p", {"class": "quiet"}, "Here the run itself can be moved, in a browser with JavaScript."))
    return element("figure", _named(shown, {"data-live": shown.variant, **more}), still, *ask, *_caption(shown, values), quiet)


_WRITERS: dict[str, Callable[[Shown, Values], Markup]] = {
    "prose": _prose, "note": _note, "equation": _equation, "diagram": _picture, "illustration": _picture, "plot": _picture,
    "code": _code, "check": _check, "live": _live,
}  # fmt: skip
