"""A fact: a value of a run with its name, and how it is written and said."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from .formats import Value, spelt, written


@dataclass(frozen=True)
class Fact:
    """A value of a run.

    Attributes:
        id: "fact-1", counted in the order of first use.
        run: the name of the run, as it was asked for.
        name: of the fact, as it was asked for.
        value: the value: a number as the run has it, or a text.
        unit: "share", "count", "index", "number" or "name".
        update: the update that it is of, or None.
        format: how it was asked to be written; "" for what suits its unit.
        single: whether it is a float32, whose digits end earlier.
    """

    id: str
    run: str
    name: str
    value: Value
    unit: str
    update: int | None = None
    format: str = ""
    single: bool = False

    def shown(self, format: str | None = None) -> str:
        """The value as readers see it.

        Args:
            format: a name of :data:`.formats.FORMATS`, "" for what suits the unit; None for the fact's own.

        Raises:
            UnknownName, DescriptionError: for a format that there is not, or that does not suit the value.

        >>> Fact("fact-1", "", "accuracy.test", 0.983, "share").shown("percent")
        '98\\xa0%'
        """
        return written(self.value, self.unit, self.format if format is None else format, single=self.single)

    def spoken(self, format: str | None = None) -> str:
        """The value as it is said: words and digits, no symbol; arguments and errors as for :meth:`shown`.

        >>> Fact("fact-1", "", "accuracy.test", 0.983, "share").spoken()
        '98.3 percent'
        """
        return spelt(self.value, self.unit, self.format if format is None else format, single=self.single)

    def to_dict(self) -> dict[str, Any]:
        """A line of the table of facts, as plain JSON; None for a value that is no finite number."""
        finite = not isinstance(self.value, float) or math.isfinite(self.value)
        return {
            "id": self.id, "run": self.run, "name": self.name, "value": self.value if finite else None, "unit": self.unit,
            "update": self.update, "format": self.format, "text": self.shown(),
        }  # fmt: skip
