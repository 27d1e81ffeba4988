"""When what happens: beats and their cues, laid over the words as they are spoken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .document.model import Cue
from .events import Ask, Draw, Event, Pause, Point, Say, Set
from .fill import Narrated
from .model import Shown

LEAD, CHAPTER, TAIL = 0.5, 1.1, 1.2
"""Seconds of silence: before a beat, before a chapter, and behind the last word."""
LOOK = 2.0
"""Seconds for blocks that nothing is said about."""
STROKE, WHOLE, SHORTEST = 0.35, 1.6, 0.4
"""Seconds: for each part of a picture, for all of it at most, and for the smallest drawing."""
HOLD, RUN = 0.7, 1.5
"""Seconds that a pointer stays, and that a live run takes, at least."""
SENTENCE = (".", "?", "!")


@dataclass(frozen=True)
class Plan:
    """A beat before it has a time.

    Attributes:
        id: "beat-1".
        chapter: the number of its chapter.
        shown: its blocks.
        narrated: what is said, or None.
        pause: seconds of silence behind it.
        first: whether it begins its chapter.
    """

    id: str
    chapter: int
    shown: tuple[Shown, ...]
    narrated: Narrated | None
    pause: float = 0.0
    first: bool = False

    @property
    def lead(self) -> float:
        """Seconds of silence before its first word."""
        return CHAPTER if self.first else LEAD


@dataclass(frozen=True)
class Timed:
    """A beat with its times, in seconds from the beginning: it begins with the silence before it, and ends with that behind it.

    Attributes:
        plan: the beat.
        start, end: of all of it.
        words: when each word begins.
        quiet: when the last word has been spoken.
    """

    plan: Plan
    start: float
    end: float
    words: tuple[float, ...] = ()
    quiet: float = 0.0


def silences(plans: Sequence[Plan]) -> list[float]:
    """Seconds of silence before each utterance, and behind the last one."""
    found, waiting = [], 0.0
    for plan in plans:
        if plan.narrated is None:
            waiting += plan.lead + LOOK
            continue
        found.append(waiting + plan.lead)
        waiting = plan.pause
    return [*found, waiting + TAIL]


def timed(plans: Sequence[Plan], spoken: Sequence[tuple[float, float, tuple[float, ...]]], seconds: float) -> list[Timed]:
    """Beats with their times.

    Args:
        plans: the beats.
        spoken: for each beat with words its first and last second, and when its words begin.
        seconds: of the whole lesson.
    """
    found: list[Timed] = []
    utterances = iter(spoken)
    at = 0.0
    for plan in plans:
        if plan.narrated is None:
            end = at + plan.lead + LOOK
            found.append(Timed(plan, at, end, (), end))
        else:
            _, quiet, words = next(utterances)
            end = quiet + plan.pause
            found.append(Timed(plan, at, end, words, quiet))
        at = end
    last = found[-1]
    return [*found[:-1], Timed(last.plan, last.start, max(seconds, last.end), last.words, last.quiet)]


def cued(beats: Sequence[Timed]) -> dict[str, float]:
    """What is drawn on a cue, and when: parts may wait for a later beat than that of their block."""
    found: dict[str, float] = {}
    for beat in beats:
        for cue, first, _ in beat.plan.narrated.cues if beat.plan.narrated is not None else ():
            if cue.verb == "draw":
                found.setdefault(cue.target, beat.words[first])
    return found


def events_of(beat: Timed, updates: int, waiting: Mapping[str, float]) -> Iterator[Event]:
    """What happens in a beat.

    Args:
        beat: the beat.
        updates: of the run that live parts show.
        waiting: what is drawn on a cue, of the whole lesson (:func:`cued`).
    """
    plan, narrated = beat.plan, beat.plan.narrated
    cues = narrated.cues if narrated is not None else ()
    if narrated is not None and beat.words:
        yield Say(plan.id, beat.words[0], beat.quiet, beat.words)
    yield from _at_once(beat, waiting)
    for cue, first, last in cues:
        yield _cued(beat, cue, first, last, updates)
    yield from _asked(beat)
    if plan.pause:
        yield Pause(beat.quiet, beat.end)


def _at_once(beat: Timed, waiting: Mapping[str, float]) -> Iterator[Event]:
    """What is drawn when the beat begins: blocks without a cue, and the parts without one of blocks whose other parts have one."""
    for shown in beat.plan.shown:
        for name, value in shown.options.items():
            yield Set(name, value, value, beat.start, beat.start)
        if shown.id in waiting:
            continue
        parts = [part.name for part in shown.sketch[0].parts] if shown.sketch else []
        own = {part: waiting[target] for part in parts if (target := f"{shown.id}.{part}") in waiting}
        if not own:
            yield _draw(beat, shown.id, beat.start, min(WHOLE, max(SHORTEST, STROKE * len(parts))))
            continue
        yield _draw(beat, shown.id, beat.start, 0.0)
        for name in (part for part in parts if part not in own):
            yield _draw(beat, f"{shown.id}.{name}", _follows(beat, name, parts, own), SHORTEST)


def _follows(beat: Timed, name: str, parts: list[str], own: Mapping[str, float]) -> float:
    """A part without a cue comes with the cued part before it in the picture; at the beginning where there is none."""
    before = [part for part in parts[: parts.index(name)] if part in own]
    return own[before[-1]] if before else beat.start


def _draw(beat: Timed, target: str, start: float, seconds: float) -> Draw:
    """It ends with the beat, unless it waits for a later one."""
    return Draw(target, start, min(start + seconds, beat.end) if start < beat.end else start + seconds)


def _cued(beat: Timed, cue: Cue, first: int, last: int, updates: int) -> Event:
    start = beat.words[first]
    over = beat.words[last + 1] if last + 1 < len(beat.words) else beat.quiet
    if cue.verb == "draw":
        return _draw(beat, cue.target, start, min(WHOLE, max(SHORTEST, over - start)))
    if cue.verb == "point":
        return Point(cue.target, start, min(beat.end, max(over, start + HOLD)))
    before, value = _values(cue, updates)
    end = start if before == value else min(beat.end, max(_sentence_end(beat, last), start + RUN))
    return Set(cue.target, value, before, start, end)


def _sentence_end(beat: Timed, word: int) -> float:
    narrated = beat.plan.narrated
    assert narrated is not None
    for k in range(word, len(beat.words) - 1):
        if narrated.words[k].shown.rstrip("”\"')").endswith(SENTENCE):
            return beat.words[k + 1]
    return beat.quiet


def _values(cue: Cue, updates: int) -> tuple[object, object]:
    """What is set before and after: whole numbers for updates and rows, a number for the rate, text for a neuron."""
    if cue.target == "neuron":
        return cue.value, cue.value
    if cue.target == "learning-rate":
        rate = float(cue.value)
        return rate, rate
    ends = [updates if end == "last" else int(end) for end in cue.value.split("..")]
    return ends[0], ends[-1]


def _asked(beat: Timed) -> Iterator[Event]:
    for shown in beat.plan.shown:
        if shown.ask:
            yield Ask(shown.id, min(beat.quiet, beat.end - 0.02), shown.ask)
