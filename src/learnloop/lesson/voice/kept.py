"""What was spoken once, kept by what it was made from: endpoints cost money, and say nothing twice in the same way."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import struct
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from .model import Spoken, Utterance, Voice

MOST = 256 * 1024 * 1024
"""Bytes; the oldest utterances go first."""
_FORMAT = "learnloop-voice-1"
_SUFFIX = ".spoken"


def folder() -> Path | None:
    """Where utterances are kept, as LEARNLOOP_CACHE or the system has it: the user's own folder, closed to others.

    Returns:
        It, made if it is missing; None where there is none to be had.
    """
    given = os.environ.get("LEARNLOOP_CACHE")
    if given:
        path = Path(os.path.expanduser(given), "voice")  # noqa: PTH111  (pathlib's raises for users that do not exist)
    else:
        from platformdirs import user_cache_path

        path = user_cache_path("learnloop", appauthor=False) / "voice"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = path.stat()
    except OSError:
        return None
    return path if _own(status) and not status.st_mode & 0o022 else None


def _own(status: os.stat_result) -> bool:
    return not hasattr(os, "getuid") or status.st_uid == os.getuid()


def key(voice: Voice, language: str, words: Utterance) -> str:
    """The name of an utterance: everything that its sound depends on."""
    made_from = [_FORMAT, voice.identity, language, [word.spoken for word in words]]
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()


def load(home: Path, name: str, words: int) -> Spoken | None:
    """An utterance that was kept; None where it was not, or is not whole."""
    path = home / f"{name}{_SUFFIX}"
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or not _own(status) or status.st_size > MOST:
            return None
        spoken = _unpacked(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None
    with suppress(OSError):
        os.utime(path)  # the oldest ones go first: this one was used
    return spoken if len(spoken.starts) == words else None


def save(home: Path, name: str, spoken: Spoken) -> None:
    """Keep an utterance; what cannot be written is not kept."""
    try:
        descriptor, beside = tempfile.mkstemp(dir=home, prefix="writing-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(_packed(spoken))
        Path(beside).replace(home / f"{name}{_SUFFIX}")
        _bound(home)
    except OSError:
        with suppress(OSError, UnboundLocalError):
            Path(beside).unlink()


def _packed(spoken: Spoken) -> bytes:
    samples = b"" if spoken.samples is None else spoken.samples.astype("<i2").tobytes()
    header = json.dumps({"rate": spoken.rate, "seconds": spoken.seconds, "starts": spoken.starts}).encode()
    content = struct.pack(">I", len(header)) + header + samples
    return hashlib.sha256(content).digest() + content


def _unpacked(packed: bytes) -> Spoken:
    seal, content = packed[:32], packed[32:]
    if hashlib.sha256(content).digest() != seal:
        raise ValueError
    (length,) = struct.unpack_from(">I", content)
    header = json.loads(content[4 : 4 + length])
    samples = np.frombuffer(content[4 + length :], dtype="<i2").astype(np.int16)
    return Spoken(tuple(header["starts"]), header["seconds"], samples, header["rate"])


def _bound(home: Path) -> None:
    kept = sorted(_files(home), reverse=True)
    total = 0
    for _, size, path in kept:
        total += size
        if total > MOST:
            path.unlink(missing_ok=True)


def _files(home: Path) -> Iterator[tuple[float, int, Path]]:
    for path in home.glob(f"*{_SUFFIX}"):
        with suppress(OSError):
            status = path.lstat()
            yield status.st_mtime, status.st_size, path
