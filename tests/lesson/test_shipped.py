"""The lessons that come along, built as people build them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from learnloop.lesson import shipped
from learnloop.lesson.build import Built, build
from learnloop.lesson.events import Draw, Point, Say
from learnloop.lesson.events import Set as Change

NAMES = ("how-neural-networks-work", "reading-digits", "the-maths-of-one-update")
MOST = {"how-neural-networks-work": 1_500_000}
"""Bytes of a page with sound."""


@pytest.fixture(scope="module", params=NAMES)
def built(request: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Built]:
    return request.param, build(shipped.find(request.param), voice="espeak")


def test_there_are_these_three() -> None:
    assert sorted(shipped.names()) == sorted(NAMES)


def test_the_same_bytes_whatever_was_kept(built: tuple[str, Built], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Again, with nothing in the caches: programs are compiled, and words are spoken anew."""
    name, first = built
    monkeypatch.setenv("LEARNLOOP_CACHE", str(tmp_path / "empty"))
    page = first.page(name)
    assert build(shipped.find(name), voice="espeak").page(name) == page
    assert len(page) < MOST.get(name, 2_000_000)


def test_it_is_heard(built: tuple[str, Built]) -> None:
    lesson = built[1].lesson
    assert lesson.voice == "espeak-ng" and lesson.silence == ""
    assert lesson.sound is not None and len(lesson.sound) > 4000 * lesson.seconds
    assert 45 < lesson.seconds < 150


def test_nothing_happens_outside_of_its_beat(built: tuple[str, Built]) -> None:
    lesson = built[1].lesson
    beats = {beat.id: beat for chapter in lesson.chapters for beat in chapter.beats}
    home = {shown.id: beat for beat in beats.values() for shown in beat.shown}
    ends = [beat.end for beat in beats.values()]
    assert ends == sorted(ends) and abs(ends[-1] - lesson.seconds) < 1e-9
    for event in lesson.events:
        assert 0 <= event.start <= getattr(event, "end", event.start) <= lesson.seconds
        if isinstance(event, Say):
            assert beats[event.beat].start <= event.start and event.end <= beats[event.beat].end + 1e-9
        if isinstance(event, Draw):
            beat = home[event.target.split(".")[0]]
            assert beat.start <= event.start and event.end <= beat.end + 1e-9, event
    assert any(isinstance(event, Draw) and "." in event.target for event in lesson.events)


def test_every_block_is_drawn(built: tuple[str, Built]) -> None:
    lesson = built[1].lesson
    drawn = {event.target for event in lesson.events if isinstance(event, Draw)}
    for shown in (shown for chapter in lesson.chapters for beat in chapter.beats for shown in beat.shown):
        parts = {f"{shown.id}.{part.name}" for part in shown.sketch[0].parts} if shown.sketch else set()
        assert shown.id in drawn
        assert not (drawn & parts) or parts <= drawn  # where some parts wait for a cue, none is forgotten


def test_a_spoken_number_is_a_fact(built: tuple[str, Built]) -> None:
    lesson = built[1].lesson
    known = {fact["id"]: fact["text"] for fact in lesson.facts}
    said = [piece for chapter in lesson.chapters for beat in chapter.beats for passage in beat.said for line in passage.lines for piece in line]
    for piece in said:
        assert piece.fact is None or piece.text == known[piece.fact]
        assert piece.fact is not None or not re.search(r"\d", piece.text), piece.text
    assert any(piece.fact for piece in said)


def test_without_a_voice_all_of_it_is_there(built: tuple[str, Built]) -> None:
    name, heard = built
    silent = build(shipped.find(name), voice="none").lesson
    assert silent.sound is None and silent.voice == "silent" and silent.silence
    kinds = [[(type(event), getattr(event, "target", "")) for event in sorted(lesson.events, key=str)] for lesson in (silent, heard.lesson)]
    assert sorted(map(str, kinds[0])) == sorted(map(str, kinds[1]))
    assert 0.5 < silent.seconds / heard.lesson.seconds < 2


def test_what_is_pointed_at_and_set_is_of_the_run(built: tuple[str, Built]) -> None:
    lesson = built[1].lesson
    updates = lesson.runs[""].run.updates
    for event in lesson.events:
        if isinstance(event, Change) and event.name == "update":
            assert 0 <= event.before <= updates and 0 <= event.value <= updates
        if isinstance(event, Point):
            assert event.start < event.end
