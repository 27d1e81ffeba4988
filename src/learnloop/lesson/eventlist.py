"""Reading an event list that may be anybody's: its version, its parts and their types are checked before it is used."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import DescriptionError, short
from .events import VERSION, Ask, Draw, Event, Pause, Point, Say, Set

MOST = 100_000
"""Entries that a list has at most; a lesson of an hour has some thousands."""
LONGEST = 1 << 20
"""Characters of a text; the document is the longest."""
PARTS = ("version", "title", "seconds", "voice", "silence", "chapters", "beats", "events", "facts", "checks", "runs", "text")


@dataclass(frozen=True)
class KeptRun:
    """A run of a lesson as its event list has it.

    Attributes:
        name: "" for the first one.
        digest: SHA-256 of the weights that it ended with.
        scenario: what it is a function of, not checked yet; None where a page cannot compute it.
        refusal: why there is none, or "".
        called: the name that the document gave it; "" for none.
        updates: how many it did.
    """

    name: str
    digest: str
    scenario: Mapping[str, Any] | None
    refusal: str = ""
    called: str = ""
    updates: int = 0


@dataclass(frozen=True)
class EventList:
    """An event list that was read.

    Attributes:
        title: of the lesson.
        seconds: how long it takes.
        voice: who speaks.
        events: in the order of their starts.
        facts: the table of facts: id, run, name, value, unit, update, format, text.
        runs: at least one, the first is the one that live parts show.
        text: the document.
    """

    title: str
    seconds: float
    voice: str
    events: tuple[Event, ...]
    facts: tuple[Mapping[str, Any], ...]
    runs: tuple[KeptRun, ...]
    text: str


def read_event_list(data: Any) -> EventList:
    """An event list from plain JSON.

    Args:
        data: what :func:`.outputs.event_list` gave, after any journey.

    Raises:
        DescriptionError: for another version, or for anything that is no event list; the message says what.
    """
    _check_version(data)
    for name in PARTS:
        if name not in data:
            raise _wrong(f"it has no {name}")
    for part in ("chapters", "beats"):
        for at, entry in enumerate(_list(data, part)):
            _stretch(entry, f"{part}[{at}]")
    return EventList(
        title=_text(data["title"], "title"), seconds=_seconds(data["seconds"], "seconds"), voice=_text(data["voice"], "voice"),
        events=tuple(_event(entry, f"events[{at}]") for at, entry in enumerate(_list(data, "events"))),
        facts=tuple(_fact(entry, f"facts[{at}]") for at, entry in enumerate(_list(data, "facts"))),
        runs=_runs(_list(data, "runs")), text=_text(data["text"], "text"),
    )  # fmt: skip


def _check_version(data: Any) -> None:
    """Refuse what is no event list, and versions that others read.

    Raises:
        DescriptionError: for that.
    """
    version = data.get("version") if isinstance(data, Mapping) else None
    if isinstance(version, bool) or not isinstance(version, int):
        raise _wrong("it has no version")
    if version > VERSION:
        raise DescriptionError(
            f"the event list has version {short(version)}, and this learnloop knows version {VERSION}. Fix: a newer learnloop opens it."
        )
    if version < VERSION:
        raise DescriptionError(
            f"the event list has version {short(version)}, and this learnloop knows version {VERSION}. Fix: build the lesson again."
        )


def _wrong(what: str) -> DescriptionError:
    return DescriptionError(f"this is no event list of a lesson: {what}. Fix: build the lesson again with learnloop lesson build.")


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data[name]
    if not isinstance(found, list) or len(found) > MOST:
        raise _wrong(f"{name} is {short(type(found).__name__)}, expected a list of at most {MOST}")
    return found


def _text(given: Any, where: str) -> str:
    if not isinstance(given, str) or len(given) > LONGEST:
        raise _wrong(f"{where} is no text")
    return given


def _number(given: Any, where: str) -> float:
    try:
        value = math.nan if isinstance(given, bool) or not isinstance(given, int | float) else float(given)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise _wrong(f"{where} is {short(given)}, expected a number")
    return value


def _seconds(given: Any, where: str) -> float:
    """Seconds, or another number of at least 0."""
    value = _number(given, where)
    if value < 0:
        raise _wrong(f"{where} is {short(given)}, expected a number of at least 0")
    return value


def _count(given: Any, where: str) -> int:
    value = _seconds(given, where)
    if value != int(value):
        raise _wrong(f"{where} is {short(given)}, expected a whole number")
    return int(value)


def _table(given: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise _wrong(f"{where} is {short(given)}, expected names and values")
    return given


def _stretch(given: Any, where: str) -> tuple[str, float, float]:
    """Something with an id, from start to end."""
    entry = _table(given, where)
    start, end = (_seconds(entry.get(name), f"{where}.{name}") for name in ("start", "end"))
    if end < start:
        raise _wrong(f"{where} ends at {end:g}, before it starts at {start:g}")
    return _text(entry.get("id"), f"{where}.id"), start, end


def _times(entry: Mapping[str, Any], where: str) -> tuple[float, float]:
    _, start, end = _stretch({**entry, "id": ""}, where)
    return start, end


def _say(entry: Mapping[str, Any], where: str) -> Event:
    words = entry.get("words")
    if not isinstance(words, list) or len(words) > MOST:
        raise _wrong(f"{where}.words is no list")
    starts = tuple(_seconds(word, f"{where}.words[{at}]") for at, word in enumerate(words))
    return Say(_text(entry.get("beat"), f"{where}.beat"), *_times(entry, where), starts)


def _draw(entry: Mapping[str, Any], where: str) -> Event:
    return Draw(_text(entry.get("target"), f"{where}.target"), *_times(entry, where))


def _point(entry: Mapping[str, Any], where: str) -> Event:
    return Point(_text(entry.get("target"), f"{where}.target"), *_times(entry, where))


def _set(entry: Mapping[str, Any], where: str) -> Event:
    value, before = (_setting(entry.get(name), f"{where}.{name}") for name in ("value", "before"))
    return Set(_text(entry.get("name"), f"{where}.name"), value, before, *_times(entry, where))


def _setting(given: Any, where: str) -> Any:
    """A text, a number or nothing."""
    if given is not None:
        _text(given, where) if isinstance(given, str) else _number(given, where)
    return given


def _ask(entry: Mapping[str, Any], where: str) -> Event:
    texts = [_text(entry.get(name), f"{where}.{name}") for name in ("target", "text")]
    return Ask(texts[0], _seconds(entry.get("start"), f"{where}.start"), texts[1])


def _pause(entry: Mapping[str, Any], where: str) -> Event:
    return Pause(*_times(entry, where))


_KINDS: Mapping[str, Callable[[Mapping[str, Any], str], Event]] = {
    "say": _say, "draw": _draw, "point": _point, "set": _set, "ask": _ask, "pause": _pause,
}  # fmt: skip


def _event(given: Any, where: str) -> Event:
    entry = _table(given, where)
    kind = entry.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise _wrong(f"{where}.kind is {short(kind)}, expected one of {', '.join(_KINDS)}")
    return _KINDS[kind](entry, where)


def _fact(given: Any, where: str) -> Mapping[str, Any]:
    entry = _table(given, where)
    for name in ("id", "run", "name", "text"):
        _text(entry.get(name), f"{where}.{name}")
    return entry


def _runs(given: list[Any]) -> tuple[KeptRun, ...]:
    if not given:
        raise _wrong("it has no run")
    found = tuple(_run(entry, f"runs[{at}]") for at, entry in enumerate(given))
    names = [run.name for run in found]
    if len(set(names)) < len(names):
        raise _wrong("two runs have the same name")
    return found


def _run(given: Any, where: str) -> KeptRun:
    entry = _table(given, where)
    scenario = entry.get("scenario")
    return KeptRun(
        _text(entry.get("name"), f"{where}.name"), _text(entry.get("digest"), f"{where}.digest"),
        None if scenario is None else _table(scenario, f"{where}.scenario"),
        _text(entry.get("refusal", ""), f"{where}.refusal"), _text(entry.get("called", ""), f"{where}.called"),
        _count(entry.get("updates"), f"{where}.updates"),
    )  # fmt: skip
