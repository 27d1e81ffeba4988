"""What is wrong with a document: all of it at once, each at its line and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import DescriptionError


@dataclass(frozen=True, order=True)
class Place:
    """Where in a document something is.

    Attributes:
        line: from 1.
        column: from 1.
    """

    line: int
    column: int


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        place: where.
        text: what it is, what was expected and how to fix it; one line.
    """

    place: Place
    text: str


class LessonError(DescriptionError):
    """A lesson that cannot be built; lists all problems at once, each with file, line and column.

    Attributes:
        found: the problems, in the order of the document.
    """

    def __init__(self, path: str, found: Sequence[Problem]) -> None:
        self.found = tuple(sorted(set(found)))
        super().__init__([f"{path}:{p.place.line}:{p.place.column}: {p.text}" for p in self.found])


def wrong(place: Place, text: str) -> LessonError:
    """One problem at a place, for those who do not know the document; whoever does says its path."""
    return LessonError("", [Problem(place, text)])
