"""The article of a lesson: readable by everybody, with and without JavaScript, on small screens and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Opener
from browser.test_accessible import PICTURES, TOO_WIDE, violations
from lesson.pages import saved
from lesson.sample import ATTACK, hostile, sample

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "reduced_motion": "no-preference"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "narrow": {"viewport": {"width": 320, "height": 800}},
    "narrow and dark": {"viewport": {"width": 320, "height": 800}, "color_scheme": "dark"},
    "wide": {"viewport": {"width": 1600, "height": 900}},
}
BARE = {"wait": False, "java_script_enabled": False}
"""Without scripts; what the test asks is then answered by the tool, not by the page."""
SMALL = """
() => [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).filter((e) => {
  const svg = e.closest("svg");
  const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
  return parseFloat(getComputedStyle(e).fontSize) * scale < 12;
}).map((e) => e.outerHTML.slice(0, 120))
"""
SMALL_TARGETS = """
() => [...document.querySelectorAll("main :is(button, summary, input, select), #ll-chapters a, .share-links a")].filter((e) => e.checkVisibility()).filter((e) => {
  const box = (e.matches("input") && e.closest("label") || e).getBoundingClientRect();
  return box.width < 24 || box.height < 24;
}).map((e) => e.outerHTML.slice(0, 120))
"""
HIDDEN = """
() => [...document.querySelectorAll("[data-block], [data-say], .word, figcaption")].filter((e) => e.childNodes.length && !e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })).map((e) => e.outerHTML.slice(0, 120))
"""
SHOWN = "() => [...document.querySelectorAll('.block .drawing:has(> svg)')].filter((e) => e.checkVisibility()).map((e) => [...e.children].filter((svg) => getComputedStyle(svg).display !== 'none').map((svg) => [svg.classList.contains('wide') ? 'wide' : 'narrow', svg.getBoundingClientRect().width / svg.viewBox.baseVal.width]))"
REPORTS = "window.reports = []; document.addEventListener('securitypolicyviolation', (e) => window.reports.push(e.violatedDirective + ' ' + e.blockedURI));"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return saved(sample(), tmp_path_factory.mktemp("lesson"))


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(opened: Opener, file: str, look: str) -> None:
    page = opened(file, offline=True, **LOOKS[look])
    assert violations(page) == []
    assert page.evaluate(PICTURES) == []
    assert page.evaluate(TOO_WIDE) == []


def test_axe_finds_nothing_in_a_page_with_an_address_and_no_sound(opened: Opener, tmp_path: Path) -> None:
    page = opened(saved(sample(sound=False, base_url="https://example.org/lessons"), tmp_path), offline=True)
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1600])
def test_text_is_large_enough_and_nothing_is_cut(opened: Opener, file: str, width: int) -> None:
    page = opened(file, offline=True, viewport={"width": width, "height": 800})
    assert page.evaluate(SMALL) == []
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize(("width", "expected"), [(320, "narrow"), (390, "narrow"), (768, "wide"), (1280, "wide"), (1500, "wide")])
def test_the_drawing_that_fits_is_shown(opened: Opener, file: str, width: int, expected: str) -> None:
    page = opened(file, offline=True, viewport={"width": width, "height": 800}, **BARE)
    shown = page.evaluate(SHOWN)
    assert len(shown) == 5 and all(len(one) == 1 for one in shown)
    for ((which, scale),) in shown:
        assert which == expected
        assert scale >= 1


@pytest.mark.parametrize("width", [320, 1280])
def test_without_javascript_it_is_an_article(opened: Opener, file: str, width: int) -> None:
    page = opened(file, offline=True, viewport={"width": width, "height": 800}, **BARE)
    assert page.evaluate(HIDDEN) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate(TOO_WIDE) == []
    text = page.locator("body").inner_text()
    for said in ("At first the loss is", "Answer, compare, change", "y hat is f of x", "What did the loss do?", "Here the run itself can be moved", "lesson open moons.html"):
        assert said in text
    audio = page.locator("audio")
    assert audio.is_visible() and audio.evaluate("audio => audio.controls && audio.duration > 30")
    page.locator("details").first.locator("summary").click()
    assert page.get_by_text("It fell.").last.is_visible()


def test_without_javascript_enter_does_not_leave_the_page(opened: Opener, file: str) -> None:
    page = opened(file, offline=True, **BARE)
    page.locator(".check-number").fill("3")
    page.locator(".check-number").press("Enter")
    page.wait_for_timeout(100)
    assert page.url == file and page.locator(".check-number").input_value() == "3"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_javascript_the_colours_are_those_of_the_system(opened: Opener, file: str, scheme: str) -> None:
    bare = opened(file, offline=True, color_scheme=scheme, **BARE)
    page = opened(file, offline=True, color_scheme=scheme)
    names = "() => ['--page', '--panel', '--text', '--quiet', '--accent', '--line', '--accent-soft', '--soft', '--idea', '--careful', '--draw-ink', '--draw-paper'].map((name) => [name, getComputedStyle(document.documentElement).getPropertyValue(name)])"
    assert bare.evaluate(names) == page.evaluate(names)


def test_the_policy_has_nothing_to_report(opened: Opener, file: str) -> None:
    """The console would say it, too; JSON-LD, the SVG file with its own style, and the sound are what could offend."""
    page = opened(file, offline=True, before=REPORTS)
    page.evaluate("() => document.querySelector('audio').load()")
    page.wait_for_function("() => document.querySelector('audio').readyState > 0 && [...document.images].every((image) => image.naturalWidth > 0)")
    assert page.evaluate("() => window.reports") == []
    assert page.watch.hosts <= {""}


def test_a_hostile_lesson_is_text(opened: Opener, tmp_path: Path) -> None:
    for more in ({}, BARE):
        page = opened(saved(hostile(), tmp_path), offline=True, **more)
        page.wait_for_timeout(200)
        assert page.evaluate("() => [window.hacked, document.querySelectorAll('[onerror], [onload], [onclick], main script, iframe').length]") == [None, 0]
        assert ATTACK in page.locator("h1").inner_text()
        assert page.evaluate(TOO_WIDE) == []


def test_a_hostile_lesson_is_readable_on_a_phone(opened: Opener, tmp_path: Path) -> None:
    page = opened(saved(hostile(), tmp_path), offline=True, viewport={"width": 320, "height": 800})
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(SMALL) == []


def test_links_between_chapters_lead_there(opened: Opener, file: str) -> None:
    page = opened(file, offline=True)
    page.locator("#ll-chapters a", has_text="The anatomy of a neuron").click()
    page.wait_for_function("() => { const top = document.getElementById('the-anatomy-of-a-neuron').getBoundingClientRect().top; return top > -5 && top < 200; }")
    assert page.url.endswith("#the-anatomy-of-a-neuron")


def test_the_first_tab_skips_to_the_lesson(opened: Opener, file: str) -> None:
    page = opened(file, offline=True)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the lesson" and skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#ll-main")


@pytest.mark.parametrize("more", [{}, BARE], ids=["scripts", "bare"])
def test_on_paper_a_dark_page_is_light(opened: Opener, file: str, more: dict[str, Any]) -> None:
    page = opened(file, offline=True, color_scheme="dark", **more)
    page.emulate_media(media="print", color_scheme="dark")
    names = "() => ['--page', '--panel', '--soft', '--text', '--idea', '--draw-paper', '--draw-ink'].map((name) => getComputedStyle(document.documentElement).getPropertyValue(name))"
    assert page.evaluate(names) == ["#ffffff", "#ffffff", "#f1f2f3", "#000000", "#0b4f86", "#ffffff", "#000000"]
    assert all(answer.is_visible() for answer in page.locator(".check-answer p").all())


def test_on_paper_everything_is_drawn_and_nothing_plays(opened: Opener, file: str) -> None:
    page = opened(file, offline=True)
    page.evaluate("() => { for (const e of document.querySelectorAll('[data-block], [data-part], .ink')) { e.style.visibility = 'hidden'; e.style.strokeDashoffset = '1'; e.style.opacity = '0'; } }")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(HIDDEN) == []
    assert page.evaluate("() => [...document.querySelectorAll('.block > .drawing .ink')].every((e) => getComputedStyle(e).strokeDashoffset === '0px')")
    assert not page.locator("#ll-player").is_visible() and not page.locator("audio").is_visible()
    assert page.evaluate("() => getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    written = page.evaluate("() => getComputedStyle(document.querySelector('.say a[href^=http]'), '::after').content")
    assert "https://example.org/a?b=1&c=2" in written
    assert page.evaluate("() => getComputedStyle(document.querySelector('.chapter + .chapter')).breakBefore") == "page"
