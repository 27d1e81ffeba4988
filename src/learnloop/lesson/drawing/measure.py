"""How wide text is. One table for all machines: the mean of two common sans-serif faces, which every other comes near to."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ASCII = (
    30, 34, 41, 70, 60, 92, 72, 23, 36, 36, 44, 71, 30, 35, 30, 31, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 31, 31, 71, 71, 71, 54,
    101, 68, 68, 71, 75, 65, 59, 78, 74, 29, 40, 66, 56, 85, 74, 78, 64, 78, 71, 65, 61, 73, 68, 97, 68, 64, 65, 33, 31, 33, 65, 53,
    42, 58, 60, 52, 60, 59, 31, 60, 59, 25, 25, 54, 25, 90, 59, 58, 60, 60, 37, 51, 33, 59, 55, 77, 55, 55, 51, 49, 30, 49, 71,
)  # fmt: skip
"""Hundredths of the font's size, from the space to the tilde: means of DejaVu Sans and Liberation Sans."""
OTHERS = {
    "\xa0": 30, "Æ": 99, "æ": 94, "Ø": 78, "ø": 61, "ß": 62, "Œ": 103, "œ": 98, "Ł": 56, "ł": 26, "ı": 28, "Đ": 75, "đ": 60, "Þ": 64, "þ": 60,
    "‘": 27, "’": 27, "“": 43, "”": 43, "–": 53, "—": 100, "…": 100, "×": 71, "÷": 69, "·": 30, "−": 71, "±": 69, "≈": 69, "≤": 69,
    "≥": 69, "∞": 77, "√": 62, "∂": 54, "∇": 67, "→": 95, "←": 95, "↑": 67, "↓": 67, "⋮": 50, "⋯": 100, "′": 24, "•": 47, "✓": 84,
    "✗": 84, "°": 45, "Σ": 65, "Ω": 76, "ω": 81, "ψ": 69, "Ψ": 81, "Φ": 79, "ι": 28, "Ι": 29, "¹": 38, "²": 38, "³": 38,
}  # fmt: skip
SMALL = set("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙ⁰⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
LETTER, SQUARE = 70, 100
"""Of scripts that the table does not have: letters, and what is drawn in a square, such as Chinese and emoji."""
BOLD = 1.09
JOINER = "\u200d"
MARKS = 2
"""So many marks may stand above or below one letter; text that stacks more would leave its line."""

_NOT_SHOWN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u00ad\\u061c\\u200b\\u200c\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ud800-\\udfff\\ufdd0-\\ufdef\\ufeff\\ufff0-\\uffff]")

_SPACES = re.compile(" +")


def clean(text: str) -> str:
    """The text in one line, without what is not shown or turns the direction of what follows.

    >>> clean("two\\n words\\u202e")
    'two words'
    """
    return "".join(clusters(_SPACES.sub(" ", _NOT_SHOWN.sub(" ", text)).strip(" ")))


def clusters(text: str) -> list[str]:
    """What is read as one character each: a letter with its marks, an emoji made of several."""
    found: list[str] = []
    for char in text:
        mark = _is_mark(char)
        if found and (mark or char == JOINER or found[-1].endswith(JOINER)):
            if not mark or sum(map(_is_mark, found[-1])) < MARKS:
                found[-1] += char
        else:
            found.append(char)
    return found


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line of text is, in pixels, if the font is like most.

    Args:
        text: the line.
        size: of the font, in pixels.
        bold: whether it is.

    >>> round(width("loss", 10), 1)
    18.5
    """
    hundredths = sum(_advance(cluster[0]) for cluster in clusters(text))
    return hundredths * size / 100 * (BOLD if bold else 1.0)


def wrap(text: str, size: float, most: float, bold: bool = False, lines: int = 1000) -> list[str]:
    """The text in lines that are no wider than they may be; words that are too long are broken.

    Args:
        text: what to wrap; it is cleaned.
        size: of the font, in pixels.
        most: pixels that a line may take; a single character is kept even where it is wider.
        bold: whether the font is.
        lines: how many there may be; the last one ends in an ellipsis where there is more.

    >>> wrap("a short label", 10, 40)
    ['a short', 'label']
    """
    found = [""]
    for word in clean(text).split(" "):
        whole = f"{found[-1]} {word}".strip(" ")
        if width(whole, size, bold) <= most:
            found[-1] = whole
        else:
            found += _broken(word, size, most, bold)
    found = [line for line in found if line] or [""]
    if len(found) > lines:
        found = [*found[: lines - 1], fitted(" ".join(found[lines - 1 :]), size, most, bold)]
    return found


def fitted(text: str, size: float, most: float, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits before an ellipsis.

    >>> fitted("a label that is long", 10, 50)
    'a label t…'
    """
    text = clean(text)
    if width(text, size, bold) <= most:
        return text
    kept = clusters(text)
    room = most - width("…", size, bold)
    total = width(text, size, bold)
    while kept and total > room:
        total -= width(kept.pop(), size, bold)
    return "".join(kept).rstrip() + "…"


def _broken(word: str, size: float, most: float, bold: bool) -> list[str]:
    """A word in pieces that fit."""
    pieces, taken = [""], 0.0
    for cluster in clusters(word):
        wide = width(cluster, size, bold)
        if pieces[-1] and taken + wide > most:
            pieces, taken = [*pieces, ""], 0.0
        pieces[-1] += cluster
        taken += wide
    return pieces


@lru_cache(4096)
def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me") or "\U0001f3fb" <= char <= "\U0001f3ff"


@lru_cache(4096)
def _advance(char: str) -> int:
    """In hundredths of the size."""
    if char in OTHERS:
        return OTHERS[char]
    if char in SMALL:
        return 42
    base = unicodedata.normalize("NFD", char)[0]
    if " " <= base <= "~":
        return ASCII[ord(base) - 32]
    return SQUARE if base >= "\u1100" and not "\u1e00" <= base <= "\u206f" else LETTER
