"""Documents as values: run blocks without a text, for tests that are not about reading."""

from __future__ import annotations

from pathlib import Path

from learnloop.lesson.document.model import Block, Document, FactRef, Front, Given
from learnloop.lesson.problems import Place

HERE = Place(1, 1)


def document(*blocks: tuple[str, dict[str, str]], folder: Path | str = ".") -> Document:
    """A document with a run block for each argument and its options; block k begins at line 10 k + 1."""
    runs = tuple(
        Block("run", argument, Place(10 * k + 1, 1), {name: Given(text, Place(10 * k + 2 + n, 5)) for n, (name, text) in enumerate(options.items())})
        for k, (argument, options) in enumerate(blocks)
    )
    return Document(Front("A lesson"), runs, (), "", str(Path(folder) / "lesson.md"))


def ref(text: str) -> FactRef:
    """A placeholder as a document writes it, without its braces."""
    whole, _, format = text.partition(":")
    run, slash, name = whole.partition("/")
    return FactRef(run, name, format, HERE) if slash else FactRef("", whole, format, HERE)
