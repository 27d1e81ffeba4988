"""Building a lesson: document in, page out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..run import Run
from .document.model import Document
from .model import Lesson
from .problems import LessonError
from .voice.model import Voice

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """A lesson that was built.

    Attributes:
        lesson: what is shown, said and done.
        session: what its page opens with, for the live parts; empty where it has none.
        blocks: what its page reads by name, for the live parts.
    """

    lesson: Lesson
    session: Mapping[str, Any]
    blocks: Mapping[str, bytes]

    def page(self, name: str = "lesson") -> bytes:
        """The lesson as one HTML file; the same lesson gives the same bytes.

        Args:
            name: of the file that it will be, without its ending.
        """
        from .page import write_page

        return write_page(self.lesson, self.blocks, self.session, name=name)


def build(
    source: str | Path | Document, *, run: Run | None = None, voice: str | None = None, store: str | None = None,
    progress: Tell | None = None,
) -> Built:  # fmt: skip
    """Build a lesson.

    Args:
        source: a document, or the path of one.
        run: what the document is about, where it has no ``run`` block.
        voice: "none", "espeak", or the address of a speech endpoint; None for espeak-ng where it is installed.
        store: where recorded runs are; None for the user's own.
        progress: is told what is being done: "reading", "training" ...

    Raises:
        UnknownName: for a word that is no voice.
        LessonError: with all that is wrong with the document, each at line and column.
        FileError: if it cannot be read.
        CompileError: without a working compiler.
    """
    from .compose import compose
    from .document.reader import read_file
    from .runs import page_blocks_of, train_runs

    tell = progress or (lambda what: None)
    tell("reading")
    document = source if isinstance(source, Document) else read_file(Path(source))
    folder, speaker = Path(document.path).resolve().parent, _voice(voice)
    tell("training")
    runs = train_runs(document, store=store, run=run)
    try:
        lesson = compose(document, runs, speaker, folder, tell)
    except LessonError as error:
        raise LessonError(document.path, error.found) from error
    tell("compiling for the page")
    session, blocks = page_blocks_of(runs[""]) if runs[""].scenario is not None else ({}, {})
    return Built(lesson, session, blocks)


def _voice(wanted: str | None) -> Voice:
    """Who speaks; a voice that cannot be had leaves a silent lesson that says why."""
    from .voice.choose import choose
    from .voice.model import VoiceError
    from .voice.silent import Silent

    try:
        return choose(wanted)
    except VoiceError as error:
        return Silent(str(error))
