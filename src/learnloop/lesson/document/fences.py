"""Directives and what is between them: lines that begin with three colons or more, and nothing else, part a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import short
from ..problems import Place
from .findings import Findings
from .model import Given

_COLONS = re.compile(r"( {0,3})(:{3,})[ \t]*(.*)")
_NAME = re.compile(r"\{([^{}]*)\}[ \t]*(.*)")
_OPTION = re.compile(r"[ \t]*:([A-Za-z0-9_-]+):(?:[ \t]+(.*))?")


@dataclass(frozen=True)
class Stretch:
    """Lines in a row.

    Attributes:
        first: the number of the first one, from 1.
        lines: without their ends.
    """

    first: int
    lines: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Whether nothing is written there."""
        return not any(line.strip() for line in self.lines)


@dataclass(frozen=True)
class Fence:
    """A directive as it was written.

    Attributes:
        name: between the braces.
        argument: what follows them.
        options: (name, value) in order.
        body: the lines below them.
        place: of the first colon.
    """

    name: Given
    argument: Given
    options: tuple[tuple[Given, Given], ...]
    body: Stretch
    place: Place


def split(stretch: Stretch, findings: Findings) -> list[Stretch | Fence]:
    """The directives of a document, and the prose between them, in order.

    Args:
        stretch: the lines behind the front matter.
        findings: takes a directive that is not closed, or a close without one.
    """
    found: list[Stretch | Fence] = []
    lines, begin, at = stretch.lines, 0, 0
    while at < len(lines):
        match = _COLONS.fullmatch(lines[at])
        if match is None:
            at += 1
            continue
        found.append(Stretch(stretch.first + begin, lines[begin:at]))
        if match[3].strip():
            end, after = _end(lines, at, len(match[2]), stretch.first, findings)
            found.append(_fence(match, Stretch(stretch.first + at, lines[at:end]), findings))
            at = after
        else:
            findings.add(Place(stretch.first + at, len(match[1]) + 1), f"{short(match[2])} closes a directive, but none is open. "
                         "Fix: delete it, or begin with :::{name}.")  # fmt: skip
            at += 1
        begin = at
    found.append(Stretch(stretch.first + begin, lines[begin:]))
    return [part for part in found if isinstance(part, Fence) or not part.blank]


def _end(lines: Sequence[str], at: int, colons: int, first: int, findings: Findings) -> tuple[int, int]:
    """(the line behind its body, the line to go on at) of the directive that begins at a line."""
    begin = Place(first + at, lines[at].index(":") + 1)
    name = short(lines[at].strip())
    for line in range(at + 1, len(lines)):
        match = _COLONS.fullmatch(lines[line])
        if match is None or len(match[2]) < colons:
            continue
        if not match[3].strip():
            return line, line + 1
        findings.add(begin, f"{name} is not closed when the next directive begins in line {first + line}. Fix: a line "
                     f"{':' * min(colons, 10)} before it; what holds other directives as text begins with more colons.")  # fmt: skip
        return line, line
    findings.add(begin, f"{name} is not closed. Fix: a line {':' * min(colons, 10)} behind it.")
    return len(lines), len(lines)


def _fence(match: re.Match[str], written: Stretch, findings: Findings) -> Fence:
    line = written.first
    place = Place(line, match.start(2) + 1)
    named = _NAME.fullmatch(match[3].rstrip())
    if named is None:
        findings.add(Place(line, match.start(3) + 1), f"{short(match[3])} is no name of a directive. Fix: a name in braces, "
                     "as in :::{note}.")  # fmt: skip
        name, argument = Given("", place), Given("", place)
    else:
        shift = match.start(3) + 1
        name = Given(named[1].strip(), Place(line, shift + named.start(1)))
        argument = Given(named[2].strip(), Place(line, shift + named.start(2)))
    options = _options(written.lines[1:], line + 1, findings)
    body = written.lines[1 + len(options) :]
    kept = tuple(option for option in options if option is not None)
    return Fence(name, argument, kept, _trimmed(Stretch(line + 1 + len(options), body)), place)


def _options(lines: Sequence[str], first: int, findings: Findings) -> list[tuple[Given, Given] | None]:
    """One for each line that is an option, or wants to be one."""
    found: list[tuple[Given, Given] | None] = []
    for number, line in enumerate(lines, first):
        if not line.lstrip().startswith(":") or line.lstrip().startswith(":::"):
            break
        match = _OPTION.fullmatch(line.rstrip())
        if match is None:
            findings.add(
                Place(number, line.index(":") + 1), f"{short(line.strip())} is no option. Fix: :name: value, on a line."
            )
            found.append(None)
            continue
        value = Given(match[2] or "", Place(number, (match.start(2) if match[2] else match.end(1) + 1) + 1))
        found.append((Given(match[1], Place(number, match.start(1) + 1)), value))
    return found


def _trimmed(body: Stretch) -> Stretch:
    """A body without blank lines around it."""
    lines, begin, end = body.lines, 0, len(body.lines)
    while begin < end and not lines[begin].strip():
        begin += 1
    while end > begin and not lines[end - 1].strip():
        end -= 1
    return Stretch(body.first + begin, lines[begin:end])
