"""YAML of one kind: names with a text or a list of texts, each with its place; nothing in it can grow or call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.events import Event, MappingEndEvent, MappingStartEvent, NodeEvent, ScalarEvent, SequenceEndEvent

from ...errors import short
from ..problems import Place
from .fences import Stretch
from .model import Given

MOST_LINES, MOST_CHARACTERS = 200, 16_384
_QUOTES = "Fix: quotes around a text with a colon, a hash or a bracket."


@dataclass(frozen=True)
class Value:
    """What stands behind a name: one text, or a list of texts."""

    key: str
    texts: tuple[Given, ...]
    place: Place
    listed: bool = False


class NoYaml(Exception):
    """What was written cannot be read on from here."""

    def __init__(self, place: Place, why: str) -> None:
        super().__init__(why)
        self.place, self.why = place, why


def values_of(written: Stretch) -> Iterator[Value]:
    """The names and texts of some lines, in order.

    Raises:
        NoYaml: where they are something else.
    """
    if len(written.lines) > MOST_LINES or sum(map(len, written.lines)) > MOST_CHARACTERS:
        raise NoYaml(Place(1, 1), f"more than {MOST_LINES} lines or {MOST_CHARACTERS} characters. Fix: shorten it.")
    events = _events(written)
    first = next((event for event in events if isinstance(event, NodeEvent)), None)
    if isinstance(first, ScalarEvent) and not first.value:
        return
    if not isinstance(first, MappingStartEvent | None):
        raise NoYaml(_place(first, written), "names and texts are expected. Fix: title: What it is about.")
    while first is not None and not isinstance(event := next(events), MappingEndEvent):
        yield _value(event, next(events), events, written)
    if (more := next((event for event in events if isinstance(event, NodeEvent)), None)) is not None:
        raise NoYaml(_place(more, written), "something behind the last text. Fix: delete it.")


def _value(name: Event, event: Event, events: Iterator[Event], written: Stretch) -> Value:
    if not isinstance(name, ScalarEvent):
        raise NoYaml(_place(name, written), "a name is expected. Fix: title: What it is about.")
    key, place = str(name.value), _place(name, written)
    if isinstance(event, ScalarEvent):
        return Value(key, (Given(event.value, _place(event, written)),), place)
    if isinstance(event, MappingStartEvent):
        raise NoYaml(_place(event, written), f"{short(key)} holds names of its own, a text is expected. {_QUOTES}")
    texts: list[Given] = []
    while not isinstance(item := next(events), SequenceEndEvent):
        if not isinstance(item, ScalarEvent):
            raise NoYaml(_place(item, written), f"a line of {short(key)} is no text. {_QUOTES}")
        texts.append(Given(item.value, _place(item, written)))
    return Value(key, tuple(texts), place, listed=True)


def _events(written: Stretch) -> Iterator[Event]:
    """What YAML says, one after the other, but for anchors, aliases and tags."""
    try:
        for event in yaml.parse("\n".join(written.lines), Loader=yaml.SafeLoader):
            if getattr(event, "anchor", None) or getattr(event, "tag", None):
                why = "a text that begins with &, * or ! means something else in YAML. Fix: quotes around it."
                raise NoYaml(_place(event, written), why)
            yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(written.first + mark.line, mark.column + 1) if mark else Place(written.first, 1)
        raise NoYaml(place, f"no YAML: {' '.join(str(error.problem or error.context).split())}. {_QUOTES}") from error
    except yaml.YAMLError as error:
        raise NoYaml(Place(written.first, 1), "no YAML. Fix: delete characters that cannot be seen.") from error


def _place(event: Event | None, written: Stretch) -> Place:
    mark = event.start_mark if event else None
    return Place(written.first + mark.line, mark.column + 1) if mark else Place(written.first, 1)
