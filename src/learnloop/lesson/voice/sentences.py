"""Words, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator

from .estimate import ends_sentence
from .model import Utterance, Word

LONGEST = 1_000
"""Characters: endpoints take 4,096, and speak short pieces better."""


def sentences(words: Utterance, most: int = LONGEST) -> Iterator[list[Word]]:
    """The sentences of an utterance; one that is longer than ``most`` characters is cut between words.

    >>> [len(s) for s in sentences([Word(w, w) for w in "It fell. Did it?".split()])]
    [2, 2]
    """
    sentence: list[Word] = []
    length = 0
    for word in words:
        if sentence and length + len(word.spoken) > most:
            yield sentence
            sentence, length = [], 0
        sentence.append(word)
        length += len(word.spoken) + 1
        if ends_sentence(word):
            yield sentence
            sentence, length = [], 0
    if sentence:
        yield sentence
