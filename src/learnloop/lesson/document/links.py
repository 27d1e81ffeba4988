"""What a document says of itself: ids, and whether what cues, links, facts and options name is in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ...errors import short
from .directives import DIRECTIVES, SILENT
from .findings import Findings, nearest
from .latex import placed, read_latex
from .model import Block, Chapter, Document, FactRef, Span, Spans

MOST_BLOCKS = 1_000
MOST_FACTS = 5_000


def slug(title: Spans) -> str:
    """The id of a chapter: "the-learning-loop"; "" where its title has no letter that an address can have."""
    text = (
        unicodedata.normalize("NFKD", "".join(span.text for span in title)).encode("ascii", "ignore").decode().lower()
    )
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:60].strip("-")


def name_chapters(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """The chapters with ids that no other has, and that the page does not use itself."""
    taken: set[str] = set()
    named = []
    for number, chapter in enumerate(chapters, 1):
        given = slug(chapter.title)
        base = given if given and not given.startswith(("ll-", "beat-")) else f"chapter-{number}"
        named.append(replace(chapter, id=_free(base, taken)))
    return tuple(named)


def _free(base: str, taken: set[str]) -> str:
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name


def name_blocks(document: Document, findings: Findings) -> Document:
    """The document with an id for each block; a problem for those that are given twice."""
    taken = {chapter.id: "a chapter" for chapter in document.chapters}
    for block in [*document.runs, *_blocks(document)]:
        if block.id and block.id in taken:
            findings.add(block.place, f"the id {short(block.id)} is that of {taken[block.id]}. Fix: another one.")
        elif block.id:
            taken[block.id] = f"the {block.name} in line {block.place.line}"
    names = set(taken)
    counts: dict[str, int] = {}

    def named(block: Block) -> Block:
        counts[block.name] = counts.get(block.name, 0) + 1
        while not block.id and f"{block.name}-{counts[block.name]}" in names:
            counts[block.name] += 1
        return block if block.id else replace(block, id=f"{block.name}-{counts[block.name]}")

    runs = tuple(named(block) for block in document.runs)
    chapters = tuple(replace(chapter, blocks=tuple(map(named, chapter.blocks))) for chapter in document.chapters)
    return replace(document, runs=runs, chapters=chapters)


def check_links(document: Document, findings: Findings) -> None:
    """Hold what a document names against what it has, and its size against its bounds."""
    _check_runs(document, findings)
    drawn = {block.id for block in _blocks(document) if block.name not in SILENT}
    chapters = [chapter.id for chapter in document.chapters]
    names = [block.options["name"].text for block in document.runs if "name" in block.options]
    facts = 0
    for span in spans_of(document):
        if span.cue and span.cue.verb != "set" and span.cue.target.split(".")[0] not in drawn:
            target = span.cue.target.split(".")[0]
            findings.add(
                span.cue.place, f"no block that is drawn has the id {short(target)}. {nearest(target, sorted(drawn))}"
            )
        if span.link and span.link.startswith("#") and span.link[1:] not in chapters:
            findings.add(
                span.place, f"there is no chapter {short(span.link)}. {nearest(span.link[1:], chapters, '#{}')}"
            )
        for fact in _facts(span):
            facts += 1
            if fact.run and fact.run not in names:
                findings.add(fact.place, f"no run is named {short(fact.run)}. {nearest(fact.run, names)}")
    for block in _blocks(document):
        _check_options(block, names, findings)
        if block.name == "equation" and block.raw:
            _check_equation(block, names, findings)
    _check_bounds(document, facts, findings)


def _check_bounds(document: Document, facts: int, findings: Findings) -> None:
    blocks = list(_blocks(document))
    if len(blocks) > MOST_BLOCKS:
        findings.add(
            blocks[MOST_BLOCKS].place,
            f"{len(blocks)} blocks, at most {MOST_BLOCKS} are expected. Fix: make two lessons of it.",
        )
    if facts > MOST_FACTS:
        findings.add(
            document.chapters[0].place,
            f"{facts} facts, at most {MOST_FACTS} are expected. Fix: make two lessons of it.",
        )


def _check_runs(document: Document, findings: Findings) -> None:
    taken: set[str] = set()
    for number, block in enumerate(document.runs):
        name = block.options["name"].text if "name" in block.options else ""
        if number and not name:
            findings.add(
                block.place,
                "a second run needs a name, so that facts can be about it. Fix: a line :name: hot, for example.",
            )
        elif name and name in taken:
            findings.add(block.options["name"].place, f"another run is named {short(name)}. Fix: another name.")
        taken.add(name)


def _check_options(block: Block, names: Sequence[str], findings: Findings) -> None:
    for name, option in DIRECTIVES[block.name].options.items() if block.name in DIRECTIVES else ():
        given = block.options.get(name)
        if option.kind == "run" and given is not None and given.text not in names:
            findings.add(given.place, f"no run is named {short(given.text)}. {nearest(given.text, names)}")


def _check_equation(block: Block, names: Sequence[str], findings: Findings) -> None:
    if block.raw:
        for fact in read_latex(block.raw.text, placed(block.raw.text, block.raw.place), Findings("")):
            if fact.ref.run and fact.ref.run not in names:
                findings.add(fact.ref.place, f"no run is named {short(fact.ref.run)}. {nearest(fact.ref.run, names)}")


def _facts(span: Span) -> Iterable[FactRef]:
    if span.fact:
        return [span.fact]
    if "math" in span.marks:
        return [fact.ref for fact in read_latex(span.text, placed(span.text, span.place), Findings(""))]
    return []


def _blocks(document: Document) -> Iterator[Block]:
    return (block for chapter in document.chapters for block in chapter.blocks)


def spans_of(document: Document) -> Iterator[Span]:
    """Every span of the titles, the prose, the captions and the choices of a document."""
    for chapter in document.chapters:
        yield from chapter.title
        for block in chapter.blocks:
            for spans in block.texts.values():
                yield from spans
            yield from (span for piece in block.prose for line in piece.lines for span in line)
            yield from (span for choice in block.choices for span in choice.spans)
