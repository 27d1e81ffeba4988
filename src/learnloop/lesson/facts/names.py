"""The names of facts: ``dense_1[7].activation@412#3`` is a path with places, an update and a row of the batch."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...errors import DescriptionError, short

LONGEST = 200
"""Characters of a name."""
_WHOLE = re.compile(r"(?P<path>.+?)(?:@(?P<update>\d{1,9}|last))?(?:#(?P<row>\d{1,9}))?", re.ASCII | re.DOTALL)
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Name:
    """A name that was read.

    Attributes:
        text: as it was written.
        key: its path with nothing in the brackets but commas: "dense_1[].activation", "confusion[,]".
        places: the numbers of all brackets.
        update: the update, "last", or "" for none.
        row: which row of the batch, or None.
    """

    text: str
    key: str
    places: tuple[int, ...]
    update: str
    row: int | None


def read_name(text: str) -> Name:
    """A name.

    Raises:
        DescriptionError: for places that are no whole numbers.

    >>> read_name("dense_1.weight[0, 3].after@412")
    Name(text='dense_1.weight[0, 3].after@412', key='dense_1.weight[,].after', places=(0, 3), update='412', row=None)
    """
    found = _WHOLE.fullmatch(text)
    if found is None or len(text) > LONGEST:
        raise DescriptionError(f"{short(text)} is no name of a fact. Fix: a name such as loss.end or dense_1.weight[0,3]@12.")
    path, row = found["path"], found["row"]
    places = [place.strip() for inside in _BRACKETS.findall(path) for place in inside.split(",")]
    for place in places:
        if not (place.isascii() and place.isdigit() and len(place) <= 9):
            raise DescriptionError(f"{short(text)}: {short(place)} is no place. Fix: whole numbers from 0, as in dense_1.weight[0,3].")
    return Name(text, key_of(path), tuple(map(int, places)), found["update"] or "", None if row is None else int(row))


def key_of(path: str) -> str:
    """A path with nothing in its brackets but commas."""
    return _BRACKETS.sub(lambda inside: f"[{',' * inside[1].count(',')}]", path)
