"""What was read: enough to read it again, and to know whether it is still the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataError

__all__ = ["Origin"]


@dataclass(frozen=True)
class Origin:
    """Where data of one's own come from.

    Attributes:
        sha256: of everything that was read.
        path: of the file or folder, absolute; None for a frame, and for bytes that came without a file.
        target: the column to predict, where there are columns.
        labels: the path of the labels, where they are a file of their own that was named.
    """

    sha256: str
    path: str | None = None
    target: str | None = None
    labels: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {"sha256": self.sha256, "path": self.path, "target": self.target, "labels": self.labels}

    @classmethod
    def from_dict(cls, data: Any) -> Origin:
        """What `to_dict` wrote.

        Raises:
            DataError: for anything else.
        """
        if not isinstance(data, Mapping):
            raise DataError("this is no origin of data. Fix: pass what to_dict() gave.")
        values = [data.get(name) for name in ("sha256", "path", "target", "labels")]
        if not isinstance(values[0], str) or not all(value is None or isinstance(value, str) for value in values):
            raise DataError("this is no origin of data. Fix: pass what to_dict() gave.")
        return cls(values[0], *values[1:])

    @property
    def places(self) -> tuple[Path, ...]:
        """The paths, if all may be followed: notes are anybody's, and a share of another machine is not asked."""
        found = [Path(path) for path in (self.path, self.labels) if path is not None]
        shared = any(path.as_posix().startswith("//") or not path.is_absolute() for path in found)
        return () if shared else tuple(found)
