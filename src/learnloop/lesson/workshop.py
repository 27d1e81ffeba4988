"""A lesson in the making: built again when its document, or a file that it uses, changes; the last good page is kept."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import LearnloopError
from .document.model import Block, Document
from .problems import LessonError

Stamp = tuple[int, int] | None
Use = Callable[[tuple[Path, ...]], None]
Make = Callable[[Path, Use], bytes]
OWN_FILES = ("run", "illustration")
"""Directives whose argument may be the path of a file."""


@dataclass(frozen=True)
class Trouble:
    """What is wrong.

    Attributes:
        line, column: where in the document; None for what is nowhere in it.
        text: what it is, and how to fix it.
    """

    line: int | None
    column: int | None
    text: str


@dataclass(frozen=True)
class Made:
    """What is known of the lesson.

    Attributes:
        version: counts the pages that were built; 0 for none yet.
        building: whether one is being built.
        seconds: how long the last build took.
        problems: of the last build.
    """

    version: int = 0
    building: bool = False
    seconds: float = 0.0
    problems: tuple[Trouble, ...] = ()


class Workshop:
    """Builds a document whenever it has changed.

    Args:
        path: the document.
        make: reads and builds it; it is given a function to tell which files it uses, before anything can go wrong with them.
    """

    def __init__(self, path: Path, make: Make) -> None:
        self.path, self._make = path, make
        self.made, self.page = Made(), b""
        self._seen: dict[Path, Stamp] = {}
        self._alone = threading.Lock()

    def look(self) -> bool:
        """Build, if anything has changed since the last build began.

        Returns:
            Whether it was built.
        """
        now = {path: stamp(path) for path in self._seen or (self.path,)}
        if now == self._seen:
            return False
        self._seen = now
        self._build()
        return True

    def _build(self) -> None:
        begin, before = time.perf_counter(), self.made
        self._set(Made(before.version, True, before.seconds, before.problems), self.page)
        try:
            page = self._make(self.path, self._use)
        except Exception as error:  # the next save may mend it: nothing ends the watch
            self._set(Made(before.version, False, time.perf_counter() - begin, tuple(troubles(error))), self.page)
        else:
            self._set(Made(before.version + 1, False, time.perf_counter() - begin), page)

    def _use(self, files: tuple[Path, ...]) -> None:
        """Look at these files, too; what is looked at already keeps its stamp, for it was read by now."""
        self._seen = {path: self._seen[path] if path in self._seen else stamp(path) for path in (self.path, *files)}

    def _set(self, made: Made, page: bytes) -> None:
        with self._alone:
            self.made, self.page = made, page

    def state(self) -> dict[str, Any]:
        """What a page around the lesson asks for, as plain JSON."""
        with self._alone:
            made = self.made
        return {
            "name": self.path.name, "version": made.version, "building": made.building, "seconds": made.seconds,
            "problems": [vars(problem) for problem in made.problems],
        }  # fmt: skip


def stamp(path: Path) -> Stamp:
    """When a file was changed, in nanoseconds, and its size; None for none."""
    try:
        found = path.stat()
    except (OSError, ValueError):  # a document may name anything
        return None
    return found.st_mtime_ns, found.st_size


def troubles(error: Exception) -> Iterator[Trouble]:
    """What an error says, each problem by itself."""
    if isinstance(error, LessonError):
        for problem in error.found:
            yield Trouble(problem.place.line, problem.place.column, problem.text)
        return
    if isinstance(error, LearnloopError):
        yield Trouble(None, None, str(error))
        return
    traceback.print_exception(error, file=sys.stderr)
    yield Trouble(
        None, None, f"the build failed ({type(error).__name__}). Fix: undo the last change; what was printed in the terminal is worth a report."
    )


def files_of(document: Document) -> tuple[Path, ...]:
    """The files that a document may use, whether they are there or not: one that is missing may come."""
    folder = Path(document.path).parent
    return tuple({folder / block.argument: None for block in _blocks(document) if block.name in OWN_FILES and block.argument})


def _blocks(document: Document) -> Iterator[Block]:
    yield from document.runs
    for chapter in document.chapters:
        yield from chapter.blocks
