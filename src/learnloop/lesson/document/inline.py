"""Running text as spans: its marks, its facts, its cues, and a check of every number that was typed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from ..problems import Place
from .findings import Findings
from .marks import tokens_of
from .model import Cue, FactRef, Given, Span, Spans
from .narration import unsaid
from .numbers import HOLE, typed_numbers
from .scan import Role, Scan

MOST = 20_000
"""Characters of a paragraph."""


@dataclass(frozen=True)
class Line:
    """A line of text: its spans, and the condition that a choice ends in."""

    spans: Spans
    condition: Given | None = None


@dataclass(frozen=True)
class _Atom:
    """What one token says, and the character at which it begins."""

    text: str
    at: int
    marks: frozenset[str]
    link: str | None = None
    cue: Cue | None = None
    fact: FactRef | None = None
    condition: Given | None = None

    @property
    def plain(self) -> str:
        """As numbers are looked for in it."""
        return HOLE if self.fact or "math" in self.marks else self.text


def read_line(content: str, locate: Callable[[int], Place], role: Role, language: str, findings: Findings) -> Line:
    """Read running text.

    Args:
        content: one paragraph; its lines may be several.
        locate: the place of a character.
        role: what the text is for.
        language: that words of numbers are looked for in.
        findings: takes what is wrong.
    """
    if len(content) > MOST:
        findings.add(
            locate(MOST), f"a paragraph of {len(content)} characters, at most {MOST} are expected. Fix: make two of it."
        )
        return Line(())
    if role.narrated:
        for at, why in unsaid(content):
            findings.add(locate(at), why)
    scan = Scan(content, locate, role, findings)
    atoms = list(_atoms(scan))
    _check_numbers(scan, atoms, language)
    condition = _condition(scan, atoms)
    return Line(tuple(_spans(scan, [atom for atom in atoms if atom.condition is None], bool(condition))), condition)


def _atoms(scan: Scan) -> Iterator[_Atom]:
    open_marks = {"em": 0, "strong": 0}  # counted: who nests them thousands deep does not get a stack
    link: str | None = None
    cue: Cue | None = None
    for token in tokens_of(scan):
        kind, meta = token.type, token.meta
        if kind == "link_open":
            link, cue = meta.get("link"), meta.get("cue")
        elif kind == "link_close":
            link = cue = None
        elif kind.endswith("_open"):
            open_marks[token.tag] += 1
        elif kind.endswith("_close"):
            open_marks[token.tag] -= 1
        elif token.content or kind in ("fact", "condition"):
            marks = [mark for mark, count in open_marks.items() if count]
            more = [kind] if kind in ("code", "math") else []
            yield _Atom(
                token.content,
                meta["at"],
                frozenset([*marks, *more]),
                link,
                cue,
                meta.get("fact"),
                meta.get("condition"),
            )


def _check_numbers(scan: Scan, atoms: list[_Atom], language: str) -> None:
    starts = [0, *accumulate(len(atom.plain) for atom in atoms)]
    for number in typed_numbers("".join(atom.plain for atom in atoms), language):
        which = bisect_right(starts, number.at) - 1
        scan.wrong(atoms[which].at + number.at - starts[which], number.problem)


def _condition(scan: Scan, atoms: list[_Atom]) -> Given | None:
    """The condition at the end."""
    if not scan.role.conditions:
        return None
    held = [number for number, atom in enumerate(atoms) if atom.condition]
    last = max((n for n, atom in enumerate(atoms) if atom.fact or atom.condition or atom.text.strip()), default=0)
    if held != [last]:
        at = atoms[held[0]].at if held else 0
        scan.wrong(
            at, "a choice ends in one condition, which says when it is right. Fix: - It fell. {? loss.end < loss.start}"
        )
        return None
    return atoms[last].condition


def _spans(scan: Scan, atoms: Iterable[_Atom], trim: bool) -> Iterator[Span]:
    """Neighbours of one kind as one span."""
    held: Span | None = None
    for atom in atoms:
        span = Span(atom.text, scan.locate(atom.at), atom.marks, atom.link, atom.fact, atom.cue)
        if held is not None and _one(held, span):
            held = replace(held, text=_joined(held.text, atom, scan.content))
            continue
        if held is not None:
            yield replace(held, text=held.text.rstrip(" \t")) if _breaks(atom, scan.content) and not held.fact else held
        held = span
    if held is not None and trim and not held.fact:
        held = replace(held, text=held.text.rstrip())
    if held is not None and (held.text or held.fact):
        yield held


def _breaks(atom: _Atom, content: str) -> bool:
    return atom.text == " " and content[atom.at] == "\n"


def _joined(text: str, atom: _Atom, content: str) -> str:
    """Two texts as one; the spaces in front of a line's end go into it."""
    return (text.rstrip(" \t") if _breaks(atom, content) else text) + atom.text


def _one(left: Span, right: Span) -> bool:
    kinds = (left.marks, left.link, left.cue) == (right.marks, right.link, right.cue)
    return kinds and not (left.fact or right.fact or "math" in left.marks)
