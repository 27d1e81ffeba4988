"""Numbers, times and paths as people write them."""

from __future__ import annotations

import time
from pathlib import Path

MINUTE, HOUR, DAY = 60, 3600, 86400


def count(number: int) -> str:
    """A whole number with a space at the thousands.

    >>> count(12345)
    '12 345'
    """
    return f"{number:,}".replace(",", " ")


def plural(number: int, what: str) -> str:
    """A number of things.

    >>> plural(1, "row"), plural(1200, "row")
    ('1 row', '1 200 rows')
    """
    return f"{count(number)} {what}{'' if number == 1 else 's'}"


def signed(value: float, form: str = "+.6g") -> str:
    """A number with its sign; 0 has none.

    >>> signed(0.25), signed(-0.0), signed(-1e-9, "+.3f")
    ('+0.25', '0', '0')
    """
    text = f"{value:{form}}"
    return "0" if not float(text) else text


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


def ago(then: float, now: float) -> str:
    """How long ago something was, or, from two days on, its date.

    >>> ago(1000, 1010), ago(0, 300), ago(0, 7300), ago(0, 90000)
    ('just now', '5 min ago', '2 h ago', '1 day ago')
    """
    passed = now - then
    if passed >= 2 * DAY or passed < -MINUTE:  # a clock that was put back says nothing of how long
        return time.strftime("%Y-%m-%d", time.localtime(max(then, 0)))
    if passed < MINUTE:
        return "just now"
    if passed < HOUR:
        return f"{int(passed) // MINUTE} min ago"
    return f"{int(passed) // HOUR} h ago" if passed < DAY else "1 day ago"


def size(bytes: int) -> str:
    """Bytes with a unit that suits them.

    >>> size(900), size(73_700), size(12_345_678)
    ('900 bytes', '73.7 kB', '12.3 MB')
    """
    for unit, least in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if bytes >= 0.9995 * least:
            return f"{bytes / least:.3g} {unit}" if bytes < 1000 * least else f"{count(round(bytes / least))} {unit}"
    return f"{bytes} bytes"


def home_relative(path: Path) -> str:
    """A path as people write it: with ~ for their home."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):
        return str(path)
