"""``Run.lesson``: a lesson about a run, from Python."""

from __future__ import annotations

import sys
from pathlib import Path

from ..explore.onefile import write_page
from ..run import Run
from ..store import Store
from .build import build
from .document.model import Document
from .document.reader import read, read_file
from .first import first_document
from .runs import of_run


def lesson_of_run(run: Run, path: str | Path, document: str | Path | None, voice: str | None, store: str | Store | None) -> Path:
    """The page of a lesson about a run; see :meth:`learnloop.Run.lesson`.

    A voice that cannot be had is told on stderr: the page is whole without it.
    """
    place = Path(path).expanduser()
    built = build(_document(run, document), run=run, voice=voice, store=None if store is None else _path(store))
    if built.lesson.sound is None and voice != "none":
        print(built.lesson.silence, file=sys.stderr)
    return write_page(built.page(place.stem), place)


def _document(run: Run, given: str | Path | None) -> Document:
    """A document from its path, from its text, which has lines, or a first one."""
    if given is None:
        return read(first_document(of_run(run), None), "lesson.md")
    if isinstance(given, str) and "\n" in given:
        return read(given, "lesson.md")
    return read_file(Path(given).expanduser())


def _path(store: str | Store) -> str:
    return store if isinstance(store, str) else str(store.path)
