"""Reading a document: text to values, and every problem that it has at once."""

from __future__ import annotations

import os

from ..problems import Place
from .blocks import read_block
from .fences import Stretch, split
from .findings import Findings
from .front import read_front
from .links import check_links, name_blocks, name_chapters
from .model import Block, Chapter, Document, Prose, Spans
from .prose import Passage, read_prose
from .source import lines_of, load


def read(text: str, path: str = "lesson.md") -> Document:
    """Read a document.

    Args:
        text: Markdown with front matter and directives; see docs/lessons.md.
        path: what messages call it.

    Raises:
        LessonError: everything that is wrong with it, each with line and column.

    >>> read("---\\ntitle: A line\\n---\\n# One\\nProse.\\n").chapters[0].id
    'one'
    """
    findings = Findings(path)
    lines = lines_of(text, findings)
    front, taken = read_front(lines, findings)
    builder = _Builder(findings, front.language)
    for part in split(Stretch(taken + 1, tuple(lines[taken:])), findings):
        if isinstance(part, Stretch):
            builder.prose(read_prose(part, findings, front.language))
        else:
            block = read_block(part, findings, front.language)
            builder.block(block, part.place) if block else None
    builder.end_chapter()
    if not builder.chapters:
        findings.add(Place(min(taken + 1, len(lines)), 1), "no chapter. Fix: a line # What it is about.")
    document = Document(front, tuple(builder.runs), name_chapters(builder.chapters), "\n".join(lines), path)
    document = name_blocks(document, findings)
    check_links(document, findings)
    findings.settle()
    return document


def read_file(path: str | os.PathLike[str]) -> Document:
    """Read a document from a file.

    Args:
        path: of a plain file in UTF-8.

    Raises:
        FileError: if it is no plain file, cannot be read, or is too large.
        LessonError: everything that is wrong with it, each with line and column.
    """
    return read(load(path), os.fspath(path))


class _Builder:
    """Collects the chapters of a document and what is in them."""

    def __init__(self, findings: Findings, language: str) -> None:
        self.findings, self.language = findings, language
        self.chapters: list[Chapter] = []
        self.runs: list[Block] = []
        self.title: Spans | None = None
        self.place = Place(1, 1)
        self.blocks: list[Block] = []

    def prose(self, passages: list[Passage]) -> None:
        """Prose, and the titles of chapters in it."""
        held: list[Prose] = []
        for passage in passages:
            if passage.kind == "heading" and passage.level == 1:
                self.add_prose(held)
                held = []
                self.end_chapter()
                self.title, self.place = passage.lines[0].spans, passage.place
            else:
                held.append(passage.prose)
        self.add_prose(held)

    def add_prose(self, held: list[Prose]) -> None:
        if held:
            self.block(Block("prose", "", held[0].place, prose=tuple(held)), held[0].place)

    def block(self, block: Block, place: Place) -> None:
        """A block of the chapter; a run is of the whole document."""
        if block.name == "run":
            self.runs.append(block)
        elif self.title is None:
            self.findings.add(
                place, f"{block.name} before the first chapter. Fix: a line # What it is about, above it."
            )
        else:
            self.blocks.append(block)

    def end_chapter(self) -> None:
        if self.title is None:
            return
        if not self.blocks:
            self.findings.add(self.place, "a chapter with nothing in it. Fix: a block or a paragraph below it.")
        self.chapters.append(Chapter(self.title, "", tuple(self.blocks), self.place))
        self.title, self.blocks = None, []
