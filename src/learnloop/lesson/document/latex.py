"""The LaTeX that formulas of lessons may have: a closed list, read with places, before anything makes a picture of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ...errors import short
from ..problems import Place
from .commands import ACCENTS, ENVIRONMENTS, FENCES, FONTS, KNOWN, TWO
from .findings import Findings, nearest
from .model import FactRef
from .references import fact_in

MOST = 2_000
"""Characters of a formula."""
DEEPEST = 12
"""Groups within groups."""

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
_ESCAPED = frozenset([r"\\", r"\,", r"\;", r"\:", r"\!", r"\ ", r"\{", r"\}", r"\|", r"\_", r"\&"])
_ASCII = frozenset("+-*/=<>()[]|.,:;!?'~")
_DELIMITERS = frozenset([*"()[]|/.", r"\{", r"\}", r"\|", *(f"\\{name}" for name in FENCES)])
_WORDS = re.compile(r"[^{}\\$%#&^~<>\n]{0,200}")
_LETTERS = re.compile(r"[A-Za-z]{1,30}(?: [A-Za-z]{1,30})?")


@dataclass(frozen=True)
class Token:
    """A piece of LaTeX, and where it begins, from 0."""

    text: str
    at: int


@dataclass(frozen=True)
class FactIn:
    """A ``\\fact{...}`` in a formula: from where to where, and what it names."""

    begin: int
    end: int
    ref: FactRef


class _Wrong(Exception):
    """The formula cannot be read on from here."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at, self.why = at, why


def placed(latex: str, place: Place) -> Callable[[int], Place]:
    """Where the characters of a text are whose lines stand one below the other, all but the first from column 1."""

    def locate(at: int) -> Place:
        line = latex.count("\n", 0, at)
        begin = latex.rfind("\n", 0, at) + 1
        return Place(place.line + line, at - begin + (place.column if line == 0 else 1))

    return locate


def read_latex(latex: str, locate: Callable[[int], Place], findings: Findings) -> tuple[FactIn, ...]:
    """Check a formula, and find its facts.

    Args:
        latex: what stands between the dollar signs, or in an equation.
        locate: the place of a character.
        findings: takes every command that does not exist, and the first thing that breaks the order of the formula.
    """
    if len(latex) > MOST:
        findings.add(
            locate(MOST), f"a formula of {len(latex)} characters, at most {MOST} are expected. Fix: make two of it."
        )
        return ()
    tokens = [Token(m[0], m.start()) for m in _TOKEN.finditer(latex) if not m[0].isspace()]
    strange = list(_strange(latex, tokens)) if tokens else []
    for token, why in strange:
        findings.add(locate(token.at), why)
    if strange:
        return ()
    reader = _Reader(latex, tokens, locate, findings)
    try:
        reader.formula()
    except _Wrong as wrong:
        findings.add(locate(min(wrong.at, len(latex))), wrong.why)
    return tuple(reader.facts)


