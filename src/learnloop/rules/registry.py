"""Rules by name: looked up, listed, told apart from the user's mistakes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, TypeVar

from ..errors import DescriptionError, UnknownName

Rule = TypeVar("Rule")


def lookup(kind: str, known: Mapping[str, Rule], given: object, base: type) -> Rule:
    """The rule of a name, or the rule itself where one was given.

    Raises:
        UnknownName: for a name that no rule has; the nearest ones are suggested.
        DescriptionError: for anything that is neither a rule nor a name.
    """
    if isinstance(given, base):
        return given  # type: ignore[return-value]
    if isinstance(given, str):
        if given in known:
            return known[given]
        raise UnknownName(kind, given, known)
    names = ", ".join(known)
    raise DescriptionError(f"{kind}: got {given!r}; expected one of the names {names}, or a {base.__name__}.")


class Checked:
    """A frozen rule that refuses its own bad arguments when it is built."""

    def __post_init__(self) -> None:
        found = self.problems()
        if found:
            name = type(self).__name__
            raise DescriptionError([f"{name}: {p}" for p in found])

    def problems(self) -> list[str]:
        """One sentence for each argument that makes no sense."""
        return []


MOST = 2**31 - 1
"""The largest count of anything."""


def positive_int(rule: Any, *names: str) -> list[str]:
    """The named fields that are no whole numbers above 0."""
    bad = [(n, getattr(rule, n)) for n in names if not _is_whole(getattr(rule, n)) or not 1 <= getattr(rule, n) <= MOST]
    return [f"{n} is {_short(v)}; expected a whole number from 1 to 2**31 - 1." for n, v in bad]


def flags(rule: Any, *names: str) -> list[str]:
    """The named fields that are neither True nor False."""
    bad = [(n, getattr(rule, n)) for n in names if not isinstance(getattr(rule, n), bool)]
    return [f"{n} is {_short(v)}; expected True or False." for n, v in bad]


def between(rule: Any, low: float, high: float, *names: str, open_end: bool = False) -> list[str]:
    """The named fields that are no finite numbers in an interval (with ``open_end``, the upper end is excluded)."""
    problems = []
    for name in names:
        value = getattr(rule, name)
        fits = is_number(value) and low <= value <= high and not (open_end and value == high)
        if not fits:
            right = ")" if open_end or high == float("inf") else "]"
            problems.append(f"{name} is {_short(value)}; expected a number in [{low:g}, {high:g}{right}.")
    return problems


def is_number(value: object) -> bool:
    """Whether a value is a real number that a float64 can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _short(value: object) -> str:
    """What was given, without pages of it: repr refuses whole numbers of thousands of digits."""
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a number of more than 40 digits"
    return repr(value)[:100]


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
