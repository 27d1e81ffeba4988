"""Rules by name: looked up, listed, told apart from the user's mistakes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeGuard, TypeVar

import numpy as np

from ..errors import DescriptionError, UnknownName, short

__all__ = [
    "MOST", "Checked", "between", "flags", "is_label", "is_number", "is_whole", "lookup", "make_plain", "plain",
    "positive_int", "short",
]  # fmt: skip

Rule = TypeVar("Rule")


def lookup(kind: str, known: Mapping[str, Rule], given: object, base: type) -> Rule:
    """The rule of a name, the rule itself where one was given, or the one that a class makes without arguments.

    Raises:
        UnknownName: for a name that no rule has; the nearest ones are suggested.
        DescriptionError: for anything that is neither a rule nor a name.
    """
    if isinstance(given, type) and issubclass(given, base) and given is not base:
        with suppress(TypeError):  # a class that cannot do without arguments
            given = given()
    if isinstance(given, base):
        return given  # type: ignore[return-value]
    if isinstance(given, str):
        if given in known:
            return known[given]
        raise UnknownName(kind, given, known)
    names = ", ".join(known)
    raise DescriptionError(f"{kind}: got {short(given)}; expected one of the names {names}, or a {base.__name__}.")


class Checked:
    """A frozen rule that refuses its own bad arguments when it is built."""

    def __post_init__(self) -> None:
        make_plain(self)
        found = self.problems()
        if found:
            name = type(self).__name__
            raise DescriptionError([f"{name}: {p}" for p in found])

    def problems(self) -> list[str]:
        """One sentence for each argument that makes no sense."""
        return []


def plain(value: Any) -> Any:
    """A NumPy scalar as the number that Python itself has for it, alone or in a tuple; anything else as it is.

    >>> plain(np.int64(3)), plain((np.float64(0.5), 1))
    (3, (0.5, 1))
    """
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, np.longdouble):  # its own .item() stays NumPy's
        return float(value)
    return value.item() if isinstance(value, np.generic) else value


def make_plain(description: Any) -> None:
    """Let every field of a frozen description be plain, so that it compares, prints and is saved like any other."""
    for name, value in vars(description).items():
        if isinstance(value, np.generic | tuple):
            object.__setattr__(description, name, plain(value))


MOST = 2**31 - 1
"""The largest count of anything."""


def positive_int(rule: Any, *names: str) -> list[str]:
    """The named fields that are no whole numbers above 0."""
    bad = [(n, getattr(rule, n)) for n in names if not is_whole(getattr(rule, n)) or not 1 <= getattr(rule, n) <= MOST]
    return [f"{n} is {short(v)}; expected a whole number from 1 to 2**31 - 1." for n, v in bad]


def flags(rule: Any, *names: str) -> list[str]:
    """The named fields that are neither True nor False."""
    bad = [(n, getattr(rule, n)) for n in names if not isinstance(getattr(rule, n), bool)]
    return [f"{n} is {short(v)}; expected True or False." for n, v in bad]


def between(rule: Any, low: float, high: float, *names: str, open_end: bool = False) -> list[str]:
    """The named fields that are no finite numbers in an interval (with ``open_end``, the upper end is excluded)."""
    problems = []
    for name in names:
        value = getattr(rule, name)
        fits = is_number(value) and low <= value <= high and not (open_end and value == high)
        if not fits:
            right = ")" if open_end or high == float("inf") else "]"
            problems.append(f"{name} is {short(value)}; expected a number in [{low:g}, {high:g}{right}.")
    return problems


def is_number(value: object) -> bool:
    """Whether a value is a real number that a float64 can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def is_label(value: object) -> TypeGuard[str]:
    """Whether a value is a text of 1 to 64 characters that all can be seen: none that steers a terminal or turns text.

    >>> is_label("größe"), is_label("a\u202eb"), is_label("")
    (True, False, False)
    """
    return isinstance(value, str) and 1 <= len(value) <= 64 and value.isprintable()


def is_whole(value: object) -> bool:
    """Whether a value is a whole number, and neither True nor False."""
    return isinstance(value, int) and not isinstance(value, bool)
