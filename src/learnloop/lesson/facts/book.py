"""The book of facts: finds a fact by its name, and remembers which were used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import DescriptionError, LearnloopError, UnknownName, short
from ..document.model import FactRef
from ..model import LessonRun
from ..problems import Place
from .answers import ANSWERS
from .conditions import holds
from .course import COURSE
from .described import DESCRIBED
from .fact import Fact
from .formats import Value, check_format
from .kinds import LAYER, Asked, Kind, by_key
from .names import Name, read_name
from .subject import Subject
from .updates import UPDATES

KINDS = (*COURSE, *DESCRIBED, *ANSWERS, *UPDATES)
"""All kinds of facts, in the order of the documentation."""
_OF_RUN = by_key(kind for kind in KINDS if not kind.of_layer)
_OF_LAYER = by_key(kind for kind in KINDS if kind.of_layer)
_NOWHERE = Place(1, 1)


class FactBook:
    """The facts of the runs of a lesson. Nothing is computed before it is asked for.

    Args:
        runs: by name; "" is the first one.
    """

    def __init__(self, runs: Mapping[str, LessonRun]) -> None:
        self._subjects = {name: Subject(found) for name, found in runs.items()}
        self._aliases = {found.name: name for name, found in runs.items() if found.name}
        self._found: dict[tuple[str, str, str], Fact] = {}
        self._values: dict[tuple[str, str], tuple[Value, str, int | None, bool]] = {}

    def find(self, ref: FactRef) -> Fact:
        """A fact.

        Args:
            ref: its run, name and format.

        Raises:
            UnknownName: for a run, a fact or a format that there is not; the nearest ones are suggested.
            DescriptionError: for a place, an update or a row that there is not, and for what the run has no fact about.
        """
        key = (ref.run, ref.name, ref.format)
        if key not in self._found:
            check_format(ref.format)
            value, unit, update, single = self._value(ref.run, ref.name)
            fact = Fact(f"fact-{len(self._found) + 1}", *key[:2], value, unit, update, ref.format, single)
            fact.shown()  # refuses a format that does not suit the value
            self._found[key] = fact
        return self._found[key]

    def _value(self, run: str, name: str) -> tuple[Value, str, int | None, bool]:
        if (run, name) not in self._values:
            subject = self._subject(run)
            try:
                self._values[run, name] = _read(subject, name)
            except (UnknownName, DescriptionError):
                raise
            except LearnloopError as error:  # of data that are not at hand, for one
                raise DescriptionError(f"{name}: {error}") from error
        return self._values[run, name]

    def _subject(self, run: str) -> Subject:
        found = self._subjects.get(self._aliases.get(run, run))
        if found is None:
            known = [name for name in (*self._aliases, *self._subjects) if name]
            raise UnknownName("run", run, dict.fromkeys(known), "" if known else "Fix: a fact of the only run is written without a name.")
        return found

    def used(self) -> tuple[dict[str, Any], ...]:
        """The table of the facts that were used, in the order of their first use: plain JSON."""
        return tuple(fact.to_dict() for fact in self._found.values())

    def judge(self, condition: str) -> bool:
        """Whether a condition holds, such as ``loss.end < loss.start and run.status == "finished"``.

        Args:
            condition: comparisons, joined by ``and``; each names at least one fact.

        Raises:
            ConditionError: for anything else, with the offset in the text; also for facts that there are not.
        """
        return holds(condition, self._named)

    def _named(self, text: str) -> Value:
        """The value of a fact that a condition names."""
        before, slash, after = text.partition("/")
        run, name = (before, after) if slash else ("", text)
        return self.find(FactRef(run, name, "", _NOWHERE)).value

    def check(self, table: Any) -> list[str]:
        """What a table of facts says otherwise than the runs do.

        Args:
            table: what :meth:`used` gave, or anything that somebody wrote into its place.

        Returns:
            A sentence for each difference; none where all is as it was.
        """
        if not isinstance(table, list | tuple):
            return ["the table of facts is no list. Fix: build the lesson again."]
        return [said for line in table if (said := self._difference(line))]

    def _difference(self, line: Any) -> str:
        parts = [line.get(name) for name in ("run", "name", "format", "text")] if isinstance(line, Mapping) else [None]
        if not all(isinstance(part, str) for part in parts):
            return f"{short(line)} is no line of a table of facts. Fix: build the lesson again."
        run, name, format, text = map(str, parts)
        shown = f"{run}/{name}" if run else name
        try:
            now = self.find(FactRef(run, name, format, _NOWHERE)).to_dict()
        except LearnloopError as error:
            return f"{shown}: {error}"
        if now["value"] == line.get("value") and now["text"] == text:
            return ""
        was = text if text != now["text"] else short(line.get("value"))
        return f"{shown} was {was}, and is {now['text'] if text != now['text'] else short(now['value'])}. Fix: build the lesson again."


def _read(subject: Subject, text: str) -> tuple[Value, str, int | None, bool]:
    """The value of a fact, its unit, its update, and whether it is a float32."""
    name = read_name(text)
    kind, layer = _kind(subject, name)
    _check_time(kind, name)
    update = subject.update(name.update) if name.update else None
    value = kind.read(Asked(subject, layer, name.places, update, name.row or 0))
    unit = "number" if kind.unit == "name" and not isinstance(value, str) else kind.unit
    return value, unit, update, kind.exact and subject.single


def _kind(subject: Subject, name: Name) -> tuple[Kind, str]:
    """The kind of a name, and the layer that it begins with."""
    if name.key in _OF_RUN:
        return _OF_RUN[name.key], ""
    for layer in sorted(subject.structure.layers, key=len, reverse=True):
        rest = name.key.removeprefix(layer)
        if rest != name.key and rest in _OF_LAYER:
            return _OF_LAYER[rest], layer
    raise UnknownName("fact", name.text, _patterns(subject))


def _patterns(subject: Subject) -> Iterator[str]:
    for kind in KINDS:
        if kind.of_layer:
            yield from (kind.pattern.replace(LAYER, layer) for layer in subject.structure.layers)
        else:
            yield kind.pattern


def _check_time(kind: Kind, name: Name) -> None:
    """Refuse an update or a row where there can be none, and miss the update where there must be one.

    Raises:
        DescriptionError: for that.
    """
    if kind.needs_update and not name.update:
        raise DescriptionError(f"{name.text} is of one update, and says none. Fix: write @ and the update behind it, such as @0 or @last.")
    if name.update and not kind.takes_update:
        raise DescriptionError(f"{name.text}: this is no fact of an update. Fix: leave out @{name.update}.")
    if name.row is not None and not kind.takes_row:
        raise DescriptionError(f"{name.text}: this is no fact of a row of the batch. Fix: leave out #{name.row}.")
