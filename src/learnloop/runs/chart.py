"""The course of a number as a few lines of text."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
"""Braille patterns: bits of the dots, four rows by two columns."""


def chart(values: Array, width: int = 60, height: int = 4) -> list[str]:
    """Lines of braille dots, with the largest and the smallest value beside the first and the last line.

    Args:
        values: finite numbers, in order.
        width, height: characters of the picture.

    >>> for line in chart(np.linspace(0, 1, 40), width=10, height=2):
    ...     print(line.strip())
    1 │⠀⠀⠀⠀⠀⣀⡠⠔⠒⠉
    0 │⣀⠤⠔⠊⠉⠀⠀⠀⠀⠀
    """
    low, high = float(values.min()), float(values.max())
    columns = np.linspace(0, 2 * width - 1, len(values)) if len(values) > 1 else np.zeros(1)
    found = np.interp(np.arange(2 * width), columns, values)
    share = (found - low) / (high - low) if high > low else np.full(2 * width, 0.5)
    dots = np.rint((1 - share) * (4 * height - 1)).astype(int)
    cells = np.full((height, width), 0x2800)
    for column, dot in enumerate(dots.tolist()):
        cells[dot // 4, column // 2] |= _DOTS[dot % 4, column % 2]
    labels = [f"{high:.4g}", *[""] * (height - 2), f"{low:.4g}" if height > 1 else ""]
    return [f"{label:>9} │{''.join(map(chr, line))}" for label, line in zip(labels, cells.tolist(), strict=False)]
