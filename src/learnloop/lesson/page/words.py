"""Times, dates and counts, in words."""

from __future__ import annotations

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def clock(seconds: float) -> str:
    """A time of the lesson.

    >>> clock(64.7), clock(3725)
    ('1:04', '1:02:05')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def lasting(seconds: float) -> str:
    """How long something takes.

    >>> lasting(64.2), lasting(41), lasting(120)
    ('1 min 4 s', '41 s', '2 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    parts = [f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * bool(rest or not minutes)
    return " ".join(parts)


def period(seconds: float) -> str:
    """The same as ISO 8601 has it.

    >>> period(64.2)
    'PT1M4S'
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"PT{minutes}M{rest}S"


def day(date: str) -> str:
    """A date, YYYY-MM-DD, as people write it.

    >>> day("2026-11-05")
    '5 November 2026'
    """
    year, month, number = date.split("-")
    return f"{int(number)} {_MONTHS[int(month) - 1]} {year}"


def counted(count: int, what: str) -> str:
    """Several of something, or one.

    >>> counted(1, "chapter"), counted(3, "chapter")
    ('1 chapter', '3 chapters')
    """
    return f"{count} {what}{'' if count == 1 else 's'}"
