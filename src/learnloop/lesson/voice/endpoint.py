"""A voice behind an address: any speech endpoint that OpenAI's clients can talk to, ``POST /v1/audio/speech``."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit, urlunsplit

import numpy as np

from .decode import decoded
from .estimate import SENTENCE, within
from .model import Array, Spoken, Utterance, VoiceError
from .parallel import in_order
from .request import Request, post
from .sentences import sentences
from .sound import RATE, voiced

KEY, MODEL, NAME = "LEARNLOOP_VOICE_KEY", "LEARNLOOP_VOICE_MODEL", "LEARNLOOP_VOICE_NAME"
_BEFORE, _BEHIND = 0.03, 0.06
"""Seconds that are left of the silence around a sentence: the rest differs from engine to engine, and ours is put in its place."""


@dataclass(frozen=True)
class Endpoint:
    """A speech endpoint.

    Attributes:
        url: the full address.
        model, speaker: as the endpoint calls them.
        key: for the header Authorization; "" for none.
    """

    url: str
    model: str
    speaker: str
    key: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """The host."""
        return urlsplit(self.url).hostname or ""

    @property
    def identity(self) -> str:
        """Address, model and speaker."""
        return f"{self.url} model={self.model} voice={self.speaker}"

    def speak(self, utterances: Sequence[Utterance], language: str) -> Iterator[Spoken]:
        """Read several utterances aloud; words, language and errors as of :class:`.model.Voice`."""
        yield from in_order(self._spoken, utterances, workers=3)

    def _spoken(self, words: Utterance) -> Spoken:
        """Sentence by sentence, so that each one's beginning is known, and only the words in it are estimated."""
        starts: list[float] = []
        pieces: list[Array] = []
        at = 0.0
        for sentence in sentences(words):
            piece, inside = self._sentence(sentence)
            at += SENTENCE * bool(pieces) * bool(len(piece))
            starts += [round(at + start, 4) for start in inside]
            gap = round(at * RATE) - sum(map(len, pieces))
            pieces += [np.zeros(gap), piece]
            at += len(piece) / RATE
        samples = np.clip(np.rint(np.concatenate([np.zeros(0), *pieces])), -32_768, 32_767).astype(np.int16)
        return Spoken(tuple(starts), len(samples) / RATE, samples, RATE)

    def _sentence(self, words: Utterance) -> tuple[Array, list[float]]:
        """The samples of a sentence without the silence around, and the start of each word in them."""
        text = " ".join(" ".join(word.spoken.split()) for word in words).strip()
        if not any(letter.isalnum() for letter in text):
            return np.zeros(0), [0.0] * len(words)
        samples = self._asked(text)
        first, last = voiced(samples)
        begin, end = max(0, first - round(_BEFORE * RATE)), last + round(_BEHIND * RATE)
        return samples[begin:end], within(words, (first - begin) / RATE, (last - begin) / RATE)

    def _asked(self, text: str) -> Array:
        asked = {"model": self.model, "voice": self.speaker, "input": text, "response_format": "wav"}
        try:
            return decoded(post(Request(self.url, asked, self.key)))
        except VoiceError as error:
            raise VoiceError(f"the voice at {self.name} cannot be used: {error} {_fix(str(error))}") from error


def _fix(error: str) -> str:
    other = "build with the voice that is built in (--voice espeak), or without sound (--voice none)."
    return f"Or {other}" if "Fix:" in error else f"Fix: try again, or {other}"


def endpoint(url: str) -> Endpoint:
    """A speech endpoint by its address; key, model and speaker are what the environment has.

    Args:
        url: the full address, or what stands before ``/audio/speech``, with or without ``/v1``.

    Raises:
        VoiceError: if it is no address, is not encrypted, or holds a password.

    >>> endpoint("https://speech.example.org").url
    'https://speech.example.org/v1/audio/speech'
    """
    key = os.environ.get(KEY, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise VoiceError(f"{KEY} holds characters that no key has. Fix: copy it again.")
    model, speaker = os.environ.get(MODEL) or "tts-1", os.environ.get(NAME) or "alloy"
    return Endpoint(_address(url), model, speaker, key)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise VoiceError("the voice's address cannot be read. Fix: --voice https://HOST/v1") from None
    if parts.scheme not in ("http", "https") or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise VoiceError("a voice is an https address. Fix: --voice https://HOST/v1")
    if parts.username is not None or parts.password is not None:
        raise VoiceError(f"the voice's address holds a password, which would be written down. Fix: put the key into {KEY}.")
    if parts.scheme == "http" and not is_loopback(host):
        raise VoiceError(f"what is said to {host}, and your key, could be read on the way: http is for this machine only. Fix: use https.")
    return _completed(parts)


def _completed(parts: SplitResult) -> str:
    path = parts.path.rstrip("/")
    if not path.endswith("/audio/speech"):
        path += "/audio/speech" if path.endswith("/v1") else "/v1/audio/speech"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("localhost.example.org")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
