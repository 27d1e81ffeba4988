"""How long words take to say, when nobody has said them: for lessons without sound, and within what engines tell as one piece."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from .model import Utterance, Word

SYLLABLE, LETTER, NUMERAL = 0.03, 0.066, 0.38
"""Seconds, for a numeral those of a digit or a sign that is read out as a word; fitted to espeak-ng as it is set here, by least
squares over the words of the documentation. tests/lesson/test_voice_silent.py holds them against it."""
SENTENCE, CLAUSE = 0.42, 0.2
"""Seconds of silence behind a full stop, and behind a comma."""
LENGTHENED = 0.2
"""Seconds that a word takes longer in front of either."""

_CLOSING = "\"'”’»)]}"
_VOWELS = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœ]+", re.IGNORECASE)
_SYLLABIC = re.compile("[぀-ヿ㐀-鿿가-힯豈-﫿]")  # kana, Chinese signs, Hangul: a syllable each
_NUMERALS = re.compile(r"[0-9%&+=<>×÷±−/]|(?<=\d)\.(?=\d)")
_SILENT_E = re.compile(r"[^aeiouyl]e$", re.IGNORECASE)


def ends_sentence(word: Word) -> bool:
    """Whether a sentence ends with a word.

    >>> [ends_sentence(Word(w, w)) for w in ("loss", "loss,", "fell.", '"why?"')]
    [False, False, True, True]
    """
    return word.spoken.rstrip(_CLOSING).endswith((".", "!", "?", "…", "。", "！", "？"))


@cache
def spoken_seconds(text: str) -> float:
    """How long a word takes, without the pause behind it.

    >>> round(spoken_seconds("network"), 2) < round(spoken_seconds("backpropagation"), 2)
    True
    """
    parts = re.findall(r"\w+", text)
    syllables = sum(_syllables(part) for part in parts)
    letters = sum(len(part) for part in parts if not part[0].isdigit())
    return SYLLABLE * syllables + LETTER * letters + NUMERAL * len(_NUMERALS.findall(text))


def _syllables(part: str) -> int:
    if part[0].isdigit():
        return 0  # counted as numerals
    signs = len(_SYLLABIC.findall(part))
    vowels = len(_VOWELS.findall(part))
    silent = vowels > 1 and bool(_SILENT_E.search(part))
    return max(1, signs + vowels - silent)


def pause(word: Word) -> float:
    """Seconds of silence behind a word: a full stop's, a comma's, or none."""
    if ends_sentence(word):
        return SENTENCE
    return CLAUSE if word.spoken.rstrip(_CLOSING).endswith((",", ";", ":", "–", "—")) else 0.0


def durations(words: Utterance) -> list[float]:
    """Seconds from the start of each word to the start of the next; the last one has no pause behind it."""
    spans = [spoken_seconds(word.spoken) + (LENGTHENED + pause(word) if pause(word) else 0.0) for word in words]
    if spans:
        spans[-1] -= pause(words[-1])
    return spans


def within(words: Utterance, start: float, end: float) -> list[float]:
    """Starts of words that together last from ``start`` to ``end``, in proportion to how long each would take.

    >>> within([Word("a", "a"), Word("a", "a")], 1.0, 3.0)
    [1.0, 2.0]
    """
    spans = durations(words)
    total = sum(spans)
    share = (end - start) / total if total > 0 else 0.0
    starts, at = [], start
    for span in spans:
        starts.append(min(at, end))
        at += span * share
    return starts


def filled(words: Utterance, known: Sequence[float | None], seconds: float) -> list[float]:
    """Starts of all words, where only some are known: the others share the time between, in proportion.

    Args:
        words: all of them.
        known: a start for each word, or None; not falling.
        seconds: when the last one ends.
    """
    if not words:
        return []
    anchors = [index for index, start in enumerate(known) if start is not None]
    if not anchors or anchors[0] > 0:
        anchors.insert(0, 0)
    starts: list[float] = []
    for begin, end in zip(anchors, [*anchors[1:], len(words)], strict=True):
        until = seconds if end == len(words) else known[end] or 0.0
        starts += within(words[begin:end], known[begin] or 0.0, until)
    return starts
