"""Captions: what is said, as WebVTT."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterator, Sequence

from .voice.model import Utterance
from .voice.sentences import sentences as grouped

Cue = tuple[float, float, str]
"""Start and end in seconds, and a text."""
COLUMNS, LINES = 42, 2
"""What can be read at a glance: so many characters in so many lines."""
_SPACE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def sentences(words: Utterance, starts: Sequence[float], end: float) -> list[Cue]:
    """What an utterance says, sentence by sentence; one that is too long for a caption is cut between words.

    Args:
        words: of the utterance.
        starts: the second at which each begins.
        end: the second at which the last one ends.

    >>> from .voice.model import Word
    >>> sentences([Word(w, w) for w in "It fell. Why?".split()], [1.0, 1.2, 2.0], 2.5)
    [(1.0, 2.0, 'It fell.'), (2.0, 2.5, 'Why?')]
    """
    shown = [_plain(word.shown) for word in words]
    first, cues = 0, []
    for sentence in grouped(words):
        for begin, behind in _cut(shown, first, first + len(sentence)):
            until = starts[behind] if behind < len(words) else end
            cues.append((starts[begin], until, " ".join(filter(None, shown[begin:behind]))))
        first += len(sentence)
    return cues


def _cut(shown: Sequence[str], begin: int, behind: int) -> list[tuple[int, int]]:
    """Halves, and halves of halves, until each fits; rather behind a comma than in the very middle."""
    done: list[tuple[int, int]] = []
    waiting = [(begin, behind)]
    while waiting:
        begin, behind = waiting.pop()
        if behind - begin < 2 or _fits(" ".join(shown[begin:behind])):
            done.append((begin, behind))
        else:
            middle = _middle(shown, begin, behind)
            waiting += [(middle, behind), (begin, middle)]
    return done


def _middle(shown: Sequence[str], begin: int, behind: int) -> int:
    lengths = [len(word) + 1 for word in shown[begin:behind]]
    half, at = sum(lengths) / 2, 0
    best, nearest = begin + 1, float("inf")
    for index in range(begin + 1, behind):
        at += lengths[index - 1 - begin]
        away = abs(at - half) - half / 3 * shown[index - 1].endswith((",", ";", ":"))
        if away < nearest:
            best, nearest = index, away
    return best


def vtt(cues: Sequence[Cue]) -> str:
    r"""Cues as WebVTT: in order, none before the end of the one before, none longer than two lines.

    >>> print(vtt([(0.0, 1.5, "x < y")]), end="")
    WEBVTT
    <BLANKLINE>
    00:00:00.000 --> 00:00:01.500
    x &lt; y
    """
    blocks, latest = ["WEBVTT\n"], 0
    for start, end, text in _short(cues):
        begin = max(latest, round(start * 1000))
        latest = max(begin + 1, round(end * 1000))
        blocks.append(f"{_time(begin)} --> {_time(latest)}\n{html.escape(text, quote=False)}\n")
    return "\n".join(blocks)


def _short(cues: Sequence[Cue]) -> Iterator[Cue]:
    """Cues of two lines at most; those that were longer share their time."""
    for start, end, text in cues:
        lines = textwrap.wrap(_plain(text), COLUMNS)
        pairs = ["\n".join(lines[at : at + LINES]) for at in range(0, len(lines), LINES)]
        total, said = sum(map(len, pairs)), 0
        for pair in pairs:
            begin, said = start + (end - start) * said / total, said + len(pair)
            yield begin, start + (end - start) * said / total, pair


def _fits(text: str) -> bool:
    return len(textwrap.wrap(text, COLUMNS)) <= LINES


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
