"""What a voice is given, and what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Word:
    """A word of a narration.

    Attributes:
        shown: as the transcript has it, with its punctuation: "98.3 %,".
        spoken: what is said: "98.3 percent,".
    """

    shown: str
    spoken: str


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

    name: str
    """What the page calls it: "espeak-ng", "silent", or the host of an endpoint."""

    def speak(self, utterances: Sequence[Sequence[Word]], language: str) -> list[Spoken]:
        """Read several utterances aloud.

        Raises:
            VoiceError: if it cannot; the message says why and what to do.
        """