def _strange(latex: str, tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    """Tokens that no formula has, outside of what is quoted."""
    quoted = -1
    for token, after in zip(tokens, [*tokens[1:], Token("", len(latex))], strict=True):
        if token.at < quoted:
            continue
        if token.text in (r"\text", r"\fact") and after.text == "{":
            close = latex.find("}", after.at)
            quoted = close if close > 0 else len(latex)
        why = _why(token.text)
        if why:
            yield token, why


def _why(text: str) -> str:
    if text[0] == "\\":
        if text[1:].isalpha() and text.isascii():
            return "" if text[1:] in KNOWN else _unknown(text[:60])
        return "" if text in _ESCAPED else "a backslash without a command. Fix: delete it."
    if text[0] == "%":
        return "'%' would begin a comment. Fix: leave it out, or write \\text{percent}."
    if text[0].isascii():
        fine = text[0].isalnum() or text[0] in _ASCII or text[0] in "{}^_&"
    else:
        fine = unicodedata.category(text[0])[0] in "LN" or unicodedata.category(text[0]) == "Sm" or text[0] in "·…′°"
    return "" if fine else f"{short(text)} is no sign of formulas. Fix: leave it out, or write \\text{{...}}."


@lru_cache(maxsize=256)  # who mistypes a command mistypes it often, and what is near takes milliseconds
def _unknown(text: str) -> str:
    near = nearest(text[1:], sorted(KNOWN), "\\{}")
    return f"{text} is no command of formulas here. {near}"


class _Reader:
    """Goes through the tokens of a formula, once."""

    def __init__(self, latex: str, tokens: list[Token], locate: Callable[[int], Place], findings: Findings) -> None:
        self.latex, self.tokens, self.locate, self.findings = latex, tokens, locate, findings
        self.next = 0
        self.facts: list[FactIn] = []

    def peek(self) -> str:
        return self.tokens[self.next].text if self.next < len(self.tokens) else ""

    def at(self) -> int:
        return self.tokens[self.next].at if self.next < len(self.tokens) else len(self.latex.rstrip())

    def formula(self) -> None:
        if not self.tokens:
            raise _Wrong(0, "an empty formula. Fix: LaTeX, such as z = w \\cdot x + b.")
        self.row(0, cells=False)
        if self.peek():
            raise _Wrong(self.at(), f"{self.peek()} closes nothing. Fix: delete it, or open it before.")

    def row(self, depth: int, *, cells: bool) -> None:
        """Everything until something closes."""
        if depth > DEEPEST:
            raise _Wrong(self.at(), f"groups are nested more than {DEEPEST} deep. Fix: make two formulas of it.")
        scripts: set[str] = set()  # of what stands before
        while (text := self.peek()) and text not in ("}", r"\right", r"\end"):
            if text in ("&", r"\\"):
                if not cells:
                    raise _Wrong(
                        self.at(),
                        f"{text} parts cells, but this is no table. Fix: \\begin{{aligned}} ... \\end{{aligned}}.",
                    )
                self.next += 1
                scripts = set()
            elif text in ("^", "_", "'"):
                self.script(text, scripts, depth)
            else:
                self.atom(depth)
                scripts = set()

    def script(self, text: str, scripts: set[str], depth: int) -> None:
        if text in scripts or {"^", "'"} <= {text, *scripts}:
            raise _Wrong(self.at(), f"a second {text} on the same sign. Fix: braces that say which belongs to which.")
        scripts.add(text)
        at = self.at()
        self.next += 1
        if text == "'":
            while self.peek() == "'":
                self.next += 1
            return
        self.argument(text, at, depth)

    def atom(self, depth: int) -> None:
        text, at = self.peek(), self.at()
        self.next += 1
        if text == "{":
            self.row(depth + 1, cells=False)
            self.close("}", at, "{")
        elif text[0] == "\\" and text[1:] in KNOWN:
            self.command(text[1:], at, depth)

    def close(self, expected: str, at: int, opened: str) -> None:
        if self.peek() != expected:
            raise _Wrong(at, f"{opened} is not closed. Fix: {expected} behind it.")
        self.next += 1

    def command(self, name: str, at: int, depth: int) -> None:
        if name in TWO:
            self.argument(f"\\{name}", at, depth)
            self.argument(f"\\{name}", at, depth)
        elif name in ACCENTS or name in FONTS:
            self.argument(f"\\{name}", at, depth)
        elif name == "sqrt":
            self.root(at, depth)
        elif name in ("text", "operatorname", "fact"):
            self.quoted(name, at)
        elif name == "left":
            self.fenced(at, depth)
        elif name == "begin":
            self.environment(at, depth)

    def argument(self, owner: str, at: int, depth: int) -> None:
        """A group, or one sign."""
        text = self.peek()
        if text == "{":
            begin = self.at()
            self.next += 1
            if self.peek() == "}":
                raise _Wrong(begin, f"{owner} is given nothing. Fix: something between the braces.")
            self.row(depth + 1, cells=False)
            self.close("}", begin, "{")
        elif not text or text in ("}", "^", "_", "&", "'", r"\\", r"\right", r"\end", r"\left", r"\begin"):
            raise _Wrong(at, f"{owner} is given nothing. Fix: {owner}{{...}}.")
        elif depth + 1 > DEEPEST:
            raise _Wrong(at, f"commands are nested more than {DEEPEST} deep. Fix: make two formulas of it.")
        else:
            self.sign(owner, depth)

    def sign(self, owner: str, depth: int) -> None:
        text = self.peek()
        if text[0].isdigit() and len(text) > 1:
            raise _Wrong(self.at(), f"{owner} takes one sign or a group, got {text}. Fix: {owner}{{{text}}}.")
        if text[0] == "\\" and text[1:] in (*TWO, "sqrt"):
            raise _Wrong(
                self.at(), f"{owner} takes one sign or a group. Fix: braces around {text} and what belongs to it."
            )
        self.atom(depth + 1)

    def root(self, at: int, depth: int) -> None:
        if self.peek() == "[":
            begin = self.at()
            self.next += 1
            while self.peek() not in ("]", ""):
                if not (self.peek().isalnum() and self.peek().isascii()):
                    raise _Wrong(self.at(), "the degree of a root is letters and digits. Fix: \\sqrt[n]{x}.")
                self.next += 1
            self.close("]", begin, "[")
        self.argument("\\sqrt", at, depth)

    def quoted(self, name: str, at: int) -> None:
        """Text in braces, as it is."""
        if self.peek() != "{":
            raise _Wrong(at, f"\\{name} is given nothing. Fix: \\{name}{{...}}.")
        begin = self.at() + 1
        end = self.latex.find("}", begin)
        if end < 0:
            raise _Wrong(at, f"\\{name} is not closed. Fix: a brace behind it.")
        self.check_quoted(name, self.latex[begin:end], begin)
        while self.next < len(self.tokens) and self.tokens[self.next].at <= end:
            self.next += 1
        if name == "fact":
            ref = fact_in(self.latex[begin:end], self.locate(begin - 1), self.findings)
            if ref is not None:
                self.facts.append(FactIn(at, end + 1, ref))

    def check_quoted(self, name: str, text: str, at: int) -> None:
        if name == "text" and not (_WORDS.fullmatch(text) and text.strip()):
            raise _Wrong(at, "\\text holds plain words on one line. Fix: leave out its signs and commands.")
        if name == "operatorname" and not _LETTERS.fullmatch(text):
            raise _Wrong(at, "\\operatorname holds the letters of a name. Fix: \\operatorname{softmax}.")

    def fenced(self, at: int, depth: int) -> None:
        self.delimiter(r"\left")
        self.row(depth + 1, cells=False)
        if self.peek() != r"\right":
            raise _Wrong(at, "\\left is not closed. Fix: \\right and a bracket, or \\right. for none.")
        self.next += 1
        self.delimiter(r"\right")

    def delimiter(self, owner: str) -> None:
        if self.peek() not in _DELIMITERS:
            raise _Wrong(
                self.at(),
                f"{owner} takes a bracket, got {self.peek() or 'nothing'}. Fix: {owner}(, {owner}[ or {owner}., for example.",
            )
        self.next += 1

    def environment(self, at: int, depth: int) -> None:
        name = self.braced(r"\begin")
        if name not in ENVIRONMENTS:
            raise _Wrong(at, f"{short(name)} is no environment here. {nearest(name, ENVIRONMENTS)}")
        self.row(depth + 1, cells=True)
        if self.peek() != r"\end":
            raise _Wrong(at, f"\\begin{{{name}}} is not closed. Fix: \\end{{{name}}} behind it.")
        end = self.at()
        self.next += 1
        if (closed := self.braced(r"\end")) != name:
            raise _Wrong(end, f"\\end{{{short(closed)[1:-1]}}} closes \\begin{{{name}}}. Fix: \\end{{{name}}}.")

    def braced(self, owner: str) -> str:
        """The letters of a name in braces."""
        at, letters = self.at(), ""
        if self.peek() == "{":
            self.next += 1
            while self.peek().isalpha():
                letters += self.peek()
                self.next += 1
        if not letters or self.peek() != "}":
            raise _Wrong(at, f"{owner} takes a name in braces. Fix: {owner}{{aligned}}, for example.")
        self.next += 1
        return letters
