"""``learnloop lesson watch``: a lesson in the browser, built again whenever its document changes."""

from __future__ import annotations

import json as encoder
import sys
import time
from pathlib import Path

from ..lesson.build import build
from ..lesson.document.reader import read_file
from ..lesson.voice.choose import choose
from ..lesson.watch import Watch, check_document
from ..lesson.workshop import Made, Use, Workshop, files_of
from .console import console, say, unbroken
from .entry import OK, printable
from .wording import plural


def watch(
    given: str, voice: str | None, store: str | None, *, port: int, browser: bool, end_after: float | None, json: bool
) -> int:
    """Build, show, and build again.

    Args:
        given: the document.
        voice: as for building.
        store: where recorded runs are.
        port: where to listen; 0 for any free port.
        browser: whether to open one.
        end_after: seconds after which it ends by itself; None for Ctrl-C alone.
        json: whether stdout belongs to a machine.
    """
    path = check_document(Path(given).expanduser())
    choose(voice)  # what cannot speak is told before anything is shown

    def make(document: Path, use: Use) -> bytes:
        read = read_file(document)
        use(files_of(read))
        return build(read, voice=voice, store=store).page(document.stem)

    server = Watch(Workshop(path, make), port, lambda made: _report(path, made))
    out = console(json=json)
    if json:
        print(encoder.dumps({"command": "lesson watch", "url": server.url}), flush=True)
    else:
        unbroken(out, "page", server.url)
    if browser and not server.show():
        say(out, "browser", "none could be opened here. Fix: open the page's address in one on this machine.")
    say(out, "", "whoever knows this address can read the lesson while this runs; Ctrl-C ends it")
    server.wait(end_after)
    return OK


def _report(path: Path, made: Made) -> None:
    """What came of a build, on stderr: problems as compilers tell them."""
    at = time.strftime("%H:%M:%S")
    if not made.problems:
        print(f"{at}  built in {made.seconds:.1f} s", file=sys.stderr, flush=True)
        return
    for problem in made.problems:
        place = "" if problem.line is None else f"{path}:{problem.line}:{problem.column}: "
        print(printable(f"{place}{' '.join(problem.text.split(chr(10)))}"), file=sys.stderr)
    kept = "; the page shows the last good one" if made.version else ""
    print(f"{at}  {plural(len(made.problems), 'problem')}{kept}", file=sys.stderr, flush=True)


