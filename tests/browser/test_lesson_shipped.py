"""The lessons that come along, as people open them: from the disk, without a network, on a desk and on a phone, and to the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from browser.conftest import Opener
from browser.lessons import Lessons
from browser.test_accessible import PICTURES, TOO_WIDE, violations
from browser.test_lesson_live import SMALL
from browser.test_lesson_player import CUES, ONSETS, words
from learnloop.lesson import shipped
from learnloop.lesson.build import Built, build
from learnloop.lesson.events import Ask

LOOKS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 320, "height": 740}, "color_scheme": "dark"},
}
SAME = "() => [...document.querySelectorAll('.block-live')].every((part) => part.dataset.same === 'yes')"
HEARD = 12_000
"""Milliseconds of a lesson that are listened to."""


@pytest.fixture(scope="module", params=shipped.names())
def built(request: Any) -> tuple[str, Built]:
    return request.param, build(shipped.find(request.param), voice="none")


@pytest.mark.parametrize("look", LOOKS)
def test_all_of_it_lives_and_nothing_is_wrong(built: tuple[str, Built], opened: Opener, tmp_path: Any, look: str) -> None:
    name, lesson = built[0], built[1].lesson
    page = tmp_path / f"{name}.html"
    page.write_bytes(built[1].page(name))
    hands = Lessons(opened(page.as_uri(), offline=True, **LOOKS[look]))
    for part in hands.page.locator(".block-live").all():
        part.scroll_into_view_if_needed()
        hands.page.wait_for_timeout(150)
    hands.true(SAME)
    for time in (lesson.chapters[1].start + 3, lesson.seconds):
        hands.seek(time)
        hands.page.wait_for_timeout(800)
        assert hands.page.evaluate(TOO_WIDE) + hands.page.evaluate(SMALL) + hands.page.evaluate(PICTURES) == []
    assert violations(hands.page) == []


def test_the_voice_and_the_words_agree(opened: Opener, tmp_path: Any) -> None:
    """The beginning of the reference lesson, with its own voice; what is asked for would stop it."""
    made = build(shipped.find("how-neural-networks-work"), voice="espeak")
    lesson = replace(made.lesson, events=tuple(event for event in made.lesson.events if not isinstance(event, Ask)))
    page = tmp_path / "spoken.html"
    page.write_bytes(replace(made, lesson=lesson).page("spoken"))
    hands = Lessons(opened(page.as_uri(), offline=True))
    duration, _ = hands.page.evaluate(ONSETS)
    assert abs(duration - lesson.seconds) < 0.05
    assert max(event.start for event in lesson.events) < duration
    hands.page.evaluate(CUES)
    hands.play()
    hands.page.wait_for_timeout(HEARD)
    cues, heard = words(lesson), hands.page.evaluate("() => window.heard")
    assert len(heard) > 15
    late = sorted(at - cues[key] for key, at in heard)
    assert late[0] > -0.05 and late[len(late) // 2] < 0.08
