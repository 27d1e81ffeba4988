"""What a voice is given, and what it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ...errors import LearnloopError

Array = np.ndarray[Any, np.dtype[Any]]


class VoiceError(LearnloopError, OSError):
    """A voice that cannot speak: it is not installed, it broke off, or its endpoint refused."""


@dataclass(frozen=True)
class Word:
    """A word of a narration.

    Attributes:
        shown: as the transcript has it, with its punctuation: "98.3 %,".
        spoken: what is said: "98.3 percent,".
    """

    shown: str
    spoken: str


Utterance = Sequence[Word]
"""What is said in one go: the words of one beat."""


@dataclass(frozen=True)
class Spoken:
    """One utterance, spoken.

    Attributes:
        starts: the second at which each word begins, in order, the first near 0; one for each word.
        seconds: how long it takes.
        samples: (samples,) int16, mono; None where there is no sound.
        rate: samples a second.
    """

    starts: tuple[float, ...]
    seconds: float
    samples: Array | None = None
    rate: int = 22_050


class Voice(Protocol):
    """Somebody who can read aloud."""

    @property
    def name(self) -> str:
        """What the page calls it: "espeak-ng", "silent", or the host of an endpoint."""

    @property
    def identity(self) -> str:
        """All that its sound depends on besides words and language, for those who keep it; "" for what is not worth keeping."""

    def speak(self, utterances: Sequence[Utterance], language: str) -> Iterator[Spoken]:
        """Read several utterances aloud, one after the other.

        Args:
            utterances: what to say.
            language: a tag such as "en" or "pt-BR".

        Raises:
            VoiceError: if it cannot; the message says why and what to do.
        """
