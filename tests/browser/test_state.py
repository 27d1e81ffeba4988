"""What is shown is a function of the run, the update and what is selected; time goes both ways."""

from __future__ import annotations

import re
from typing import Any

import pytest

from browser.conftest import Opener, Served
from browser.hands import Hands


@pytest.fixture
def hands(page: Any) -> Hands:
    return Hands(page)


def test_the_first_picture_is_trained_already(hands: Hands) -> None:
    run, update = hands.drawn()
    assert (run, update, hands.update(), hands.last()) == (1, 0, 0, 1005)
    assert re.match(r"1\s005 updates in [\d.]+ ms", hands.status())


def test_the_bits_are_those_of_python(hands: Hands) -> None:
    hands.true("() => /same bits as Python|not the bits/.test(document.querySelector('.status').textContent)")
    assert "same bits as Python ✓" in hands.status()


def test_keys_go_through_time(hands: Hands) -> None:
    hands.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft")
    hands.at(2)
    hands.press("Shift+ArrowRight")
    hands.at(17)
    hands.press("Shift+ArrowLeft")
    hands.at(2)
    hands.time().focus()
    hands.press("End")
    hands.at(1005)
    hands.press("ArrowRight")
    hands.press("PageDown")
    hands.at(1005 - 101)
    hands.press("Home")
    hands.at(0)


def test_a_pointer_goes_through_time(hands: Hands) -> None:
    for update in (700, 3, 1005, 412):
        hands.go(update)
        assert hands.update() == update


def test_space_plays_and_pauses(hands: Hands) -> None:
    hands.press(" ")
    hands.true("() => Number(document.querySelector('.timeline-slider').getAttribute('aria-valuenow')) > 10")
    assert hands.page.get_by_role("button", name="Pause (Space)").is_visible()
    hands.press(" ")
    hands.page.get_by_role("button", name="Play (Space)").wait_for()
    hands.page.wait_for_timeout(100)  # a busy machine draws the last frame late
    stands = hands.update()
    hands.page.wait_for_timeout(150)
    assert hands.update() == stands


def test_walking_through_the_phases_of_an_update(hands: Hands) -> None:
    hands.go(40)
    for phase in ("forward", "loss", "backward", "update"):
        hands.press("w")
        hands.true("(name) => [...document.querySelectorAll('.phase [aria-pressed=true]')].map((b) => b.textContent).join() === name", phase)
        assert hands.update() == 40
    hands.press("w")
    hands.at(41)


def test_a_knob_does_the_whole_run_again_and_back_is_the_same(hands: Hands) -> None:
    hands.go(412)
    before = hands.map()
    position = hands.knob("learning rate").input_value()
    hands.turn("learning rate", str(float(position) - 12))
    hands.at(412)
    other = hands.map()
    hands.turn("learning rate", position)
    hands.at(412)
    assert hands.map() == before != other
    assert hands.drawn()[0] == 3


def test_going_away_and_back_gives_the_same_picture(hands: Hands) -> None:
    pictures = {}
    for update in (10, 900, 500, 10, 500, 900):
        hands.go(update)
        assert pictures.setdefault(update, hands.map()) == hands.map()
    assert len(set(pictures.values())) == 3


def test_all_knobs_turn(hands: Hands) -> None:
    labels = ["learning rate", "momentum", "batch size", "epochs", "seed", "noise", "test share"]
    for label in labels:
        knob = hands.knob(label)
        low, high, now = (float(knob.evaluate(f"(k) => k.{what}")) for what in ("min", "max", "value"))
        hands.turn(label, str(low + 0.3 * (high - low) if now > (low + high) / 2 else low + 0.6 * (high - low)))
        assert hands.trouble() == ""
    assert hands.drawn()[0] == 1 + len(labels)


def test_numbers_of_twice_the_length(hands: Hands) -> None:
    hands.page.get_by_label("numbers", exact=True).select_option("float64")
    hands.true("() => document.querySelector('[data-drawn]').dataset.drawn.startsWith('2, ')")
    assert hands.trouble() == ""


def test_two_tabs_on_one_address_agree(opened: Opener, served: Served) -> None:
    first, other = (Hands(opened(served.url)) for _ in range(2))
    for hands in (first, other):
        hands.go(333)
    assert first.map() == other.map()
