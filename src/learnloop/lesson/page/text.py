"""Text as it is shown: marks, links, facts, and the words that are spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ..model import Passage, Piece, Text
from .formula import formula
from .markup import Attributes, Markup, element, joined

_OUTWARD = re.compile(r"(?:https?://|mailto:)\S+")
_TAKEN = re.compile(r"(?:ll|block|title|description|tabs)-|(?:explorer|share-panel)$")
"""Ids that the page and its views have for themselves."""
_MARKS = ("code", "em", "strong")
_LISTS = {"bullets": "ul", "numbers": "ol"}

Values = Mapping[str, Any]
"""What facts are, by their ids."""


def anchor(chapter: str) -> str:
    """The id of a chapter in the page: its own, unless the page needs that for itself.

    >>> anchor("the-learning-loop"), anchor("block-session")
    ('the-learning-loop', 'll-chapter-block-session')
    """
    return f"ll-chapter-{chapter}" if _TAKEN.match(chapter) else chapter


def plain(text: Text) -> str:
    """The text without anything else."""
    return "".join(piece.text for piece in text)


def passages(given: tuple[Passage, ...], values: Values) -> Markup:
    """Pieces of prose, one below the other."""
    return joined(_passage(passage, values) for passage in given)


def _passage(passage: Passage, values: Values) -> Markup:
    lines = [inline(line, values) for line in passage.lines]
    if passage.kind in _LISTS:
        return element(_LISTS[passage.kind], {}, *(element("li", {}, line) for line in lines))
    if passage.kind == "heading":
        return element(f"h{passage.level + 1}", {}, *lines)
    paragraphs = [element("p", {}, line) for line in lines]
    return element("blockquote", {}, *paragraphs) if passage.kind == "quote" else joined(paragraphs)


def inline(text: Text, values: Values) -> Markup:
    """One run of text.

    >>> inline((Piece("about "), Piece("0.7", fact="loss.start", word=3), Piece(",", word=3)), {"loss.start": 0.69})
    'about <span class="word" data-word="3"><data class="fact" value="0.69" data-fact="loss.start">0.7</data>,</span>'
    """
    groups = groupby(_units(text), key=lambda unit: unit.link)
    return joined(_linked(link, joined(_unit(unit, values) for unit in units)) for link, units in groups)


@dataclass(frozen=True)
class _Unit:
    """A word that is spoken with its punctuation, or a piece that is not spoken; a link holds whole words."""

    word: int | None
    pieces: tuple[Piece, ...]

    @property
    def link(self) -> str | None:
        links = {piece.link for piece in self.pieces} - {None}
        return links.pop() if len(links) == 1 else None


def _units(text: Text) -> Iterator[_Unit]:
    for word, found in groupby(text, key=lambda piece: piece.word):
        pieces = tuple(found)
        if word is None:
            yield from (_Unit(None, (piece,)) for piece in pieces)
        else:
            yield _Unit(word, pieces)


def _unit(unit: _Unit, values: Values) -> Markup:
    inner = joined(_linked(piece.link if unit.link is None else None, _piece(piece, values)) for piece in unit.pieces)
    return inner if unit.word is None else element("span", {"class": "word", "data-word": unit.word}, inner)


def _piece(piece: Piece, values: Values) -> Markup:
    inner = formula(piece.mathml) if piece.mathml else joined([piece.text])
    for mark in _MARKS:
        if mark in piece.marks:
            inner = element(mark, {}, inner)
    if piece.fact is None:
        return inner
    return element("data", {"class": "fact", "value": str(values.get(piece.fact, piece.text)), "data-fact": piece.fact}, inner)


def _linked(link: str | None, inner: Markup) -> Markup:
    attributes = link_attributes(link) if link else {}
    return element("a", attributes, inner) if attributes else inner


def link_attributes(link: str) -> Attributes:
    """What a link has, or nothing for one that may lead anywhere else than lessons know.

    >>> link_attributes("javascript:alert(1)")
    {}
    """
    if link.startswith("#"):
        return {"href": f"#{anchor(link[1:])}"}
    return {"href": link, "rel": "noopener noreferrer"} if _OUTWARD.fullmatch(link) else {}
