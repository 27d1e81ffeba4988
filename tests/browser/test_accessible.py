"""For everyone: axe, names of pictures, narrow screens, and the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest

from browser.conftest import Opener, Served, serving
from browser.hands import Hands
from browser.tools import axe

LOOKS = {
    "light": {"color_scheme": "light", "reduced_motion": "no-preference"},
    "dark": {"color_scheme": "dark", "reduced_motion": "no-preference"},
    "reduced motion": {"color_scheme": "dark", "reduced_motion": "reduce"},
    "narrow": {"color_scheme": "light", "viewport": {"width": 320, "height": 800}},
}
VIEWS = ["first picture", "Confusion", "Mistakes", "a phase", "neuron card", "weight card", "two runs", "share", "data"]
PICTURES = """
() => [...document.querySelectorAll("svg")].filter((svg) => !svg.closest("[aria-hidden=true]")).filter((svg) => {
  const [title, desc] = [svg.querySelector(":scope > title"), svg.querySelector(":scope > desc")];
  const named = (svg.getAttribute("aria-labelledby") ?? "").split(" ");
  return svg.getAttribute("role") !== "img" || !title?.textContent || !desc?.textContent || !named.includes(title.id) || !named.includes(desc.id);
}).map((svg) => svg.outerHTML.slice(0, 200))
"""
TOO_WIDE = """
() => {
  const width = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1 && getComputedStyle(e).position !== "fixed");
  return document.documentElement.scrollWidth > width ? [document.documentElement.scrollWidth, ...wide.slice(0, 5).map((e) => e.outerHTML.slice(0, 120))] : [];
}
"""


def violations(page: Any) -> list[str]:
    """What axe finds, with where."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe())
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [f"{v['id']}: {v['help']}: {[n['html'][:120] for n in v['nodes'][:3]]} {v['nodes'][0].get('failureSummary', '')[:300]}" for v in found]


def views(hands: Hands) -> Any:
    """Every view of the page, one after the other; each by its name."""
    page = hands.page
    yield "first picture"
    hands.go(200)
    for name in ("Confusion", "Mistakes"):
        page.get_by_role("tab", name=name).click()
        page.wait_for_timeout(60)
        yield name
    page.get_by_role("tab", name="Map").click()
    hands.press("w", "w", "w")
    yield "a phase"
    hands.neuron("dense_1", 2).click()
    hands.wait("data-kind", "neuron", inside=".card")
    yield "neuron card"
    hands.card().locator("button.pushed").first.click()
    hands.wait("data-kind", "weight", inside=".card")
    page.locator(".card details.fold").first.locator("summary").click()
    hands.card().get_by_role("button", name="Check by a finite difference").click()
    hands.true("() => document.querySelectorAll('.card [data-ticks]').length >= 3")
    yield "weight card"
    hands.press("Escape", "Escape")
    page.get_by_role("button", name="Keep this run to compare").click()
    hands.turn("seed", "7")
    page.get_by_role("button", name="Go there").wait_for()
    yield "two runs"
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("group", name="Save and share").get_by_role("button").first.wait_for()
    yield "share"
    hands.press("Escape")
    page.get_by_text("Change the data").click()
    page.get_by_text("Points by hand").wait_for()
    yield "data"


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(opened: Opener, served: Served, look: str) -> None:
    hands = Hands(opened(served.url, **LOOKS[look]))
    found = {}
    for name in views(hands):
        found[name] = violations(hands.page) + hands.page.evaluate(PICTURES) + hands.page.evaluate(TOO_WIDE)
    assert list(found) == VIEWS
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize("words", ["digits", "diabetes", "iris"])
def test_axe_finds_nothing_with_other_data(opened: Opener, words: str, tmp_path: Any) -> None:
    with serving(tmp_path / "runs.sqlite", words) as server:
        hands = Hands(opened(server.url, color_scheme="dark"))
        hands.true("() => /bits/.test(document.querySelector('.status').textContent)")
        for tab in hands.page.get_by_role("tab").all():
            tab.click()
            hands.page.wait_for_timeout(60)
            assert violations(hands.page) + hands.page.evaluate(PICTURES) + hands.page.evaluate(TOO_WIDE) == []
        hands.page.close()


def test_the_keyboard_alone_leads_to_why_a_weight_changed(opened: Opener, served: Served) -> None:
    """From opening to the sum that adds up: Tab, arrow keys and Enter; nothing is clicked."""
    hands = Hands(opened(served.url))
    hands.press("ArrowRight", "ArrowRight", "Shift+ArrowRight")
    hands.at(17)
    focused = "() => document.activeElement?.outerHTML.slice(0, 300) ?? ''"
    for _ in range(80):
        hands.press("Tab")
        if hands.page.evaluate("() => document.activeElement.matches('.stage .neuron')"):
            break
    else:
        raise AssertionError("Tab does not come to the network")
    for _ in range(6):
        if hands.page.evaluate("() => document.activeElement.dataset.layer") == "dense_2":
            break
        hands.press("Alt+ArrowRight")
    assert hands.page.evaluate("() => document.activeElement.dataset.layer") == "dense_2", hands.page.evaluate(focused)
    hands.press("ArrowDown", "Enter")
    hands.wait("data-kind", "neuron", inside=".card")
    hands.true("() => document.activeElement.closest('.card') !== null")
    for _ in range(40):
        hands.press("Tab")
        if hands.page.evaluate("() => document.activeElement.matches('button.pushed')"):
            break
    hands.press("Enter")
    hands.wait("data-kind", "weight", inside=".card")
    hands.true("() => document.querySelector('.card [data-ticks=true]') !== null")
    assert "It adds up" in hands.card().inner_text()
    assert "the stored change" in hands.card().inner_text()
    hands.press("Escape")
    hands.wait("data-kind", "neuron", inside=".card")
    hands.press("Escape")
    hands.true("() => document.activeElement.matches('.stage .neuron')")


def test_focus_can_be_seen(page: Any) -> None:
    page.keyboard.press("Tab")
    for _ in range(25):
        page.keyboard.press("Tab")
        seen = page.evaluate("() => { const s = getComputedStyle(document.activeElement); return document.activeElement === document.body || s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }")
        assert seen, page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")


def test_what_is_spoken_is_what_is_shown(page: Any) -> None:
    """One polite region, quiet while it plays."""
    hands = Hands(page)
    live = page.locator("[aria-live=polite]")
    assert live.count() == 1
    hands.go(100)
    page.wait_for_timeout(400)
    first = live.inner_text()
    hands.press("ArrowRight")
    hands.at(101)
    page.wait_for_timeout(400)
    assert first and live.inner_text() != first
    hands.press(" ")
    hands.true("() => document.querySelector('.caption-said').getAttribute('aria-live') === 'off'")


def test_nothing_moves_under_reduced_motion(page: Any) -> None:
    hands = Hands(page)
    assert not page.get_by_role("button", name="Pause (Space)").count()  # it did not begin to play
    hands.press(" ")
    hands.true("() => document.querySelector('.timeline-slider').getAttribute('aria-valuenow') > 5")
    moving = page.evaluate("() => document.getAnimations().filter((a) => a.playState === 'running').length")
    assert moving == 0
