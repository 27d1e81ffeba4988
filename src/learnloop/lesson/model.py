"""A lesson: a document whose facts are filled in, whose pictures are drawn and whose words have their times. Pages only write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..run import Run
from .document.model import Front
from .drawing.scene import Drawing
from .events import Event


@dataclass(frozen=True)
class Piece:
    """A stretch of text as it is shown.

    Attributes:
        text: plain text.
        marks: some of "strong", "em", "code".
        link: where it leads, or None; checked.
        fact: the id of the fact that it shows, or None.
        mathml: of a formula, made by us, or None.
        word: which word of its beat it is, for what is spoken; None for the space and the text between.
    """

    text: str
    marks: frozenset[str] = frozenset()
    link: str | None = None
    fact: str | None = None
    mathml: str | None = None
    word: int | None = None


Text = tuple[Piece, ...]


@dataclass(frozen=True)
class Passage:
    """A piece of prose: kind and level as in :class:`.document.model.Prose`, its lines filled."""

    kind: str
    lines: tuple[Text, ...]
    level: int = 2


@dataclass(frozen=True)
class Answer:
    """A choice of a question, and whether it is right."""

    text: Text
    right: bool


@dataclass(frozen=True)
class Shown:
    """A block as it is shown. What a block of its kind does not have is empty.

    Attributes:
        id: what events call it.
        kind: the name of its directive, or "prose".
        variant: the argument: "learning-loop", "network", "python" ...
        title: of a note.
        passages: of prose, notes and the question of a check.
        sketch: the drawings for wide and for narrow places; of a live block its picture at rest.
        image: (type, bytes, alternative text) of a file.
        mathml, spoken, label: of an equation.
        code, language: of code.
        answers: of a check with choices.
        number: of a check for a number: (value, tolerance, as it is shown).
        options: of a live block: neuron, update.
        ask: what the reader is asked to try, or "".
        caption: of a picture.
    """

    id: str
    kind: str
    variant: str = ""
    title: str = ""
    passages: tuple[Passage, ...] = ()
    sketch: tuple[Drawing, Drawing] | None = None
    image: tuple[str, bytes, str] | None = None
    mathml: str = ""
    spoken: str = ""
    label: str = ""
    code: str = ""
    language: str = ""
    answers: tuple[Answer, ...] = ()
    number: tuple[float, float, str] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    ask: str = ""
    caption: Text = ()


@dataclass(frozen=True)
class Beat:
    """A beat: blocks, and what is said.

    Attributes:
        id: "beat-1", counted through the lesson.
        shown: its blocks, in order.
        said: what is spoken, in paragraphs; empty for blocks behind the last ``say`` of a chapter.
        start, end: in seconds.
    """

    id: str
    shown: tuple[Shown, ...]
    said: tuple[Passage, ...]
    start: float
    end: float


@dataclass(frozen=True)
class Told:
    """A chapter: id, title, beats, start and end in seconds."""

    id: str
    title: Text
    beats: tuple[Beat, ...]
    start: float
    end: float


@dataclass(frozen=True)
class LessonRun:
    """A run of the lesson, and what a page needs to do it again.

    Attributes:
        name: as it was given; "" where the first one has none.
        run: the run.
        scenario: of the explorer, as plain JSON; None where a page cannot compute it, with the reason in ``refusal``.
        rows: its rows for a page, packed; empty where there is no scenario.
        refusal: why there is no scenario, or "".
        command: what trains it again on the command line, or "" where there is none.
        file: the path of its data from the document's folder, or "" for other data.
    """

    name: str
    run: Run
    scenario: Mapping[str, Any] | None
    rows: bytes
    refusal: str = ""
    command: str = ""
    file: str = ""


@dataclass(frozen=True)
class Lesson:
    """A whole lesson.

    Attributes:
        front: its front matter.
        chapters: at least one.
        events: in the order of their starts.
        seconds: how long it takes.
        voice: who speaks: "espeak-ng", "silent", or a host.
        sound: MP3, or None for a lesson without sound, which has estimated times.
        silence: why there is no sound, for the reader; "" where there is.
        facts: those that are used: id, run, name, value, unit, update, format, text.
        runs: by name; the first one, "", is the one that live parts show.
        text: the document.
    """

    front: Front
    chapters: tuple[Told, ...]
    events: tuple[Event, ...]
    seconds: float
    voice: str
    sound: bytes | None
    silence: str
    facts: tuple[Mapping[str, Any], ...]
    runs: Mapping[str, LessonRun]
    text: str
