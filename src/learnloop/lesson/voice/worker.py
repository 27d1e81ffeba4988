"""The process that holds espeak-ng, whose licence is not ours: it reads one request, answers, and ends.

It runs by its path, alone, and imports nothing of learnloop. A process for each utterance: the engine's sound depends on
all that it said before, and a fresh one says the same words in the same way.

A request is four bytes (the length, big-endian) and JSON: library, data, language, preferred, rate, pitch, range, text. An answer is
four bytes and JSON, and behind it the samples (int16, little-endian): {"rate", "samples", "events": [[character, sample], ...]},
or {"fault": "library" | "data" | "language" | "speech", "text", "known"}.
"""

from __future__ import annotations

import ctypes
import json
import os
import struct
import sys
from typing import Any, BinaryIO

SYNCHRONOUS, DO_NOT_EXIT = 2, 0x8000
RATE, PITCH, RANGE = 1, 3, 4
"""Numbers of the engine's parameters."""
CHARACTERS, UTF8 = 1, 1
"""Positions count characters; the text is UTF-8, and data: markup and phonemes are other flags."""
WORD = 1
"""The event of a word; the list of events ends with 0."""


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("identifier", ctypes.c_uint),
        ("character", ctypes.c_int),
        ("length", ctypes.c_int),
        ("milliseconds", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


class _Listed(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.POINTER(ctypes.c_ubyte)),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_Heard = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


class Fault(Exception):
    """What the answer says instead of samples."""

    def __init__(self, kind: str, text: str = "", known: tuple[str, ...] = ()) -> None:
        super().__init__(kind)
        self.answer = {"fault": kind, "text": text, "known": known}


def opened(library: str, data: str) -> tuple[Any, int]:
    """The engine, and its samples a second.

    Raises:
        Fault: if the library cannot be loaded or the data not be read.
    """
    try:
        os.chdir(data)  # a path of any length and any letters; the engine's own buffer is short
        engine = ctypes.CDLL(library)
        rate = int(engine.espeak_Initialize(SYNCHRONOUS, 0, b".", DO_NOT_EXIT))
    except (OSError, AttributeError) as error:
        raise Fault("library", str(error)) from error
    if rate <= 0:
        raise Fault("data", data)
    return engine, rate


def languages(engine: Any) -> dict[str, str]:
    """The voices by language tag, in small letters; where several speak one, the one that says it does so best."""
    engine.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Listed))
    listed, index = engine.espeak_ListVoices(None), 0
    found: dict[str, list[tuple[int, int, str]]] = {}
    while listed[index]:
        voice = listed[index].contents
        name = voice.identifier.decode().rpartition("/")[2].lower()
        for priority, tag in _tags(voice.languages):
            found.setdefault(tag, []).append((priority, len(name), name))
        index += 1
    return {tag: min(voices)[2] for tag, voices in found.items()}


def _tags(packed: Any) -> list[tuple[int, str]]:
    tags, index = [], 0
    while packed[index]:
        priority, index, tag = packed[index], index + 1, bytearray()
        while packed[index]:
            tag.append(packed[index])
            index += 1
        tags.append((priority, tag.decode().lower()))
        index += 1
    return tags


def choose(engine: Any, wanted: str, preferred: dict[str, str]) -> None:
    """Set the voice of a language, or of the language that it is a kind of.

    Raises:
        Fault: if there is none.
    """
    known = languages(engine)
    tag = wanted.lower().replace("_", "-")
    while tag:
        name = preferred.get(tag) or known.get(tag)
        if name and engine.espeak_SetVoiceByName(name.encode()) == 0:
            return
        tag = tag.rpartition("-")[0]
    raise Fault("language", wanted, tuple(sorted(known)))


def speak(engine: Any, text: str) -> tuple[bytes, list[tuple[int, int]]]:
    """The samples of a text, and of each word that the engine saw: its character, from 0, and its sample.

    Raises:
        Fault: if the engine refuses.
    """
    sound, events = bytearray(), []

    def heard(samples: int | None, count: int, told: Any) -> int:
        if samples and count > 0:
            sound.extend(ctypes.string_at(samples, 2 * count))
        index = 0
        while told[index].type:
            if told[index].type == WORD:
                events.append((told[index].character - 1, told[index].sample))
            index += 1
        return 0

    callback = _Heard(heard)  # held until the end of the call below
    engine.espeak_SetSynthCallback(callback)
    encoded = text.encode("utf-8", "replace") + b"\0"
    refused = engine.espeak_Synth(encoded, ctypes.c_size_t(len(encoded)), 0, CHARACTERS, 0, UTF8, None, None)
    if refused:
        raise Fault("speech", f"error {refused}")
    return bytes(sound), events


def answer(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Do what is asked."""
    try:
        engine, rate = opened(request["library"], request["data"])
        choose(engine, request["language"], request["preferred"])
        for parameter, name in ((RATE, "rate"), (PITCH, "pitch"), (RANGE, "range")):
            engine.espeak_SetParameter(parameter, request[name], 0)
        sound, events = speak(engine, request["text"])
    except Fault as fault:
        return fault.answer, b""
    if sys.byteorder == "big":
        sound = struct.pack(f"<{len(sound) // 2}h", *struct.unpack(f">{len(sound) // 2}h", sound))
    return {"rate": rate, "samples": len(sound) // 2, "events": events}, sound


def main(asked: BinaryIO, answers: BinaryIO) -> None:
    """Read one request, and answer it."""
    (length,) = struct.unpack(">I", asked.read(4))
    header, sound = answer(json.loads(asked.read(length)))
    packed = json.dumps(header).encode()
    answers.write(struct.pack(">I", len(packed)) + packed + sound)
    answers.flush()


if __name__ == "__main__":
    apart = os.dup(1)  # what the engine itself may print goes to the errors, never between the answers
    os.dup2(2, 1)
    with os.fdopen(apart, "wb") as answers:
        main(sys.stdin.buffer, answers)
