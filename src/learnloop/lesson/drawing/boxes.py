"""Boxes and arrows, as they are written: ``data: "The data" -> net -"answers"-> loss``, one chain a line; ``[net loss]`` is a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..document.model import Given
from ..problems import Place, Problem

MOST_BOXES, MOST_ARROWS, LONGEST = 24, 32, 200
"""Boxes, arrows, and characters of a label: more is no picture."""
FIX = 'Fix: data: "The data" -> net -"answers"-> loss'
_TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<labelled>-\s*"(?P<said>[^"]*)"\s*->)|(?P<arrow>->)|(?P<label>:\s*"(?P<text>[^"]*)")'
    r"|(?P<name>[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)|(?P<open>\[)|(?P<close>\])|(?P<comma>,)"
)


@dataclass(frozen=True)
class Arrow:
    """An arrow from a box to another, with what is written at it, or ""."""

    start: str
    end: str
    label: str = ""


@dataclass(frozen=True)
class Boxes:
    """Boxes and arrows.

    Attributes:
        labels: what is written in each box, by name, in the order in which they are named first.
        arrows: in their order.
        rows: boxes that stand beside each other.
        order: names of boxes and numbers of arrows, in the order in which they are drawn.
    """

    labels: dict[str, str]
    arrows: tuple[Arrow, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    order: tuple[str | int, ...] = ()


@dataclass
class _Reader:
    """What was read until now."""

    labels: dict[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    arrows: list[Arrow] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    order: list[str | int] = field(default_factory=list)
    found: list[Problem] = field(default_factory=list)

    def wrong(self, place: Place, text: str) -> None:
        self.found.append(Problem(place, text))


Token = tuple[str, str, Place]


def parse(given: Given) -> tuple[Boxes, list[Problem]]:
    """Read boxes and arrows.

    Args:
        given: the lines, and where the first one is.

    Returns:
        The boxes, and all that is wrong with the lines; only where nothing is wrong can they be drawn.

    >>> boxes, wrong = parse(Given('data: "The data" -> net', Place(1, 1)))
    >>> boxes.labels, boxes.arrows, wrong
    ({'data': 'The data', 'net': 'net'}, (Arrow(start='data', end='net', label=''),), [])
    """
    reader = _Reader()
    for k, text in enumerate(given.text.split("\n")):
        first = given.place.column if k == 0 else 1
        tokens = list(_tokens(text, given.place.line + k, first, reader))
        if tokens and tokens[0][0] == "open":
            _read_row(tokens, reader)
        elif tokens:
            _read_chain(tokens, reader)
    _check_whole(given.place, reader)
    return Boxes(reader.labels, tuple(reader.arrows), tuple(reader.rows), tuple(reader.order)), reader.found


def _tokens(text: str, line: int, first: int, reader: _Reader) -> Iterator[Token]:
    """The words of a line; what is none is a problem, and ends it."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        place = Place(line, first + at)
        if match is None:
            reader.wrong(place, f"got {text[at : at + 20]!r}; expected a name (letters, digits, hyphens), a label in quotation marks, or an arrow. {FIX}")
            return
        kind = match.lastgroup or ""
        kind = {"said": "labelled", "text": "label"}.get(kind, kind)
        if kind != "space":
            yield kind, match["said"] or match["text"] or match[0], place
        at = match.end()


def _read_row(tokens: list[Token], reader: _Reader) -> None:
    names = tuple(text for kind, text, _ in tokens if kind == "name")
    shape = [kind for kind, _, _ in tokens if kind not in ("name", "comma")]
    place = tokens[0][2]
    if shape != ["open", "close"] or tokens[-1][0] != "close" or len(names) < 2 or len(set(names)) < len(names):
        reader.wrong(place, "this row cannot be read; expected two or more different names between [ and ]. Fix: [train test]")
        return
    taken = {name for row in reader.rows for name in row}
    for name in names:
        _name(name, reader)
        if name in taken:
            reader.wrong(place, f"{name!r} is in two rows; expected one. Fix: put them into one row.")
    reader.rows.append(names)


def _read_chain(tokens: list[Token], reader: _Reader) -> None:
    """Names, of which each may have a label, with arrows between them."""
    before, arrow = "", None
    for kind, text, place in tokens:
        if kind == "name" and (not before or arrow is not None):
            if arrow is not None:
                _add_arrow(Arrow(before, text, arrow), place, reader)
            _name(text, reader)
            before, arrow = text, None
        elif kind == "label" and before and arrow is None:
            _add_label(before, text if text[:1] != ":" else "", place, reader)
        elif kind in ("arrow", "labelled") and before and arrow is None:
            arrow = "" if kind == "arrow" else "" if text[:1] == "-" else text
            _check_length(arrow, place, reader)
        else:
            reader.wrong(place, f"got {text[:20]!r}; expected {'a name' if arrow is not None or not before else 'an arrow'} here. {FIX}")
            return
    if arrow is not None:
        reader.wrong(tokens[-1][2], f"this arrow leads nowhere; expected a name behind it. {FIX}")


def _name(name: str, reader: _Reader) -> None:
    if name not in reader.labels:
        reader.labels[name] = name
        reader.order.append(name)


def _add_label(name: str, text: str, place: Place, reader: _Reader) -> None:
    if name in reader.given:
        reader.wrong(place, f"{name!r} has a label already; expected one. Fix: give it where the box is named first.")
    reader.given.add(name)
    reader.labels[name] = text
    _check_length(text, place, reader)


def _add_arrow(arrow: Arrow, place: Place, reader: _Reader) -> None:
    if arrow.start == arrow.end:
        reader.wrong(place, f"an arrow leads from {arrow.start!r} to itself; expected another box. Fix: say it in the label.")
    elif any(arrow.start in row and arrow.end in row for row in reader.rows):
        reader.wrong(place, f"{arrow.start!r} and {arrow.end!r} are in one row and have an arrow between them. Fix: leave the row or the arrow out.")
    elif arrow not in reader.arrows:
        reader.order.append(len(reader.arrows))
        reader.arrows.append(arrow)


def _check_length(text: str, place: Place, reader: _Reader) -> None:
    if len(text) > LONGEST:
        reader.wrong(place, f"this label has {len(text)} characters; expected at most {LONGEST}. Fix: say the rest in a note.")


def _check_whole(place: Place, reader: _Reader) -> None:
    counts = (("boxes", len(reader.labels), MOST_BOXES), ("arrows", len(reader.arrows), MOST_ARROWS))
    for what, count, most in counts:
        if count > most:
            reader.wrong(place, f"{count} {what} are too many for a picture; expected at most {most}. Fix: draw two.")
    for row in reader.rows:
        inner = next((a for a in reader.arrows if a.start in row and a.end in row), None)
        if inner is not None:
            reader.wrong(place, f"{inner.start!r} and {inner.end!r} are in one row and have an arrow between them. Fix: leave the row or the arrow out.")
    if not reader.labels and not reader.found:
        reader.wrong(place, f"there is no box; expected at least one. {FIX}")
