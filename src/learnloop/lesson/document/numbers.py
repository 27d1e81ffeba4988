"""Numbers that were typed: in a lesson every number is a fact of the run, so that a text cannot say what did not happen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import short

HOLE = "￼"
"""Stands in a text for what is no text: a fact or a formula."""

_RUN = re.compile(r"[^\W_]+|_+")
_WORD = re.compile(
    r"(?<![^\W_])(?:"
    r"(?:eleven|twel(?:ve|f)|(?:thir|four|fif|six|seven|eigh|nine)teen)(?:ths?|s)?"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)t(?:y|ies|ieths?)"
    r"|(?:hundred|thousand|million|billion|trillion|dozen)(?:ths?|s)?"
    r"|per[ -]?cent"
    r")(?![^\W_])",
    re.IGNORECASE,
)
_BEHIND_FACT = re.compile(rf"{HOLE}[\s ]*\Z")
_NUMERIC, _LETTER = frozenset({"Nd", "Nl", "No"}), frozenset({"Ll", "Lu", "Lt", "Lm"})


@dataclass(frozen=True)
class Typed:
    """A number in a text.

    Attributes:
        at: where it begins, from 0.
        text: as it was written.
    """

    at: int
    text: str

    @property
    def problem(self) -> str:
        """What is wrong with it."""
        return (
            f"{short(self.text)} is typed, but every number is a fact of the run. "
            "Fix: {loss.start}, for example; up to ten a word."
        )


def typed_numbers(text: str, language: str = "en") -> Iterator[Typed]:
    """The numbers that are written out in a text.

    Digits of all scripts are numbers, but for those that end a name: ``dense_1``, ``x1``, ``h264``. In English, so are
    words above ten, and "percent" where no fact is before it.

    Args:
        text: with :data:`HOLE` for facts and formulas.
        language: a tag such as "en-GB".

    >>> [n.text for n in typed_numbers("dense_1 has 12 units, a dozen: 3.5 percent of ￼")]
    ['12', '3.5', 'dozen', 'percent']
    """
    yield from _digits(text)
    if language.lower().split("-")[0] == "en":
        for match in _WORD.finditer(text):
            if not (
                match[0].lower().startswith("per")
                and _BEHIND_FACT.search(text, max(0, match.start() - 8), match.start())
            ):
                yield Typed(match.start(), match[0])


def _digits(text: str) -> Iterator[Typed]:
    done, last = 0, None  # `last`: the run of letters and digits before, which an underscore goes on with
    for run in _RUN.finditer(text):
        begins_name = run[0][0] == "_" or unicodedata.category(run[0][0]) in _LETTER
        goes_on = last is not None and last[0] == run.start() and last[1]
        named = begins_name or bool(goes_on)
        last = (run.end(), named)
        if named or run.start() < done:
            continue
        first = next((k for k, c in enumerate(run[0]) if unicodedata.category(c) in _NUMERIC), None)
        if first is not None:
            whole = _number(text, run.start() + first, run.end())
            done = run.start() + first + len(whole)
            yield Typed(run.start() + first, whole)


_MORE = re.compile(r"[.,:/]\d[\d.,:/]*(?<=\d)")


def _number(text: str, begin: int, end: int) -> str:
    """The whole of a number: 98.3, 1,005."""
    match = _MORE.match(text, end)
    return text[begin : match.end() if match else end]
