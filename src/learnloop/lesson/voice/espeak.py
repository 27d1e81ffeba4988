"""The voice that is always there: espeak-ng, in a process of its own."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import re
import struct
import subprocess
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import short
from .estimate import filled
from .model import Array, Spoken, Utterance, VoiceError
from .parallel import in_order

RATE, PITCH, RANGE = 140, 46, 54
"""140 of the engine's own words a minute are about 158 of English, with pauses; a little lower and livelier than its neutral 50."""
PREFERRED = {"en": "en-us"}
"""Of the two English voices that are most worked on the one that speaks every r, which tells more words apart."""
LONGEST = 20_000
"""Characters in one utterance: a quarter of an hour and more."""
PATIENCE = 20.0
"""Seconds for one utterance; a minute of speech takes a fraction of one."""
WORKER = Path(__file__).with_name("worker.py")
_SILENCE = "Or build without sound: --voice none."
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]+")
_INITIALS = re.compile(r"(?:\w\.\s?){10,}")


@dataclass(frozen=True)
class Espeak:
    """espeak-ng, as the extra "voice" brings it.

    Attributes:
        library, data: paths of its shared library and of its voices.
        version: of the extra.
        worker: the program that holds the engine.
        patience: seconds for one utterance.
    """

    library: str
    data: str
    version: str
    worker: Path = WORKER
    patience: float = PATIENCE
    name: str = "espeak-ng"

    @property
    def identity(self) -> str:
        """Version and settings."""
        return f"espeak-ng {self.version} rate={RATE} pitch={PITCH} range={RANGE} {PREFERRED}"

    def speak(self, utterances: Sequence[Utterance], language: str) -> Iterator[Spoken]:
        """Read several utterances aloud; words, language and errors as of :class:`.model.Voice`."""
        yield from in_order(lambda words: self._spoken(words, language), utterances, workers=2)

    def _spoken(self, words: Utterance, language: str) -> Spoken:
        text, places = sent(words)
        if not text:
            return Spoken((0.0,) * len(words), 0.0, np.zeros(0, np.int16))
        header, samples = self._asked(text, language)
        rate = int(header["rate"])
        seconds = len(samples) / rate
        known = first_of_each(header["events"], places, rate)
        starts = tuple(min(round(start, 4), seconds) for start in filled(words, known, seconds))
        return Spoken(starts, seconds, samples, rate)

    def _asked(self, text: str, language: str) -> tuple[dict[str, Any], Array]:
        if len(text) > LONGEST:
            raise VoiceError(f"one say block has {len(text)} characters, and {LONGEST} is the most. Fix: split it into several.")
        request: dict[str, Any] = {"library": self.library, "data": self.data, "language": language, "preferred": PREFERRED}
        request |= {"rate": RATE, "pitch": PITCH, "range": RANGE, "text": text}
        packed = json.dumps(request).encode()
        header, sound = answered(_run(self.worker, struct.pack(">I", len(packed)) + packed, self.patience))
        if "fault" in header:
            raise _fault(header)
        return header, np.frombuffer(sound, dtype="<i2")


def installed() -> Espeak | None:
    """espeak-ng, if the extra "voice" is installed; nothing of it is imported here."""
    try:
        found = importlib.util.find_spec("espeakng_loader")
        version = importlib.metadata.version("espeakng-loader")
    except (ImportError, ValueError):
        return None
    if found is None or not found.origin:
        return None
    home = Path(found.origin).parent
    name = {"win32": "espeak-ng.dll", "darwin": "libespeak-ng.dylib"}.get(sys.platform, "libespeak-ng.so")
    return Espeak(str(home / name), str(home / "espeak-ng-data"), version)


def sent(words: Utterance) -> tuple[str, list[int]]:
    """What the engine is given, and the character at which each word begins.

    Control characters are commands to the engine, so they are left out; of long rows of initials ("a.b.c.d. ...") it makes one word
    that is longer than its buffer, so their full stops are.
    """
    places, parts, at = [], [], 0
    for word in words:
        part = _CONTROL.sub(" ", word.spoken).strip()
        places.append(at)
        parts += [part] if part else []
        at += len(part) + bool(part)
    text = " ".join(parts)
    return _INITIALS.sub(lambda found: found[0].replace(".", " "), text), places


def first_of_each(events: Sequence[Sequence[int]], places: Sequence[int], rate: int) -> list[float | None]:
    """When each word begins, by what the engine told: it may say one word in several pieces, and several in one.

    Args:
        events: character and sample of each word that the engine saw.
        places: the character at which each of our words begins.
        rate: samples a second.
    """
    known: list[float | None] = [None] * len(places)
    latest, reached = 0.0, -1
    for character, sample in events:
        index = bisect_right(places, character + 1) - 1  # + 1: behind a full stop the engine counts from the space
        if index > reached:
            reached, latest = index, max(latest, sample / rate)
            known[index] = latest
    return known


def _run(worker: Path, request: bytes, patience: float) -> bytes:
    command = [sys.executable, "-I", "-S", str(worker)]  # nothing of the environment, and a start of 20 ms
    try:
        done = subprocess.run(command, input=request, capture_output=True, timeout=patience, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise VoiceError(f"espeak-ng did not answer within {patience:g} seconds. Fix: build again. {_SILENCE}") from None
    except OSError as error:
        raise VoiceError(f"espeak-ng's process could not be started: {error.strerror}. {_SILENCE}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
        raise VoiceError(f"espeak-ng broke off ({done.returncode}{': ' + said if said else ''}). Fix: simpler words may help. {_SILENCE}")
    return done.stdout


def answered(answer: bytes) -> tuple[dict[str, Any], bytes]:
    """The header and the samples of an answer.

    Raises:
        VoiceError: if it is none.
    """
    try:
        (length,) = struct.unpack_from(">I", answer)
        header, sound = json.loads(answer[4 : 4 + length]), answer[4 + length :]
        if "fault" not in header and (len(sound) != 2 * header["samples"] or not sound or header["rate"] <= 0):
            raise ValueError
        header.get("events")
    except (struct.error, ValueError, KeyError, TypeError, AttributeError):
        raise VoiceError(f"espeak-ng's process answered with something else than speech. Fix: build again. {_SILENCE}") from None
    return header, sound


def _fault(header: dict[str, Any]) -> VoiceError:
    text = header.get("text", "")
    if header["fault"] == "language":
        known = ", ".join(header.get("known", ()))
        return VoiceError(f"espeak-ng does not speak the language {short(text)}. It speaks: {known}. Fix: one of these as language: in the front matter.")
    if header["fault"] == "speech":
        return VoiceError(f"espeak-ng refused to speak ({text}). {_SILENCE}")
    return VoiceError(f'espeak-ng cannot be loaded: {text}. Fix: pip install --force-reinstall "learnloop[voice]". {_SILENCE}')
