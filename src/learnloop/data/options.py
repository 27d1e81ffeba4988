"""Options of a data set: declared values, checked all at once."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import DescriptionError, short

__all__ = ["Option", "checked"]


@dataclass(frozen=True)
class Option:
    """One option: its default, its range, what it means.

    Attributes:
        default: also says whether the option is a whole number (int) or a real one (float).
        low: the smallest value allowed.
        high: the largest value allowed.
        meaning: a few words, with the unit.
    """

    default: int | float
    low: int | float
    high: int | float
    meaning: str

    def problem(self, name: str, value: Any) -> str:
        """What is wrong with a value, or nothing."""
        whole = isinstance(self.default, int)
        expected = f"expected a {'whole ' if whole else ''}number {self.low}..{self.high} ({self.meaning})"
        number = _number(value, whole)
        if number is not None and self.low <= number <= self.high:
            return ""
        return f"{name} is {short(value)}, {expected}. Fix: {name}={self.default}, for example."


def checked(owner: str, options: Mapping[str, Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """The options in full: the given ones, the defaults for the others.

    Args:
        owner: whose options they are, for messages.
        options: name -> what is allowed.
        given: name -> value.

    Returns:
        name -> int or float, in the order of the declaration.

    Raises:
        DescriptionError: every unknown name and every bad value, all in one.

    >>> checked("spirals", {"rows": Option(10, 1, 100, "data rows")}, {})
    {'rows': 10}
    """
    problems = [_unknown(owner, name, options) for name in given if name not in options]
    problems += [p for name in options if name in given and (p := options[name].problem(name, given[name]))]
    if problems:
        raise DescriptionError(problems)
    return {
        name: _number(given.get(name, option.default), isinstance(option.default, int))
        for name, option in options.items()
    }


def _unknown(owner: str, name: str, options: Mapping[str, Option]) -> str:
    """The sentence for an option that does not exist."""
    if not options:
        return f"{owner!r} takes no options, got {name!r}. Fix: leave it out."
    import difflib  # 8 ms, which only a mistake is worth

    near = difflib.get_close_matches(name, options, n=1, cutoff=0.5)
    fix = f"write {near[0]!r}" if near else "leave it out"
    return f"{owner!r} has no option {name!r}, expected one of {', '.join(options)}. Fix: {fix}."


def _number(value: Any, whole: bool) -> int | float | None:
    """The value as an int or a finite float; None if it is none (True and False are no numbers here)."""
    if isinstance(value, bool | str | bytes):
        return None
    try:
        number = operator.index(value) if whole else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if whole or math.isfinite(number) else None
