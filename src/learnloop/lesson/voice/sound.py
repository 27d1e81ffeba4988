"""Samples: read, resampled, levelled, joined, and written as MP3."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from .model import Array, VoiceError

RATE = 24_000
"""Samples a second of all narrations: at this rate a frame of 48 kbit/s is 144 bytes and 24 ms exactly, so that the byte that a
browser seeks to is the time that it shows."""
FRAME, FRAME_BYTES = 576, 144
_CONSTANT_48 = 0.75
"""How soundfile calls 48 kbit/s."""
_FRAME_HEADER = b"\xff\xf3\x64"
"""MPEG 2, layer III, without checksum; 48 kbit/s, 24 kHz, without padding."""
DELAY = 1_105
"""Samples by which encoder and decoder together are late. Frames this small have no room for the note by which a browser would
correct that at the start; it would not do so behind a seek."""
AHEAD = 240
"""A seek lands on the beginning of a frame, 0 to 24 ms early: 10 ms ahead, no time is wrong by more than 14 ms."""
LEAD = (DELAY + AHEAD) / RATE
"""Seconds of silence that a narration begins with, at least: they make room for both."""
_LOUDNESS, _PEAK, _MOST = 0.1, 0.89, 4.0
"""Of full scale: the mean level of speech (-20 dB), the highest peak (-1 dB), and the largest gain."""
_NEEDED = 'Fix: pip install "learnloop[voice]", or build without sound: --voice none.'


def soundfile() -> Any:
    """The library that reads and writes sound.

    Raises:
        VoiceError: if it is not installed, or knows no MP3.
    """
    try:
        import soundfile as library
    except (ImportError, OSError) as error:  # OSError: the package without its shared library
        raise VoiceError(f"soundfile, which writes MP3, cannot be loaded ({error}). {_NEEDED}") from error
    if "MP3" not in library.available_formats():
        raise VoiceError(f"this soundfile writes no MP3: its libsndfile is older than 1.1. {_NEEDED}")
    return library


def resampled(samples: Array, rate: int, wanted: int = RATE) -> Array:
    """The same sound with another number of samples a second; what they cannot hold is left out.

    Args:
        samples: (samples,) of any kind.
        rate: theirs.
        wanted: of the result.

    Returns:
        (samples,) float64.

    >>> len(resampled(np.zeros(22_050), 22_050))
    24000
    """
    size = round(len(samples) * wanted / rate)
    if rate == wanted or not size:
        return samples.astype(np.float64)
    spectrum = np.fft.rfft(samples)
    return np.asarray(np.fft.irfft(spectrum[: size // 2 + 1], size) * (size / len(samples)))


def voiced(samples: Array) -> tuple[int, int]:
    """Where in a recording the first and the last sound are; (0, 0) for silence.

    >>> voiced(np.array([0, 0, 9000, -9000, 0]))
    (2, 4)
    """
    level = np.abs(samples.astype(np.float64))
    loud = np.flatnonzero(level > 0.02 * level.max(initial=0.0))
    return (int(loud[0]), int(loud[-1]) + 1) if loud.size else (0, 0)


def levelled(pieces: Sequence[Array]) -> list[Array]:
    """Pieces of one voice with one gain for all, so that every narration is about as loud as another.

    Args:
        pieces: (samples,) float, full scale 32768.

    Returns:
        (samples,) int16 each.
    """
    total = sum(len(piece) for piece in pieces)
    power = sum(float(np.square(piece).sum()) for piece in pieces) / max(total, 1)
    peak = max((float(np.abs(piece).max(initial=0.0)) for piece in pieces), default=0.0)
    gain = min(_LOUDNESS * 32_768 / max(power**0.5, 1.0), _PEAK * 32_768 / max(peak, 1.0), _MOST)
    return [np.rint(piece * gain).astype(np.int16) for piece in pieces]


def joined(pieces: Sequence[Array], starts: Sequence[float], seconds: float) -> Array:
    """One recording: each piece at its start, silence between.

    Args:
        pieces: (samples,) int16 each, at RATE.
        starts: in seconds.
        seconds: of the whole.
    """
    whole = np.zeros(round(seconds * RATE), dtype=np.int16)
    for piece, start in zip(pieces, starts, strict=True):
        at = round(start * RATE)
        end = min(at + len(piece), len(whole))
        whole[at:end] = piece[: end - at]
    return whole


def mp3(samples: Array) -> bytes:
    """A recording as MP3 whose times are right: what is at a second of the recording is heard at that second.

    Args:
        samples: (samples,) int16 at RATE, beginning with LEAD seconds of silence.

    Raises:
        VoiceError: if it cannot be encoded, or not as told.
    """
    library, file = soundfile(), io.BytesIO()
    early = samples[DELAY + AHEAD :]
    filled = np.pad(early, (0, FRAME + -len(early) % FRAME))  # a whole frame more: the last one is heard late, too
    try:
        library.write(file, filled, RATE, format="MP3", subtype="MPEG_LAYER_III", bitrate_mode="CONSTANT", compression_level=_CONSTANT_48)
    except (library.LibsndfileError, TypeError) as error:  # TypeError: one that is too old to be told the bit rate
        raise VoiceError(f"this soundfile cannot write MP3 of 48 kbit/s ({error}). {_NEEDED}") from error
    encoded = file.getvalue()
    if not encoded.startswith(_FRAME_HEADER) or len(encoded) % FRAME_BYTES:
        raise VoiceError(f"this soundfile writes MP3 in another way than expected, so times would be wrong. {_NEEDED}")
    return encoded


def mp3_seconds(encoded: bytes) -> float:
    """How long an MP3 of :func:`mp3` takes in a player."""
    return len(encoded) // FRAME_BYTES * FRAME / RATE
