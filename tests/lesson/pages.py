"""Pages of the lessons made by hand."""

from __future__ import annotations

from pathlib import Path

from learnloop.lesson.model import Lesson
from learnloop.lesson.page.write import write_page
from lesson.sample import enclosed


def page_of(lesson: Lesson, *, computes: bool = True, name: str = "moons") -> bytes:
    """The page of a lesson, with or without what it computes with."""
    blocks, session = enclosed() if computes else ({}, {})
    return write_page(lesson, blocks, session, name=name)


def saved(lesson: Lesson, folder: Path, *, computes: bool = True) -> str:
    """The page in a file, by its address."""
    path = folder / "moons.html"
    path.write_bytes(page_of(lesson, computes=computes))
    return path.as_uri()
