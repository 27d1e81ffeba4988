"""Filling facts into texts, and taking narrations apart into words that are shown, spoken and cued."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..errors import LearnloopError
from .document.model import Cue, FactRef, Given, Prose, Span, Spans
from .equation import to_mathml
from .facts import FactBook
from .facts.conditions import ConditionError
from .model import Passage, Piece, Text
from .problems import LessonError, Place, Problem
from .voice.model import Word

_SPACE = re.compile(r"([ \t\r\n]+)")
"""Where words end; spaces that do not break are inside of one."""
_HEARD = re.compile(r"\w")


@dataclass
class Filler:
    """Fills facts into texts, and collects what cannot be filled.

    Attributes:
        book: the facts.
        problems: what went wrong, with places.
    """

    book: FactBook
    problems: list[Problem] = field(default_factory=list)

    def fact(self, ref: FactRef) -> tuple[str, str, str]:
        """A fact as it is shown, as it is spoken, and its id; a problem is noted for one that there is not."""
        try:
            fact = self.book.find(ref)
            return fact.shown(ref.format), fact.spoken(ref.format), fact.id
        except LearnloopError as error:
            self.problem(ref.place, str(error))
            return "?", "", ""

    def problem(self, place: Place, text: str) -> None:
        """Note what is wrong somewhere."""
        self.problems.append(Problem(place, " ".join(text.split())))

    def take(self, error: LessonError) -> None:
        """Note all that another part found."""
        self.problems += error.found

    def formula(self, latex: str, place: Place, display: Literal["block", "inline"] = "block") -> str:
        """MathML of a formula, with its facts; nothing where there is a problem, which is noted."""
        try:
            return to_mathml(latex, place, lambda ref: self.fact(ref)[0], display=display)
        except LessonError as error:
            self.take(error)
            return ""

    def text(self, spans: Spans) -> Text:
        """Spans with their facts filled in."""
        return tuple(self._piece(span) for span in spans)

    def plain(self, spans: Spans) -> str:
        """The same as plain text."""
        return "".join(piece.text for piece in self.text(spans))

    def judge(self, condition: Given) -> bool:
        """Whether a condition holds; a problem is noted for one that makes no sense."""
        try:
            return self.book.judge(condition.text)
        except ConditionError as error:
            place = Place(condition.place.line, condition.place.column + error.offset)
            self.problem(place, str(error))
            return False

    def passages(self, prose: Sequence[Prose]) -> tuple[Passage, ...]:
        """Prose with its facts filled in."""
        return tuple(Passage(p.kind, tuple(self.text(line) for line in p.lines), p.level) for p in prose)

    def _piece(self, span: Span) -> Piece:
        marks = span.marks - {"math"}
        if span.fact is not None:
            shown, _, name = self.fact(span.fact)
            return Piece(shown, marks, span.link, name or None)
        if "math" in span.marks:
            return Piece(span.text, marks, span.link, mathml=self.formula(span.text, span.place, "inline"))
        return Piece(span.text, marks, span.link)

    def narration(self, prose: Sequence[Prose]) -> Narrated:
        """A narration, word by word."""
        teller = _Teller(self)
        passages = tuple(Passage(p.kind, tuple(teller.line(line) for line in p.lines), p.level) for p in prose)
        words = tuple(Word(shown, spoken) for shown, spoken in teller.words)
        return Narrated(passages, words, tuple((cue, first, last) for cue, (first, last) in teller.cues.items()))


@dataclass(frozen=True)
class Narrated:
    """What is said in a beat.

    Attributes:
        passages: as it is shown; pieces know their words.
        words: in order.
        cues: each with the first and the last word that carry it.
    """

    passages: tuple[Passage, ...]
    words: tuple[Word, ...]
    cues: tuple[tuple[Cue, int, int], ...]


class _Teller:
    """Counts words through the lines of one narration."""

    def __init__(self, filler: Filler) -> None:
        self.filler = filler
        self.words: list[tuple[str, str]] = []
        self.cues: dict[Cue, tuple[int, int]] = {}

    def line(self, spans: Spans) -> Text:
        """A line: every paragraph begins a new word."""
        pieces: list[Piece] = []
        inside = False
        for span in spans:
            for text, spoken, fact in self._parts(span):
                if fact is None and not _HEARD.search(text) and (not inside or text.isspace()):
                    inside = self._silent(pieces, text, span)
                    continue
                self._count(text, spoken, joined=inside)
                inside = True
                word = len(self.words) - 1
                pieces.append(Piece(text, span.marks, span.link, fact, word=word))
                if span.cue is not None:
                    self.cues[span.cue] = (self.cues.get(span.cue, (word, word))[0], word)
        return tuple(pieces)

    def _parts(self, span: Span) -> Iterator[tuple[str, str, str | None]]:
        """What is shown, what is spoken, and the id of the fact: words and the spaces between them."""
        if span.fact is not None:
            shown, spoken, name = self.filler.fact(span.fact)
            yield shown, spoken, name
            return
        for part in _SPACE.split(span.text):
            if part:
                yield part, part.replace("\xa0", " ").replace("\u202f", " "), None

    def _silent(self, pieces: list[Piece], text: str, span: Span) -> bool:
        """Spaces, and signs that stand alone, such as a dash: they belong to no word, but are heard as a pause after one."""
        pieces.append(Piece(text, span.marks, span.link))
        if not text.isspace() and self.words:
            shown, spoken = self.words[-1]
            self.words[-1] = (shown, spoken if spoken.endswith((",", ".", ";", ":", "?")) else f"{spoken},")
        return False

    def _count(self, text: str, spoken: str, *, joined: bool) -> None:
        if joined:
            before = self.words[-1]
            self.words[-1] = (before[0] + text, before[1] + spoken)
        else:
            self.words.append((text, spoken))
