"""A lesson that plays: by keyboard alone, word by word, and wherever one goes it looks as if one had listened up to there."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from browser.lessons import RECORD, Lessons, opened_lesson  # noqa: F401
from browser.test_accessible import TOO_WIDE, violations
from learnloop.lesson.events import Ask, Say
from learnloop.lesson.model import Lesson
from lesson.sample import hostile, sample

Open = Callable[..., Lessons]

CUES = """
() => {
  window.heard = [];
  const audio = document.getElementById("ll-audio");
  let last = "";
  const frame = () => {
    const word = document.querySelector(".word.spoken");
    const key = word ? `${word.closest("[data-say]").dataset.say} ${word.dataset.word}` : "";
    if (key && key !== last) window.heard.push([key, audio ? audio.currentTime : Number(document.getElementById("ll-player").dataset.at)]);
    last = key;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
"""
ONSETS = """
async () => {
  const base64 = document.getElementById("ll-audio").src.split(",")[1];
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const sound = await new OfflineAudioContext(1, 44100, 44100).decodeAudioData(bytes.buffer);
  const samples = sound.getChannelData(0);
  const window = Math.round(0.01 * sound.sampleRate);
  const loud = Array.from({ length: Math.floor(samples.length / window) }, (_, k) => samples.subarray(k * window, (k + 1) * window).reduce((most, x) => Math.max(most, Math.abs(x)), 0) > 0.05);
  return [sound.duration, loud.flatMap((on, k) => (on && !loud[k - 1] ? [k * 0.01] : []))];
}
"""
"""How long the sound is, and when its tones begin."""


@pytest.fixture(scope="module")
def silent() -> Lesson:
    return sample(sound=False)


def words(lesson: Lesson) -> dict[str, float]:
    """When each word begins."""
    return {f"{event.beat} {k}": start for event in lesson.events if isinstance(event, Say) for k, start in enumerate(event.words)}


def without_asks(lesson: Lesson) -> Lesson:
    return replace(lesson, events=tuple(event for event in lesson.events if not isinstance(event, Ask)))


def test_everything_is_there_before_it_plays_and_after(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(silent)
    hidden = "() => [...document.querySelectorAll('[data-block], g[data-part]')].filter((e) => getComputedStyle(e).visibility !== 'visible').length"
    assert hands.page.evaluate(hidden) == 0
    hands.seek(1)
    assert hands.page.evaluate(hidden) > 5
    hands.page.get_by_role("button", name="Show everything").click()
    assert hands.page.evaluate(hidden) == 0
    hands.page.get_by_role("button", name="Show everything").click()
    assert hands.page.evaluate(hidden) > 5
    hands.seek(silent.seconds)
    assert hands.page.evaluate(hidden) == 0
    styled = "() => [...document.querySelectorAll('[style]:not([style=\"\"])')].filter((e) => !e.closest('.player, .live')).length"
    assert hands.page.evaluate(styled) == 0


def test_every_block_appears_inside_its_beat(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(silent)
    for beat in [beat for told in silent.chapters for beat in told.beats]:
        for shown in beat.shown:
            if beat.start > 0:
                hands.seek(beat.start - 0.01)
                assert not hands.visible(shown.id)
            hands.seek(beat.end)
            assert hands.visible(shown.id)


def test_going_to_a_time_looks_like_playing_to_it(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    lesson = without_asks(silent)
    hands = opened_lesson(lesson, computes=False, reduced_motion="no-preference")
    hands.page.get_by_label("Speed of the lesson").select_option("2")
    hands.page.evaluate(RECORD)
    hands.play()
    hands.page.wait_for_function("(end) => Number(document.getElementById('ll-player').dataset.at) >= end", arg=lesson.seconds, timeout=90_000)
    played = hands.page.evaluate("() => { window.enough = true; return window.played; }")
    played = [(float(at), picture) for at, picture in played if float(at) < lesson.seconds]
    assert len({picture for _, picture in played}) > 40
    chosen = random.Random(18).sample(played[1:], min(100, len(played) - 1))
    assert len(chosen) >= 60
    for at, picture in chosen:
        hands.seek(at)
        assert json.loads(hands.picture()) == json.loads(picture), at


def test_strokes_are_drawn_in_order_and_at_once_where_nothing_may_move(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    part = "document.querySelector(\"[data-block='loop'] svg.wide g[data-part='network']\")"
    offsets = f"() => [...{part}.querySelectorAll('path')].map((p) => [getComputedStyle(p).visibility, p.style.strokeDashoffset])"
    start, end = next((e.start, e.end) for e in silent.events if getattr(e, "target", "") == "loop.network")
    hands = opened_lesson(silent, reduced_motion="no-preference")
    hands.seek(start + (end - start) / 6)
    (first, second) = hands.page.evaluate(offsets)
    assert first[0] == "visible" and float(first[1]) == pytest.approx(0.5, abs=0.01)
    assert second[0] == "hidden"
    hands.page.emulate_media(reduced_motion="reduce")
    hands.seek(start + (end - start) / 5)
    assert hands.page.evaluate(offsets) == [["visible", ""], ["visible", ""]]


def test_words_are_marked_on_their_cue_in_silence(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(without_asks(silent), computes=False)
    hands.page.evaluate(CUES)
    hands.play()
    hands.page.wait_for_timeout(6000)
    hands.play()
    cues, heard = words(silent), hands.page.evaluate("() => window.heard")
    assert len(heard) > 8
    late = sorted(at - cues[key] for key, at in heard)
    assert late[0] >= 0
    assert late[len(late) // 2] < 0.08


def test_words_are_marked_on_their_cue_with_the_sound(opened_lesson: Open) -> None:  # noqa: F811
    lesson = without_asks(sample())
    hands = opened_lesson(lesson, computes=False)
    duration, onsets = hands.page.evaluate(ONSETS)
    assert abs(duration - lesson.seconds) < 0.05
    cues = words(lesson)
    for (key, cue), onset in zip(cues.items(), onsets, strict=True):
        assert abs(onset - cue) < 0.08, key  # tones swell: they are heard a little later
    hands.page.evaluate(CUES)
    hands.play()
    hands.page.wait_for_timeout(6000)
    assert hands.playing()
    hands.play()
    heard = hands.page.evaluate("() => window.heard")
    assert len(heard) > 8
    late = sorted(abs(at - cues[key]) for key, at in heard)
    assert late[len(late) // 2] < 0.08
    hands.seek(lesson.seconds - 0.4)
    hands.play()
    hands.page.wait_for_function("(end) => Number(document.getElementById('ll-player').dataset.at) >= end", arg=lesson.seconds - 0.002)
    hands.true("() => !document.getElementById('ll-player').classList.contains('playing')")
    assert hands.at() == pytest.approx(lesson.seconds, abs=0.002)


def test_there_is_no_sound_before_a_click_and_no_second_set_of_controls(opened_lesson: Open) -> None:  # noqa: F811
    hands = opened_lesson(sample(), computes=False)
    audio = hands.page.locator("#ll-audio")
    assert audio.evaluate("(a) => [a.paused, a.controls, a.currentTime]") == [True, False, 0]
    hands.play()
    hands.true("() => document.getElementById('ll-audio').currentTime > 0.1")
    hands.page.get_by_label("Speed of the lesson").select_option("1.5")
    assert audio.evaluate("(a) => a.playbackRate") == 1.5
    hands.play()
    assert audio.evaluate("(a) => a.paused")


def test_a_sound_that_cannot_be_played_is_said_to_be(opened_lesson: Open) -> None:  # noqa: F811
    lesson = replace(without_asks(sample()), sound=b"this is no sound at all")
    hands = opened_lesson(lesson, computes=False, expected=("media", "MEDIA", "data:audio"))
    hands.play()
    hands.page.get_by_text("the words go on in silence").first.wait_for()
    hands.true("() => Number(document.getElementById('ll-player').dataset.at) > 0.5")
    assert hands.playing()


def test_the_keyboard_alone_is_enough(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(without_asks(silent), computes=False)
    hands.press(" ")
    hands.true("() => document.getElementById('ll-player').classList.contains('playing')")
    hands.press("k")
    hands.true("() => !document.getElementById('ll-player').classList.contains('playing')")
    hands.press("Home")
    assert hands.at() == 0
    hands.press("ArrowRight", "ArrowRight")
    assert hands.at() == 10
    hands.press("ArrowLeft")
    assert hands.at() == 5
    hands.press("Shift+ArrowRight")
    assert hands.at() == silent.chapters[1].start
    assert "Chapter 2" in hands.said()
    hands.press("Shift+ArrowLeft")
    assert hands.at() == 0
    hands.press("Shift+>")
    assert hands.page.get_by_label("Speed of the lesson").input_value() == "1.25"
    hands.seek(1)
    assert hands.page.locator(".player-caption").is_visible()
    hands.page.evaluate("() => document.activeElement.blur()")
    hands.press("c")
    assert not hands.page.locator(".player-caption").is_visible()
    hands.press("End")
    assert hands.at() == pytest.approx(silent.seconds)


def test_every_control_is_reached_and_named(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(silent, computes=False)
    names, rings = [], []
    for _ in range(80):
        hands.press("Tab")
        name, ring, inside = hands.page.evaluate(
            "() => { const e = document.activeElement; const s = getComputedStyle(e); return [e.getAttribute('aria-label') ?? e.textContent, s.outlineStyle !== 'none', Boolean(e.closest('#ll-player'))]; }"
        )
        rings.append(ring)
        if inside:
            names.append(name)
        if inside and "Show everything" in name:
            break
    assert names == ["Back 10 seconds", "Play (Space)", "On 10 seconds", "Position", "Previous chapter (Shift ←)", "Chapter", "Next chapter (Shift →)", "Speed of the lesson", "Captions", "Show everything"]
    assert all(rings)
    hands.position().focus()
    hands.press("ArrowRight")
    assert hands.at() == 5
    assert hands.position().get_attribute("aria-valuetext") == "0:05 of 0:31, chapter 1"
    hands.press("PageUp", "Home")
    assert hands.at() == 0


def test_words_lead_to_their_place(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(silent, computes=False)
    cues = words(silent)
    hands.page.locator("[data-say='beat-2'] [data-word='3']").click()
    assert hands.at() == cues["beat-2 3"]
    assert not hands.playing()
    assert hands.page.locator(".word.spoken").count() == 1
    hands.page.get_by_role("button", name="Play from here").nth(2).press("Enter")
    hands.true("() => document.getElementById('ll-player').classList.contains('playing')")
    assert hands.at() >= cues["beat-3 0"]


def test_the_voice_waits_for_the_reader(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    ask = next(event for event in silent.events if isinstance(event, Ask))
    hands = opened_lesson(silent, computes=False)
    hands.seek(ask.start - 0.5)
    hands.play()
    hands.page.get_by_text("The voice waits for you.").wait_for()
    assert (hands.at(), hands.playing()) == (pytest.approx(ask.start, abs=0.002), False)
    assert not hands.visible("fell")  # what comes behind it
    assert ask.text in hands.said()
    assert "Your turn" in hands.player().inner_text()
    hands.live("try").get_by_role("button", name="Continue").click()
    hands.true("() => document.getElementById('ll-player').classList.contains('playing')")
    assert hands.page.get_by_text("The voice waits for you.").count() == 0
    hands.seek(ask.start + 0.2)
    hands.page.wait_for_timeout(300)
    assert hands.playing()


def test_whoever_does_something_else_makes_the_voice_wait(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(without_asks(silent), computes=False)
    hands.seek(silent.seconds - 3)
    hands.play()
    hands.page.get_by_label("It rose.").check()
    hands.true("() => !document.getElementById('ll-player').classList.contains('playing')")
    hands.play()
    hands.page.locator("[data-say='beat-1'] p").select_text()
    hands.true("() => !document.getElementById('ll-player').classList.contains('playing')")
    assert hands.said() == "Paused."


def test_questions_are_judged_by_the_run(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(silent, computes=False)
    choice, number = hands.live("fell"), hands.live("end")
    assert not choice.locator("details").is_visible()
    choice.get_by_role("button", name="Check").click()
    assert "Choose an answer first" in choice.inner_text()
    choice.get_by_label("It rose.").check()
    choice.get_by_role("button", name="Check").click()
    assert "Try again" in choice.inner_text()
    assert choice.locator("details").is_visible()
    choice.get_by_label("It fell.").check()
    assert "Try again" not in choice.inner_text()
    choice.get_by_role("button", name="Check").click()
    assert choice.get_attribute("data-verdict") == "right"
    number.get_by_role("spinbutton").fill("7")
    number.get_by_role("spinbutton").press("Enter")
    assert "too large" in number.inner_text()
    value = number.locator("details p").text_content()
    number.get_by_role("spinbutton").fill(value)
    number.get_by_role("spinbutton").press("Enter")
    assert f"it is {value}" in number.inner_text()


def test_the_page_scrolls_along_until_the_reader_does(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(without_asks(silent), computes=False, viewport={"width": 390, "height": 700})
    beats = [beat for told in silent.chapters for beat in told.beats]
    place = "(id) => { const { top, bottom } = document.querySelector(`[data-beat='${id}']`).getBoundingClientRect(); return bottom > 0 && top < innerHeight - 150; }"
    hands.seek(beats[5].start - 0.3)
    hands.play()
    hands.true(place, beats[5].id)
    hands.page.mouse.move(100, 200)
    hands.page.mouse.wheel(0, -3000)
    follow = hands.page.get_by_role("button", name="Follow along")
    hands.page.get_by_role("button", name="Options").click()
    follow.wait_for()
    follow.click()
    hands.true("() => document.querySelector('.player-follow').hidden")
    hands.true("() => { const beat = document.querySelector('.word.spoken')?.closest('[data-beat]')?.getBoundingClientRect(); return !beat || (beat.bottom > 0 && beat.top < innerHeight); }")


def test_what_is_pointed_at_has_a_ring_that_moves_nothing(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    start, end = next((e.start, e.end) for e in silent.events if e.kind == "point")
    hands = opened_lesson(silent, computes=False, forced_colors="active")
    height = "() => document.documentElement.scrollHeight"
    hands.seek(start - 0.01)
    before = hands.page.evaluate(height)
    hands.seek((start + end) / 2)
    ring = hands.page.locator(".halo")
    assert ring.count() == 1
    assert hands.page.evaluate(height) == before
    assert ring.evaluate("(r) => { const s = getComputedStyle(r); return s.stroke !== 'none' && parseFloat(s.strokeWidth) >= 2 && r.getBoundingClientRect().width > 50; }")
    hands.seek(end)
    assert ring.count() == 0


def test_a_file_on_a_disk_says_that_it_has_no_address(opened_lesson: Open) -> None:  # noqa: F811
    hands = opened_lesson(sample(sound=False), computes=False)
    share = hands.page.locator("#ll-share")
    assert share.get_by_role("button", name="Copy the name of this file").is_visible()
    assert not share.get_by_role("button", name="Copy the link").count()
    published = opened_lesson(sample(sound=False, base_url="https://example.org/lessons/"), computes=False)
    published.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    published.page.locator("#ll-share").get_by_role("button", name="Copy the link").click()
    published.page.get_by_role("button", name="Copied").wait_for()
    assert published.page.evaluate("() => navigator.clipboard.readText()").startswith("https://example.org/lessons/")


def test_a_browser_that_does_not_copy_marks_the_text(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    refuse = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
    hands = opened_lesson(silent, before=refuse)
    more = hands.page.locator("#ll-more")
    more.get_by_role("button", name="Copy the command").first.click()
    assert "Ctrl+C" in more.inner_text()
    assert hands.page.evaluate("() => getSelection().toString()").startswith("learnloop lesson open")


def test_the_colours_can_be_chosen(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(silent, computes=False, color_scheme="dark")
    assert hands.page.evaluate("document.documentElement.dataset.theme") == "dark"
    hands.page.get_by_role("button", name="Light colours").click()
    assert hands.page.evaluate("document.documentElement.dataset.theme") == "light"


def test_hostile_text_stays_text(opened_lesson: Open) -> None:  # noqa: F811
    hands = opened_lesson(hostile())
    for at in (0.5, 9, 18, 27, 40):
        hands.seek(at)
    hands.page.wait_for_timeout(1500)
    assert hands.page.evaluate("() => window.hacked") is None
    assert hands.page.locator("img[onerror], [onload], [onclick]").count() == 0


def test_a_part_that_fails_leaves_the_others(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    broken = "document.addEventListener('DOMContentLoaded', () => document.getElementById('ll-player').remove(), true);"
    hands = opened_lesson(silent, computes=False, before=broken, expected=("TypeError", "console"))
    assert hands.page.get_by_role("heading", level=1).is_visible()
    hands.live("fell").get_by_role("button", name="Check").click()
    assert "Choose an answer first" in hands.live("fell").inner_text()


LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "reduced_motion": "no-preference"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"color_scheme": "light", "viewport": {"width": 320, "height": 740}, "has_touch": True},
}
SMALL = """
() => [...document.querySelectorAll("#ll-player *, .your-turn *, .from-here, .check-row *, .copy, .live-foot *")].filter((e) => e.textContent.trim() && e.getClientRects().length && parseFloat(getComputedStyle(e).fontSize) < 12).map((e) => e.outerHTML.slice(0, 120))
"""
TARGETS = """
(least) => [...document.querySelectorAll("#ll-player button, #ll-player select, #ll-player input, .from-here, .copy, .your-turn button, .check-row button")].filter((e) => e.getClientRects().length).filter((e) => { const { width, height } = e.getBoundingClientRect(); return width < least || height < least; }).map((e) => e.outerHTML.slice(0, 120))
"""


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(opened_lesson: Open, silent: Lesson, look: str) -> None:  # noqa: F811
    hands = opened_lesson(silent, computes=False, **LOOKS[look])
    ask = next(event for event in silent.events if isinstance(event, Ask))
    found = {}
    for name, go in {"at rest": None, "a word": 4.0, "a point": 5.0, "asked": ask.start - 0.2}.items():
        if go is not None:
            hands.seek(go)
        if name == "asked":
            hands.play()
            hands.page.get_by_text("The voice waits for you.").wait_for()
            if look == "narrow":
                hands.page.get_by_role("button", name="Options").click()
        found[name] = violations(hands.page) + hands.page.evaluate(TOO_WIDE) + hands.page.evaluate(SMALL) + hands.page.evaluate(TARGETS, 24)
    assert {name: what for name, what in found.items() if what} == {}


def test_fingers_have_room(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(silent, computes=False, viewport={"width": 320, "height": 740}, has_touch=True, is_mobile=True)
    hands.page.get_by_role("button", name="Options").click()
    assert hands.page.evaluate("() => matchMedia('(pointer: coarse)').matches")
    assert hands.page.evaluate(TARGETS, 43.5) == []
    assert hands.page.evaluate(SMALL) == []


def test_one_region_is_spoken_and_never_word_by_word(opened_lesson: Open, silent: Lesson) -> None:  # noqa: F811
    hands = opened_lesson(without_asks(silent), computes=False)
    assert hands.page.locator("[aria-live]").count() == 1
    said = []
    hands.play()
    for _ in itertools.repeat(None, 10):
        hands.page.wait_for_timeout(120)
        said.append(hands.said())
    assert set(said) == {"Chapter 1: The learning loop"}


