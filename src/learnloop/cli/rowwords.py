"""Rows of a run for people and machines: which row of the data set each is, and what it should be."""

from __future__ import annotations

from typing import Any

from ..data import Source
from ..run import Run


class Rows:
    """Names the rows of a run.

    Args:
        run: with its data at hand.
    """

    def __init__(self, run: Run) -> None:
        self.source, self._examples = Source.of(run), run.task.data

    @property
    def data_name(self) -> str | None:
        """The data set, where the notes say it."""
        return None if self.source is None else self.source.name

    @property
    def has_classes(self) -> bool:
        """Whether a row has one class."""
        found = self._examples
        single = found.Y is not None and found.Y.shape[1] == 1
        return found.labels is not None or (single and self.source is not None and self.source.target is None)

    def heads(self) -> list[str]:
        """Of the columns that :meth:`cells` fills."""
        return ["row", *([] if self.source is None else [f"in {self.source.name}"]), "target"]

    def cells(self, row: int) -> list[str]:
        """A row in a table."""
        return [str(row), *([] if self.source is None else [str(self.source.data_row(row))]), self.target(row)]

    def target(self, row: int) -> str:
        """What the row should be: a class by its name, or a number in its own units."""
        value, source = self._value(row), self.source
        if len(value) > 1:
            return ", ".join(f"{v:.4g}" for v in value[:4]) + (" ..." if len(value) > 4 else "")
        if source is not None and source.target is not None:
            return f"{value[0] * source.target.scale[0] + source.target.mean[0]:.4g}"
        if source is not None and value[0] == int(value[0]) and 0 <= value[0] < len(source.targets):
            return source.targets[int(value[0])]
        return f"{value[0]:g}"

    def _value(self, row: int) -> list[float]:
        found = self._examples
        if found.labels is not None:
            return [int(found.labels[row])]
        assert found.Y is not None
        return [float(v) for v in found.Y[row]]

    def to_dict(self, row: int) -> dict[str, Any]:
        """A row for machines."""
        where = None if self.source is None else self.source.data_row(row)
        return {"row": row, "data_set_row": where, "target": self.target(row)}
