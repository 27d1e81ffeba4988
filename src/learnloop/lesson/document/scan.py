"""A piece of running text before its marks are read: what is enclosed in code, braces and dollars, and which brackets pair."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ..problems import Place
from .findings import Findings

_OPENS = re.compile(r"[\\`{$]")
_BRACES = re.compile(r"\{[^{}\n]*\}")
_TICKS = re.compile(r"`+")
_BRACKETS = re.compile(r"[\\\[\]`{$]")


@dataclass(frozen=True)
class Role:
    """What a text is for, and so what it may hold.

    Attributes:
        name: for messages.
        narrated: whether it is read aloud.
        links: whether it may lead somewhere.
        conditions: whether it is a choice, which ends in the condition under which it is right.
    """

    name: str
    narrated: bool = False
    links: bool = True
    conditions: bool = False


PROSE, SAY, CHOICE = Role("prose"), Role("a narration", narrated=True), Role("a choice", links=False, conditions=True)
TITLE, HEADING, CAPTION = Role("a title", links=False), Role("a heading", links=False), Role("a caption")


@dataclass
class Scan:
    """What the rules of running text know while they read one.

    Attributes:
        content: the text.
        locate: the place of a character.
        role: what the text is for.
        findings: takes what is wrong.
        enclosed: where code, braces and formulas begin -> where they end.
        pairs: opening bracket -> closing one.
        linked: whether the text of a link is being read.
    """

    content: str
    locate: Callable[[int], Place]
    role: Role
    findings: Findings
    enclosed: dict[int, int] = field(default_factory=dict)
    pairs: dict[int, int] = field(default_factory=dict)
    linked: bool = False

    def __post_init__(self) -> None:
        self.enclosed = _enclosed(self.content, self.role.narrated)
        self.pairs = _pairs(self.content, self.enclosed)

    def wrong(self, at: int, text: str) -> None:
        """Note a problem at a character."""
        self.findings.add(self.locate(at), text)


def _enclosed(content: str, narrated: bool) -> dict[int, int]:
    """One pass: what is enclosed first encloses the rest. A narration has no code and no formulas."""
    found: dict[int, int] = {}
    closers = _closers(content)
    at = 0
    while opening := _OPENS.search(content, at):
        begin, sign = opening.start(), opening[0]
        at = begin + 1
        if sign == "{":
            braces = _BRACES.match(content, begin)
            end = braces.end() if braces else -1
        elif narrated:
            continue
        elif sign == "\\":
            at = begin + 2
            continue
        elif sign == "$":
            end = content.find("$", at) + 1 or -1
        else:
            at, end = _code(content, begin, closers)
        if end > begin:
            found[begin] = at = end
    return found


def _closers(content: str) -> dict[int, list[int]]:
    """Length of a run of backticks -> where such runs begin, the first one last."""
    found: dict[int, list[int]] = {}
    for run in reversed(list(_TICKS.finditer(content))):
        found.setdefault(len(run[0]), []).append(run.start())
    return found


def _code(content: str, begin: int, closers: dict[int, list[int]]) -> tuple[int, int]:
    """(the end of the run of backticks, the end of the code that it begins; -1 for none)."""
    run = _TICKS.match(content, begin)
    length = len(run[0]) if run else 1
    places = closers.get(length, [])
    while places and places[-1] <= begin:
        places.pop()
    return begin + length, places[-1] + length if places else -1


def _pairs(content: str, enclosed: dict[int, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    opened: list[int] = []
    at = 0
    while bracket := _BRACKETS.search(content, at):
        begin = bracket.start()
        at = enclosed.get(begin, begin + (2 if bracket[0] == "\\" else 1))
        if bracket[0] == "[":
            opened.append(begin)
        elif bracket[0] == "]" and opened:
            found[opened.pop()] = begin
    return found
