"""The signs of a formula: LaTeX in pieces, and which of them no formula has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ...errors import short
from .commands import KNOWN
from .findings import nearest

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
_ESCAPED = frozenset([r"\\", r"\,", r"\;", r"\:", r"\!", r"\ ", r"\{", r"\}", r"\|", r"\_", r"\&"])
_ASCII = frozenset("+-*/=<>()[]|.,:;!?'~")
_SHAPE = "\\{}"


@dataclass(frozen=True)
class Token:
    """A piece of LaTeX, and where it begins, from 0."""

    text: str
    at: int


def signs(latex: str) -> list[Token]:
    """The pieces of a formula, without the space between them."""
    return [Token(m[0], m.start()) for m in _TOKEN.finditer(latex) if not m[0].isspace()]


def strange(latex: str, tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    """Tokens that no formula has, outside of what is quoted."""
    quoted = -1
    end = Token("", len(latex))
    for token, after in zip(tokens, [*tokens[1:], end][: len(tokens)], strict=True):
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
    return f"{text} is no command of formulas here. {nearest(text[1:], sorted(KNOWN), _SHAPE)}"
