"""Recordings that others made, as samples of ours: whatever they send is looked at before it is believed."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np

from .model import Array, VoiceError
from .sound import RATE, resampled, soundfile

LONGEST = 300.0
"""Seconds of one recording: a sentence takes a few."""
_RATES, _CHANNELS = range(8_000, 96_001), 2
"""What is possible; with LONGEST they bound what a small compressed file can become."""
_UNTOLD = (0, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFFF00, 0xFFFFFFFF - 36, 0x7FFFFFFF - 36)
"""Sizes by which a WAV that is written while it is spoken says that it does not know its size yet."""


def decoded(content: bytes) -> Array:
    """A recording as one channel at our rate.

    Args:
        content: WAV, MP3, FLAC or Ogg.

    Returns:
        (samples,) float64, full scale 32768.

    Raises:
        VoiceError: if it is no sound, not whole, far too long, or of a rate that no voice has.
    """
    library = soundfile()
    try:
        with library.SoundFile(io.BytesIO(_whole(content))) as file:
            samples, rate = _read(file), int(file.samplerate)
    except library.LibsndfileError as error:
        raise VoiceError("what it sent is no sound that can be read (WAV, MP3, FLAC or Ogg).") from error
    if not samples.any():
        raise VoiceError("its sound is silent.")
    return resampled(samples.mean(axis=1, dtype=np.float64) * 32_768, rate, RATE)


def _read(file: Any) -> Array:
    rate, channels = int(file.samplerate), int(file.channels)
    if rate not in _RATES:
        raise VoiceError(f"its sound has {rate} samples a second, and {_RATES[0]} to {_RATES[-1]} are possible.")
    if channels > _CHANNELS:
        raise VoiceError(f"its sound has {channels} channels, and {_CHANNELS} is the most.")
    samples = file.read(int(LONGEST * rate), dtype="float32", always_2d=True)
    if file.read(1).size:
        raise VoiceError(f"its sound takes more than {LONGEST:.0f} seconds, for one sentence.")
    return np.asarray(samples)


def _whole(content: bytes) -> bytes:
    """A WAV with its true size: a reader would take what is there, whatever the header promises.

    Raises:
        VoiceError: if less is there than was promised.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return content
    at = 12
    while at + 8 <= len(content):
        kind, size = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        if kind == b"data":
            there = len(content) - at - 8
            if size in _UNTOLD:
                return content[: at + 4] + struct.pack("<I", there) + content[at + 8 :]
            if size > there:
                raise VoiceError(f"its sound broke off: {size} bytes were promised, and {there} came.")
            return content
        at += 8 + size + size % 2
    raise VoiceError("its sound broke off before the first sample.")
