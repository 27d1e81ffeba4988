"""Documents for tests: a head, and what is wrong with a text as (line, column, words of the message)."""

from __future__ import annotations

from learnloop.lesson.document.model import Block, Document, Span
from learnloop.lesson.document.reader import read
from learnloop.lesson.problems import LessonError

HEAD = "---\ntitle: A lesson\n---\n# One\n\n"
"""Five lines; what a test writes begins in line 6."""
FIRST = 6


def body(text: str) -> Document:
    """A document with one chapter."""
    return read(HEAD + text, "lesson.md")


def only(text: str) -> Block:
    """The one block of a document with one chapter."""
    (block,) = body(text).chapters[0].blocks
    return block


def spans(text: str) -> list[Span]:
    """The spans of the first paragraph."""
    return list(only(text).prose[0].lines[0])


def wrong(text: str) -> list[tuple[int, int, str]]:
    """Every problem of a whole document."""
    try:
        read(text, "lesson.md")
    except LessonError as error:
        return [(p.place.line, p.place.column, p.text) for p in error.found]
    return []


def wrong_body(text: str) -> list[tuple[int, int, str]]:
    """Every problem of a chapter; its first line is line 1."""
    return [(line - FIRST + 1, column, why) for line, column, why in wrong(HEAD + text)]
