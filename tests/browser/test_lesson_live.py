"""The live parts of a lesson: the run of the lesson with its bits, led by the lesson, until the reader takes over."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from browser.lessons import Lessons, opened_lesson  # noqa: F401
from browser.test_accessible import PICTURES, TOO_WIDE, violations
from learnloop.lesson.events import Ask, Set
from learnloop.lesson.model import Lesson
from lesson.sample import run, sample

Open = Callable[..., Lessons]
PARTS = ("try", "net", "time")
NO_ENGINE = "delete globalThis.WebAssembly;"
SMALL = """
() => [...document.querySelectorAll(".live *")].filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) && e.getClientRects().length && !e.closest(".hidden-text") && parseFloat(getComputedStyle(e).fontSize) < 12).map((e) => e.outerHTML.slice(0, 140))
"""
SHOWN = """
() => [...document.querySelectorAll(".block-live")].map((f) => [f.dataset.drawn, [...f.querySelectorAll(".neuron")].map((n) => `${n.className} ${n.getAttribute("aria-label")}`), [...f.querySelectorAll(".stage-links path")].map((p) => p.outerHTML), f.querySelector("[data-key]")?.dataset.key?.split(" ").slice(1).join(" ")])
"""


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    """The sample, which also tries another learning rate, a row and another neuron."""
    given = sample(sound=False)
    third = given.chapters[2].start
    more = (
        Set("learning-rate", 1.5, 1.5, third + 1, third + 1), Set("row", 7, 7, third + 2, third + 2),
        Set("update", 40, 600, third + 2.5, third + 4), Set("neuron", "dense_1:4", "dense_1:4", third + 5, third + 5),
        Set("learning-rate", 0.1, 0.1, third + 6, third + 6),
    )  # fmt: skip
    events = [event for event in given.events if not isinstance(event, Ask)]
    return replace(given, events=tuple(sorted((*events, *more), key=lambda event: event.start)))


def ready(hands: Lessons) -> Lessons:
    """Until all live parts run."""
    hands.seek(0.5)
    hands.page.locator("[data-block='try']").scroll_into_view_if_needed()
    for part in PARTS:
        hands.wait("data-same", "yes", inside=f"[data-block='{part}']")
    return hands


def test_they_end_with_the_bits_of_the_run(opened_lesson: Open, lesson: Lesson) -> None:  # noqa: F811
    hands = ready(opened_lesson(lesson))
    for part in PARTS:
        assert "same bits as the native run ✓" in hands.live(part).text_content()
    assert run().digest == lesson.runs[""].run.digest


def test_a_run_with_other_bits_is_said_to_be_one(opened_lesson: Open, tmp_path: Any, opened: Any) -> None:  # noqa: F811
    from lesson.pages import page_of

    wrong = page_of(sample(sound=False)).replace(run().digest.encode(), b"0" * 64)
    (tmp_path / "wrong.html").write_bytes(wrong)
    hands = Lessons(opened((tmp_path / "wrong.html").as_uri(), offline=True))
    hands.live("try").scroll_into_view_if_needed()
    hands.wait("data-same", "no", inside="[data-block='try']")
    assert "not the bits of the native run" in hands.live("try").inner_text()


def test_the_engine_waits_until_it_is_near(opened_lesson: Open, lesson: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(lesson, viewport={"width": 1000, "height": 400})
    hands.page.wait_for_timeout(600)
    assert hands.page.locator(".live").count() == 0
    assert hands.live("net").locator(".still").is_visible()
    hands.live("try").scroll_into_view_if_needed()
    hands.wait("data-same", "yes", inside="[data-block='net']")
    assert not hands.live("net").locator(".still").is_visible()


def test_the_lesson_leads(opened_lesson: Open, lesson: Lesson) -> None:  # noqa: F811
    hands = ready(opened_lesson(lesson))
    second, third = lesson.chapters[1].start, lesson.chapters[2].start
    change = next(event for event in lesson.events if isinstance(event, Set))
    assert change.start == second
    hands.seek((change.start + change.end) / 2)
    hands.drawn_at("net", "0.1, 300")
    hands.seek(third + 1.5)
    hands.drawn_at("net", "1.5, 600")
    assert "learning rate 1.5" in hands.live("net").inner_text()
    hands.seek(third + 4.5)
    hands.drawn_at("time", "1.5, 40")
    assert hands.live("net").locator(".neuron.chosen").get_attribute("data-unit") == "2"
    hands.seek(third + 7)
    hands.drawn_at("net", "0.1, 40")
    hands.true("() => document.querySelector(\"[data-block='net'] .neuron.chosen\")?.dataset.unit === '4'")
    assert "same bits" in hands.live("net").inner_text()
    hands.seek(second + 0.001)
    hands.drawn_at("net", "0.1, 0")


def settled(hands: Lessons) -> Any:
    """What the live parts show once they rest."""
    last: Any = None
    same = 0
    for _ in range(120):
        hands.page.wait_for_timeout(120)
        now = hands.page.evaluate(SHOWN)
        same = same + 1 if now == last else 0
        if same >= 5 and all(part[0] for part in now):  # parts that nobody sees are drawn a little later
            return now
        last = now
    raise AssertionError("the live parts do not come to rest")


def test_wherever_one_comes_from_it_looks_the_same(opened_lesson: Open, lesson: Lesson) -> None:  # noqa: F811
    hands = ready(opened_lesson(lesson))
    third = lesson.chapters[2].start
    chance = random.Random(7)
    times = [lesson.chapters[1].start + 2.2, third + 0.5, third + 1.2, third + 3.3, third + 4.8, third + 6.5]
    first = {}
    for time in times:
        hands.seek(time)
        first[time] = settled(hands)
    assert len({str(picture) for picture in first.values()}) == len(times)
    for time in chance.sample(times, len(times)):
        for _ in range(4):
            hands.seek(chance.uniform(0, lesson.seconds))  # somebody drags the slider
        hands.seek(time)
        for now, before in zip(settled(hands), first[time], strict=True):
            for one, other in zip(now, before, strict=True):
                assert one == other, time


def test_playing_comes_to_the_same(opened_lesson: Open, lesson: Lesson) -> None:  # noqa: F811
    hands = ready(opened_lesson(lesson))
    third = lesson.chapters[2].start
    hands.seek(third + 0.2)
    hands.page.get_by_label("Speed of the lesson").select_option("2")
    hands.play()
    hands.page.wait_for_function("(end) => Number(document.getElementById('ll-player').dataset.at) >= end", arg=third + 3.2, timeout=30_000)
    hands.play()
    stopped = hands.at()
    played = settled(hands)
    hands.seek(0)
    settled(hands)
    hands.seek(stopped)
    assert settled(hands) == played


def test_a_knob_makes_the_voice_wait_and_its_run_stays(opened_lesson: Open, lesson: Lesson) -> None:  # noqa: F811
    hands = ready(opened_lesson(lesson))
    hands.seek(lesson.chapters[1].start + 5)
    hands.play()
    hands.true("() => document.getElementById('ll-player').classList.contains('playing')")
    turn = "(input, to) => { input.value = to; input.dispatchEvent(new Event('input', { bubbles: true })); }"
    knob = hands.live("try").get_by_role("slider", name="learning rate")
    knob.evaluate(turn, "10")
    hands.true("() => !document.getElementById('ll-player').classList.contains('playing')")
    hands.true("() => !document.querySelector(\"[data-block='net']\").dataset.drawn.startsWith('0.1,')")
    assert "trained here with learning rate" in hands.live("net").text_content()
    hands.page.wait_for_timeout(300)
    back = hands.live("try").get_by_role("button", name="Back to the lesson's run")
    back.click()
    hands.drawn_at("try", "0.1, 600")
    assert "same bits" in hands.live("try").inner_text()
    assert not back.is_visible()
    knob.evaluate(turn, "12")
    hands.true("() => !document.querySelector(\"[data-block='net']\").dataset.drawn.startsWith('0.1,')")
    hands.play()
    hands.drawn_at("net", "0.1, 600")


def test_keys_in_a_live_part_move_the_run_and_not_the_lesson(opened_lesson: Open, lesson: Lesson) -> None:  # noqa: F811
    hands = ready(opened_lesson(lesson))
    hands.seek(lesson.seconds)
    settled(hands)
    at = hands.at()
    hands.live("time").get_by_role("slider", name="Update", exact=True).focus()
    hands.press("ArrowLeft", "ArrowLeft")
    hands.drawn_at("time", "0.1, 38")
    hands.press("Home")
    hands.drawn_at("net", "0.1, 0")
    assert hands.at() == at
    hands.live("net").get_by_role("button", name="Back to the lesson's run").click()
    hands.drawn_at("net", "0.1, 40")


def test_a_lesson_takes_nobody_s_focus(opened_lesson: Open, lesson: Lesson) -> None:  # noqa: F811
    neuron = replace(lesson, chapters=tuple(
        replace(told, beats=tuple(replace(beat, shown=tuple(replace(s, variant="neuron") if s.id == "net" else s for s in beat.shown)) for beat in told.beats)) for told in lesson.chapters
    ))  # fmt: skip
    hands = ready(opened_lesson(neuron))
    hands.position().focus()
    hands.seek(lesson.chapters[2].start + 1)
    hands.wait("data-kind", "neuron", inside="[data-block='net'] .card")
    hands.seek(lesson.chapters[2].start + 5.5)
    hands.wait("data-key", '"unit":4', inside="[data-block='net'] .card")
    assert hands.page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Position"
    assert "It adds up" in hands.live("net").inner_text()
    assert hands.live("net").locator("[data-ticks=true]").count() > 0
    hands.live("net").locator(".stage [data-layer='dense_1'][data-unit='1']").click()
    hands.wait("data-key", '"unit":1', inside="[data-block='net'] .card")
    hands.live("net").locator("button.pushed").first.click()
    hands.wait("data-kind", "weight", inside="[data-block='net'] .card")
    hands.true("() => document.activeElement.closest('.card') !== null")


def test_without_an_engine_the_pictures_stay(opened_lesson: Open, lesson: Lesson) -> None:  # noqa: F811
    for hands, why in (
        (opened_lesson(lesson, before=NO_ENGINE), "no WebAssembly"),
        (opened_lesson(lesson, computes=False), "the page was made without the run"),
    ):
        for part in PARTS:
            assert why in hands.live(part).inner_text()
            assert hands.live(part).locator(".still").is_visible()
        hands.seek(20)
        assert hands.page.locator(".live").count() == 0


LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "reduced_motion": "no-preference"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"color_scheme": "light", "viewport": {"width": 320, "height": 740}},
}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_live_parts(opened_lesson: Open, lesson: Lesson, look: str) -> None:  # noqa: F811
    hands = ready(opened_lesson(lesson, **LOOKS[look]))
    hands.seek(lesson.seconds)
    settled(hands)
    assert violations(hands.page) + hands.page.evaluate(PICTURES) + hands.page.evaluate(TOO_WIDE) + hands.page.evaluate(SMALL) == []
