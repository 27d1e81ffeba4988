"""Numbers as the texts of a lesson have them, so that a plot and the words about it say the same."""

from __future__ import annotations

from collections.abc import Sequence

from ...facts.formats import written


def number(value: float) -> str:
    """Three significant digits.

    >>> number(0.12345), number(-2.0), number(float("nan"))
    ('0.123', '\u22122', 'not a number')
    """
    return written(float(value), "number")


def signed(value: float) -> str:
    """The same with its sign, whatever it is.

    >>> signed(0.5)
    '+0.5'
    """
    return written(float(value), "number", "signed")


def percent(share: float) -> str:
    """A share in percent, with one decimal."""
    return written(float(share), "share")


def grouped(count: int) -> str:
    """How many: a whole number with thin spaces at the thousands."""
    return written(int(count), "count")


def plural(count: int, thing: str) -> str:
    """So many of a thing.

    >>> plural(1, "row"), plural(2, "class"), plural(3, "row")
    ('1 row', '2 classes', '3 rows')
    """
    ending = "" if count == 1 else "es" if thing.endswith("s") else "s"
    return f"{grouped(count)} {thing}{ending}"


def listed(names: Sequence[str]) -> str:
    """Names as people list them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([part for part in (", ".join(names[:-1]), *names[-1:]) if part])
