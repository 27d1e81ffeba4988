"""What the commands of ``learnloop lesson`` share: which document is meant, what is being done, what is wrong with it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from ..lesson import shipped
from ..lesson.problems import LessonError
from ..lesson.watch import check_document
from .entry import BAD_INPUT, complain, printable

STEP = 24
"""Columns of the names of steps."""


def document_path(given: str) -> Path:
    """The document that somebody means: a file, or a lesson that comes along.

    Raises:
        UnknownName: for a name that no lesson has.
        FileError: for a path that leads to no file.
    """
    path = Path(given).expanduser()
    if path.is_file():
        return path
    if given in shipped.names() or not (path.suffix or path.name != given or path.exists()):
        return shipped.find(given)
    return check_document(path)


def lament(error: LessonError) -> int:
    """Tell all that is wrong with a document, a line each, as compilers do: editors can jump there."""
    for problem in error.problems:
        print(printable(" ".join(problem.split("\n"))), file=sys.stderr)
    count = len(error.problems)
    complain(f"{'this problem' if count == 1 else f'these {count} problems'} must be mended first; nothing was written.")
    return BAD_INPUT


class Steps:
    """Tells on stderr what is being done, and how long it took.

    Args:
        quiet: whether nobody wants to know.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet, self._what, self._begin = quiet, "", 0.0
        self._status: Any = None

    def __call__(self, what: str) -> None:
        """Something begins, and what was being done is done."""
        self._end()
        self._what, self._begin = what, time.perf_counter()
        if not self._quiet and sys.stderr.isatty():
            from .console import console

            self._status = console(json=True).status(f"{what} ...")
            self._status.start()

    def _end(self) -> None:
        what = self._what
        self.close()
        if what and not self._quiet:
            print(f"{printable(what):<{STEP}}{time.perf_counter() - self._begin:8.2f} s", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Say nothing more of what is being done, and take away what moves."""
        if self._status is not None:
            self._status.stop()
        self._status, self._what = None, ""

    def __enter__(self) -> Steps:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            self._end()
        self.close()
