"""Captions: two short lines at a time, in order, and nothing in them that is markup."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from learnloop.lesson.captions import COLUMNS, sentences, vtt
from learnloop.lesson.voice.model import Word
from lesson.said import LESSON, words

TIMES = re.compile(r"(\d\d):(\d\d):(\d\d)\.(\d\d\d) --> (\d\d):(\d\d):(\d\d)\.(\d\d\d)")


def read(text: str) -> list[tuple[float, float, list[str]]]:
    """Cues as a player reads them."""
    first, *blocks = text.split("\n\n")
    assert first.rstrip("\n") == "WEBVTT"
    cues = []
    for block in blocks:
        times, *lines = block.rstrip("\n").split("\n")
        found = TIMES.fullmatch(times)
        assert found
        hours, minutes, seconds, rest, *end = map(int, found.groups())
        cues.append((hours * 3600 + minutes * 60 + seconds + rest / 1000, end[0] * 3600 + end[1] * 60 + end[2] + end[3] / 1000, lines))
    return cues


def test_a_lesson_is_captioned_word_for_word() -> None:
    said = words(LESSON)
    starts = [index / 2 for index in range(len(said))]
    cues = sentences(said, starts, len(said) / 2)
    assert " ".join(text for _, _, text in cues) == LESSON
    assert cues[0][0] == 0.0 and cues[-1][1] == len(said) / 2
    for begin, end, text in cues:
        assert text.startswith(said[int(begin * 2)].shown) and text.endswith(said[int(end * 2) - 1].shown)
    for _, _, lines in read(vtt(cues)):
        assert 1 <= len(lines) <= 2 and all(len(line) <= COLUMNS for line in lines)
    assert len(read(vtt(cues))) == len(cues)  # cut between words at their own times, not by a share


def test_a_long_sentence_is_cut_behind_a_comma_and_evenly() -> None:
    said = words("The answer is compared with what it should have been, and the difference between both of them is the loss.")
    texts = [text for _, _, text in sentences(said, [float(k) for k in range(len(said))], 30.0)]
    assert texts == ["The answer is compared with what it should have been,", "and the difference between both of them is the loss."]


def test_what_is_shown_is_captioned_and_not_what_is_spoken() -> None:
    assert sentences([Word("98.3 %.", "98.3 percent.")], [1.0], 2.0) == [(1.0, 2.0, "98.3 %.")]


def test_nothing_is_markup() -> None:
    text = vtt([(0.0, 1.0, "a <c.x>b</c> & --> \n\nNOTE hi\x00\u2028STYLE")])
    assert text == "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\na &lt;c.x&gt;b&lt;/c&gt; &amp; --&gt; NOTE hi STYLE\n"


def test_times_are_in_order_whatever_is_given() -> None:
    cues = read(vtt([(1.0, 3.0, "one"), (2.0, 2.5, "two"), (2.0, 1.0, "three"), (3700.5, 3701.0, "four")]))
    assert [(begin, end) for begin, end, _ in cues] == [(1.0, 3.0), (3.0, 3.001), (3.001, 3.002), (3700.5, 3701.0)]


def test_what_is_too_long_shares_its_time() -> None:
    cues = read(vtt([(0.0, 10.0, "word " * 40)]))
    assert len(cues) == 3 and cues[0][1] == cues[1][0] and cues[-1][1] == 10.0
    assert vtt([(0.0, 1.0, " \n")]) == vtt([]) == "WEBVTT\n"


@given(st.lists(st.tuples(st.floats(0, 9e4), st.floats(0, 9e4), st.text(max_size=200)), max_size=8))
def test_any_cues_are_a_file_that_can_be_read(cues: list[tuple[float, float, str]]) -> None:
    latest = 0.0
    for begin, end, lines in read(vtt(cues)):
        assert latest <= begin < end and 1 <= len(lines) <= 2 and all(line.strip() and "<" not in line for line in lines)
        latest = end


@given(st.lists(st.text(max_size=60), max_size=60))
def test_any_words_are_in_the_captions(texts: list[str]) -> None:
    said = [Word(text, text) for text in texts]
    cues = sentences(said, [float(k) for k in range(len(said))], float(len(said)))
    assert "".join("".join(text.split()) for _, _, text in cues) == "".join("".join(re.sub("[\x00-\x1f\x7f-\x9f]", "", text).split()) for text in texts)
    assert all(begin < end for begin, end, _ in cues)
