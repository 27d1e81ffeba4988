"""From a document and its runs to a lesson: facts filled in, pictures drawn, words spoken, everything timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from .cues import check_cues
from .document.model import Chapter, Document
from .events import Event
from .facts import FactBook
from .fill import Filler, Narrated
from .model import Beat, Lesson, LessonRun, Passage, Shown, Text, Told
from .problems import LessonError
from .schedule import Plan, Timed, cued, events_of, silences, timed
from .showing import Shower
from .voice import kept
from .voice.model import Voice
from .voice.narrate import Narration, narrate

Tell = Callable[[str], None]


def compose(document: Document, runs: Mapping[str, LessonRun], voice: Voice, folder: Path, tell: Tell) -> Lesson:
    """The lesson of a document.

    Args:
        document: what was written.
        runs: by name, trained.
        voice: who speaks.
        folder: where its files are.
        tell: is told what is being done.

    Raises:
        LessonError: with all facts, conditions, formulas and pictures that cannot be.
    """
    filler = Filler(FactBook(runs))
    tell("drawing")
    titles = [filler.text(chapter.title) for chapter in document.chapters]
    plans = list(_plans(document, Shower(filler, runs, folder), filler))
    filler.problems += check_cues(plans)
    if filler.problems:
        raise LessonError(document.path, filler.problems)
    tell("speaking")
    narration = narrate(
        [plan.narrated.words for plan in plans if plan.narrated is not None], silences(plans), voice, document.front.language,
        kept.folder(),
    )  # fmt: skip
    main = runs[""].run
    beats = timed(plans, _spoken(narration), narration.seconds)
    return Lesson(
        front=document.front, chapters=_chapters(document.chapters, titles, beats), events=_events(beats, main.updates),
        seconds=beats[-1].end, voice=narration.voice, sound=narration.mp3, silence=narration.silence,
        facts=filler.book.used(), runs=runs, text=document.text,
    )  # fmt: skip


def _plans(document: Document, shower: Shower, filler: Filler) -> Iterator[Plan]:
    """Beats in order: each ``say`` ends one; what is behind the last of a chapter is one of its own."""
    count = 0
    for number, chapter in enumerate(document.chapters):
        shown: list[Shown] = []
        first = True
        for block in chapter.blocks:
            if block.name != "say":
                shown.append(shower.show(block))
                continue
            count += 1
            pause = float(shower.option(block, "pause") or 0)
            yield Plan(f"beat-{count}", number, tuple(shown), filler.narration(block.prose), pause, first)
            shown, first = [], False
        if shown:
            count += 1
            yield Plan(f"beat-{count}", number, tuple(shown), None, 0.0, first)


def _chapters(chapters: Sequence[Chapter], titles: Sequence[Text], beats: Sequence[Timed]) -> tuple[Told, ...]:
    found = []
    for number, group in groupby(beats, key=lambda beat: beat.plan.chapter):
        own = list(group)
        told = tuple(Beat(b.plan.id, b.plan.shown, _said(b.plan.narrated), b.start, b.end) for b in own)
        found.append(Told(chapters[number].id, titles[number], told, own[0].start, own[-1].end))
    return tuple(found)


def _spoken(narration: Narration) -> list[tuple[float, float, tuple[float, ...]]]:
    """Each utterance: its first and its last second, and when its words begin."""
    both = zip(narration.starts, narration.spoken, strict=True)
    return [(start, start + one.seconds, tuple(round(start + word, 4) for word in one.starts)) for start, one in both]


def _said(narrated: Narrated | None) -> tuple[Passage, ...]:
    return () if narrated is None else narrated.passages


def _events(beats: Sequence[Timed], updates: int) -> tuple[Event, ...]:
    """All of them in the order of their starts; those of one time as they were written."""
    waiting = cued(beats)
    return tuple(sorted((event for beat in beats for event in events_of(beat, updates, waiting)), key=lambda event: event.start))
