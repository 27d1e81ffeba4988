"""What a lesson is besides a page: its event list as plain data, and its captions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ..explore.answers import finite
from .events import VERSION
from .model import Beat, Lesson, Shown, Text


def event_list(lesson: Lesson) -> dict[str, Any]:
    """The event list: what happens in a lesson and when, the facts, the runs, and the document, as plain JSON.

    Args:
        lesson: what was built.

    Returns:
        What the page holds as ``block-lesson``, and what ``--json`` writes; :func:`.eventlist.read_event_list` reads it.
        Numbers that are not finite are null.
    """
    found: dict[str, Any] = finite({
        "version": VERSION, "title": lesson.front.title, "seconds": lesson.seconds, "voice": lesson.voice, "silence": lesson.silence,
        "chapters": [{"id": told.id, "title": plain(told.title), "start": told.start, "end": told.end} for told in lesson.chapters],
        "beats": [
            {"id": beat.id, "chapter": told.id, "start": beat.start, "end": beat.end} for told in lesson.chapters for beat in told.beats
        ],
        "events": [asdict(event) for event in lesson.events],
        "facts": [dict(fact) for fact in lesson.facts],
        "checks": {shown.id: _check(shown) for shown in _shown(lesson) if shown.kind == "check"},
        "runs": [
            {"name": name, "digest": known.run.digest, "scenario": known.scenario, "refusal": known.refusal}
            for name, known in lesson.runs.items()
        ],
        "text": lesson.text,
    })  # fmt: skip
    return found


def plain(text: Text) -> str:
    """A text without its marks; formulas as LaTeX."""
    return "".join(piece.text for piece in text)


def beats(lesson: Lesson) -> Iterator[Beat]:
    """All beats, in order."""
    for told in lesson.chapters:
        yield from told.beats


def _shown(lesson: Lesson) -> Iterator[Shown]:
    for beat in beats(lesson):
        yield from beat.shown


def _check(shown: Shown) -> dict[str, Any]:
    """What a page judges answers by."""
    if shown.number is None:
        return {"choices": [answer.right for answer in shown.answers]}
    value, tolerance, text = shown.number
    return {"value": value, "tolerance": tolerance, "text": text}
