"""A whole narration: utterances with silence between, as one recording; or without sound, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import numpy as np

from . import kept
from .estimate import durations
from .model import Array, Spoken, Utterance, Voice, VoiceError
from .silent import Silent
from .sound import LEAD, RATE, joined, levelled, mp3, mp3_seconds, resampled

LONGEST = 3600.0
"""Seconds of speech, as estimated: a page of an hour would be 30 MB."""


@dataclass(frozen=True)
class Narration:
    """A lesson, read aloud.

    Attributes:
        spoken: the utterances, without their samples; the starts of words are from the start of their utterance.
        starts: the second of the narration at which each utterance starts.
        seconds: how long all of it takes.
        mp3: the recording, or None.
        voice: the name of who speaks; "silent" for nobody.
        silence: why there is no recording, and what to do about it; "" where there is one.
    """

    spoken: tuple[Spoken, ...]
    starts: tuple[float, ...]
    seconds: float
    mp3: bytes | None
    voice: str
    silence: str


def narrate(utterances: Sequence[Utterance], pauses: Sequence[float], voice: Voice, language: str, cache: Path | None = None) -> Narration:
    """Read utterances aloud. A voice that fails is no error: the narration is complete, silent, and says why.

    Args:
        utterances: what to say.
        pauses: seconds of silence before each of them, and at the end; the first one is made a twentieth of a second at least.
        voice: who speaks.
        language: a tag such as "en".
        cache: the folder of what was spoken before (:func:`.kept.folder`), or None.

    Raises:
        ValueError: if the pauses are not one more than the utterances.

    >>> from .model import Word
    >>> told = narrate([[Word("Hello.", "Hello.")]], [0.5, 1.0], Silent("No voice was wanted."), "en")
    >>> told.starts, told.mp3, told.silence
    ((0.5,), None, 'No voice was wanted.')
    """
    if len(pauses) != len(utterances) + 1:
        raise ValueError(f"{len(utterances)} utterances need {len(utterances) + 1} pauses, and got {len(pauses)}")
    if isinstance(voice, Silent):
        return _silent(utterances, pauses, voice, language)
    try:
        return _aloud(utterances, pauses, voice, language, cache)
    except VoiceError as error:
        return _silent(utterances, pauses, Silent(str(error)), language)


def _silent(utterances: Sequence[Utterance], pauses: Sequence[float], voice: Silent, language: str) -> Narration:
    spoken = tuple(voice.speak(utterances, language))
    starts, seconds = _laid(spoken, pauses)
    return Narration(spoken, starts, seconds, None, voice.name, voice.reason)


def _aloud(utterances: Sequence[Utterance], pauses: Sequence[float], voice: Voice, language: str, cache: Path | None) -> Narration:
    minutes = sum(sum(durations(words)) for words in utterances) / 60
    if minutes * 60 > LONGEST:
        raise VoiceError(f"the lesson would take about {minutes:.0f} minutes to say, and {LONGEST / 60:.0f} is the most. Fix: make several of it.")
    spoken = tuple(_all(utterances, voice, language, cache))
    starts, seconds = _laid(spoken, pauses)
    pieces = levelled([_floats(one) for one in spoken])
    recording = mp3(joined(pieces, starts, seconds))
    quiet = tuple(replace(one, samples=None) for one in spoken)
    return Narration(quiet, starts, mp3_seconds(recording), recording, voice.name, "")


def _laid(spoken: Sequence[Spoken], pauses: Sequence[float]) -> tuple[tuple[float, ...], float]:
    """The start of each utterance, and the end of everything."""
    before = [max(LEAD, pauses[0]), *pauses[1:]]
    ends = list(accumulate(pause + one.seconds for pause, one in zip(before, spoken, strict=False)))
    starts = tuple(round(pause + end, 4) for pause, end in zip(before, [0.0, *ends], strict=True))
    return starts[:-1], starts[-1]


def _floats(spoken: Spoken) -> Array:
    samples = np.zeros(0) if spoken.samples is None else spoken.samples
    return resampled(samples, spoken.rate, RATE)


def _all(utterances: Sequence[Utterance], voice: Voice, language: str, cache: Path | None) -> Iterator[Spoken]:
    """Every utterance: as it was kept, or spoken now, and kept at once, so that nothing is paid for twice."""
    home = cache if voice.identity else None
    names = [kept.key(voice, language, words) for words in utterances]
    found = [kept.load(home, name, len(words)) if home else None for name, words in zip(names, utterances, strict=True)]
    fresh = voice.speak([words for words, old in zip(utterances, found, strict=True) if old is None], language)
    for name, old in zip(names, found, strict=True):
        if old is not None:
            yield old
            continue
        spoken = next(fresh)
        if home:
            kept.save(home, name, spoken)
        yield spoken
