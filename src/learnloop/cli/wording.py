"""Numbers and paths as people write them."""

from __future__ import annotations

from pathlib import Path


def count(number: int) -> str:
    """A whole number with a space at the thousands.

    >>> count(12345)
    '12 345'
    """
    return f"{number:,}".replace(",", " ")


def duration(seconds: float) -> str:
    """Seconds with a unit that suits them.

    >>> duration(0.0123), duration(3.2e-6), duration(75)
    ('12.3 ms', '3.2 µs', '1 min 15 s')
    """
    if seconds >= 60:
        return f"{int(seconds) // 60} min {int(seconds) % 60} s"
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.2g} µs" if seconds < 1e-4 else f"{seconds * 1e6:.3g} µs"


def home_relative(path: Path) -> str:
    """A path as people write it: with ~ for their home."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):
        return str(path)
