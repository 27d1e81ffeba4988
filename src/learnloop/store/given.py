"""What callers give, checked before anything is written."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from ..errors import DescriptionError, short
from .table import to_text

Bytes = bytes | bytearray | memoryview
_NAME = re.compile(r"\w[\w.-]{0,59}")
LARGEST = 2**63 - 1


def name(value: object) -> str:
    """A name of runs: it is typed on command lines, with a number behind it."""
    if isinstance(value, str):
        usual = unicodedata.normalize("NFC", value)
        if _NAME.fullmatch(usual):
            return usual
    raise DescriptionError(
        f"{short(value)} can be no name of runs; expected 1 to 60 letters, digits, '_', '-' and '.', "
        "the first one a letter, digit or '_'. Fix: 'digits', for example."
    )


def whole(value: object, what: str, least: int = 0) -> int:
    """A whole number, of NumPy or not."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if not least <= number <= LARGEST or isinstance(value, bool):
        raise DescriptionError(f"{what} is {short(value)}; expected a whole number of at least {least}.")
    return number


def one_of(value: str, known: tuple[str, ...], what: str) -> str:
    """One of a few words."""
    if value not in known:
        raise DescriptionError(f"{what} is {short(value)}; expected one of {', '.join(known)}.")
    return value


def text(value: object, what: str) -> str:
    """A text that can be written as UTF-8."""
    if not isinstance(value, str):
        raise DescriptionError(f"{what} is {short(value)}; expected a text.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise DescriptionError(f"{what} is {short(value)}; expected a text that can be written as UTF-8.") from error
    return value


def plain(value: Mapping[str, Any], what: str) -> str:
    """Plain data as JSON."""
    try:
        return to_text(dict(value))
    except (TypeError, ValueError, RecursionError) as error:
        raise DescriptionError(
            f"{what} is no plain data: {error}. Expected a dict of texts, numbers, True, False, None, lists and dicts."
        ) from error


def raw(value: object, what: str) -> memoryview:
    """A view of bytes, or of an array whose values lie one behind the other."""
    try:
        view = memoryview(value)  # type: ignore[arg-type]
        return view.cast("B") if view.nbytes else memoryview(b"")  # arrays without values cannot be cast
    except (TypeError, ValueError) as error:
        raise DescriptionError(f"{what} are {short(value)}; expected bytes, or an array without gaps.") from error
