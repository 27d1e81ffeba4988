"""Prose: paragraphs, headings, lists and quotations of a stretch of Markdown, with the place of every character."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..problems import Place
from .fences import Stretch
from .findings import Findings
from .inline import Line, read_line
from .marks import parser
from .model import Prose
from .scan import CHOICE, HEADING, PROSE, TITLE, Role

if TYPE_CHECKING:
    from markdown_it.token import Token

_LISTS = {"bullet_list": "bullets", "ordered_list": "numbers"}
_REFUSED = {
    "code_block": "a line that begins with four spaces is code. Fix: :::{code}, or begin at the left.",
    "fence": "code between backticks on lines of its own. Fix: :::{code}.",
    "hr": "a rule across the page. Fix: # begins a chapter, ## a part of it.",
}
_LINES = (
    (
        re.compile(r"\s*+(:::)"),
        "a directive within something else, or behind four spaces. Fix: at the left, behind the line that ends the one before.",
    ),
    (re.compile(r"\s*+(\|?\s*+:?-{3,}:?\s*+\|)"), "a table. Fix: a list, or a diagram."),
)
_NESTED = (
    "is within a list or a quotation. Fix: one after the other; a list has lines, and no paragraphs or lists in them."
)


@dataclass(frozen=True)
class Passage:
    """A piece of prose as it was read; ``level`` 1 is the title of a chapter.

    Attributes:
        kind, level, place: as those of :class:`.model.Prose`.
        lines: with the conditions of choices.
    """

    kind: Literal["paragraph", "heading", "bullets", "numbers", "quote"]
    lines: tuple[Line, ...]
    place: Place
    level: int = 2

    @property
    def prose(self) -> Prose:
        """Without conditions."""
        return Prose(self.kind, tuple(line.spans for line in self.lines), self.place, self.level)


def read_prose(
    stretch: Stretch, findings: Findings, language: str, role: Role = PROSE, *, choices: bool = False
) -> list[Passage]:
    """Read a stretch of Markdown.

    Args:
        stretch: its lines.
        findings: takes what is wrong, and what lessons do not have.
        language: that words of numbers are looked for in.
        role: what the text is for.
        choices: whether the last list is the choices of a question.
    """
    for number, line in enumerate(stretch.lines, stretch.first):
        for shape, why in _LINES:
            if match := shape.match(line):
                findings.add(Place(number, match.start(1) + 1), why)
    tokens: list[Token] = []
    markdown = parser()
    markdown.block.parse("\n".join(stretch.lines), markdown, {}, tokens)
    return _Reader(stretch, tokens, findings, language, role, choices).read()


class _Reader:
    """Goes through the blocks of a stretch, once."""

    def __init__(
        self, stretch: Stretch, tokens: list[Token], findings: Findings, language: str, role: Role, choices: bool
    ) -> None:
        self.stretch, self.findings, self.language, self.role = stretch, findings, language, role
        self.tokens, self.next = tokens, 0
        self.chosen = (
            max((k for k, t in enumerate(tokens) if t.type == "bullet_list_open" and not t.level), default=-1)
            if choices
            else -1
        )

    def read(self) -> list[Passage]:
        found: list[Passage] = []
        while self.next < len(self.tokens):
            token = self.tokens[self.next]
            name = token.type.removesuffix("_open")
            if name in _LISTS or name == "blockquote":
                found.append(self.holder(name, self.next == self.chosen))
            elif name in ("paragraph", "heading"):
                found.append(self.simple(token))
            else:
                self.refuse(token)
        return found

    def place(self, token: Token) -> Place:
        """Where a block begins: its first sign that is no space, which may stand behind marks of what holds it."""
        line = token.map[0] if token.map else 0
        return Place(
            self.stretch.first + line, len(self.stretch.lines[line]) - len(self.stretch.lines[line].lstrip()) + 1
        )

    def refuse(self, token: Token) -> None:
        self.findings.add(
            self.place(token), _REFUSED.get(token.type, "something that lessons do not have. Fix: a paragraph.")
        )
        self.next += 1

    def simple(self, token: Token) -> Passage:
        """A paragraph or a heading."""
        if token.type == "paragraph_open":
            self.next += 3
            return Passage("paragraph", (self.line(self.tokens[self.next - 2], self.role),), self.place(token))
        level, place = int(token.tag[1:]), self.place(token)
        if token.markup[0] in "-=":
            self.findings.add(
                place,
                f"a line of {token.markup} below makes this a heading. Fix: {'#' * level} before it, or an empty line.",
            )
        elif level > 3:
            self.findings.add(place, "a heading of the fourth level or below. Fix: #, ## or ###.")
        inline = self.tokens[self.next + 1]
        self.next += 3
        marks = len(token.markup) if token.markup[0] == "#" else 0
        line = self.line(inline, TITLE if level == 1 else HEADING, marks)
        if not line.spans:
            self.findings.add(place, "a heading without words. Fix: # What it is about.")
        return Passage("heading", (line,), place, level)

    def holder(self, name: str, choices: bool) -> Passage:
        """A list or a quotation, and the lines in it."""
        begin, place = self.tokens[self.next], self.place(self.tokens[self.next])
        role = CHOICE if choices else self.role
        if begin.attrs.get("start") is not None:
            self.findings.add(place, "a list that does not begin with one. Fix: 1. before its first line.")
        lines: list[Line] = []
        within = 0  # paragraphs in the item
        self.next += 1
        while (token := self.tokens[self.next]).type != f"{name}_close" or token.level != begin.level:
            if token.type == "list_item_open":
                within = 0
            elif token.type == "list_item_close" and not within:
                self.findings.add(place, "a list with a line without words. Fix: delete the line.")
            elif token.type == "inline":
                within += 1
                lines.append(self.line(token, role))
            self.check_held(token, within, name)
            self.next += 1
        self.next += 1
        if not lines:
            self.findings.add(place, "a list or a quotation without words. Fix: delete it.")
        return Passage(
            "quote" if name == "blockquote" else "bullets" if name == "bullet_list" else "numbers", tuple(lines), place
        )

    def check_held(self, token: Token, within: int, name: str) -> None:
        """A list holds lines, a quotation paragraphs, and neither holds anything else."""
        if token.type in _REFUSED:
            self.findings.add(self.place(token), _REFUSED[token.type])
        elif token.type in ("heading_open", "blockquote_open", "bullet_list_open", "ordered_list_open"):
            what = {"h": "a heading", "b": "a quotation", "u": "a list", "o": "a list"}[token.tag[0]]
            self.findings.add(self.place(token), f"{what} {_NESTED}")
        elif token.type == "inline" and within > 1 and name != "blockquote":
            self.findings.add(self.place(token), f"a second paragraph {_NESTED}")

    def line(self, token: Token, role: Role, marks: int = 0) -> Line:
        """The words of a token.

        Args:
            token: of running text.
            role: what it is for.
            marks: how many signs of a heading stand before it.
        """
        return read_line(token.content, self.locator(token, marks), role, self.language, self.findings)

    def locator(self, token: Token, marks: int) -> Callable[[int], Place]:
        """The place of each character of a token, of which Markdown took off what stands before and behind each line."""
        starts, places = [0], []
        first = token.map[0] if token.map else 0
        for number, text in enumerate(token.content.split("\n"), first):
            line, core = self.stretch.lines[number], text.strip(" \t")
            column = line.find(core, line.index("#") + marks) if marks else line.rfind(core)
            places.append((self.stretch.first + number, column + 1 - (len(text) - len(text.lstrip(" \t")))))
            starts.append(starts[-1] + len(text) + 1)

        def locate(at: int) -> Place:
            which = min(bisect_right(starts, at) - 1, len(places) - 1)
            return Place(places[which][0], max(1, places[which][1] + at - starts[which]))

        return locate
