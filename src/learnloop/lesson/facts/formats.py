"""How values are written and how they are said: the same digits, set for eyes and spelt for ears."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from ...errors import DescriptionError, UnknownName

Value = float | int | str
THIN, NBSP, MINUS, TIMES = "\u202f", "\u00a0", "\u2212", "\u00d7"
DIGITS = 3
"""Significant digits of a number that nobody asked to be written otherwise."""
_SUPERSCRIPT = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = (None, "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")  # fmt: skip
_ENDLESS = {"infinity": "\u221e", "-infinity": f"{MINUS}\u221e"}
_POWER = re.compile(r"([\d.]+)e(-?)(\d+)")
_UNSPOKEN = re.compile(r"[^\w .,'-]+|_")
FORMATS = {
    "percent": "whole percent", "percent1": "percent with one decimal", "number": "a number of three digits",
    **{str(n): f"{n} significant digit{'s' * (n > 1)}" for n in range(1, 10)}, "full": "all digits, so that the number can be had back",
    "signed": "a number with its sign, also where it is above zero", "word": "a whole number up to twelve as a word",
    "ordinal": "first, second, third ...",
}  # fmt: skip
"""The names of formats, and what they give."""


def check_format(format: str) -> None:
    """Refuse a format that there is not.

    Raises:
        UnknownName: for that.
    """
    if format and format not in FORMATS:
        raise UnknownName("format", format, FORMATS)


def written(value: Value, unit: str, format: str = "", *, single: bool = False) -> str:
    """A value as readers see it.

    Args:
        value: the value.
        unit: what it is: "share", "count", "index", "number" or "name".
        format: one of :data:`FORMATS`; "" for what suits the unit.
        single: whether it is a float32, whose digits end earlier.

    Raises:
        UnknownName: for another format.
        DescriptionError: for a format that does not suit the value.

    >>> written(0.983, "share"), written(-0.0005, "number"), written(1005, "count")
    ('98.3\\xa0%', '\u22120.0005', '1\\u202f005')
    """
    return _set(_plain(value, unit, format, single), grouped=unit != "index")


def spelt(value: Value, unit: str, format: str = "", *, single: bool = False) -> str:
    """A value as it is said, without any symbol; the arguments are those of :func:`written`.

    >>> spelt(0.983, "share"), spelt(-0.0005, "number"), spelt(1005, "count"), spelt(2e-9, "number")
    ('98.3 percent', 'minus 0.0005', '1005', '2 times 10 to the minus 9')
    """
    plain = _plain(value, unit, format, single)
    if isinstance(value, str):
        return " ".join(_UNSPOKEN.sub(" ", plain).split()) or plain
    sign = {"-": "minus ", "+": "plus "}.get(plain[:1], "")
    body = plain.lstrip("+-").removesuffix("%")
    power = _POWER.fullmatch(body)
    if power is not None:
        body = f"{power[1]} times 10 to the {'minus ' * bool(power[2])}{power[3]}"
    return f"{sign}{body}{' percent' * plain.endswith('%')}"


def _set(plain: str, *, grouped: bool) -> str:
    """Typeset: a real minus sign, thin spaces at the thousands, powers of ten, a space before the percent sign."""
    found = re.fullmatch(r"([+-]?)(\d+)(\.\d+)?(?:e(-?\d+))?(%?)", plain)
    if found is None:
        return _ENDLESS.get(plain, plain)
    sign, whole, rest, power, percent = found.groups()
    whole = f"{int(whole):,}".replace(",", THIN) if grouped else whole
    raised = f"{NBSP}{TIMES}{NBSP}10{power.translate(_SUPERSCRIPT)}" if power else ""
    return f"{sign.replace('-', MINUS)}{whole}{rest or ''}{raised}{f'{NBSP}%' if percent else ''}"


def _plain(value: Value, unit: str, format: str, single: bool) -> str:
    """The text in ASCII: sign, digits, an exponent behind e, a percent sign."""
    check_format(format)
    if isinstance(value, str):
        if format:
            raise DescriptionError(f"the format {format} is for numbers, and this is the text {value[:60]!r}. Fix: leave it out.")
        return value
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "infinity" if value > 0 else "-infinity"
    if format.startswith("percent") or (not format and unit == "share"):
        return _percent(value, 0 if format == "percent" else 1, trim=not format)
    if format in ("word", "ordinal"):
        return _worded(value, format)
    if format == "full":
        return _full(value, single)
    if isinstance(value, int) and format in ("", "number", "signed"):
        text = str(value)
    else:
        text = significant(value, int(format) if format.isdigit() else DIGITS, trim=not format.isdigit())
    return f"+{text}" if format == "signed" and value > 0 else text


def _percent(value: float, decimals: int, *, trim: bool) -> str:
    """In percent. What is less than all is never written as 100, and what is more than nothing never as 0."""
    if abs(value) > 1e9:
        raise DescriptionError(f"the format percent is for shares, and this is {value:g}. Fix: leave it out.")
    exact = Decimal(repr(value)) * 100
    for more in range(decimals, 12):
        rounded = exact.quantize(Decimal(1).scaleb(-more), ROUND_HALF_EVEN)
        if rounded == exact or rounded not in (0, 100):
            break
    text = f"{rounded:f}"
    return f"{_trimmed(text) if trim else text}%"


def _worded(value: float, format: str) -> str:
    if value != int(value):
        raise DescriptionError(f"the format {format} is for whole numbers, and this is {value:g}. Fix: leave it out.")
    number = int(value)
    if format == "word":
        return _WORDS[number] if 0 <= number < len(_WORDS) else str(number)
    if number < 0:
        raise DescriptionError(f"the format ordinal is for numbers of at least 0, and this is {number}. Fix: leave it out.")
    if 0 < number < len(_ORDINALS):
        return str(_ORDINALS[number])
    last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{last}"


def _full(value: float, single: bool) -> str:
    """The shortest text that gives the number back."""
    if isinstance(value, int):
        return str(value)
    number = np.float32(value) if single and float(np.float32(value)) == value else np.float64(value)
    if value == 0 or 1e-5 <= abs(value) < 1e9:
        return np.format_float_positional(number, trim="-")
    digits, _, power = np.format_float_scientific(number, trim="-").partition("e")
    return f"{digits}e{int(power)}"


def significant(value: float, digits: int, *, trim: bool = True) -> str:
    """So many significant digits, in ASCII, with an exponent only where people would write one.

    Args:
        value: a finite number.
        digits: how many.
        trim: whether to leave out zeros at the end.

    >>> significant(0.6931, 3), significant(52345.0, 3), significant(1.5e-7, 3), significant(0.7, 2, trim=False)
    ('0.693', '52300', '1.5e-7', '0.70')
    """
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    if value and not 1e-4 <= abs(float(f"{mantissa}e{power}")) < 1e9:
        return f"{_trimmed(mantissa) if trim else mantissa}e{int(power)}"
    decimals = max(0, digits - 1 - int(power))
    text = f"{Decimal(f'{mantissa}e{power}'):.{decimals}f}"
    text = _trimmed(text) if trim else text
    return "0" if text == "-0" else text


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
