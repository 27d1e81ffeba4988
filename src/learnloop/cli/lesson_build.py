"""``learnloop lesson build``: from a document to a page, and to what else there is of a lesson."""

from __future__ import annotations

import json as encoder
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import DescriptionError, FileError
from ..explore.onefile import write_page
from ..lesson.build import Built, build
from ..lesson.page.card import card
from ..lesson.problems import LessonError
from .console import Console, console, say, unbroken
from .entry import FAILED, OK, complain
from .lesson import Steps, document_path, lament
from .storage import check_target
from .wording import duration, plural, size

PAGES = (".html", ".htm")
SILENT = "none"
BESIDE = {"mp3": "sound", "vtt": "captions", "md": "text", "json": "events"}
"""What is written beside the page, by the ending of its name; and what it is."""


@dataclass(frozen=True)
class Wanted:
    """What shall be written.

    Attributes:
        page: the HTML file.
        beside: the endings of what is written beside it.
    """

    page: Path
    beside: tuple[str, ...] = ()

    def place(self, kind: str, document: Path) -> Path:
        """Where something is written: under the name of the page, but never over the document."""
        place = self.page.with_suffix(f".{kind}")
        return place if not _is_same(place, document) else self.page.with_suffix(f".article.{kind}")


def build_lesson(
    given: str, out: str | None, beside: tuple[str, ...], voice: str | None, store: str | None, *, quiet: bool
) -> int:
    """Build a lesson and write it.

    Args:
        given: a document, or the name of a lesson that comes along.
        out: the page to write; None for one in this folder that is called as the document.
        beside: a selection of :data:`BESIDE`.
        voice: "none", "espeak", the address of a speech endpoint, or None for what is installed.
        store: where recorded runs are.
        quiet: whether to say nothing but errors.
    """
    path = document_path(given)
    wanted = Wanted(_page(out, path), beside)
    if voice == SILENT and "mp3" in beside:
        raise DescriptionError("--mp3 writes what is spoken, and --voice none lets nobody speak. Fix: leave out one of them.")
    with Steps(quiet=quiet) as steps:
        try:
            built = build(path, voice=voice, store=store, progress=steps)
        except LessonError as error:
            steps.close()
            return lament(error)
        steps("writing")
        written = list(_write(built, wanted, path))
    if not quiet:
        _tell(console(), built, written)
    return _silence(built, wanted, voice)


def _page(out: str | None, document: Path) -> Path:
    """Where the page goes.

    Raises:
        FileError: for a place that cannot be.
    """
    example = f"{document.stem}.html"
    page = Path(example if out is None else out).expanduser()
    check_target(page, example)
    if page.suffix.lower() not in PAGES:
        raise FileError(f"{page} is no name of a page. Fix: one that ends in .html, such as {page.with_suffix('.html')}.")
    if _is_same(page, document):
        raise FileError(f"{page} is the document itself. Fix: another name for the page.")
    return page


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _write(built: Built, wanted: Wanted, document: Path) -> list[tuple[str, Path]]:
    """Write everything; what each file is, and where it lies.

    Raises:
        FileError: if something cannot be written.
    """
    from ..lesson import outputs

    lesson = built.lesson
    makers: dict[str, Callable[[], bytes]] = {
        "mp3": lambda: lesson.sound or b"", "vtt": lambda: outputs.captions(lesson).encode(), "md": lambda: outputs.markdown(lesson).encode(),
        "json": lambda: (encoder.dumps(outputs.event_list(lesson), allow_nan=False, indent=1) + "\n").encode(),
    }  # fmt: skip
    done = [("page", write_page(built.page(wanted.page.stem), wanted.page))]
    for kind in wanted.beside:
        content = makers[kind]()
        if content:
            done.append((BESIDE[kind], write_page(content, wanted.place(kind, document), f"the {BESIDE[kind]}")))
    if lesson.front.base_url:  # the page tells other sites that it is there
        done.append(("card", write_page(card(lesson), wanted.place("png", document), "the card")))
    return done


def _tell(out: Console, built: Built, written: list[tuple[str, Path]]) -> None:
    lesson = built.lesson
    voice = lesson.voice if lesson.sound is not None else "without sound"
    say(out, "lesson", lesson.front.title, f"{plural(len(lesson.chapters), 'chapter')}, {duration(lesson.seconds)}, {voice}")
    for what, path in written:
        unbroken(out, what, f"{path} ({size(path.stat().st_size)})")


def _silence(built: Built, wanted: Wanted, voice: str | None) -> int:
    """Why nothing is heard, loudly; it is a failure where a voice was asked for."""
    lesson = built.lesson
    if lesson.sound is not None or voice == SILENT:
        return OK
    asked = voice is not None or "mp3" in wanted.beside
    missing = " There is no MP3." if "mp3" in wanted.beside else ""
    complain(f"{lesson.silence} The lesson is whole, but silent: its times are estimated.{missing}", "error: " if asked else "silent: ")
    return FAILED if asked else OK
