"""``learnloop lesson new``: a first document about a run."""

from __future__ import annotations

import json as encoder
import os
from pathlib import Path

from ..errors import FileError
from ..explore.onefile import write_page
from ..lesson.first import first_document
from ..lesson.runs import of_run
from ..run import Run
from .console import command, console, say
from .entry import OK
from .shelf import find, title
from .storage import check_target
from .suggest import learnloop

SUFFIX = ".md"


def new(given: str, out: str, store: str | None, *, force: bool, json: bool) -> int:
    """Write a first document.

    Args:
        given: the run.
        out: where to.
        store: the store of runs.
        force: whether a file that is there is replaced.
        json: whether stdout belongs to a machine.

    Raises:
        UnknownRun, StoreError, FileError: for a run that cannot be read, or a place that cannot be written.
    """
    path = check_target(Path(out).expanduser(), "lesson.md")
    if path.suffix.lower() != SUFFIX:
        raise FileError(f"{path} is no name of a document. Fix: one that ends in .md, such as {path.with_suffix(SUFFIX)}.")
    if path.exists() and not force:
        raise FileError(f"{path} is there already. Fix: another name with -o, or --force to replace it.")
    run = find(given, store)
    text = first_document(of_run(run), _argument(run, given, path))
    write_page(text.encode(), path, "the document")
    if json:
        print(encoder.dumps({"command": "lesson new", "run": title(run, given), "saved": str(path.absolute())}))
        return OK
    people = console()
    say(people, "lesson", f"{path}: a first document about {title(run, given)}, with facts of the run in it")
    people.print()
    command(people, "see it while you write", learnloop("lesson", "watch", str(path)))
    command(people, "make a page of it", learnloop("lesson", "build", str(path)))
    return OK


def _argument(run: Run, given: str, document: Path) -> str:
    """What the document calls the run: its id, or the path of its file from the document's folder.

    Raises:
        FileError: for a file that lies elsewhere.
    """
    if run.id is not None:
        return run.id
    file, folder = Path(given).expanduser().resolve(), document.parent.resolve()
    if not file.is_relative_to(folder):
        raise FileError(f"{given} does not lie beside {document}. Fix: put both into one folder, or learnloop import {given}, which records the run.")
    return Path(os.path.relpath(file, folder)).as_posix()


