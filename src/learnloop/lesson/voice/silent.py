"""A voice without sound: only how long each word would take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .estimate import durations, within
from .model import Spoken, Utterance


@dataclass(frozen=True)
class Silent:
    """Nobody speaks; times are estimated.

    Attributes:
        reason: why, for the reader.
    """

    reason: str
    name: str = "silent"
    identity: str = ""

    def speak(self, utterances: Sequence[Utterance], language: str) -> Iterator[Spoken]:
        """Estimate the times of several utterances."""
        for words in utterances:
            seconds = round(sum(durations(words)), 3)
            yield Spoken(tuple(round(start, 3) for start in within(words, 0.0, seconds)), seconds)
