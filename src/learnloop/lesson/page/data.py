"""What the page's script reads: the event list, with the times of everything, and the answers of questions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ...explore.answers import finite
from ..events import VERSION
from ..model import Lesson, Shown
from .text import plain


def event_list(lesson: Lesson) -> dict[str, Any]:
    """The lesson as plain JSON: what happens in it, and when.

    Args:
        lesson: the lesson.

    Returns:
        Names, chapters and beats with their times in seconds, events, facts, the answers of checks, runs, and the document.
    """
    return {
        "version": VERSION, "title": lesson.front.title, "seconds": lesson.seconds, "voice": lesson.voice, "silence": lesson.silence,
        "chapters": [{"id": told.id, "title": plain(told.title), "start": told.start, "end": told.end} for told in lesson.chapters],
        "beats": [
            {"id": beat.id, "chapter": told.id, "start": beat.start, "end": beat.end} for told in lesson.chapters for beat in told.beats
        ],
        "events": finite([asdict(event) for event in lesson.events]), "facts": finite([dict(fact) for fact in lesson.facts]),
        "checks": {shown.id: finite(_check(shown)) for shown in _all_shown(lesson) if shown.kind == "check"},
        "runs": [
            {"name": name, "called": run.name, "digest": run.run.digest, "updates": run.run.updates, "scenario": finite(run.scenario),
             "refusal": run.refusal}
            for name, run in lesson.runs.items()
        ],
        "text": lesson.text,
    }  # fmt: skip


def _all_shown(lesson: Lesson) -> list[Shown]:
    return [shown for told in lesson.chapters for beat in told.beats for shown in beat.shown]


def _check(shown: Shown) -> dict[str, Any]:
    if shown.number is None:
        return {"choices": [answer.right for answer in shown.answers]}
    value, tolerance, text = shown.number
    return {"value": value, "tolerance": tolerance, "text": text}
