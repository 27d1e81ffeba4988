"""``learnloop lesson open``: going on in the explorer where a lesson ended."""

from __future__ import annotations

from pathlib import Path

from ..explore.desk import Desk
from ..explore.serve import Explorer
from ..lesson.document.reader import read_file
from ..lesson.problems import LessonError
from ..lesson.reopen import Reopened, of_file, of_runs, open_at
from ..lesson.runs import train_runs
from .console import console, say
from .entry import FAILED, OK, complain
from .exploring import tell
from .lesson import document_path, lament
from .progress import Patient
from .shelf import shelf
from .wording import plural

WRITTEN = (".html", ".htm", ".json")
"""How the files end that ``lesson build`` writes."""


def open_lesson(given: str, store: str | None, *, port: int, browser: bool, end_after: float | None, json: bool) -> int:
    """Open the run of a lesson.

    Args:
        given: a page, an event list, a document, or the name of a lesson that comes along.
        store: the store of runs.
        port: where to listen; 0 for any free port.
        browser: whether to open one.
        end_after: seconds after which the server ends by itself; None for Ctrl-C alone.
        json: whether stdout belongs to a machine.

    Returns:
        0; 1 where a number of the lesson is not the run's any more.
    """
    try:
        found = _found(given, store)
    except LessonError as error:
        return lament(error)
    for label, sentences in (("changed: ", found.differences), ("note: ", found.unchecked)):
        for sentence in sentences:
            complain(sentence, label)
    desk = Desk(shelf(store))
    open_at(desk, found)
    if found.checked and not found.differences:
        say(console(json=json), "checked", f"{plural(found.checked, 'number')} of the lesson: all are facts of its runs, done again")
    server = Explorer(desk, port)
    server.warm()
    tell(server, browser=browser, json=json, name="lesson open")
    server.wait(end_after)
    return FAILED if found.differences else OK


def _found(given: str, store: str | None) -> Reopened:
    path = Path(given).expanduser()
    if path.suffix.lower() in WRITTEN:
        return of_file(path, Patient())
    document = read_file(document_path(given))
    return of_runs(train_runs(document, store=store, progress=Patient()))
