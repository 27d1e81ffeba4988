"""When what happens: cues on words, parts that wait, and cues that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from learnloop.lesson.build import build
from learnloop.lesson.document.reader import read
from learnloop.lesson.events import Ask, Draw, Pause, Point, Say
from learnloop.lesson.events import Set as Change
from learnloop.lesson.model import Lesson
from learnloop.lesson.problems import LessonError

HEAD = "---\ntitle: Small\n---\n\n:::{run} xor\n:hidden: 2\n:epochs: 2\n:rows: 40\n:::\n\n# One\n\n"
LOOP = ":::{diagram} learning-loop\n:id: loop\n:::\n\n"


def lesson_of(text: str) -> Lesson:
    return build(read(HEAD + text, "small.md"), voice="none").lesson


def problems_of(text: str) -> list[str]:
    with pytest.raises(LessonError) as caught:
        lesson_of(text)
    return list(caught.value.problems)


def say(text: str) -> str:
    return f":::{{say}}\n{text}\n:::\n\n"


def draws(lesson: Lesson) -> dict[str, Draw]:
    return {event.target: event for event in lesson.events if isinstance(event, Draw)}


def test_a_block_without_a_cue_is_drawn_when_its_beat_begins() -> None:
    lesson = lesson_of(say("First of all.") + LOOP + say("Then the loop."))
    assert draws(lesson)["loop"].start == lesson.chapters[0].beats[1].start


def test_a_part_is_drawn_on_its_word_and_what_hangs_on_it_with_it() -> None:
    lesson = lesson_of(LOOP + say("The data go in, then [the loss comes](draw:loop.loss)."))
    (words,) = (event.words for event in lesson.events if isinstance(event, Say))
    found = draws(lesson)
    assert found["loop.loss"].start == words[5]  # "the"
    assert found["loop.data"].start == lesson.chapters[0].beats[0].start
    assert all(event.end <= lesson.seconds for event in found.values())


def test_a_part_may_wait_for_a_later_beat() -> None:
    lesson = lesson_of(LOOP + say("Here is a loop.") + say("And [this is its loss](draw:loop.loss)."))
    second = lesson.chapters[0].beats[1]
    assert second.start < draws(lesson)["loop.loss"].start < second.end
    assert draws(lesson)["loop.data"].start == 0


def test_pointers_pauses_and_sets() -> None:
    text = LOOP + ":::{say}\n:pause: 2\n\n[Look here](point:loop.loss). [It runs](set:update=0..last) and runs. Done.\n:::\n"
    lesson = lesson_of(text)
    point = next(event for event in lesson.events if isinstance(event, Point))
    change = next(event for event in lesson.events if isinstance(event, Change))
    pause = next(event for event in lesson.events if isinstance(event, Pause))
    spoken = next(event for event in lesson.events if isinstance(event, Say))
    assert point.start == spoken.words[0] and point.end >= spoken.words[2]
    assert (change.before, change.value) == (0, lesson.runs[""].run.updates) and change.start == spoken.words[2]
    assert change.end >= min(spoken.words[6], change.start + 1.5)
    assert pause.start == spoken.end and pause.end - pause.start >= 2


def test_a_question_waits_at_the_end_of_its_beat() -> None:
    question = ":::{check}\nDid it fall?\n\n- Yes. {? loss.end <= loss.start}\n- No. {? loss.end > loss.start}\n:::\n\n"
    lesson = lesson_of(say("A loss.") + question)
    (ask,) = (event for event in lesson.events if isinstance(event, Ask))
    last = lesson.chapters[0].beats[-1]
    assert last.start < ask.start < last.end <= lesson.seconds


def test_a_part_that_there_is_not() -> None:
    (problem,) = problems_of(LOOP + say("A [word](draw:loop.los)."))
    assert problem.startswith("small.md:18:3: unknown part of loop 'los'. Did you mean 'loss'")


def test_a_block_that_comes_later_and_one_that_is_drawn_already() -> None:
    assert "comes later" in problems_of(say("A [word](point:loop).") + LOOP + say("There."))[0]
    assert "earlier beat" in problems_of(LOOP + say("There.") + say("A [word](draw:loop)."))[0]


def test_a_block_without_parts_has_none() -> None:
    note = ":::{note} Idea\n:id: idea\n\nA thought.\n:::\n\n"
    assert "Fix: point:idea" in problems_of(note + say("A [word](point:idea.part)."))[0]


def test_answers_that_are_all_wrong_or_all_right() -> None:
    for condition, count in (("loss.end > loss.end", 0), ("loss.end == loss.end", 2)):
        text = f":::{{check}}\nWell?\n\n- Yes. {{? {condition}}}\n- No. {{? {condition}}}\n:::\n\n"
        assert f"{count} of the 2 answers are right" in problems_of(say("Hm.") + text)[0]


def test_all_problems_are_told_at_once_each_at_its_place() -> None:
    found = problems_of(LOOP + say("A {loss.strat} and\na {nothing.here}, and [this](draw:loop.nowhere)."))
    assert len(found) == 3 and [problem.split(": ")[0] for problem in found] == ["small.md:18:3", "small.md:19:3", "small.md:19:23"]


def test_a_picture_that_is_not_there(tmp_path: Path) -> None:
    for name in ("missing.png", "../outside.png", "/etc/passwd"):
        text = HEAD + f":::{{illustration}} {name}\n:alt: A picture.\n:::\n\n" + say("Look.")
        (tmp_path / "lesson.md").write_text(text)
        with pytest.raises(LessonError, match=r"lesson\.md:13:1: there is no file"):
            build(tmp_path / "lesson.md", voice="none")
