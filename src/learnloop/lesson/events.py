"""The event list: what happens in a lesson, and when. The page plays it; the state at a time is a pure function of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

VERSION = 1


@dataclass(frozen=True)
class Say:
    """An utterance is spoken.

    Attributes:
        beat: the id of its beat, "beat-1".
        start, end: in seconds from the beginning of the lesson.
        words: when each word begins, in the order of the spans ``[data-word]`` of the beat.
    """

    beat: str
    start: float
    end: float
    words: tuple[float, ...]
    kind: Literal["say"] = "say"


@dataclass(frozen=True)
class Draw:
    """A block ("loop") or a part of one ("loop.data") is drawn, stroke by stroke, from start to end, and stays."""

    target: str
    start: float
    end: float
    kind: Literal["draw"] = "draw"


@dataclass(frozen=True)
class Point:
    """A block or a part is pointed at from start to end."""

    target: str
    start: float
    end: float
    kind: Literal["point"] = "point"


@dataclass(frozen=True)
class Set:
    """The live parts change, and stay so until the next change of the same name.

    Attributes:
        name: "update" (a number), "learning-rate" (a number), "neuron" ("dense_1:7", or null) or "row" (a number, or null).
        value: what it becomes at ``end``.
        before: what it is at ``start``, for an update that runs from one to the other; else the same as value.
        start, end: the same where it jumps.
    """

    name: str
    value: Any
    before: Any
    start: float
    end: float
    kind: Literal["set"] = "set"


@dataclass(frozen=True)
class Ask:
    """The voice stops until the reader goes on.

    Attributes:
        target: the id of the block in which something is asked.
        start: when.
        text: what is asked, in a few words.
    """

    target: str
    start: float
    text: str
    kind: Literal["ask"] = "ask"


@dataclass(frozen=True)
class Pause:
    """Silence, to look."""

    start: float
    end: float
    kind: Literal["pause"] = "pause"


Event = Say | Draw | Point | Set | Ask | Pause
