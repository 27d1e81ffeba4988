"""The options of a ``run`` block, read strictly: what is wrong is kept with its place, and the reading goes on."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TypeVar

from ..errors import DescriptionError, UnknownName, short
from .document.model import Block
from .problems import Place, Problem

Value = TypeVar("Value")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_LONGEST = 40
"""Characters of a number: no one that makes sense is longer."""
LAYERS = 30
"""Hidden layers that a lesson's network may have."""


class Values:
    """The options of a block.

    Args:
        block: a ``run`` block.
        found: where problems go.
    """

    def __init__(self, block: Block, found: list[Problem]) -> None:
        self.block, self._found = block, found
        self._before = len(found)

    @property
    def sound(self) -> bool:
        """Whether nothing was refused so far."""
        return len(self._found) == self._before

    def place(self, name: str) -> Place:
        """Where an option was written; the block's place where it was not."""
        return self.block.options[name].place if name in self.block.options else self.block.place

    def refuse(self, name: str, text: str) -> None:
        """Keep a problem of an option; of the block itself for the name ""."""
        self._found.append(Problem(self.place(name), " ".join(text.split())))

    def refuse_all(self, name: str, error: Exception) -> None:
        """Keep what an error says: each problem of its own where it lists several."""
        for text in error.problems if isinstance(error, DescriptionError) else (str(error),):
            self.refuse(name, text)

    def taken(self, name: str, read: Callable[[str], Value]) -> Value | None:
        """An option through a reader that raises an error of learnloop's for what it refuses; None for none."""
        given = self.block.options.get(name)
        if given is None:
            return None
        try:
            return read(given.text.strip())
        except (DescriptionError, UnknownName) as error:
            self.refuse_all(name, error)
            return None

    def text(self, name: str) -> str | None:
        """An option as it was written."""
        return self.taken(name, str)

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number from low to high."""

        def read(text: str) -> int:
            number = int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
            if number is None or not low <= number <= high:
                raise DescriptionError(f"{name} is {short(text)}; expected a whole number from {low} to {high}.")
            return number

        return self.taken(name, read)

    def number(self, name: str, low: float, high: float, *, inside: bool = False) -> float | None:
        """A finite number from low to high; with ``inside``, neither of them."""

        def read(text: str) -> float:
            number = _number(text)
            fits = number is not None and (low < number < high if inside else low <= number <= high)
            if number is None or not fits:
                span = "a number of at least 0" if math.isinf(high) else f"a number {'between' if inside else 'from'} {low:g} {'and' if inside else 'to'} {high:g}"
                raise DescriptionError(f"{name} is {short(text)}; expected {span}.")
            return number

        return self.taken(name, read)

    def wholes(self, name: str, high: int) -> tuple[int, ...] | None:
        """Whole numbers from 1 with commas between, or none."""

        def read(text: str) -> tuple[int, ...]:
            if text == "none":
                return ()
            parts = [part.strip() for part in text.split(",")]
            numbers = [int(p) for p in parts if p.isascii() and p.isdigit() and len(p) <= _LONGEST]
            if len(numbers) != len(parts) or not all(1 <= n <= high for n in numbers) or len(parts) > LAYERS:
                raise DescriptionError(
                    f"{name} is {short(text)}; expected whole numbers from 1 to {high} with commas between, as in 8, 8, "
                    f"or none. Fix: at most {LAYERS} layers."
                )
            return tuple(numbers)

        return self.taken(name, read)


def _number(text: str) -> float | None:
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None
