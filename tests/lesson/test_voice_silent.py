"""Estimated times: near to those of a real voice, and in order whatever the words are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser.tools import missing
from learnloop.lesson.voice.espeak import installed
from learnloop.lesson.voice.estimate import filled, within
from learnloop.lesson.voice.model import Spoken, Word
from learnloop.lesson.voice.sentences import sentences
from learnloop.lesson.voice.silent import Silent
from lesson.said import LESSON, words


def estimated(*texts: str) -> list[Spoken]:
    return list(Silent("no voice").speak([words(text) for text in texts], "en"))


def test_estimates_are_those_of_the_real_voice_within_a_tenth() -> None:
    voice = installed()
    if voice is None:
        missing("espeakng-loader")
    (real,), (guess,) = voice.speak([words(LESSON)], "en"), estimated(LESSON)
    assert abs(guess.seconds / real.seconds - 1) < 0.1
    share = guess.seconds / real.seconds
    assert np.median(np.abs(np.array(guess.starts) / share - real.starts)) < 0.3


def test_long_words_numbers_and_stops_take_their_time() -> None:
    short, long, number, stopped, signs = estimated("a loss", "a backpropagation", "a 0.6931", "a. loss", "a 学習")
    assert short.seconds < long.seconds and short.seconds < number.seconds
    assert stopped.starts[1] > short.starts[1] + 0.4
    assert signs.seconds > 0.2
    assert short.samples is None


@given(st.lists(st.text(max_size=30), max_size=40))
def test_starts_never_fall_and_end_in_time(texts: list[str]) -> None:
    (spoken,) = Silent("no voice").speak([[Word(text, text) for text in texts]], "en")
    assert len(spoken.starts) == len(texts)
    assert list(spoken.starts) == sorted(spoken.starts)
    assert all(0 <= start <= spoken.seconds + 1e-3 for start in spoken.starts)


def test_words_between_known_ones_share_the_time() -> None:
    some = words("one one one one")
    assert filled(some, [0.0, None, 2.0, None], 4.0) == pytest.approx([0.0, 1.0, 2.0, 3.0])
    assert filled(some, [None, None, 2.0, None], 4.0) == pytest.approx([0.0, 1.0, 2.0, 3.0])
    assert filled(some, [None] * 4, 4.0) == pytest.approx([0.0, 1.0, 2.0, 3.0])
    assert filled([], [], 0.0) == [] and within([], 0.0, 1.0) == []


def test_sentences_end_at_their_stops_and_are_never_too_long() -> None:
    assert [len(one) for one in sentences(words('It fell. "Why?" Since 0.5 is less: (so it is.) And'))] == [2, 1, 7, 1]
    assert [len(one) for one in sentences(words("word " * 100), most=50)] == [10] * 10
