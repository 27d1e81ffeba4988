"""A document that was read: front matter, chapters, blocks, and spans of text. Plain values; nothing here knows a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..problems import Place

Verb = Literal["draw", "point", "set"]


@dataclass(frozen=True)
class Given:
    """A text that was written somewhere."""

    text: str
    place: Place


@dataclass(frozen=True)
class FactRef:
    """A placeholder: ``{hot/accuracy.test:percent}`` has the run "hot", the name "accuracy.test" and the format "percent".

    Attributes:
        run: the name of the run; "" for the first one.
        name: of the fact.
        format: how it is written; "" for what suits its unit.
        place: of the opening brace.
    """

    run: str
    name: str
    format: str
    place: Place


@dataclass(frozen=True)
class Cue:
    """What happens when words are spoken.

    Attributes:
        verb: "draw", "point" or "set".
        target: "loop" or "loop.data" for drawing and pointing; the name of what is set.
        value: of what is set, as it was written; "" for drawing and pointing.
        place: of the link.
    """

    verb: Verb
    target: str
    value: str
    place: Place


@dataclass(frozen=True)
class Span:
    """A stretch of text that is of one kind.

    Attributes:
        text: literal text; the LaTeX of a formula; "" for a fact.
        place: where it begins.
        marks: some of "strong", "em", "code", "math".
        link: where a link leads, checked: https, http, mailto or #chapter.
        fact: what stands here instead of text.
        cue: what happens when it is spoken.
    """

    text: str
    place: Place
    marks: frozenset[str] = frozenset()
    link: str | None = None
    fact: FactRef | None = None
    cue: Cue | None = None


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Prose:
    """A piece of prose.

    Attributes:
        kind: "paragraph", "heading" (level 2 or 3), "bullets", "numbers", "quote".
        lines: one run of spans for a paragraph or heading; one for each item of a list or paragraph of a quotation.
        place: where it begins.
        level: of a heading.
    """

    kind: Literal["paragraph", "heading", "bullets", "numbers", "quote"]
    lines: tuple[Spans, ...]
    place: Place
    level: int = 2


@dataclass(frozen=True)
class Choice:
    """One answer of a question: what it says, and the condition under which it is right, such as ``loss.end < loss.start``."""

    spans: Spans
    condition: Given


@dataclass(frozen=True)
class Block:
    """A directive, or a run of prose (``name`` is "prose").

    Attributes:
        name: of the directive; it, its argument and its options are checked against :data:`.directives.DIRECTIVES`.
        argument: what follows the name.
        options: by name, as they were written, but for ``id`` and those that hold text with facts.
        id: what cues call it: as given, or made ("diagram-1"); unique in the document.
        prose: of "prose", note, say and check (its question).
        raw: the body of others, as it was written; its place is that of its first line.
        texts: options that hold text with facts, by name: "caption" of a picture, "spoken" and "label" of an equation, "ask".
        choices: of a check.
        answer: of a check for a number.
        place: where it begins.
    """

    name: str
    argument: str
    place: Place
    options: Mapping[str, Given] = field(default_factory=dict)
    id: str = ""
    prose: tuple[Prose, ...] = ()
    raw: Given | None = None
    texts: Mapping[str, Spans] = field(default_factory=dict)
    answer: FactRef | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A chapter: title, id for links ("the-learning-loop"), and its blocks in order."""

    title: Spans
    id: str
    blocks: tuple[Block, ...]
    place: Place


@dataclass(frozen=True)
class Front:
    """The front matter.

    Attributes:
        title, subtitle, category, language, level, author, base_url: as written; "" for none.
        date: YYYY-MM-DD, or "".
        learn: what one will learn.
        places: where each was written, by name.
    """

    title: str
    subtitle: str = ""
    category: str = ""
    date: str = ""
    language: str = "en"
    level: str = ""
    author: str = ""
    base_url: str = ""
    learn: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A whole document.

    Attributes:
        front: its front matter.
        runs: its ``run`` blocks, in order; the first one is what facts without a run are about.
        chapters: at least one.
        text: as it was written.
        path: what messages call it.
    """

    front: Front
    runs: tuple[Block, ...]
    chapters: tuple[Chapter, ...]
    text: str
    path: str
