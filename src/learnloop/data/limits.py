"""How much is read: what is larger is refused before the memory is spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..errors import DataError

__all__ = ["OWN", "UPLOAD", "Limits"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of what is read.

    Attributes:
        bytes: of a file as it lies and as it unpacks, of all images of a folder together.
        rows: of a table, or images.
        columns: of a table, and inputs that they become.
        cells: rows times inputs: 8 bytes each while they are read.
        pixels: of one image.

    >>> Limits(rows=1000).check("rows", 2000, "big.csv")
    Traceback (most recent call last):
    learnloop.errors.DataError: big.csv has 2 000 rows, at most 1 000 are read. Fix: take a part of it.
    """

    bytes: int = 8 << 30
    rows: int = 50_000_000
    columns: int = 50_000
    cells: int = 2_000_000_000
    pixels: int = 100_000_000

    def check(self, what: str, found: int, name: str) -> None:
        """Refuse more than is allowed.

        Args:
            what: the attribute.
            found: how many there are.
            name: of the file.

        Raises:
            DataError: if there are more.
        """
        most: int = getattr(self, what)
        if found > most:
            counts = [f"{count:,}".replace(",", " ") for count in (found, most)]
            raise DataError(f"{name} has {counts[0]} {what}, at most {counts[1]} are read. Fix: take a part of it.")


OWN: Final = Limits()
"""For what people read on their own machine."""
UPLOAD: Final = Limits(bytes=64 << 20, rows=1_000_000, columns=5_000, cells=50_000_000, pixels=16_000_000)
"""For what reaches a server."""
